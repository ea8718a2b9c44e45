"""Reductions: sums, products, means, extremes. Those that skip NaN are the same with fewer terms.

Imports rules for arrays, broadcasting and shapes. An element that a reduction did not take, because of ``where=``,
because it is NaN or because another one is larger, is absent from the cotangent: not even an infinite slope that
it was made with is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import Fit, broadcast_to, fit_for, fit_for_numbers
from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import constant, method_of, stands_for
from revdiff.core.cotangents import ZERO
from revdiff.core.lifting import lift, step_from
from revdiff.core.masks import Masked
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import only, rule
from revdiff.functions.slopes import zero_outside
from revdiff.rules.shape import require_floating, reshape, transpose

Axis = int | tuple[int, ...] | None

SAYS_NOTHING = {"keepdims": False, "where": True}
"""Options as they are by default."""

MEANS = frozenset({np.mean, np.nanmean})
"""The reductions that divide by the number of elements taken."""

NAN_SKIPPING = frozenset({np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd})
"""The reductions that take only what is not NaN."""


def axes_of(a: Any, axis: Axis) -> tuple[int, ...]:
    """Return the axes that ``axis`` names, counted from 0: all of them for None."""
    return _counted(axis, np.ndim(primal(a)))


def _counted(axis: Axis, ndim: int) -> tuple[int, ...]:
    if axis is None or not ndim:
        return tuple(range(ndim))
    axes = [axis] if type(axis) is int else [int(i) for i in np.atleast_1d(axis)]
    for i in axes:
        if not -ndim <= i < ndim:
            raise np.exceptions.AxisError(i, ndim)
    return tuple(i % ndim for i in axes)


def spread(y: Any, a: Any, axis: Axis) -> Any:
    """Repeat what belongs to a reduction of a along the axes that were reduced."""
    return _repeated(y, shape_of(a), axes_of(a, axis))


def _repeated(y: Any, shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    if type(y) is not float and (met := shape_of(y)):
        kept = tuple([1 if i in axes else n for i, n in enumerate(shape)])
        y = y if met == kept else reshape(y, kept)
    return broadcast_to(y, shape)


@final
class Spreading:
    """The local pullback of a reduction: where the result is absent, so is all that it was made of."""

    __slots__ = ("_axes", "_pullback", "_shape")

    def __init__(self, pullback: Callable[[Any], Any], a: Any, axis: Axis) -> None:
        self._pullback = pullback
        self._shape = shape_of(a)
        self._axes = _counted(axis, len(self._shape))

    def __call__(self, y_bar: Any) -> Any:
        """Give the elements their cotangents."""
        return self._pullback(y_bar)

    def masked(self, y_bar: Masked) -> Any:
        """Give the elements of what is present their cotangents."""
        return _of_present(self._pullback, y_bar, self._shape, self._axes)


def _of_present(pullback: Callable[[Any], Any], y_bar: Masked, shape: tuple[int, ...], axes: tuple[int, ...]) -> Any:
    """Return what a pullback makes of what is present of ȳ, with a mask of those elements."""
    a_bar = pullback(y_bar.value)
    if a_bar is ZERO:
        return ZERO
    a_bar, taken = (a_bar.value, a_bar.mask) if type(a_bar) is Masked else (a_bar, True)
    a_bar = zero_outside(_repeated(y_bar.firm, shape, axes), a_bar)
    return y_bar.moved(a_bar, lambda mask: _repeated(mask, shape, axes) & taken)


def beside(weights: Any, a: Any, axis: Axis) -> Any:
    """Return weights that broadcast with a: they have its shape, or one is for each element along the axes."""
    met, shape = shape_of(weights), shape_of(a)
    if met == shape:
        return weights
    if axis is None:
        msg = f"weights of shape {met} for an array of shape {shape} need axis="
        raise TypeError(msg)
    axes = axes_of(a, axis)
    if met != tuple(shape[i] for i in axes):
        msg = f"weights for axis={axis} of an array of shape {shape} have shape {tuple(shape[i] for i in axes)}; met {met}"
        raise ValueError(msg)
    turned = transpose(weights, [int(i) for i in np.argsort(axes)])
    return reshape(turned, [n if i in axes else 1 for i, n in enumerate(shape)])


def options_of(a: Any, name: str, **options: Any) -> dict[str, Any]:
    """Return those options of a reduction that say something, for NumPy.

    Raises `ConversionError` for a dtype that would drop the derivative.
    """
    dtype = options.get("dtype")
    if dtype is not None and np.asarray(primal(a)).dtype.kind not in "iub":
        require_floating(dtype, f"{name}(…, dtype={np.dtype(dtype)})")
    return {key: value for key, value in options.items() if not (value is None or value is SAYS_NOTHING.get(key))}


def mask_from(where: Any) -> Any:
    """Return the option ``where=`` as a mask that nobody can change; True if it takes all elements."""
    return True if where is True else np.array(primal(where), bool)


def is_nan(a: Any) -> Any:
    """Tell which elements of a plain value are NaN. Of objects as well: NaN alone differs from itself."""
    return np.not_equal(a, a)


def taken_by(numpy_function: Any, a: Any, where: Any) -> Any:
    """Return the mask of the elements that a reduction takes, as large as a; None if it takes them all."""
    if numpy_function in NAN_SKIPPING:
        return ~is_nan(a) & where
    return None if where is True else np.broadcast_to(where, np.shape(a))


@stands_for(np.sum)
def sum_(
    a: Any, /, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """Return the sum over the given axes, all of them by default.     āᵢ = ȳ.

    Only where ``where`` holds is an element taken. ``initial`` is one more summand.
    """
    total = _summed(np.sum, a, axis, dtype=dtype, keepdims=keepdims, where=where)
    return total if initial is None else total + initial


@stands_for(np.nansum)
def nansum(
    a: Any, /, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True
) -> Any:
    """Return the sum of what is not NaN.     āᵢ = ȳ; a NaN is not taken."""
    total = _summed(np.nansum, a, axis, dtype=dtype, keepdims=keepdims, where=where)
    return total if initial is None else total + initial


@stands_for(np.mean)
def mean(a: Any, /, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """Return the mean over the given axes, all of them by default.     āᵢ = ȳ/n, where n elements are taken."""
    return _summed(np.mean, a, axis, dtype=dtype, keepdims=keepdims, where=where)


@stands_for(np.nanmean)
def nanmean(a: Any, /, axis: Axis = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """Return the mean of what is not NaN.     āᵢ = ȳ/n, where n elements are numbers; a NaN is not taken."""
    return _summed(np.nanmean, a, axis, dtype=dtype, keepdims=keepdims, where=where)


@final
class _Summands:
    """The local pullback of a sum: its cotangent, for each summand under the mask; of a mean the share of each."""

    __slots__ = ("_axes", "_count", "_fit", "_mask", "_shape")

    def __init__(
        self, shape: tuple[int, ...], axis: Axis, is_mean: bool, mask: Any = None, fit: Fit | None = None
    ) -> None:
        self._shape = shape
        self._axes = _counted(axis, len(shape))
        self._mask = mask
        self._fit = fit
        self._count = max(1, math.prod([shape[i] for i in self._axes])) if is_mean else 0

    def __call__(self, y_bar: Any) -> Any:
        """Give the summands their cotangents."""
        mask, fit = self._mask, self._fit
        if mask is None:
            a_bar = _repeated(y_bar / self._count if self._count else y_bar, self._shape, self._axes)
            return a_bar if fit is None else fit(a_bar)
        a_bar = _repeated(y_bar, self._shape, self._axes)
        a_bar = a_bar / mask.sum(self._axes, keepdims=True) if self._count else a_bar
        return only(mask, a_bar if fit is None else fit(a_bar))

    def masked(self, y_bar: Masked) -> Any:
        """Give the summands of what is present their cotangents."""
        return _of_present(self, y_bar, self._shape, self._axes)


_AS_METHODS: dict[Any, Any] = {np.sum: np.ndarray.sum, np.mean: np.ndarray.mean}


def _says_nothing(dtype: Any, keepdims: Any, where: Any) -> bool:
    return dtype is None and where is True and keepdims is False


def _summed(numpy_function: Any, a: Any, axis: Axis, **options: Any) -> Any:
    as_method = _AS_METHODS.get(numpy_function)  # half the way to the loop that adds
    if (
        as_method
        and type(a) is RevDiff
        and type(a.value) is np.ndarray
        and a.value.dtype.kind in "fc"
        and _says_nothing(**options)
    ):
        return step_from(a, as_method(a.value, axis), _Summands(a.value.shape, axis, numpy_function in MEANS))
    where = options["where"] = mask_from(options["where"])
    given = {} if _says_nothing(**options) else options_of(a, numpy_function.__name__, **options)

    def body(a: Any) -> tuple[Any, Any]:
        y = (as_method if as_method and type(a) is np.ndarray else numpy_function)(a, axis=axis, **given)
        mask, shape = taken_by(numpy_function, primal(a), where), shape_of(a)
        fit = fit_for_numbers(a, y) if mask is None else fit_for(a, y)
        return y, _Summands(shape, axis, numpy_function in MEANS, mask, fit)

    return lift(body, a)


def _product(numpy_function: Any, of_what: str) -> Callable[..., Any]:
    """Make the rule of a product."""

    def product(
        a: Any,
        /,
        axis: Axis = None,
        dtype: Any = None,
        *,
        keepdims: bool = False,
        initial: Any = None,
        where: Any = True,
    ) -> Any:
        y = of_elements(a, axis, dtype, keepdims=keepdims, where=mask_from(where))
        return y if initial is None else y * initial

    @rule()
    def of_elements(a: Any, /, axis: Axis, dtype: Any, *, keepdims: bool, where: Any) -> tuple[Any, Any]:
        options = options_of(a, numpy_function.__name__, dtype=dtype, keepdims=keepdims, where=where)
        y = numpy_function(a, axis=axis, **options)

        def a_pullback(y_bar: Any) -> Any:
            mask = taken_by(numpy_function, primal(a), where)
            factors = a if mask is None else np.where(mask, a, 1)
            a_bar = spread(y_bar, a, axis) * _products_of_others(factors, axes_of(a, axis))
            return a_bar if mask is None else only(mask, a_bar)

        return y, Spreading(a_pullback, a, axis)

    product.__name__ = product.__qualname__ = numpy_function.__name__
    product.__doc__ = f"""Return the product {of_what}.     āᵢ = ȳ · ∏_{{j≠i}} aⱼ.

    The products of all the others are made without a division. So they are right where elements are zero, and so
    are their own derivatives, of every order. ``initial`` is one more factor.
    """
    return stands_for(numpy_function)(product)


def _products_of_others(a: Any, axes: tuple[int, ...]) -> Any:
    """Return, in the place of each element, the product of all the others along some axes."""
    shape = shape_of(a)
    order = [*axes, *[i for i in range(len(shape)) if i not in axes]]
    others = reshape(_others_in_column(in_columns(a, axes)), [shape[i] for i in order])
    return transpose(others, [int(i) for i in np.argsort(order)])


def in_columns(a: Any, axes: tuple[int, ...]) -> Any:
    """Return a with some axes as one, in front of the others."""
    shape = shape_of(a)
    kept = [i for i in range(len(shape)) if i not in axes]
    return reshape(transpose(a, [*axes, *kept]), (math.prod(shape[i] for i in axes), *[shape[i] for i in kept]))


def _others_in_column(a: Any) -> Any:
    """Return the products of all the others along the first axis, in linear time.

    The others of an element are its partner, and the others of the pair that the two make.
    """
    shape, dtype = shape_of(a), primal(a).dtype
    if shape[0] < 2:
        return np.ones(shape, dtype)
    if shape[0] % 2:
        a = np.concatenate([a, np.ones((1, *shape[1:]), dtype)])
    half = (shape[0] + 1) // 2
    one, other = a[:half], a[half:]
    of_pair = _others_in_column(one * other)
    return np.concatenate([of_pair * other, of_pair * one])[: shape[0]]


def extreme(numpy_function: Any, name: str, says: str) -> Callable[..., Any]:
    """Make the rule of a largest or smallest element."""

    def largest(a: Any, /, axis: Axis = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
        return of_elements(a, initial, axis, keepdims=keepdims, where=mask_from(where))

    @rule()
    def of_elements(a: Any, initial: Any, /, axis: Axis, *, keepdims: bool, where: Any) -> tuple[Any, Any, Any]:
        options = options_of(a, name, keepdims=keepdims, initial=initial, where=where)
        y = (largest if type(initial) is RevDiff else numpy_function)(a, axis=axis, **options)

        def hits() -> tuple[Any, Any, Any]:
            """Tell which elements are equal to y, whether ``initial`` is, and how many they are together."""
            elements = same(primal(a), primal(spread(y, a, axis)))
            elements = elements if where is True else elements & where
            is_initial = False if initial is None else same(primal(initial), primal(y))
            return elements, is_initial, elements.sum(axes_of(a, axis), keepdims=keepdims) + is_initial

        def a_pullback(y_bar: Any) -> Any:
            elements, _, count = hits()
            return only(elements, spread(y_bar / count, a, axis))

        def initial_pullback(y_bar: Any) -> Any:
            _, is_initial, count = hits()
            return np.sum(np.where(np.atleast_1d(is_initial), y_bar / count, 0))

        return y, Spreading(a_pullback, a, axis), initial_pullback

    largest.__name__ = largest.__qualname__ = name
    largest.__doc__ = f"Return {says}.     āᵢ = ȳ/k, where aᵢ is one of the k elements that are equal to y."
    return largest


def same(x: Any, y: Any, /) -> Any:
    """Tell where x and y are equal, or both NaN: a NaN that was met is the extreme element."""
    undefined = is_nan(y)
    return np.equal(x, y) | (is_nan(x) & undefined) if np.any(undefined) else np.equal(x, y)


prod = stands_for(*of_numpy("product"))(_product(np.prod, "over the given axes, all of them by default"))
nanprod = _product(np.nanprod, "of what is not NaN")
max_ = extreme(np.max, "max", "the largest element along the given axes")
min_ = extreme(np.min, "min", "the smallest element along the given axes")
nanmax = extreme(np.nanmax, "nanmax", "the largest element that is not NaN")
nanmin = extreme(np.nanmin, "nanmin", "the smallest element that is not NaN")
stands_for(np.max, np.amax)(max_)
stands_for(np.min, np.amin)(min_)
stands_for(np.nanmax)(nanmax)
stands_for(np.nanmin)(nanmin)


@stands_for(np.ptp)
def ptp(a: Any, /, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """Return the range of the elements, the largest minus the smallest."""
    return max_(a, axis, keepdims=keepdims) - min_(a, axis, keepdims=keepdims)


for _function in (np.any, np.all, *of_numpy("alltrue sometrue")):
    constant(_function)
for _name in ("sum", "mean", "prod", "max", "min", "ptp", "any", "all"):
    if hasattr(np.ndarray, _name):  # arrays had ptp before NumPy 2
        method_of(getattr(np, _name))
