"""Functions of one sample, mapped over many: all samples at once where the function allows it, one by one where not.

Imports the core, batches, shapes, the descriptors and the arguments of operators. A function of a sample is given a
`Batch` in the place of the sample, and runs once. By the law of batches, what it returns is the batch of what it would
have returned for each sample. A function that asks a batch for what only one sample has, a number of Python or a
decision that samples take differently, gets an error instead of an answer, and is then called with one sample after the
other. Either way the result is one value, and one sweep leads back from it.

A derivative that the function takes itself is younger than the axis of the samples, and so outside of the batch. Where
such a derivative has a batch for its variable, the function runs on `dressed` batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any, Literal, TypeAlias, final

import numpy as np

from revdiff.arguments import require_function
from revdiff.batches import seeds  # noqa: F401 (brings in the functions that batches are served by)
from revdiff.batches.batch import Axis, Batch, dressed
from revdiff.core.errors import ArgumentError, BatchError, ResultError, describe, describe_form, listed
from revdiff.core.parts import split
from revdiff.core.revdiff import RevDiff, const_diff, primal, shape_of
from revdiff.core.structure import LEAVES, STRUCTURES, Structure
from revdiff.rules.shape import gather
from revdiff.structures.array import array_val
from revdiff.structures.auto import auto_val
from revdiff.structures.protocol import Pull
from revdiff.structures.scalar import scalar_val

Axes: TypeAlias = Any
"""Where the axis of the samples is among those of each array: a number, None, or a structure of these."""

_NOT_FOUND: Any = object()

AtLeaf: TypeAlias = Callable[[Any, int, str], Any]
"""What is done with a leaf of a structure, given the number of its axis of samples, and the way to it in words."""


def vectorize(
    f: Callable[..., Any], /, in_axes: Axes = 0, out_axes: Axes = 0, *, fallback: Literal["loop", "error"] = "loop"
) -> Callable[..., Any]:
    """Return the function that maps f, a function of one sample, over many samples.

        vectorize(f)(x)[i] = f(x[i])

    in_axes     where the axis of samples is among those of the arrays in each positional argument: a number for all of
                them, or a tuple with an entry for each. An entry is a number, None for an argument that all samples
                share, or a structure of these, built like the argument. Keyword arguments are shared
    out_axes    where it is in the arrays of the result: a number, or a structure of numbers
    fallback    what is done where f cannot run on all samples at once: "loop" calls it with one after the other,
                "error" raises a `BatchError` that says why it cannot

    Inside f, ``x.shape`` is the shape of one sample. Arguments and results may be structures.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> loss = lambda w, x, y: (np.tanh(w @ x) - y) ** 2
    >>> w, x, y = np.array([1.0, -1.0]), np.array([[1.0, 1.0], [3.0, 2.0], [0.0, 1.0]]), np.array([0.0, 1.0, 0.0])
    >>> vectorize(loss, in_axes=(None, 0, 0))(w, x, y).round(2)
    array([0.  , 0.06, 0.58])

    It may be differentiated, and f may take derivatives itself. The gradient of each sample's loss:

    >>> vectorize(grad(loss), in_axes=(None, 0, 0))(w, x, y).round(2)
    array([[ 0.  ,  0.  ],
           [-0.6 , -0.4 ],
           [-0.  , -0.64]])

    Raises `ArgumentError` where an argument has no such axis, or where two have different numbers of samples.
    """
    require_function("vectorize", f)
    if fallback not in ("loop", "error"):
        msg = f'fallback is "loop" or "error"; met {fallback!r}'
        raise ArgumentError(msg)

    def mapped(*args: Any, **kwargs: Any) -> Any:
        taken = [_Argument(x, axes, i) for i, (x, axes) in enumerate(zip(args, _each(in_axes, args), strict=True))]
        count = _count(taken)
        try:
            result = _at_once(f, taken, kwargs, count)
        except Exception as error:  # whatever it is, the samples know better
            if fallback == "error" or not count:
                raise _not_at_once(f, count, error) from error
            result = _NOT_FOUND
        if result is _NOT_FOUND:
            result = _one_by_one(f, taken, kwargs, count)
        return _placed(result, out_axes)

    return mapped


def _each(in_axes: Axes, args: tuple[Any, ...]) -> tuple[Axes, ...]:
    if type(in_axes) is not tuple:  # a named tuple is for one argument, as every record
        return (in_axes,) * len(args)
    if len(in_axes) != len(args):
        many = f"{len(args)} positional argument{'' if len(args) == 1 else 's'}"
        msg = f"in_axes has an entry for each argument; it has {len(in_axes)}, and the function was called with {many}"
        raise ArgumentError(msg)
    return in_axes


def _not_at_once(f: Callable[..., Any], count: int, error: Exception) -> BatchError:
    name, why = getattr(f, "__name__", repr(f)), f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    if count:
        return BatchError(f"{name} cannot run on all samples at once.  {why}")
    return BatchError(f"there are no samples, and {name} cannot tell without one what it would return.  {why}")


@final
class _Argument:
    """An argument in which there are samples, with their axis in front, or one that all samples share."""

    __slots__ = ("_axes", "_value", "_where", "lengths")

    def __init__(self, x: Any, axes: Axes, i: int) -> None:
        self._where = f"argument {i}"
        self._axes = axes
        self.lengths: dict[str, int] = {}
        self._value = x if axes is None else _over_leaves(self._with_axis_in_front, split(x), axes, self._where)

    def _with_axis_in_front(self, x: Any, place: int, where: str) -> Any:
        if not _is_numeric(x) or isinstance(x, bool):
            return x
        x = gather(x)
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
        if type(x) is np.ndarray:
            x = x.view()
            x.flags.writeable = False  # a sample belongs to the caller
        return np.moveaxis(x, place, 0) if place else x

    def handed(self, samples: Callable[[Any], Any]) -> Any:
        """Return what the function is given, of which ``samples`` makes each array."""
        return _over_leaves(
            lambda x, _, where: samples(x) if where in self.lengths else x, self._value, self._axes, self._where
        )


def _count(taken: list[_Argument]) -> int:
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


def _over_leaves(function: AtLeaf, x: Any, axes: Axes, where: str) -> Any:
    """Apply a function to the leaves of a structure that have an axis, and return the structure of the results."""
    if axes is None:
        return x
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        parts = {
            key: (part, _axes_of(axes, key, where + structure.step(x, key)), where + structure.step(x, key))
            for key, part in _parts(x, structure)
        }
        return structure.build(x, {key: _over_leaves(function, *part) for key, part in parts.items()})
    if isinstance(axes, bool) or not isinstance(axes, int | np.integer):
        msg = f"an axis is a whole number, None, or a structure of these; met {describe(axes)} for {where}"
        raise ArgumentError(msg)
    return function(x, int(axes), where)


def _axes_of(axes: Axes, key: Any, where: str) -> Axes:
    """Return what a structure of axes has for one part."""
    structure = STRUCTURES.find(type(axes))
    if structure is None:
        return axes
    try:
        return structure.get(axes, key)
    except (AttributeError, LookupError, TypeError):
        msg = f"the axes that were given have none for {where}"
        raise ArgumentError(msg) from None


def _parts(x: Any, structure: Structure) -> Iterator[tuple[Any, Any]]:
    """Walk the parts of a structure, and those that have no derivative: truth values may be samples too."""
    varying = structure.parts(x)
    yield from varying.items()
    keys = structure.keys.values() if structure.keys else x if isinstance(x, dict) else range(len(x))
    for key in keys:
        if key not in varying and key not in structure.constants:
            yield key, structure.get(x, key)


def _is_numeric(x: Any) -> bool:
    """Tell whether a leaf is a number, a truth value or an array, and not text or something else that is carried along."""
    plain = primal(x)
    return not isinstance(plain, str | bytes) and (
        isinstance(plain, np.ndarray | np.generic) or LEAVES.find(type(plain)) is not None
    )


def _at_once(f: Callable[..., Any], taken: list[_Argument], kwargs: dict[str, Any], count: int) -> Any:
    """Return what f makes of all samples: of batches, and where these are no variables for its derivatives, of dressed ones.

    Zeros have to be batches where a Jacobian writes into them, and dressed where `jvp` makes them its variable.
    """
    for handed, has_dressed_zeros in ((_as_it_is, False), (dressed, False)):
        try:
            return _on_batches(f, taken, kwargs, Axis.of_samples(count, has_dressed_zeros), handed)
        except BatchError:
            continue
    return _on_batches(f, taken, kwargs, Axis.of_samples(count, True), dressed)


def _as_it_is(batch: Batch) -> Batch:
    return batch


def _on_batches(
    f: Callable[..., Any], taken: list[_Argument], kwargs: dict[str, Any], axis: Axis, handed: Callable[[Batch], Any]
) -> Any:
    args = [argument.handed(lambda x: handed(Batch(x, axis))) for argument in taken]
    return _over_leaves(lambda leaf, *_: _opened(leaf, axis), split(f(*args, **kwargs)), 0, "the result")


def _opened(leaf: Any, axis: Axis) -> Any:
    """Return the array of a batch; of what is the same for all samples, an array of as many copies."""
    leaf = gather(leaf)
    plain = primal(leaf)
    if type(plain) is Batch and plain.axis is axis:
        if type(leaf) is RevDiff and leaf._node[1] == 0:
            return const_diff(plain.array)
        if type(leaf) is RevDiff and (leaf._node[1] != axis.number or leaf.value is not plain):
            raise BatchError.as_variable()
        return plain.array
    if type(leaf) is RevDiff and leaf._node[1] > axis.number:
        raise BatchError.as_variable()
    if not _is_numeric(leaf):
        return leaf
    copies = np.broadcast_to(leaf, (axis.length, *shape_of(leaf)))
    return copies.copy() if type(copies) is np.ndarray else copies


def _one_by_one(f: Callable[..., Any], taken: list[_Argument], kwargs: dict[str, Any], count: int) -> Any:
    """Return what f makes of one sample after the other, joined."""
    results = []
    for i in range(count):
        try:
            results.append(split(f(*[argument.handed(itemgetter(i)) for argument in taken], **kwargs)))
        except Exception as error:
            error.add_note(f"in sample {i} of {count}")
            raise
    return _joined(results, "the result")


def _joined(results: list[Any], where: str) -> Any:
    """Join the results for all samples, structure by structure."""
    first = results[0]
    structure = STRUCTURES.find(type(first))
    if structure is None:
        return _stacked([gather(result) for result in results], where)
    columns = []
    for i, result in enumerate(results):
        columns.append(dict(_parts(result, structure)) if type(result) is type(first) else {})
        if columns[i].keys() != columns[0].keys():
            raise _different(where, i, describe_form(first), describe_form(result))
    return structure.build(
        first,
        {key: _joined([column[key] for column in columns], where + structure.step(first, key)) for key in columns[0]},
    )


def _stacked(results: list[Any], where: str) -> Any:
    """Join numbers or arrays of one shape along an axis in front. What is no number is the same for all samples."""
    first = results[0]
    for i, result in enumerate(results):
        if _is_numeric(result) is not _is_numeric(first) or (
            _is_numeric(first) and shape_of(result) != shape_of(first)
        ):
            raise _different(where, i, describe_form(primal(first)), describe_form(primal(result)))
        if not _is_numeric(first) and result is not first and result != first:
            raise _different(where, i, repr(first), repr(result))
    return np.stack(results) if _is_numeric(first) else first


def _different(where: str, i: int, first: str, other: str) -> ResultError:
    return ResultError(f"what f returns for all samples has one form; {where} is {first} for sample 0, {other} for {i}")


def _placed(result: Any, out_axes: Axes) -> Any:
    """Return the result with its axis of samples where ``out_axes`` says."""

    def placed(leaf: Any, place: int, where: str) -> Any:
        if not place or not _is_numeric(leaf):
            return leaf
        shape = shape_of(leaf)
        if not -len(shape) <= place < len(shape):
            msg = f"out_axes puts samples along axis {place} of {where}, which has shape {shape}"
            raise ArgumentError(msg)
        return np.moveaxis(leaf, 0, place)

    return _over_leaves(placed, result, out_axes, "the result")


@final
class _OfSamples:
    """The value of a function that is a batch: one number, or an array of them, for each sample."""

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivative of the number, or the Jacobian of the array."""
        return (array_val if np.ndim(primal(y)) else scalar_val).derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair y with ȳ, which has its shape."""
        return (array_val if np.ndim(primal(y)) else scalar_val).seeds(y, y_bar)


auto_val.register(Batch, _OfSamples())
