"""SciPy's Fourier, cosine, sine and Hankel transforms, with derivatives.

Imports the rules of NumPy's transforms. Every function has the name and the signature of SciPy's, and of plain arrays it
is SciPy's. ``overwrite_x`` is a permission that is not used where there is a derivative: the operand stays as it is.

>>> import numpy as np
>>> import revdiff.scipy.fft
>>> from revdiff import jacobian
>>> jacobian(lambda x: revdiff.scipy.fft.dct(x, type=1))(np.ones(3))
array([[ 1.,  2.,  1.],
       [ 1.,  0., -1.],
       [ 1., -2.,  1.]])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import scipy.fft as _scipy
from scipy.fft import (
    fftfreq,
    fhtoffset,
    get_workers,
    next_fast_len,
    register_backend,
    rfftfreq,
    set_backend,
    set_global_backend,
    set_workers,
    skip_backend,
)

from revdiff.array_rules import rule
from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.rules import fft as of_numpy
from revdiff.rules.fft import multiplicities, of_length, places
from revdiff.rules.shape import gather

__all__ = [
    "dct", "dctn", "dst", "dstn", "fft", "fft2", "fftfreq", "fftn", "fftshift", "fht", "fhtoffset", "get_workers", "hfft",
    "hfft2", "hfftn", "idct", "idctn", "idst", "idstn", "ifft", "ifft2", "ifftn", "ifftshift", "ifht", "ihfft", "ihfft2",
    "ihfftn", "irfft", "irfft2", "irfftn", "next_fast_len", "register_backend", "rfft", "rfft2", "rfftfreq", "rfftn",
    "set_backend", "set_global_backend", "set_workers", "skip_backend",
]  # fmt: skip

Numbers = int | Sequence[int] | None


# The matrices of the cosine and sine transforms are symmetric, or each other's transposes: of type 2 and of type 3. This
# is so up to factors of the elements at the ends, and exactly so where SciPy makes the matrices orthogonal. (Of the sine
# transforms, older versions of it scaled the wrong end.)
_TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}
_SINES_ARE_ORTHOGONAL = bool(np.isclose(_scipy.dst([0.0, 1.0], 2, norm="ortho")[1], -np.sqrt(0.5)))
_ENDS = {"cosine": {1: (0, -1), 2: (0,), 3: (0,), 4: ()}, "sine": {1: (), 2: (-1,), 3: (-1,), 4: ()}}


def _linear(of_scipy: Any, back: Callable[..., Any]) -> Callable[..., Any]:
    """Make the rule of a Fourier transform along axes. ``back`` is given the lengths of the operand as well."""

    def transform(x: Any, /, s: Any, axes: Any, norm: Any, workers: Any, plan: Any = None) -> tuple[Any, Any]:
        function = transformed if type(x) is RevDiff else of_scipy
        y = function(x, s, axes, norm, workers=workers, plan=plan)
        lengths = [shape_of(x)[axis] for axis in axes]

        def x_pullback(y_bar: Any) -> Any:
            return back(y_bar, lengths, axes, norm, workers)

        return y, x_pullback

    transform.__name__ = of_scipy.__name__  # in errors
    transformed = rule(linear=True)(transform)
    return transformed


def _fftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _fftn(y_bar, None, axes, norm, workers)


def _ifftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _ifftn(y_bar, None, axes, norm, workers)


def _rfftn_back(y_bar: Any, lengths: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _hfftn(_shared(y_bar, lengths, axes), lengths, axes, norm, workers)


def _ihfftn_back(y_bar: Any, lengths: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _irfftn(_shared(y_bar, lengths, axes), lengths, axes, norm, workers)


def _hfftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _counted(_rfftn(y_bar, None, axes, norm, workers), y_bar, axes)


def _irfftn_back(y_bar: Any, _: list[int], axes: Any, norm: Any, workers: Any) -> Any:
    return _counted(_ihfftn(y_bar, None, axes, norm, workers), y_bar, axes)


def _shared(half: Any, lengths: list[int], axes: Any) -> Any:
    return half / multiplicities(half, lengths[-1], axes[-1])


def _counted(half: Any, whole: Any, axes: Any) -> Any:
    return half * multiplicities(half, shape_of(whole)[axes[-1]], axes[-1])


_fftn = _linear(_scipy.fftn, _fftn_back)
_ifftn = _linear(_scipy.ifftn, _ifftn_back)
_rfftn = _linear(_scipy.rfftn, _rfftn_back)
_ihfftn = _linear(_scipy.ihfftn, _ihfftn_back)
_hfftn = _linear(_scipy.hfftn, _hfftn_back)
_irfftn = _linear(_scipy.irfftn, _irfftn_back)


def _resized(x: Any, s: Any, axes: Any, of_half: bool) -> tuple[Any, Any, list[int]]:
    """Return x cut and filled up to the lengths along axes, of half a spectrum to half of the last; the lengths, the axes."""
    along: list[Any] = places(x, _listed(s), _listed(axes))
    lengths, axes = [n for n, _ in along], [axis for _, axis in along]
    cut = [*lengths[:-1], lengths[-1] // 2 + 1] if of_half and s is not None else lengths
    for n, axis in zip(cut, axes, strict=True):
        x = of_length(x, n, axis)
    return x, None if s is None else lengths, axes


def _listed(numbers: Numbers) -> list[int] | None:
    return None if numbers is None else np.atleast_1d(numbers).tolist()


def _along_axis(of_scipy: Any, transform: Callable[..., Any], says: str) -> Callable[..., Any]:
    """Make the public function of a transform along one axis."""
    of_half = transform in (_hfftn, _irfftn)

    def along_axis(
        x: Any, n: int | None = None, axis: int = -1, norm: Any = None,
        overwrite_x: bool = False, workers: int | None = None, *, plan: Any = None,
    ) -> Any:  # fmt: skip
        x = gather(x)
        if type(x) is not RevDiff:
            return of_scipy(x, n, axis, norm, overwrite_x, workers, plan=plan)
        return transform(*_resized(x, n, axis, of_half), norm, workers, plan)

    return _named(along_axis, of_scipy, says)


def _along_axes(of_scipy: Any, transform: Callable[..., Any], says: str) -> Callable[..., Any]:
    """Make the public function of a transform along several axes."""
    of_half = transform in (_hfftn, _irfftn)

    def along_axes(
        x: Any, s: Numbers = None, axes: Numbers = None, norm: Any = None,
        overwrite_x: bool = False, workers: int | None = None, *, plan: Any = None,
    ) -> Any:  # fmt: skip
        x = gather(x)
        if type(x) is not RevDiff:
            return of_scipy(x, s, axes, norm, overwrite_x, workers, plan=plan)
        return transform(*_resized(x, s, axes, of_half), norm, workers, plan)

    return _named(along_axes, of_scipy, says)


def _along_two(of_scipy: Any, along_axes: Callable[..., Any]) -> Callable[..., Any]:
    """Make the public function of a transform along two axes, the last ones by default."""

    def along_two(
        x: Any, s: Numbers = None, axes: Numbers = (-2, -1), norm: Any = None,
        overwrite_x: bool = False, workers: int | None = None, *, plan: Any = None,
    ) -> Any:  # fmt: skip
        return along_axes(x, s, axes, norm, overwrite_x, workers, plan=plan)

    return _named(along_two, of_scipy, f"{along_axes.__doc__} Here the axes are the last two by default.")


def _named(function: Callable[..., Any], of_scipy: Any, says: str) -> Callable[..., Any]:
    function.__name__ = function.__qualname__ = of_scipy.__name__
    function.__doc__ = says
    return function


fft = _along_axis(_scipy.fft, _fftn, "Return the transform along an axis.     x̄ = fft(ȳ).")
ifft = _along_axis(_scipy.ifft, _ifftn, "Return the inverse transform along an axis.     x̄ = ifft(ȳ).")
rfft = _along_axis(_scipy.rfft, _rfftn, "Return the transform of real numbers, half of it.     x̄ = hfft(ȳ/c).")
irfft = _along_axis(_scipy.irfft, _irfftn, "Return real numbers of half their transform.     x̄ = c ihfft(ȳ).")
hfft = _along_axis(_scipy.hfft, _hfftn, "Return the transform of a Hermitian signal, given by half.     x̄ = c rfft(ȳ).")
ihfft = _along_axis(_scipy.ihfft, _ihfftn, "Return the inverse of `hfft`, half of it.     x̄ = irfft(ȳ/c).")
fftn = _along_axes(_scipy.fftn, _fftn, "Return the transform along axes, all by default.     x̄ = fftn(ȳ).")
ifftn = _along_axes(_scipy.ifftn, _ifftn, "Return the inverse transform along axes, all by default.     x̄ = ifftn(ȳ).")
rfftn = _along_axes(_scipy.rfftn, _rfftn, "Return the transform of real numbers, half of it.     x̄ = hfftn(ȳ/c).")
irfftn = _along_axes(_scipy.irfftn, _irfftn, "Return real numbers of half their transform.     x̄ = c ihfftn(ȳ).")
hfftn = _along_axes(
    _scipy.hfftn, _hfftn, "Return the transform of a Hermitian signal, given by half.     x̄ = c rfftn(ȳ)."
)
ihfftn = _along_axes(_scipy.ihfftn, _ihfftn, "Return the inverse of `hfftn`, half of it.     x̄ = irfftn(ȳ/c).")
fft2, ifft2 = _along_two(_scipy.fft2, fftn), _along_two(_scipy.ifft2, ifftn)
rfft2, irfft2 = _along_two(_scipy.rfft2, rfftn), _along_two(_scipy.irfft2, irfftn)
hfft2, ihfft2 = _along_two(_scipy.hfft2, hfftn), _along_two(_scipy.ihfft2, ihfftn)


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
        x, _, axes = _resized(x, s, axes, of_half=False)
        usual = norm == "ortho"
        if np.iscomplexobj(primal(x)) and orthogonalize not in (None, usual):
            name = f"scipy.fft.{of_scipy.__name__} of complex numbers with orthogonalize={orthogonalize}"
            raise MissingRuleError.of(name, " SciPy disregards it. Transform x.real and x.imag.")
        if (usual if orthogonalize is None else orthogonalize) and kind in (2, 3) and not is_orthogonal:
            name = f"scipy.fft.{of_scipy.__name__} of type {kind} with orthogonalize=True"
            raise MissingRuleError.of(name, " That of the installed SciPy is not orthogonal; a newer one's is.")
        return transform(x, kind, axes, norm, workers, usual if orthogonalize is None else orthogonalize)

    return _named(along_axis, of_scipy, says), _named(along_axes, of_scipy_n, says)


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


def fftshift(x: Any, axes: Numbers = None) -> Any:
    """Put the frequency 0 in the middle of axes, all by default.     x̄ = ȳ, shifted back."""
    return of_numpy.fftshift(x, axes)


def ifftshift(x: Any, axes: Numbers = None) -> Any:
    """Put the frequency 0 from the middle of axes, all by default, in front.     x̄ = ȳ, shifted back."""
    return of_numpy.ifftshift(x, axes)


def _hankel(of_scipy: Any) -> Callable[..., Any]:
    """Make the rule of a Hankel transform. Its matrix has equal elements along the other diagonals: it is symmetric."""

    @rule(linear=True)
    def transformed(a: Any, /, dln: float, mu: float, offset: float, bias: float) -> tuple[Any, Any]:
        function = transformed if type(a) is RevDiff else of_scipy

        def a_pullback(y_bar: Any) -> Any:
            return transformed(y_bar, dln, mu, offset, bias)

        return function(a, dln, mu, offset, bias), a_pullback

    return transformed


_fht, _ifht = _hankel(_scipy.fht), _hankel(_scipy.ifht)


def fht(a: Any, dln: float, mu: float, offset: float = 0.0, bias: float = 0.0) -> Any:
    """Return the Hankel transform of a signal at logarithmic steps.     ā = fht(ȳ)."""
    return _fht(a, dln, mu, offset, bias)


def ifht(A: Any, dln: float, mu: float, offset: float = 0.0, bias: float = 0.0) -> Any:  # noqa: N803
    """Return the signal at logarithmic steps of which this is the Hankel transform.     Ā = ifht(ȳ)."""
    return _ifht(A, dln, mu, offset, bias)


if hasattr(_scipy, "prev_fast_len"):  # since SciPy 1.14
    prev_fast_len = _scipy.prev_fast_len
    __all__ += ["prev_fast_len"]
