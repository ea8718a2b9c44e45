"""The product of paths: several places seen as one tuple.

Imports the steps, and what they are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from revdiff.paths.errors import PathError
from revdiff.paths.places import Together, overlap
from revdiff.paths.rebuilding import elements_of
from revdiff.paths.steps import Function, changed, only

if TYPE_CHECKING:
    from revdiff.paths.syntax import Path


@final
@dataclass(frozen=True, slots=True)
class Product:
    """The tuple of the targets of several paths. What is put there goes to each of them, so they must be disjoint."""

    paths: tuple[Path, ...]

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return the tuple."""
        yield Together([p._steps for p in self.paths], x), tuple(only(p._steps, x) for p in self.paths)

    def over(self, x: Any, f: Function, /) -> Any:
        """Return x with each element of the new tuple in its place."""
        ((_, target),) = self.reach(x)
        met = overlap([p._steps for p in self.paths], x)
        if met is not None:
            first, second = (self.paths[i] for i in met)
            msg = f"{first!r} and {second!r} lead to the same place, where only one value can stand"
            raise PathError(msg)
        for p, value in zip(self.paths, elements_of(f(target), len(self.paths)), strict=True):
            x = changed(p._steps, x, _always(value))
        return x


def _always(value: Any) -> Function:
    return lambda before: value
