"""Statistics: variance, standard deviation, weighted averages, covariance and correlation.

Imports rules for arrays, reductions and products.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from revdiff.arrays.broadcasting import sum_to
from revdiff.arrays.numpy_protocol import method_of, plain, stands_for
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import only, rule
from revdiff.rules.complex import conjugate
from revdiff.rules.reductions import (
    Axis,
    Spreading,
    axes_of,
    beside,
    mask_from,
    mean,
    nanmean,
    options_of,
    spread,
    sum_,
    taken_by,
)
from revdiff.rules.shape import gather, require_floating, transpose


def _spread_of(numpy_function: Any, says: str, formula: str) -> None:
    """Make the rule of a variance, or of a standard deviation, which is its root."""
    is_root = numpy_function in (np.std, np.nanstd)
    mean_of = nanmean if numpy_function in (np.nanstd, np.nanvar) else mean

    def deviation(
        a: Any,
        /,
        axis: Axis = None,
        dtype: Any = None,
        *,
        ddof: float = 0,
        keepdims: bool = False,
        where: Any = True,
        mean: Any = None,
        correction: float | None = None,
    ) -> Any:
        if correction is not None:
            if ddof:
                msg = "ddof= and correction= mean the same: give one of them"
                raise ValueError(msg)
            ddof = correction
        return of_elements(a, mean, axis, dtype, ddof, keepdims=keepdims, where=mask_from(where))

    @rule()
    def of_elements(
        a: Any, center: Any, /, axis: Axis, dtype: Any, ddof: float, *, keepdims: bool, where: Any
    ) -> tuple[Any, Any, Any]:
        name, given = numpy_function.__name__, {"dtype": dtype, "keepdims": keepdims, "where": where, "mean": center}
        compute = deviation if type(center) is RevDiff else numpy_function
        y = compute(a, axis=axis, ddof=ddof, **options_of(a, name, **given))

        def slope(y_bar: Any) -> tuple[Any, Any]:
            """Return ȳ ∂y/∂a, which is -ȳ ∂y/∂mean, and the mask of the elements that were taken."""
            axes, mask = axes_of(a, axis), taken_by(numpy_function, primal(a), where)
            d = a - (mean_of(a, axis, keepdims=True, where=where) if center is None else center)
            if mask is None:
                count = math.prod(shape_of(a)[i] for i in axes)
            else:
                d, count = np.where(mask, d, 0), mask.sum(axes, keepdims=True)
            if is_root:
                corner = primal(y) == 0
                if center is None:
                    corner = corner | _is_constant(primal(a), primal(y), axes, mask)
                y_bar = np.where(corner, 0, y_bar / np.where(corner, 1, y))
            share = spread(y_bar, a, axis) / np.maximum(count - ddof, 0)
            return (1 if is_root else 2) * conjugate(d) * share, mask

        def a_pullback(y_bar: Any) -> Any:
            a_bar, mask = slope(y_bar)
            return a_bar if mask is None else only(mask, a_bar)

        def center_pullback(y_bar: Any) -> Any:
            return sum_to(-slope(y_bar)[0], shape_of(center))

        return y, Spreading(a_pullback, a, axis), center_pullback

    deviation.__name__ = deviation.__qualname__ = numpy_function.__name__
    deviation.__doc__ = f"""Return {says}.     {formula}

    n elements are taken, and μ is their mean, or what is given as ``mean=``: then it has a cotangent too, -Σ āᵢ.
    """
    stands_for(numpy_function)(deviation)


def _is_constant(a: Any, y: Any, axes: tuple[int, ...], mask: Any) -> Any:
    """Tell where all elements are equal. Their deviation is 0, but for the rounding of their mean."""
    a = np.asarray(a)
    rounding = a.size * np.finfo(y.dtype).eps * np.max(np.abs(a), initial=0.0, where=np.isfinite(a))
    if not np.any(y <= rounding):
        return False
    parts = [part if mask is None else np.where(mask, part, np.nan) for part in (a.real, a.imag)]
    equal = [np.fmax.reduce(part, axis=axes) == np.fmin.reduce(part, axis=axes) for part in parts]
    return np.reshape(equal[0] & equal[1], np.shape(y))


_VARIANCE = "āᵢ = 2 conj(aᵢ - μ) ȳ / (n - ddof)."
_DEVIATION = "āᵢ = conj(aᵢ - μ) ȳ / (y (n - ddof)), and 0 where all elements are equal."
_spread_of(np.var, "the variance along the given axes", _VARIANCE)
_spread_of(np.nanvar, "the variance of what is not NaN", _VARIANCE)
_spread_of(np.std, "the standard deviation along the given axes", _DEVIATION)
_spread_of(np.nanstd, "the standard deviation of what is not NaN", _DEVIATION)


@stands_for(np.average)
def average(
    a: Any, /, axis: Axis = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """Return the weighted mean y = Σ wᵢ aᵢ / Σ wᵢ.     āᵢ = ȳ wᵢ / Σ w,  w̄ᵢ = ȳ (aᵢ - y) / Σ w.

    With ``returned`` it is a pair of y and Σ w. Raises `ZeroDivisionError` where the weights sum to zero.

    >>> from revdiff import grad
    >>> grad(lambda w: np.average([1.0, 2.0, 6.0], weights=w))(np.array([1.0, 1.0, 2.0]))
    array([-0.6875, -0.4375,  0.5625])
    """
    a = gather(a)
    if weights is None:
        y = mean(a, axis, keepdims=keepdims)
        total: Any = np.full_like(primal(y), np.size(primal(a)) / max(1, np.size(primal(y))))[()]
    else:
        w = beside(gather(weights), a, axis)
        total = sum_(w * 1.0, axis, keepdims=keepdims)
        if np.any(np.equal(primal(total), 0)):
            msg = "the weights sum to zero, and there is no average"
            raise ZeroDivisionError(msg)
        y = sum_(a * w * 1.0, axis, keepdims=keepdims) / total
        if shape_of(total) != shape_of(y):
            total = np.copy(np.broadcast_to(total, shape_of(y)), "C")
    return (y, total) if returned else y


@stands_for(np.cov)
def cov(
    m: Any,
    y: Any = None,
    /,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """Return the covariances of the rows of m, and of y, or of their columns with ``rowvar=False``.

        C = X diag(w) Xᴴ / n,    X = M - M w / Σw

    It is made of functions with rules: m, y and the weights ``aweights`` have cotangents. How often each observation
    was met, ``fweights``, is constant.
    """
    m, y = gather(m), gather(y)
    x = _variables(m, turned=not rowvar and np.ndim(primal(m)) != 1, dtype=dtype)
    if y is not None:
        y = np.atleast_2d(y)
        x = np.concatenate([x, _variables(y, turned=not rowvar and len(primal(y)) != 1, dtype=dtype)])
    count = shape_of(x)[1]
    ddof = (0 if bias else 1) if ddof is None else ddof
    times, weights = _whole_weights(fweights, count), _one_each(gather(aweights), count, "aweights")
    w = times if weights is None else weights if times is None else times * weights
    n: Any = count - ddof
    if w is not None:
        total = sum_(w)
        n = total - (ddof if weights is None else ddof * sum_(w * weights) / total)
    if primal(n) <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        n = 0.0
    x = x - average(x, 1, w, keepdims=True)
    return np.squeeze(x @ conjugate(transpose(x if w is None else x * w)) * np.true_divide(1, n))


def _variables(m: Any, *, turned: bool, dtype: Any) -> Any:
    """Return a matrix with a row for each variable, in a dtype as exact as float64 at least."""
    if np.ndim(primal(m)) > 2:
        msg = f"the variables are the rows of a matrix; met an array of shape {shape_of(m)}"
        raise ValueError(msg)
    rows = np.atleast_2d(m)
    if dtype is not None:
        require_floating(dtype, f"cov(…, dtype={np.dtype(dtype)})")
    rows = rows.astype(dtype or np.result_type(primal(rows).dtype, np.float64))
    return transpose(rows) if turned else rows


def _one_each(weights: Any, count: int, name: str) -> Any:
    if weights is not None and shape_of(weights) != (count,):
        msg = f"{name} holds a number for each of {count} observations; met shape {shape_of(weights)}"
        raise RuntimeError(msg)
    if weights is not None and np.any(np.less(primal(weights), 0)):
        msg = f"{name} cannot be negative"
        raise ValueError(msg)
    return weights


def _whole_weights(weights: Any, count: int) -> Any:
    if weights is None:
        return None
    times = np.array(plain(weights), float)
    if np.any(times != np.rint(times)):
        msg = "fweights says how often each observation was met, in whole numbers"
        raise TypeError(msg)
    return _one_each(times, count, "fweights")


@stands_for(np.corrcoef)
def corrcoef(x: Any, y: Any = None, /, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """Return the correlations Rᵢⱼ = Cᵢⱼ / √(Cᵢᵢ Cⱼⱼ), where C are the covariances.

    Like NumPy's, they are held between -1 and 1; that only mends the last digit, and the derivative does not see it.
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if np.ndim(primal(c)) == 0:
        return c / c
    deviations = np.sqrt(np.real(np.diagonal(c)))
    r = c / deviations[:, None] / deviations[None, :]
    met = primal(r)
    held = np.clip(met.real, -1, 1) + (1j * np.clip(met.imag, -1, 1) if np.iscomplexobj(met) else 0)
    return r + (held - met)


for _function in (np.std, np.var):
    method_of(_function)
