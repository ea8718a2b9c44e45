"""SciPy's linear algebra with derivatives: functions of matrices, equations, factorizations, spectra.

Everything that `scipy.linalg` offers is here under its own name. What has no derivative works on plain values, and says
why it does not on RevDiffs; what is constant is applied to the plain values.

>>> import numpy as np
>>> from revdiff import grad
>>> from revdiff.scipy import linalg
>>> grad(lambda a: np.trace(linalg.expm(a)))(np.zeros((2, 2)))
array([[1., 0.],
       [0., 1.]])
"""

# isort: off
# fmt: off
import scipy.linalg as _scipy_linalg
from scipy.linalg import LinAlgError as LinAlgError, LinAlgWarning as LinAlgWarning

from revdiff.scipy._namesakes import remaining as _remaining
from revdiff.scipy.linalg.banded import (
    cho_solve_banded as cho_solve_banded, cholesky_banded as cholesky_banded, solve_banded as solve_banded,
    solveh_banded as solveh_banded,
)
from revdiff.scipy.linalg.equations import (
    solve_continuous_are as solve_continuous_are, solve_continuous_lyapunov as solve_continuous_lyapunov,
    solve_discrete_are as solve_discrete_are, solve_discrete_lyapunov as solve_discrete_lyapunov,
    solve_sylvester as solve_sylvester,
)
from revdiff.scipy.linalg.factorizations import (
    cho_factor as cho_factor, cholesky as cholesky, lu as lu, lu_factor as lu_factor,
    orthogonal_procrustes as orthogonal_procrustes, polar as polar, qr as qr, rq as rq,
)
from revdiff.scipy.linalg.functions import (
    coshm as coshm, cosm as cosm, expm as expm, expm_frechet as expm_frechet,
    fractional_matrix_power as fractional_matrix_power, logm as logm, signm as signm, sinhm as sinhm, sinm as sinm,
    sqrtm as sqrtm, tanhm as tanhm, tanm as tanm,
)
from revdiff.scipy.linalg.solves import (
    cho_solve as cho_solve, det as det, inv as inv, lstsq as lstsq, lu_solve as lu_solve,
    matmul_toeplitz as matmul_toeplitz, pinv as pinv, pinvh as pinvh, solve as solve,
    solve_circulant as solve_circulant, solve_toeplitz as solve_toeplitz, solve_triangular as solve_triangular,
)
from revdiff.scipy.linalg.special_matrices import (
    block_diag as block_diag, circulant as circulant, companion as companion, convolution_matrix as convolution_matrix,
    diagsvd as diagsvd, fiedler as fiedler, fiedler_companion as fiedler_companion, hankel as hankel,
    khatri_rao as khatri_rao, leslie as leslie, toeplitz as toeplitz,
)
from revdiff.scipy.linalg.spectra import (
    eig as eig, eig_banded as eig_banded, eigh as eigh, eigh_tridiagonal as eigh_tridiagonal, eigvals as eigvals,
    eigvals_banded as eigvals_banded, eigvalsh as eigvalsh, eigvalsh_tridiagonal as eigvalsh_tridiagonal, norm as norm,
    subspace_angles as subspace_angles, svd as svd, svdvals as svdvals,
)
# isort: on
# fmt: on

solve_lyapunov = solve_continuous_lyapunov

CONSTANT = """
    bandwidth dft find_best_blas_type get_blas_funcs get_lapack_funcs hadamard helmert hilbert invhilbert invpascal
    ishermitian issymmetric pascal
"""
"""Functions whose derivative is zero."""

_REASONS = {
    "Any basis of that space would do. Write with the projection on it, a @ pinv(a).": "null_space orth",
    "Its triangular factor is defined up to a choice. Write with eig, eigh or qr.":
        "cdf2rdf hessenberg ordqz qz rsf2csf schur",
    "Its blocks are a choice. Write with lu, or with cholesky for a positive definite matrix.": "ldl",
    "Its factors are a choice. Write with svd of the blocks.": "cossin",
    "Write qr of the new matrix.": "qr_delete qr_insert qr_update",
    "Write q, r = qr(a, mode='economic'), and q @ c or c @ q.": "qr_multiply",
    "It has only the value of its function, not the derivative. Write with expm, logm, sqrtm, powers, or with eig.": "funm",
    "Its value is the norm of a derivative, found by iteration. Write with expm_frechet.": "expm_cond",
    "Its scaling is a choice by powers of two.": "matrix_balance",
    "It is NumPy's. Write with numpy.kron, numpy.tri, numpy.tril or numpy.triu.": "kron tri tril triu",
    "Its random matrix is drawn anew. Draw one, and write s @ a.": "clarkson_woodruff_transform",
}  # fmt: skip
DECLINED = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Functions for plain values only, and why."""

__getattr__ = _remaining(_scipy_linalg, CONSTANT, DECLINED)
