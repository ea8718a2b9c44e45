"""Cosine and sine transforms of four types, along one axis or several.

Imports rules of arrays, and Fourier transforms for what these have in common with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.fft as _scipy

from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.scipy._namesakes import refuse
from revdiff.scipy.fft.fourier import along_axes, resized

# The matrices of the cosine and sine transforms are symmetric, or each other's transposes: of type 2 and of type 3. This
# is so up to factors of the elements at the ends, and exactly so where SciPy makes the matrices orthogonal. (Of the sine
# transforms, older versions of it scaled the wrong end.)
_TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}
_SINES_ARE_ORTHOGONAL = bool(np.isclose(_scipy.dst([0.0, 1.0], 2, norm="ortho")[1], -np.sqrt(0.5)))
_ENDS = {"cosine": {1: (0, -1), 2: (0,), 3: (0,), 4: ()}, "sine": {1: (), 2: (-1,), 3: (-1,), 4: ()}}


def _linear(of_scipy: Any, family: str, is_inverse: bool) -> Callable[..., Any]:
    """Make the rule of a cosine or sine transform along axes.     x̄ = its transpose, of ȳ.

    The inverse transform of type 2 has the matrix of type 3, but for a factor, and that of type 3 the matrix of type 2.
    """

    def transform(x: Any, /, kind: int, axes: Any, norm: Any, workers: Any, orthogonal: bool) -> tuple[Any, Any]:
        if type(x) is RevDiff:
            y = transformed(x, kind, axes, norm, workers, orthogonal)
        else:
            y = of_scipy(x, kind, None, axes, norm, workers=workers, orthogonalize=orthogonal)

        def x_pullback(y_bar: Any) -> Any:
            transposed = _TRANSPOSED[kind]
            matrix = transposed if is_inverse else kind
            ends = 1 if orthogonal else _twice_at(_ENDS[family][matrix], y_bar, axes)
            before, after = ends if matrix in (1, 2) else 1, ends if matrix in (1, 3) else 1
            return transformed(before * y_bar, transposed, axes, norm, workers, orthogonal) / after

        return y, x_pullback

    transform.__name__ = of_scipy.__name__  # in errors
    transformed = rule(linear=True)(transform)
    return transformed


def _twice_at(ends: tuple[int, ...], y_bar: Any, axes: Any) -> Any:
    """Return factors for the elements of ȳ: 2 at the ends of each axis, and 1 elsewhere."""
    of_all: Any = 1
    shape, ndim = shape_of(y_bar), np.ndim(primal(y_bar))
    for axis in axes:
        factors = np.ones(shape[axis], primal(y_bar).real.dtype)
        factors[list(ends)] = 2
        of_all = of_all * factors.reshape([-1 if i == axis % ndim else 1 for i in range(ndim)])
    return of_all


def _transforms(name: str, family: str, says: str) -> list[Any]:
    """Make the functions of a cosine or sine transform, along one axis and along several."""
    is_orthogonal = _SINES_ARE_ORTHOGONAL or family == "cosine"
    transformed = _linear(getattr(_scipy, f"{name}n"), family, is_inverse=name.startswith("i"))

    def transform(
        x: Any, s: Any, axes: Any, type: int = 2, norm: Any = None, workers: Any = None, orthogonalize: Any = None  # noqa: A002
    ) -> Any:  # fmt: skip
        x, _, axes = resized(x, s, axes)
        usual = norm == "ortho"
        if np.iscomplexobj(primal(x)) and orthogonalize not in (None, usual):
            hint = "SciPy disregards it. Transform x.real and x.imag."
            refuse(f"scipy.fft.{name} of complex numbers with orthogonalize={orthogonalize}", hint)
        orthogonal = usual if orthogonalize is None else orthogonalize
        if orthogonal and type in (2, 3) and not is_orthogonal:
            hint = "That of the installed SciPy is not orthogonal; a newer one's is."
            refuse(f"scipy.fft.{name} of type {type} with orthogonalize=True", hint)
        return transformed(x, type, axes, norm, workers, orthogonal)

    says = f"Return the {says} transform {{where}}.     x̄ = that of ȳ, for type 2 of type 3 and the reverse."
    return [along_axes(name, end, transform, says) for end in ("", "n")]


dct, dctn = _transforms("dct", "cosine", "cosine")
idct, idctn = _transforms("idct", "cosine", "inverse cosine")
dst, dstn = _transforms("dst", "sine", "sine")
idst, idstn = _transforms("idst", "sine", "inverse sine")
