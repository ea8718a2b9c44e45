"""SciPy's functions with derivatives, under SciPy's own names and signatures: ``revdiff.scipy.linalg.expm``.

SciPy is an extra, ``pip install "revdiff[scipy]"``; its modules are imported when they are first asked for. SciPy's own
functions of plain numbers are used for the values. May import everything below the top floor. Raises `ImportError` where
there is no SciPy.
"""

from importlib import import_module as _import_module
from importlib.util import find_spec as _find_spec
from typing import Any

if _find_spec("scipy") is None:
    _msg = 'revdiff.scipy needs SciPy.\n  To install it:  pip install "revdiff[scipy]"'
    raise ImportError(_msg, name="scipy")

__all__ = ["fft", "integrate", "interpolate", "linalg", "optimize", "signal", "special", "stats"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module 'revdiff.scipy' has no attribute {name!r}"
        raise AttributeError(msg, name=name)
    return _import_module(f"revdiff.scipy.{name}")
