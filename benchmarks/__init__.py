"""The speed of revdiff, measured beside other libraries: ``python -m benchmarks``.

Importing this package limits everything to one thread. The libraries read these settings when they
are imported themselves, so nothing here may import them earlier.
"""

import os

os.environ.update(
    dict.fromkeys(
        (
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ),
        "1",
    ),
    JAX_PLATFORMS="cpu",
    XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
)
