"""Distributions of one variable: a row of formulas makes one, with SciPy's names and call forms.

Imports rules of arrays, the maker of elementwise rules, and SciPy for the values. A row gives the logarithm of the density
of the standardised variable z = (x - loc)/scale. Everything else about x, location and scale is said once, here:

    density          f(x) = f(z)/scale, and 0 outside of the support, with derivative 0
    distribution     F′ = f,   (1 - F)′ = -f,   (ln F)′ = f/F,   (F⁻¹)′ = 1/f(F⁻¹)
    in the shapes    ∂F/∂a where a row has a formula;  ∂F⁻¹/∂a = -(∂F/∂a)/f

Values of F and its inverse are SciPy's own. Without a RevDiff among the arguments all values are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import cast
from revdiff.arrays.numpy_protocol import holds_revdiff, plain
from revdiff.core.errors import MissingRuleError
from revdiff.core.revdiff import primal
from revdiff.rules.selection import where
from revdiff.rules.shape import gather
from revdiff.scipy.special.elementwise import ruled
from revdiff.scipy.stats.beside import Beside

Formula = Callable[..., Any]

_OF_F: dict[str, tuple[Formula, Formula]] = {
    "cdf": (lambda slope, y: slope, lambda log_f, y: np.exp(log_f)),
    "sf": (lambda slope, y: -slope, lambda log_f, y: -np.exp(log_f)),
    "logcdf": (lambda slope, y: slope * np.exp(-y), lambda log_f, y: np.exp(log_f - y)),
    "logsf": (lambda slope, y: -slope * np.exp(-y), lambda log_f, y: -np.exp(log_f - y)),
}
"""Of each function of F: its derivative by a shape, from ∂F, and by z, from ln f. y is its value."""


class _Distribution(Beside):
    """What continuous and discrete distributions have in common: arguments and moments."""

    def __init__(
        self, name: str, log_density: Formula, moments: Mapping[str, Formula], cdf: Mapping[str, Formula]
    ) -> None:
        super().__init__(name)
        self._shapes = [shape.strip() for shape in (self._scipys.shapes or "").split(",") if shape]
        self._log_density = log_density
        self._moments = moments
        self._of_z: dict[str, Formula] = {}
        self._slopes = cdf
        self.__doc__ = f"The distribution scipy.stats.{name}, differentiable: {', '.join(self._methods())}."

    def _methods(self) -> list[str]:
        return [*self._OFFERED, *(name for name in ("mean", "var", "entropy") if name in self._moments)]

    _OFFERED: tuple[str, ...] = ()

    def mean(self, *args: Any, **kwargs: Any) -> Any:
        """Return E x = loc + scale · E z."""
        return self._moment("mean", lambda m, loc, scale: loc + scale * m, args, kwargs)

    def var(self, *args: Any, **kwargs: Any) -> Any:
        """Return Var x = scale² · Var z."""
        return self._moment("var", lambda v, loc, scale: scale * scale * v, args, kwargs)

    def std(self, *args: Any, **kwargs: Any) -> Any:
        """Return √Var x."""
        if not holds_revdiff((*args, *kwargs.values())):
            return self._scipys.std(*args, **kwargs)
        return np.sqrt(self.var(*args, **kwargs))

    def entropy(self, *args: Any, **kwargs: Any) -> Any:
        """Return E[-ln f(x)] = ln scale + E[-ln f(z)]."""
        return self._moment("entropy", lambda h, loc, scale: h + np.log(scale), args, kwargs)

    def _moment(self, name: str, scaled: Formula, args: Any, kwargs: Any) -> Any:
        method = getattr(self._scipys, name)
        if not holds_revdiff((*args, *kwargs.values())):
            return method(*args, **kwargs)
        if name not in self._moments:
            return self._with_revdiffs(name, method, args, kwargs)
        shapes, loc, scale = self._arguments(args, kwargs)
        lower, _ = self._scipys.support(*plain(shapes))
        valid = ~np.isnan(lower) & (primal(scale) > 0)
        with np.errstate(all="ignore"):
            value = scaled(self._moments[name](*shapes), loc, scale)
        return choose(valid, value, np.nan)

    def _arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], Any, Any]:
        """Return shapes, loc and scale from the arguments behind x."""
        given = {"loc": 0.0, "scale": 1.0}
        names = [*self._shapes, *self._PLACES]
        given |= dict(zip(names, args, strict=False))
        if len(args) > len(names) or not {*self._shapes, *kwargs} <= {*given, *kwargs} or not kwargs.keys() <= {*names}:
            self._scipys.mean(*plain(args), **{name: plain(value) for name, value in kwargs.items()})  # SciPy's error
        given |= kwargs
        wide = {name: _wide(value) for name, value in given.items()}
        return tuple(wide[name] for name in self._shapes), wide["loc"], wide["scale"]

    _PLACES: tuple[str, ...] = ("loc", "scale")


@final
class Continuous(_Distribution):
    """A continuous distribution of SciPy's, with derivatives by x, loc and scale, and by the shapes where there is a formula.

    >>> from revdiff import grad
    >>> from revdiff.scipy.stats import norm
    >>> grad(norm.logpdf, argnums=(0, 1, 2))(3.0, 1.0, 2.0)                     # x, loc, scale
    (-0.5, 0.5, 0.0)
    >>> norm(1.0, 2.0).cdf(1.0)
    np.float64(0.5)
    """

    _OFFERED = ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "median", "std")

    def __init__(
        self, name: str, log_density: Formula, moments: Mapping[str, Formula], cdf: Mapping[str, Formula]
    ) -> None:
        super().__init__(name, log_density, moments, cdf)
        for method, (of_slope, of_log_f) in _OF_F.items():
            in_z = partial(_of_z, of_log_f, self._inside_log)
            slopes = {
                shape: partial(_of_shape, of_slope, self._slope, shape) if shape in cdf else None
                for shape in self._shapes
            }
            self._of_z[method] = ruled(f"scipy.stats.{name}.{method}", getattr(self._scipys, method), x=in_z, **slopes)
        for method, sign in (("ppf", 1.0), ("isf", -1.0)):
            in_q = partial(_of_quantile, sign, self._inside_log)
            slopes = {
                shape: partial(_inverse, self._slope, self._inside_log, shape) if shape in cdf else None
                for shape in self._shapes
            }
            self._of_z[method] = ruled(f"scipy.stats.{name}.{method}", getattr(self._scipys, method), q=in_q, **slopes)

    def logpdf(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return ln f(x) = ln f(z) - ln scale, and -inf outside of the support, with derivative 0."""
        return self._of_x("logpdf", self._scaled_log, x, args, kwargs)

    def pdf(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return f(x) = f(z)/scale, and 0 outside of the support, with derivative 0."""
        return self._of_x("pdf", self._scaled_density, x, args, kwargs)

    def cdf(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return F(x) = F(z).     z̄ = ȳ f(z)."""
        return self._of_x("cdf", lambda z, shapes, scale: self._of_z["cdf"](z, *shapes), x, args, kwargs)

    def sf(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return 1 - F(x).     z̄ = -ȳ f(z)."""
        return self._of_x("sf", lambda z, shapes, scale: self._of_z["sf"](z, *shapes), x, args, kwargs)

    def logcdf(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return ln F(x).     z̄ = ȳ f(z)/F(z)."""
        return self._of_x("logcdf", lambda z, shapes, scale: self._of_z["logcdf"](z, *shapes), x, args, kwargs)

    def logsf(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return ln(1 - F(x)).     z̄ = -ȳ f(z)/(1 - F(z))."""
        return self._of_x("logsf", lambda z, shapes, scale: self._of_z["logsf"](z, *shapes), x, args, kwargs)

    def ppf(self, q: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the x with F(x) = q.     q̄ = x̄/f(x)."""
        return self._quantile("ppf", q, args, kwargs)

    def isf(self, q: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the x with 1 - F(x) = q.     q̄ = -x̄/f(x)."""
        return self._quantile("isf", q, args, kwargs)

    def median(self, *args: Any, **kwargs: Any) -> Any:
        """Return the x with F(x) = ½."""
        return self.ppf(0.5, *args, **kwargs)

    def _of_x(self, name: str, function: Formula, x: Any, args: Any, kwargs: Any) -> Any:
        """Apply a function of z, shapes and scale, and give NaN where SciPy does."""
        if not holds_revdiff((x, *args, *kwargs.values())):
            return getattr(self._scipys, name)(x, *args, **kwargs)
        shapes, loc, scale = self._arguments(args, kwargs)
        with np.errstate(all="ignore"):
            z = (_wide(x) - loc) / scale
            y = function(z, shapes, scale)
        lower, _ = self._scipys.support(*plain(shapes))
        valid = ~np.isnan(lower) & (primal(scale) > 0) & ~np.isnan(primal(z))
        return choose(valid, y, np.nan)

    def _quantile(self, name: str, q: Any, args: Any, kwargs: Any) -> Any:
        if not holds_revdiff((q, *args, *kwargs.values())):
            return getattr(self._scipys, name)(q, *args, **kwargs)
        shapes, loc, scale = self._arguments(args, kwargs)
        x = loc + scale * self._of_z[name](_wide(q), *shapes)
        return choose(primal(scale) > 0, x, np.nan)

    def _scaled_log(self, z: Any, shapes: Any, scale: Any) -> Any:
        return choose(self._inside(z, shapes), self._log_density(z, *shapes) - np.log(scale), -np.inf)

    def _scaled_density(self, z: Any, shapes: Any, scale: Any) -> Any:
        return choose(self._inside(z, shapes), np.exp(self._log_density(z, *shapes)) / scale, 0.0)

    def _inside(self, z: Any, shapes: Any) -> Any:
        lower, upper = self._scipys.support(*plain(shapes))
        return (lower <= primal(z)) & (primal(z) <= upper)

    def _inside_log(self, z: Any, *shapes: Any) -> Any:
        """Return ln f(z), and -inf outside of the support."""
        with np.errstate(all="ignore"):
            return choose(self._inside(z, shapes), self._log_density(z, *shapes), -np.inf)

    def _slope(self, shape: str, z: Any, *shapes: Any) -> Any:
        """Return ∂F/∂shape at z, and 0 outside of the support."""
        with np.errstate(all="ignore"):
            return choose(self._inside(z, shapes), self._slopes[shape](z, *shapes), 0.0)


@final
class Discrete(_Distribution):
    """A distribution of whole numbers, with derivatives by its parameters. k and loc are constant.

    >>> from revdiff import grad
    >>> from revdiff.scipy.stats import poisson
    >>> grad(poisson.logpmf, argnums=1)(3, 2.0)                                 # k/μ - 1
    0.5
    """

    _OFFERED = ("pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "std")
    _PLACES = ("loc",)

    def __init__(
        self,
        name: str,
        log_density: Formula,
        moments: Mapping[str, Formula],
        cdf: Mapping[str, Formula],
        whole: frozenset[str],
    ) -> None:
        super().__init__(name, log_density, moments, cdf)
        self._whole = whole
        for method, (of_slope, _) in _OF_F.items():
            slopes = {
                shape: partial(_of_shape, of_slope, self._slope, shape) if shape in cdf else None
                for shape in self._shapes
            }
            self._of_z[method] = ruled(f"scipy.stats.{name}.{method}", getattr(self._scipys, method), k=0, **slopes)

    def logpmf(self, k: Any, *args: Any, **kwargs: Any) -> Any:
        """Return ln P(k), and -inf where k is no whole number in the support, with derivative 0."""
        return self._of_k("logpmf", k, args, kwargs)

    def pmf(self, k: Any, *args: Any, **kwargs: Any) -> Any:
        """Return P(k)."""
        return self._of_k("pmf", k, args, kwargs)

    def cdf(self, k: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the sum of P up to k."""
        return self._of_k("cdf", k, args, kwargs)

    def sf(self, k: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the sum of P above k."""
        return self._of_k("sf", k, args, kwargs)

    def logcdf(self, k: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the logarithm of `cdf`."""
        return self._of_k("logcdf", k, args, kwargs)

    def logsf(self, k: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the logarithm of `sf`."""
        return self._of_k("logsf", k, args, kwargs)

    def _of_k(self, name: str, k: Any, args: Any, kwargs: Any) -> Any:
        if not holds_revdiff((k, *args, *kwargs.values())):
            return getattr(self._scipys, name)(k, *args, **kwargs)
        shapes, loc, _ = self._arguments(args, kwargs)
        for shape, value in zip(self._shapes, shapes, strict=True):
            if shape in self._whole and holds_revdiff(value):
                msg = f"scipy.stats.{self.name} in {shape}"
                raise MissingRuleError.of(msg, " It is a whole number.")
        k = np.asarray(plain(gather(k)) - primal(loc))
        lower, _ = self._scipys.support(*plain(shapes))
        with np.errstate(all="ignore"):
            if name in _OF_F:
                y = self._of_z[name](k, *shapes)
            else:
                log_mass, inside = self._log_density(k, *shapes), self._inside(k, shapes)
                y = choose(inside, log_mass, -np.inf) if name == "logpmf" else choose(inside, np.exp(log_mass), 0.0)
        return choose(~np.isnan(lower) & ~np.isnan(k), y, np.nan)

    def _inside(self, k: Any, shapes: Any) -> Any:
        lower, upper = self._scipys.support(*plain(shapes))
        return (lower <= k) & (k <= upper) & (k == np.floor(k))

    def _slope(self, shape: str, k: Any, *shapes: Any) -> Any:
        k = np.floor(primal(k))
        lower, upper = self._scipys.support(*plain(shapes))
        with np.errstate(all="ignore"):
            return choose((lower <= k) & (k < upper), self._slopes[shape](k, *shapes), 0.0)


def continuous(
    name: str, log_density: Formula, *, cdf: Mapping[str, Formula] | None = None, **moments: Formula
) -> Continuous:
    """Make a distribution from ln f(z, *shapes), from mean, var and entropy of z, and from ∂F/∂a for shapes a."""
    return Continuous(name, log_density, moments, cdf or {})


def discrete(
    name: str,
    log_mass: Formula,
    *,
    whole: frozenset[str] = frozenset(),
    cdf: Mapping[str, Formula] | None = None,
    **moments: Formula,
) -> Discrete:
    """Make a distribution from ln P(k, *shapes), from its mean, var and entropy, and from ∂F/∂a for shapes a.

    ``whole`` names the shapes that are whole numbers, by which there is no derivative.
    """
    return Discrete(name, log_mass, moments, cdf or {}, whole)


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


def _of_z(of_log_f: Formula, log_f: Formula, *args: Any) -> Any:
    return of_log_f(log_f(*args[:-1]), args[-1])


def _of_shape(of_slope: Formula, slope: Formula, shape: str, *args: Any) -> Any:
    return of_slope(slope(shape, *args[:-1]), args[-1])


def _of_quantile(sign: float, log_f: Formula, *args: Any) -> Any:
    return sign * np.exp(-log_f(args[-1], *args[1:-1]))


def _inverse(slope: Formula, log_f: Formula, shape: str, *args: Any) -> Any:
    x, shapes = args[-1], args[1:-1]
    return -slope(shape, x, *shapes) * np.exp(-log_f(x, *shapes))
