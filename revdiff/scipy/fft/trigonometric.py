"""Cosine and sine transforms of four types, along one axis or several.

Imports rules of arrays, and Fourier transforms for what these have in common with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.fft as _scipy

from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.shape import gather
from revdiff.scipy.fft.fourier import Numbers, named, resized

# The matrices of the cosine and sine transforms are symmetric, or each other's transposes: of type 2 and of type 3. This
# is so up to factors of the elements at the ends, and exactly so where SciPy makes the matrices orthogonal. (Of the sine
# transforms, older versions of it scaled the wrong end.)
_TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}
_SINES_ARE_ORTHOGONAL = bool(np.isclose(_scipy.dst([0.0, 1.0], 2, norm="ortho")[1], -np.sqrt(0.5)))
_ENDS = {"cosine": {1: (0, -1), 2: (0,), 3: (0,), 4: ()}, "sine": {1: (), 2: (-1,), 3: (-1,), 4: ()}}


def _linear_of_reals(of_scipy: Any, family: str, is_inverse: bool) -> Callable[..., Any]:
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


def _of_reals(of_scipy: Any, of_scipy_n: Any, transform: Callable[..., Any], says: str) -> tuple[Any, Any]:
    """Make the public functions of a cosine or sine transform, along one axis and along several."""
    is_orthogonal = _SINES_ARE_ORTHOGONAL or of_scipy not in (_scipy.dst, _scipy.idst)

    def along_axis(
        x: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: Any = None,  # noqa: A002
        overwrite_x: bool = False, workers: int | None = None, orthogonalize: bool | None = None,
    ) -> Any:  # fmt: skip
        x = gather(x)
        if not isinstance(x, RevDiff):
            return of_scipy(x, type, n, axis, norm, overwrite_x, workers, orthogonalize)
        return along(x, type, n, axis, norm, workers, orthogonalize)

    def along_axes(
        x: Any, type: int = 2, s: Numbers = None, axes: Numbers = None, norm: Any = None,  # noqa: A002
        overwrite_x: bool = False, workers: int | None = None, orthogonalize: bool | None = None,
    ) -> Any:  # fmt: skip
        x = gather(x)
        if not isinstance(x, RevDiff):
            return of_scipy_n(x, type, s, axes, norm, overwrite_x, workers, orthogonalize=orthogonalize)
        return along(x, type, s, axes, norm, workers, orthogonalize)

    def along(x: Any, kind: int, s: Any, axes: Any, norm: Any, workers: Any, orthogonalize: bool | None) -> Any:
        x, _, axes = resized(x, s, axes, of_half=False)
        usual = norm == "ortho"
        if np.iscomplexobj(primal(x)) and orthogonalize not in (None, usual):
            name = f"scipy.fft.{of_scipy.__name__} of complex numbers with orthogonalize={orthogonalize}"
            raise MissingRuleError.of(name, " SciPy disregards it. Transform x.real and x.imag.")
        if (usual if orthogonalize is None else orthogonalize) and kind in (2, 3) and not is_orthogonal:
            name = f"scipy.fft.{of_scipy.__name__} of type {kind} with orthogonalize=True"
            raise MissingRuleError.of(name, " That of the installed SciPy is not orthogonal; a newer one's is.")
        return transform(x, kind, axes, norm, workers, usual if orthogonalize is None else orthogonalize)

    return named(along_axis, of_scipy, says), named(along_axes, of_scipy_n, says)


dct, dctn = _of_reals(
    _scipy.dct, _scipy.dctn, _linear_of_reals(_scipy.dctn, "cosine", is_inverse=False),
    "Return the cosine transform of one of four types.     x̄ = that of ȳ, for type 2 of type 3 and the reverse.",
)  # fmt: skip
idct, idctn = _of_reals(
    _scipy.idct, _scipy.idctn, _linear_of_reals(_scipy.idctn, "cosine", is_inverse=True),
    "Return the inverse cosine transform.     x̄ = that of ȳ, for type 2 of type 3 and the reverse.",
)  # fmt: skip
dst, dstn = _of_reals(
    _scipy.dst, _scipy.dstn, _linear_of_reals(_scipy.dstn, "sine", is_inverse=False),
    "Return the sine transform of one of four types.     x̄ = that of ȳ, for type 2 of type 3 and the reverse.",
)  # fmt: skip
idst, idstn = _of_reals(
    _scipy.idst, _scipy.idstn, _linear_of_reals(_scipy.idstn, "sine", is_inverse=True),
    "Return the inverse sine transform.     x̄ = that of ȳ, for type 2 of type 3 and the reverse.",
)  # fmt: skip
