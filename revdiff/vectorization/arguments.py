"""The arguments of a mapped function: their samples, and what the function is handed of them.

Imports the core, shapes and axes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError, describe, listed
from revdiff.core.parts import split
from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.shape import gather
from revdiff.systems import is_masked
from revdiff.vectorization.axes import Axes, is_numeric, over_leaves


@final
class Argument:
    """An argument in which there are samples, with their axis in front, or one that all samples share."""

    __slots__ = ("_axes", "_value", "_where", "lengths")

    def __init__(self, x: Any, axes: Axes, i: int) -> None:
        self._where = f"argument {i}"
        self._axes = axes
        self.lengths: dict[str, int] = {}
        self._value = x if axes is None else over_leaves(self._with_axis_in_front, split(x), axes, self._where)

    def _with_axis_in_front(self, x: Any, place: int, where: str) -> Any:
        if not is_numeric(x) or isinstance(x, bool | np.bool_):
            return x
        x = gather(x)
        if isinstance(x, np.matrix) or is_masked(x):
            way = "x.filled(0.0), or numbers and mask as two arguments" if is_masked(x) else "np.asarray(x)"
            msg = f"{where} is {describe(x)}, which has no samples that are arrays.\n  Write {way}."
            raise ArgumentError(msg)
        shape = shape_of(x)
        if not -len(shape) <= place < len(shape):
            form = f"has shape {shape}" if shape else f"is {describe(primal(x))}"
            msg = (
                f"{where} {form}: there is no axis {place} along which it could have samples.\n"
                "  If all samples share it:     None for it in in_axes, or a keyword argument\n"
                "  If it stands in a list:      np.array([…])"
            )
            raise ArgumentError(msg)
        self.lengths[where] = shape[place]
        if issubclass(type(x), np.ndarray):
            x = x.view(np.ndarray)
            x.flags.writeable = False  # a sample belongs to the caller
        return np.moveaxis(x, place, 0) if place else x

    def handed(self, samples: Callable[[Any], Any]) -> Any:
        """Return what the function is given, of which ``samples`` makes each array."""
        return over_leaves(
            lambda x, _, where: samples(x) if where in self.lengths else x, self._value, self._axes, self._where
        )


def count_samples(taken: list[Argument]) -> int:
    """Return the number of samples, which all arguments have in common."""
    lengths = {where: length for argument in taken for where, length in argument.lengths.items()}
    if not lengths:
        msg = "there are no samples to map over: give an argument that has an axis of them, and its number in in_axes"
        raise ArgumentError(msg)
    if len(set(lengths.values())) > 1:
        found = listed(f"{length} in {where}" for where, length in lengths.items())
        msg = f"the arguments have different numbers of samples: {found}"
        raise ArgumentError(msg)
    return next(iter(lengths.values()))
