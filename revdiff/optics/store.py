"""A value and a plain function of its cotangent.

Imports nothing of revdiff. It is what is left of a RevDiff without the variable: both other forms are read with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final


@final
@dataclass(frozen=True, slots=True)
class Store:
    """A value, and a plain function that waits for its cotangent.

        Store(y, back)      back: ȳ ↦ what lies at the other end of the way back

    A RevDiff leads back to the cotangent of its variable, and may be mixed with others of the same variable. A Store
    leads anywhere, and is by itself. It is a functor in what lies at the end, and a costrong profunctor in the
    cotangent and the value, the simplest of each kind: what a Van Laarhoven form or a profunctor optic makes of
    ``Store(x, lambda ct: ct)`` is the value and the pullback, and these are all there is to know.

    >>> from revdiff.optics import to_profunctor
    >>> step = Store(3.0, lambda gradient: 3.0 - 0.1 * gradient)        # leads to a better value of the variable
    >>> loss = to_profunctor(lambda x: x * x)(step)
    >>> loss.value, loss.backprop(1.0)
    (9.0, 2.4)
    """

    value: Any
    backprop: Callable[[Any], Any]

    def map(self, function: Callable[[Any], Any], /) -> Store:
        """Return the Store whose way back goes on through ``function``.     ȳ ↦ function(back(ȳ))."""
        return Store(self.value, lambda ct: function(self.backprop(ct)))

    def dimap(self, before: Callable[[Any], Any], after: Callable[[Any], Any], /) -> Store:
        """Return the Store one step further on.     (after(y), ȳ ↦ back(before(ȳ)))."""
        return Store(after(self.value), lambda ct: self.backprop(before(ct)))

    def unfirst(self) -> Store:
        """Return the Store of the first place of a pair; the second goes back as it is.     (y, ȳ ↦ back((ȳ, d)))."""
        first, second = self.value
        return Store(first, lambda ct: self.backprop((ct, second)))

    def unsecond(self) -> Store:
        """Return the Store of the second place of a pair; the first goes back as it is.     (y, ȳ ↦ back((d, ȳ)))."""
        first, second = self.value
        return Store(second, lambda ct: self.backprop((first, ct)))
