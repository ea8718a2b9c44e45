"""Calls that can be made again, and a look at whether they gave the same.

Imports the core, shapes and the descriptors. The arguments are kept as they were: arrays are watched, and a RevDiff that
is assigned to later is another one. Of the results some entries are remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np

from revdiff.core.capture import check, keep, watch
from revdiff.core.parts import is_structure
from revdiff.core.revdiff import RevDiff, made, primal
from revdiff.core.structure import leaves, map_leaves
from revdiff.rules.shape import gather
from revdiff.structures.auto import auto_arg

COMPARED = 64
"""About so many entries of a result are remembered, to see that the second run gives the same."""


@final
class Call:
    """A call of a function, with its arguments as they were, that can be made again."""

    __slots__ = ("_args", "_f", "_marks", "_options")

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._f = f
        self._args = map_leaves(_unshared, keep(args))
        self._options = map_leaves(_unshared, keep(options))
        self._marks = [*watch(args), *watch(options)]

    @property
    def name(self) -> str:
        """The name of the function."""
        return getattr(self._f, "__name__", "the function")

    def again(self, tag: int) -> list[Any]:
        """Call the function again, without the layers above a tag, and return the leaves of its result."""
        check(self._marks)
        args, options = map_leaves(lambda leaf: _handed(leaf, tag), (self._args, self._options))
        return list(leaves(opened(self._f(*args, **options))))


def _unshared(leaf: Any) -> Any:
    """Return a RevDiff of one's own: what is assigned to the caller's does not change it."""
    return made(leaf.value, leaf._node, leaf._scale) if type(leaf) is RevDiff else leaf


def _handed(leaf: Any, tag: int) -> Any:
    """Return a leaf that the function may write to, without the layers above a tag."""
    while type(leaf) is RevDiff and leaf._node[1] > max(tag, 0):
        leaf = leaf.value
    return _detached(leaf)


def _detached(leaf: Any) -> Any:
    if type(leaf) is RevDiff:
        plain = primal(leaf)
        is_view = type(plain) is np.ndarray and plain.base is not None
        return made(_detached(leaf.value) if is_view else leaf.value, leaf._node, leaf._scale)
    return leaf.copy() if type(leaf) is np.ndarray else leaf


def opened(y: Any) -> Any:
    """Return a result in which RevDiffs are of numbers and of arrays only."""
    y = map_leaves(gather, y)
    return map_leaves(lambda leaf: auto_arg.split(leaf) if type(leaf) is RevDiff and is_structure(leaf) else leaf, y)


def sample_of(leaf: Any) -> Any:
    """Return a few dozen entries of an array, and any other plain value as it is."""
    value = primal(leaf)
    if not isinstance(value, np.ndarray):
        return value
    return value.shape, value.ravel()[:: max(1, value.size // COMPARED)].copy()


def are_same(a: Any, b: Any) -> bool:
    """Tell whether two samples are those of one value, computed twice."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and a[0] == b[0] and _same_numbers(a[1], b[1])
    if isinstance(a, float | int | complex | np.generic):
        return _same_numbers(np.asarray(a), np.asarray(b))
    return bool(a == b)


def _same_numbers(a: Any, b: Any) -> bool:
    if a.dtype != b.dtype or a.dtype.kind not in "fc":
        return a.dtype == b.dtype and bool(np.all(a == b))
    rtol = float(np.sqrt(np.finfo(a.dtype).eps))  # two runs may differ in their last digits
    with np.errstate(all="ignore"):
        near = abs(a - b) <= rtol * np.max(abs(a), initial=0.0, where=np.isfinite(a))
    return bool(np.all(near | (a == b) | ((a != a) & (b != b))))
