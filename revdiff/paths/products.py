"""The product of paths, several places seen as one tuple; and with it how any path is written.

Imports the steps, and what they are made of. A path is here what it consists of, the list of its steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

from revdiff.paths.errors import PathError
from revdiff.paths.places import Together, overlap
from revdiff.paths.rebuilding import elements_of
from revdiff.paths.steps import Function, Step, changed, only


@final
@dataclass(frozen=True, slots=True)
class Product:
    """The tuple of the targets of several paths. What is put there goes to each of them, so they must be disjoint."""

    paths: tuple[tuple[Step, ...], ...]

    def reach(self, x: Any, /) -> Iterator[tuple[Any, Any]]:
        """Return the tuple."""
        yield Together(self.paths, x), tuple(only(steps, x) for steps in self.paths)

    def over(self, x: Any, f: Function, /) -> Any:
        """Return x with each element of the new tuple in its place."""
        ((_, target),) = self.reach(x)
        met = overlap(self.paths, x)
        if met is not None:
            first, second = (written(self.paths[i]) for i in met)
            msg = f"{first} and {second} lead to the same place, where only one value can stand"
            raise PathError(msg)
        for steps, value in zip(self.paths, elements_of(f(target), len(self.paths)), strict=True):
            x = changed(steps, x, _always(value))
        return x

    def __str__(self) -> str:
        return " & ".join(f"({written(steps)})" if factors(steps) else written(steps) for steps in self.paths)


def _always(value: Any) -> Function:
    return lambda before: value


def factors(steps: Sequence[Step]) -> tuple[tuple[Step, ...], ...]:
    """Return the factors of a path that is a product and nothing more."""
    match steps:
        case (Product(paths=paths),):
            return paths
    return ()


def written(steps: Sequence[Step]) -> str:
    """Return a path as one writes it."""
    text, joined = "path", False
    for step in steps:
        if isinstance(step, Product):
            text, joined = str(step) if text == "path" else f"{text} / ({step})", True
        else:
            text, joined = f"({text}){step}" if joined else f"{text}{step}", False
    return text
