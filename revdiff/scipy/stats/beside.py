"""What stands beside a distribution of SciPy: its name, its methods for plain numbers, and its form with fixed parameters.

Imports SciPy and NumPy's protocol.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import partial
from typing import Any, final

from scipy import stats

from revdiff.arrays.numpy_protocol import holds_revdiff
from revdiff.core.errors import MissingRuleError


class Beside(ABC):
    """A distribution of SciPy's: what has no RevDiff among its arguments is SciPy's own."""

    def __init__(self, name: str) -> None:
        self.name = self.__name__ = name
        self._scipys = getattr(stats, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Frozen:
        """Return the distribution with its parameters fixed."""
        return Frozen(self, args, kwargs)

    def __repr__(self) -> str:
        return f"<revdiff.scipy.stats.{self.name}>"

    def __getattr__(self, name: str) -> Any:
        """Return SciPy's method for plain numbers; for RevDiffs it is a rule, or an error that names what there is."""
        if name.startswith("__"):
            raise AttributeError(name)
        method = getattr(self._scipys, name)
        return partial(self._of, name, method) if callable(method) else method

    def _of(self, name: str, method: Any, *args: Any, **kwargs: Any) -> Any:
        if not holds_revdiff((*args, *kwargs.values())):
            return method(*args, **kwargs)
        return self._with_revdiffs(name, method, args, kwargs)

    def _with_revdiffs(self, name: str, method: Any, args: Any, kwargs: Any) -> Any:
        hint = f" There are rules for {', '.join(self._methods())}."
        if name == "rvs":
            hint = "\n  Draw without parameters, then transform:  loc + scale * dist.rvs(size=n), or dist.ppf(uniform.rvs(size=n), a)."
        what = f"scipy.stats.{self.name}.{name}"
        raise MissingRuleError.of(what, hint)

    @abstractmethod
    def _methods(self) -> Iterable[str]:
        """Name the methods that take RevDiffs."""


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
