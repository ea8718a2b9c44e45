"""Distributions of one variable: a row of formulas makes one, with SciPy's names and call forms.

Imports rules of arrays, the maker of elementwise rules, and SciPy for the values. A row gives the logarithm of the density
of the standardised variable z = (x - loc)/scale. Everything else about x, location and scale is said once, here:

    density          f(x) = f(z)/scale, and 0 outside of the support, with derivative 0
    distribution     F′ = f,   (1 - F)′ = -f,   (ln F)′ = f/F,   (F⁻¹)′ = 1/f(F⁻¹)
    in the shapes    ∂F/∂a where a row has a formula;  ∂F⁻¹/∂a = -(∂F/∂a)/f
    moments          E x = loc + scale · E z,   Var x = scale² · Var z,   E[-ln f(x)] = ln scale + E[-ln f(z)]

Values of F and its inverse are SciPy's own. Without a RevDiff among the arguments all values are.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import partial
from typing import Any, final

import numpy as np
from scipy import stats

from revdiff.arrays.broadcasting import cast
from revdiff.arrays.numpy_protocol import holds_revdiff, plain
from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.rules.shape import gather
from revdiff.scipy._namesakes import refuse
from revdiff.scipy.special.elementwise import Slope, ruled
from revdiff.scipy.stats.beside import Distribution, Formula

_OF_F: dict[str, tuple[Formula, Formula]] = {
    "cdf": (lambda slope, y: slope, lambda log_f, y: np.exp(log_f)),
    "sf": (lambda slope, y: -slope, lambda log_f, y: -np.exp(log_f)),
    "logcdf": (lambda slope, y: slope * np.exp(-y), lambda log_f, y: np.exp(log_f - y)),
    "logsf": (lambda slope, y: -slope * np.exp(-y), lambda log_f, y: -np.exp(log_f - y)),
}
"""Of each function of F: its derivative by a shape, from ∂F, and by z, from ln f. y is its value."""

_MOMENTS: dict[str, tuple[str, Formula]] = {
    "mean": ("mean", lambda m, loc, scale: loc + scale * m),
    "var": ("var", lambda v, loc, scale: scale * scale * v),
    "std": ("var", lambda v, loc, scale: np.sqrt(scale * scale * v)),
    "entropy": ("entropy", lambda h, loc, scale: h + np.log(scale)),
}
"""The moments of x from those of z."""


def continuous(
    name: str, log_density: Formula, *, cdf: Mapping[str, Formula] | None = None, **moments: Formula | float
) -> Distribution:
    """Make a distribution from ln f(z, *shapes), from mean, var and entropy of z, numbers or functions of the shapes, and from ∂F/∂a."""
    its, slopes = _Parameters(name, "loc", "scale"), cdf or {}

    def inside(z: Any, shapes: Any) -> Any:
        lower, upper = its.support(shapes)
        return (lower <= primal(z)) & (primal(z) <= upper)

    def log_f(z: Any, *shapes: Any) -> Any:
        """Return ln f(z), and -inf outside of the support."""
        with np.errstate(all="ignore"):
            return choose(inside(z, shapes), log_density(z, *shapes), -np.inf)

    def slope(shape: str, z: Any, *shapes: Any) -> Any:
        """Return ∂F/∂shape at z, and 0 outside of the support."""
        with np.errstate(all="ignore"):
            return choose(inside(z, shapes), slopes[shape](z, *shapes), 0.0)

    def at_x(function: Formula) -> Formula:
        """Return a function of x from one of z, shapes and scale, that gives NaN where SciPy does."""

        def of_x(x: Any, *args: Any, **kwargs: Any) -> Any:
            shapes, loc, scale = its.of(args, kwargs)
            with np.errstate(all="ignore"):
                z = (_wide(x) - loc) / scale
                y = function(z, shapes, scale)
            return choose(its.are_valid(shapes, scale) & ~np.isnan(primal(z)), y, np.nan)

        return of_x

    def of_f(method: str) -> Formula:
        of_slope, of_log_f = _OF_F[method]
        of_z = its.ruled(
            method, slopes, lambda shape, *args: of_slope(slope(shape, *args[:-1]), args[-1]),
            x=lambda *args: of_log_f(log_f(*args[:-1]), args[-1]),
        )  # fmt: skip
        return at_x(lambda z, shapes, scale: of_z(z, *shapes))

    def quantile(method: str, sign: float) -> Formula:
        def of_shape(shape: str, q: Any, *rest: Any) -> Any:
            *shapes, x = rest
            return -slope(shape, x, *shapes) * np.exp(-log_f(x, *shapes))

        inverse = its.ruled(method, slopes, of_shape, q=lambda q, *rest: sign * np.exp(-log_f(rest[-1], *rest[:-1])))

        def of_q(q: Any, *args: Any, **kwargs: Any) -> Any:
            shapes, loc, scale = its.of(args, kwargs)
            return choose(primal(scale) > 0, loc + scale * inverse(_wide(q), *shapes), np.nan)

        return of_q

    of_quantile = quantile("ppf", 1.0)
    methods: dict[str, Formula] = {
        "pdf": at_x(lambda z, a, scale: choose(inside(z, a), np.exp(log_density(z, *a)) / scale, 0.0)),
        "logpdf": at_x(lambda z, a, scale: choose(inside(z, a), log_density(z, *a) - np.log(scale), -np.inf)),
        **{method: of_f(method) for method in _OF_F},
        "ppf": of_quantile,
        "isf": quantile("isf", -1.0),
        "median": partial(of_quantile, 0.5),
    }
    return Distribution(name, methods | its.moments(moments))


def discrete(
    name: str,
    log_mass: Formula,
    *,
    whole: frozenset[str] = frozenset(),
    cdf: Mapping[str, Formula] | None = None,
    **moments: Formula | float,
) -> Distribution:
    """Make a distribution from ln P(k, *shapes), from its mean, var and entropy, and from ∂F/∂a for shapes a.

    k and loc are constant. ``whole`` names the shapes that are whole numbers, by which there is no derivative.
    """
    its, slopes = _Parameters(name, "loc"), cdf or {}

    def log_p(k: Any, *shapes: Any) -> Any:
        """Return ln P(k), and -inf where k is no whole number in the support."""
        lower, upper = its.support(shapes)
        return choose((lower <= k) & (k <= upper) & (k == np.floor(k)), log_mass(k, *shapes), -np.inf)

    def slope(shape: str, k: Any, *shapes: Any) -> Any:
        """Return ∂F/∂shape at k, and 0 outside of the support."""
        k, (lower, upper) = np.floor(primal(k)), its.support(shapes)
        with np.errstate(all="ignore"):
            return choose((lower <= k) & (k < upper), slopes[shape](k, *shapes), 0.0)

    def at_k(function: Formula) -> Formula:
        def of_k(k: Any, *args: Any, **kwargs: Any) -> Any:
            shapes, loc, scale = its.of(args, kwargs)
            for shape, value in zip(its.shapes, shapes, strict=True):
                if shape in whole and holds_revdiff(value):
                    refuse(f"scipy.stats.{name} in {shape}", "It is a whole number.")
            k = np.asarray(plain(gather(k)) - primal(loc))
            with np.errstate(all="ignore"):
                y = function(k, *shapes)
            return choose(its.are_valid(shapes, scale) & ~np.isnan(k), y, np.nan)

        return of_k

    def of_f(method: str) -> Formula:
        of_slope, _ = _OF_F[method]
        return at_k(
            its.ruled(method, slopes, lambda shape, *args: of_slope(slope(shape, *args[:-1]), args[-1]), k=0)
        )  # fmt: skip

    methods: dict[str, Formula] = {
        "pmf": at_k(lambda k, *shapes: np.exp(log_p(k, *shapes))),
        "logpmf": at_k(log_p),
        **{method: of_f(method) for method in _OF_F},
    }
    return Distribution(name, methods | its.moments(moments))


@final
class _Parameters:
    """The parameters of a distribution of SciPy's: shapes, loc, and scale if it has one."""

    def __init__(self, name: str, *places: str) -> None:
        self._name = name
        self._scipys = getattr(stats, name)
        self.shapes = [shape.strip() for shape in (self._scipys.shapes or "").split(",") if shape]
        self._names = [*self.shapes, *places]

    def of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], Any, Any]:
        """Return shapes, loc and scale from the arguments behind x."""
        given = {"loc": 0.0, "scale": 1.0} | dict(zip(self._names, args, strict=False)) | kwargs
        are_free = kwargs.keys() <= {*self._names[len(args) :]}
        if not are_free or len(args) > len(self._names) or not {*self.shapes} <= given.keys():
            self._scipys.mean(*plain(args), **{name: plain(value) for name, value in kwargs.items()})  # SciPy's error
        wide = {name: _wide(value) for name, value in given.items()}
        return tuple(wide[name] for name in self.shapes), wide["loc"], wide["scale"]

    def support(self, shapes: Any) -> tuple[Any, Any]:
        """Return the ends of the support of the standardised variable; NaN for shapes that SciPy does not allow."""
        return self._scipys.support(*plain(shapes))  # type: ignore[no-any-return]

    def are_valid(self, shapes: Any, scale: Any) -> Any:
        """Tell where SciPy allows the parameters."""
        return ~np.isnan(self.support(shapes)[0]) & (primal(scale) > 0)

    def ruled(self, method: str, known: Container[str], of_shape: Formula, **of_first: Slope) -> Formula:
        """Make the rule of a method of SciPy's for z and the shapes, with derivatives in those shapes that are known."""
        slopes = {shape: partial(of_shape, shape) if shape in known else None for shape in self.shapes}
        return ruled(f"scipy.stats.{self._name}.{method}", getattr(self._scipys, method), **of_first, **slopes)

    def moments(self, of_z: Mapping[str, Formula | float]) -> dict[str, Formula]:
        """Return the moments of x as functions of all parameters."""

        def of_x(moment: Formula | float, scaled: Formula, *args: Any, **kwargs: Any) -> Any:
            shapes, loc, scale = self.of(args, kwargs)
            with np.errstate(all="ignore"):
                value = scaled(moment(*shapes) if callable(moment) else moment, loc, scale)
            return choose(self.are_valid(shapes, scale), value, np.nan)

        return {
            name: partial(of_x, of_z[needed], scaled) for name, (needed, scaled) in _MOMENTS.items() if needed in of_z
        }


def choose(condition: Any, value: Any, other: Any) -> Any:
    """Return the value where a condition on plain numbers holds, and another elsewhere, which is absent from derivatives."""
    if np.all(condition):
        return value
    if not np.ndim(condition) and not np.ndim(primal(value)):
        return np.float64(other)
    return where(np.array(condition), value, other)


def _wide(x: Any) -> Any:
    """Return numbers as those of NumPy in double precision at least, as SciPy does."""
    x = gather(x)
    dtype = np.asarray(primal(x)).dtype
    if x is primal(x):
        return np.asarray(x, np.promote_types(dtype, np.float64))[()]
    return cast(x, np.float64) if dtype.kind == "f" and dtype.itemsize < 8 else x
