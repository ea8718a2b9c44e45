"""What one does along a path: view, preview, targets, replace, over.

Imports paths and their steps. The path comes first, then the structure, then what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revdiff.core.errors import ArgumentError, describe
from revdiff.paths.errors import followed
from revdiff.paths.steps import Step, changed, only, reached
from revdiff.paths.syntax import Path


def view(p: Path, x: Any, /) -> Any:
    """Return what is at the end of the path, the one target.     x̄ is zero but for ȳ in that place.

    Of one RevDiff of a structure it is a RevDiff. Raises `PathError` where the path does not lead on, and where
    there is no target or more than one.

    >>> from revdiff import grad, path
    >>> model = {"w": [1.0, 2.0], "rate": 0.5}
    >>> view(path["w"][1], model), grad(lambda m: view(path["w"][1], m) ** 2)(model)
    (2.0, {'w': [0.0, 4.0], 'rate': 0.0})
    """
    with followed(p):
        return only(_steps(view, p), x)


def preview(p: Path, x: Any, /) -> Any:
    """Return the first target, or None if there is none.

    >>> from revdiff import path
    >>> preview(path.each.where(lambda n: n > 2), [1, 2, 3, 4]), preview(path.present, None)
    (3, None)
    """
    with followed(p):
        return next(reached(_steps(preview, p), x), None)


def targets(p: Path, x: Any, /) -> list[Any]:
    """Return all the targets, in order. Of one RevDiff of n parts the n targets cost n, in both directions.

    >>> from revdiff import path
    >>> targets(path.each["w"], [{"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}])
    [1.0, 3.0]
    """
    with followed(p):
        return list(reached(_steps(targets, p), x))


def replace(p: Path, x: Any, v: Any, /) -> Any:
    """Return x with v in the place of every target.     x̄ = ȳ with zero in that place, v̄ = ȳ there.

    x itself stays as it is. For a slice or a product v has an element for each place. Where there is no
    target, y is x. Its other name is ``set``.

    >>> from revdiff import grad, path
    >>> replace(path["w"][1], {"w": [1.0, 2.0], "rate": 0.5}, 10.0)
    {'w': [1.0, 10.0], 'rate': 0.5}
    >>> f = lambda x, v: sum(n * n for n in replace(path[1], x, v))
    >>> grad(f, (0, 1))([1.0, 2.0, 3.0], 10.0)
    ([2.0, 0.0, 6.0], 20.0)
    """
    with followed(p):
        return changed(_steps(replace, p), x, lambda before: v)


def over(p: Path, x: Any, f: Callable[[Any], Any], /) -> Any:
    """Return x with f applied to every target.     x̄ = ȳ, and f′(target)ᵀ ȳ in the place of each target.

    >>> from revdiff import grad, path
    >>> over(path.each["w"], [{"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}], lambda w: 10 * w)
    [{'w': 10.0, 'b': 2.0}, {'w': 30.0, 'b': 4.0}]
    >>> grad(lambda x: sum(over(path[0], x, lambda n: n**3)))([2.0, 5.0])
    [12.0, 1.0]
    """
    with followed(p):
        return changed(_steps(over, p), x, f)


def _steps(verb: Callable[..., Any], p: Any) -> tuple[Step, ...]:
    if isinstance(p, Path):
        return p._steps
    msg = f"{verb.__name__} takes a path first and then the structure; met {describe(p)}"
    if callable(p) and isinstance(getattr(p, "__self__", None), Path):
        msg += f".\n  For a field that is called {p.__name__}:  path.field({p.__name__!r})"
    raise ArgumentError(msg)
