"""What stands beside a distribution of SciPy: methods with derivatives, its own for plain numbers, and fixed parameters.

Imports SciPy and NumPy's protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, final

from scipy import stats

from revdiff.arrays.numpy_protocol import holds_revdiff
from revdiff.core.errors import MissingRuleError

Formula = Callable[..., Any]


@final
class Distribution:
    """A distribution of SciPy's: with a RevDiff among its arguments, a method is its formula, and without one SciPy's own.

    Densities have derivatives by x and all parameters, distribution functions and quantiles by x, loc and scale, and by
    the shapes that have a formula. Of whole numbers, and of counts, there are none.

    >>> from revdiff import grad
    >>> from revdiff.scipy.stats import norm, poisson
    >>> grad(norm.logpdf, argnums=(0, 1, 2))(3.0, 1.0, 2.0)                     # x, loc, scale
    (-0.5, 0.5, 0.0)
    >>> norm(1.0, 2.0).cdf(1.0)
    np.float64(0.5)
    >>> grad(poisson.logpmf, argnums=1)(3, 2.0)                                 # k/μ - 1
    0.5
    """

    def __init__(self, name: str, formulas: Mapping[str, Formula]) -> None:
        self.name = self.__name__ = name
        self._scipys = getattr(stats, name)
        self._formulas = formulas
        self.__doc__ = f"The distribution scipy.stats.{name}, differentiable: {', '.join(formulas)}."

    def __call__(self, *args: Any, **kwargs: Any) -> Frozen:
        """Return the distribution with its parameters fixed."""
        return Frozen(self, args, kwargs)

    def __repr__(self) -> str:
        return f"<revdiff.scipy.stats.{self.name}>"

    def __getattr__(self, name: str) -> Any:
        """Return a method: for RevDiffs it is a rule, or an error that names what there is."""
        if name.startswith("__"):
            raise AttributeError(name)
        scipys = getattr(self._scipys, name)
        if not callable(scipys):
            return scipys

        @wraps(scipys)
        def method(*args: Any, **kwargs: Any) -> Any:
            if not holds_revdiff((*args, *kwargs.values())):
                return scipys(*args, **kwargs)
            if name not in self._formulas:
                raise self._missing(name)
            return self._formulas[name](*args, **kwargs)

        return method

    def _missing(self, name: str) -> MissingRuleError:
        hint = f" There are rules for {', '.join(self._formulas)}."
        if name == "rvs":
            hint = "\n  Draw without parameters, then transform:  loc + scale * dist.rvs(size=n), or dist.ppf(uniform.rvs(size=n), a)."
        return MissingRuleError.of(f"scipy.stats.{self.name}.{name}", hint)


@final
class Frozen:
    """A distribution with its parameters: ``norm(loc, scale).logpdf(x)`` is ``norm.logpdf(x, loc, scale)``."""

    def __init__(self, dist: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.dist, self.args, self.kwds = dist, args, kwargs

    def __repr__(self) -> str:
        return f"{self.dist!r} with parameters"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        method = getattr(self.dist, name)
        return lambda *args, **options: method(*args, *self.args, **{**self.kwds, **options})
