"""An array with a hidden leading axis, which behaves like each of the samples along it.

Imports the core. A pullback is written for one cotangent. Given a batch of them it returns the batch of its results,
because it is made of functions of which each keeps the law

    f(Batch([b₀, b₁, …]), c) = Batch([f(b₀, c), f(b₁, c), …]).

NumPy's protocols bring every function here. Elementwise ones are applied to all samples at once; others have a rule in
`RULES`, or are applied to one sample after the other, which is always right. A batch has no number to show: `float`,
`bool`, `np.asarray` and what writes it into an array raise an error, and who made the batch goes sample by sample.

Where batches and RevDiffs meet, the one that is younger is outside. Cotangents of many rows are younger than every RevDiff:
the batch holds the RevDiff, to which the hidden axis is an axis like any other. A batch of samples that a function is
mapped over is older than the derivatives that this function takes, and they are outside of it: `dressed` makes such a
batch the value of a RevDiff, and the numbers of axes and variables, which come from one counter, say who is a constant of whom.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import CO_VARARGS, CO_VARKEYWORDS
from typing import Any, NamedTuple, NoReturn, final

import numpy as np

from revdiff.core.cotangents import one_like, register_monoid, zero_like
from revdiff.core.errors import BatchError, BatchSizeError
from revdiff.core.graph import Nowhere, next_number
from revdiff.core.lifting import bare
from revdiff.core.revdiff import RevDiff, made, primal, shape_of
from revdiff.core.structure import OUTERMOST
from revdiff.core.sweep import NUMBERS

MOST = 2**20
"""How many numbers a batch holds at most. From a few thousand on, more samples at once save no more time."""

PYTHON_NUMBERS = frozenset({float, int, complex, bool})


@final
class Axis:
    """A hidden axis, so many samples long. Batches belong together if they have the same one, not one as long.

    ``number`` is its age among the variables of derivatives: the axis of a sweep's cotangents is younger than all of them.
    """

    __slots__ = ("has_dressed_zeros", "length", "most", "node", "number")

    def __init__(self, length: int) -> None:
        self.length = length
        self.number: float = math.inf
        self.most: float = MOST
        self.node: Any = None
        self.has_dressed_zeros = False

    @classmethod
    def of_samples(cls, length: int, has_dressed_zeros: bool = False) -> Axis:
        """Return the axis along which a function is mapped: as old as it is, and with room for all samples."""
        axis = cls(length)
        axis.has_dressed_zeros = has_dressed_zeros
        axis.number = number = next_number()
        axis.most = math.inf
        axis.node = (number, number, Nowhere())
        return axis


@final
class Batch:
    """Samples of one shape and dtype, carried together.

        Batch(a, axis)      the samples a[0], a[1], …: as many as ``axis`` is long

    Shape, dtype, indexing, operators, methods and NumPy's functions are those of a sample:

    >>> b = Batch(np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]), Axis(3))
    >>> b.shape, (b * [1.0, 2.0]).array.tolist(), b[0].array.tolist()
    ((2,), [[1.0, 4.0], [10.0, 40.0], [100.0, 400.0]], [1.0, 10.0, 100.0])

    ``array`` may be a RevDiff, or a batch of older samples. Raises `BatchSizeError` for more numbers than the axis has
    room for, `MOST` for cotangents.
    """

    __slots__ = ("array", "axis")

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, array: Any, axis: Axis) -> None:
        if array.size > axis.most:
            raise BatchSizeError.of(array.size // axis.length)
        self.array = array
        self.axis = axis

    # What a sample says about itself.

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """The type of a sample, for `isinstance`: who goes different ways for arrays and numbers goes the sample's."""
        return np.ndarray if self.ndim else self.dtype.type

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a sample."""
        return self.array.shape[1:]  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """The number of axes of a sample."""
        return self.array.ndim - 1  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of elements of a sample."""
        return int(np.prod(self.shape))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of a sample."""
        return self.array.dtype  # type: ignore[no-any-return]

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """Each sample with its axes in reverse order."""
        return np.transpose(self)

    @property
    def mT(self) -> Any:  # noqa: N802 (NumPy's name)
        """Each sample with its last two axes exchanged."""
        return np.swapaxes(self, -1, -2)

    @property
    def real(self) -> Batch:
        """The real parts."""
        return Batch(self.array.real, self.axis)

    @property
    def imag(self) -> Batch:
        """The imaginary parts."""
        return Batch(self.array.imag, self.axis)

    # The layers of a RevDiff with the hidden axis, for who looks whether a cotangent has some.

    @property
    def _node(self) -> Any:
        return self.array._node

    @property
    def value(self) -> Batch:
        """The batch without the outermost layer of the RevDiff that it holds."""
        if type(self.array) is not RevDiff:
            msg = "a batch of numbers has no attribute 'value'"
            raise AttributeError(msg, name="value", obj=self)
        return Batch(self.array.value, self.axis)

    # A sample is a number, an array or a sequence of its rows.

    def __len__(self) -> int:
        if not self.ndim:
            msg = "a number has no length"
            raise BatchError(msg)
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return iter([self[i] for i in range(len(self))])

    def __getitem__(self, index: Any) -> Any:
        return applied(operator.getitem, (self, index), {})

    def __setitem__(self, index: Any, value: Any) -> None:
        applied(operator.setitem, (self, index, value), {})

    def __divmod__(self, other: Any) -> Any:
        return elementwise(divmod, self, other)

    def __rdivmod__(self, other: Any) -> Any:
        return elementwise(divmod, other, self)

    def __matmul__(self, other: Any) -> Any:
        return np.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return np.matmul(other, self)

    def reshape(self, *shape: Any, **how: Any) -> Any:
        """Return each sample in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **how)

    def transpose(self, *axes: Any) -> Any:
        """Return each sample with its axes in another order."""
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def astype(self, dtype: Any, **how: Any) -> Batch:
        """Return the samples in another dtype."""
        return Batch(self.array.astype(dtype, **how), self.axis)

    def flatten(self) -> Any:
        """Return a copy of each sample along one axis."""
        return np.ravel(self.copy())  # type: ignore[attr-defined]

    def item(self, *index: Any) -> Batch:
        """Return an element as a number as exact as Python's."""
        element = np.ravel(self)[index[0]] if len(index) == 1 else self[index] if index else self.reshape(())
        return element.astype(np.complex128 if element.dtype.kind == "c" else np.float64)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        if self.axis.node is not None:  # or the text would be part of what a function returns
            msg = "a batch has no text that all samples have"
            raise BatchError(msg)
        return f"<{self.axis.length} samples of shape {self.shape}>"

    # What needs one number, or one array, is not there.

    def __bool__(self) -> bool:
        """Return the truth value that all samples have: a decision that they take alike is taken for all of them."""
        if self.axis.node is not None and not self.ndim:
            truths = self.array != 0
            for together in (np.all(truths), np.logical_not(np.any(truths))):
                if self.axis.length and bool(together):
                    return bool(np.all(truths))
        msg = "a batch has many truth values"
        raise BatchError(msg)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        msg = "a batch is not one array"
        raise BatchError(msg)

    # NumPy's protocols.

    def __array_ufunc__(self, ufunc: np.ufunc, how: str, *inputs: Any, **options: Any) -> Any:
        if options.pop("out", None) is not None:
            raise BatchError.of_writing(ufunc.__name__)
        if how == "__call__" and ufunc.signature is None:
            makes_objects = all(loop.endswith("->" + "O" * ufunc.nout) for loop in ufunc.types)
            if (makes_objects and not any(map(ndim_of, inputs))) or any(
                _holds_batch(value) or np.ndim(value) for value in options.values()
            ):
                return by_samples(ufunc, inputs, options)
            return elementwise(ufunc, *inputs, **options)
        return applied(ufunc if how == "__call__" else getattr(ufunc, how), inputs, options)

    def __array_function__(
        self, function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        if kwargs.get("out") is not None:
            raise BatchError.of_writing(function.__name__)
        if not any(map(_holds_batch, args)) and not any(map(_holds_batch, kwargs.values())):  # np.zeros(3, like=b)
            made = function(*args, **kwargs, like=self.array)
            return Batch(np.stack([made] * self.axis.length), self.axis)
        return applied(function, args, kwargs)


def elementwise(function: Callable[..., Any], /, *operands: Any, **options: Any) -> Any:
    """Apply a function that works element by element, with NumPy's broadcasting, to all samples at once.

    Axes of length 1 behind the hidden one make up for what a sample has fewer than others.
    """
    axis, args = settled(operands)
    if axis is None:
        return function(*args, **options)
    ndim = max(ndim_of(x) for x in args)
    largest = max((np.size(primal(x)) for x in args if type(x) is not Batch), default=0)
    if largest * axis.length > axis.most:
        raise BatchSizeError.of(largest)
    for x in args:
        if type(x) is not Batch and not _is_numeric(primal(x)):
            raise BatchError.beside(x)
    return wrapped(function(*[raised(x, ndim) for x in args], **options), axis)


def dressed(batch: Batch) -> RevDiff:
    """Return a batch of samples as the value of a RevDiff, whose tag is the number of the axis.

    Derivatives that are younger than the axis take it for a constant, and those that are older are constants of it.
    """
    return made(batch, batch.axis.node)


def settled(operands: Sequence[Any]) -> tuple[Axis | None, Sequence[Any]]:
    """Return the axis that is outside of everything else among operands, and the operands with other batches dressed.

    The axis is None where a RevDiff is outside: then all batches are dressed.
    """
    axis: Any = None
    has_others = has_revdiffs = False
    for x in operands:
        kind = type(x)
        if kind is Batch:
            has_others = has_others or axis not in (None, x.axis)
            axis = x.axis
        elif kind is RevDiff:
            has_revdiffs = True
        elif kind is list or kind is tuple:
            has_others = True
    return _settled(operands) if has_others or (has_revdiffs and axis.node is not None) else (axis, operands)


def _settled(operands: Sequence[Any]) -> tuple[Axis | None, Sequence[Any]]:
    axes = {batch.axis for operand in operands for batch in batches_in(operand)}
    youngest = max(axes, key=lambda axis: axis.number)
    tag = max((abs(bare(r)._node[1]) for operand in operands for r in _revdiffs_in(operand)), default=0)
    if tag < youngest.number:
        if len(axes) == 1:
            return youngest, operands
        if sum(axis.number == youngest.number for axis in axes) > 1:
            msg = "batches that do not belong together"
            raise BatchError(msg)
        return youngest, tuple(_dressed_in(operand, youngest) for operand in operands)
    return None, tuple(_dressed_in(operand, None) for operand in operands)


def _dressed_in(x: Any, outside: Axis | None) -> Any:
    if type(x) is Batch:
        return x if x.axis is outside else dressed(x)
    return type(x)([_dressed_in(part, outside) for part in x]) if type(x) in (list, tuple) else x


def _revdiffs_in(x: Any) -> Iterator[RevDiff]:
    if type(x) is RevDiff:
        yield bare(x) if type(bare(x)) is RevDiff else x
    elif type(x) in (list, tuple):
        for part in x:
            yield from _revdiffs_in(part)


def axis_of(operands: Sequence[Any]) -> Axis:
    """Return the hidden axis of the batches among some operands. They have one in common, or it is a `BatchError`."""
    axes = {x.axis for x in operands if type(x) is Batch}
    if len(axes) != 1:
        msg = "batches that do not belong together"
        raise BatchError(msg)
    return axes.pop()


def ndim_of(x: Any) -> int:
    """Return the number of axes of an operand, of a batch that of a sample."""
    return x.ndim if type(x) is Batch else np.ndim(primal(x))


def raised(x: Any, ndim: int) -> Any:
    """Return the array of a batch, the samples with so many axes by new ones in front; anything else as it is."""
    if type(x) is not Batch:
        return x
    array = x.array
    if array.ndim == ndim + 1:
        return array
    length, *shape = array.shape
    return array.reshape((length, *(1,) * (ndim - len(shape)), *shape))


def wrapped(result: Any, axis: Axis) -> Any:
    """Return the batch of an array with the hidden axis, or a tuple of them for a tuple."""
    if not isinstance(result, tuple):
        return Batch(result, axis)
    parts = [Batch(part, axis) for part in result]
    return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)


def _is_numeric(x: Any) -> bool:
    """Tell whether something beside a batch is a number or an array of a kind that NumPy computes with itself."""
    if type(x) in PYTHON_NUMBERS:
        return True
    if isinstance(x, list | tuple):
        return all(_is_numeric(primal(part)) for part in x)
    return isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "fciub"


class Rule(NamedTuple):
    """A faster way than sample by sample, and the calls that it serves."""

    function: Callable[..., Any]
    operands: int
    """How many of the first arguments may be batches, or lists in which there are some."""
    positions: float
    names: frozenset[str] | None
    """The options by keyword; None for all."""


RULES: dict[Any, Rule] = {}
"""The functions that have such a way. It may answer NotImplemented, and then it goes sample by sample."""


def batched(*functions: Any, operands: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the decorated function serve batches in the place of some functions. Each must keep the law of a `Batch`.

    Calls with arguments that it does not name, or with batches behind the first ``operands``, do not reach it.
    """

    def register(rule: Callable[..., Any]) -> Callable[..., Any]:
        code = rule.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        positions = float("inf") if code.co_flags & CO_VARARGS else code.co_argcount
        known = None if code.co_flags & CO_VARKEYWORDS else frozenset(names)
        for function in functions:
            RULES[function] = Rule(rule, operands, positions, known)
        return rule

    return register


def applied(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Apply any function of which some arguments are batches: by its rule, or to one sample after the other."""
    every = [*args, *kwargs.values()]
    axis, operands = settled(every)
    if operands is not every:
        args, kwargs = operands[: len(args)], dict(zip(kwargs, operands[len(args) :], strict=True))
    if axis is None:
        return function(*args, **kwargs)
    rule = RULES.get(function)
    if (
        rule is not None
        and len(args) <= rule.positions
        and (rule.names is None or kwargs.keys() <= rule.names)
        and not any(map(_holds_batch, args[rule.operands :]))
        and not any(map(_holds_batch, kwargs.values()))
    ):
        result = rule.function(*args, **kwargs)
        if result is not NotImplemented:
            return result
    return by_samples(function, args, kwargs)


def by_samples(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Apply a function to one sample after the other, and make batches of the results."""
    axis = axis_of([x for a in (*args, *kwargs.values()) for x in batches_in(a)])
    results = [
        function(*[_sample(a, i) for a in args], **{name: _sample(a, i) for name, a in kwargs.items()})
        for i in range(axis.length)
    ]
    if not results:
        raise BatchError.unanswered(function)
    return _together(results, axis, function)


def _sample(x: Any, i: int) -> Any:
    if type(x) is Batch:
        return x.array[i]
    return type(x)([_sample(part, i) for part in x]) if type(x) in (list, tuple) and _holds_batch(x) else x


def batches_in(x: Any) -> Iterator[Batch]:
    """Walk the batches in an argument: itself, or what stands in lists and tuples."""
    if type(x) is Batch:
        yield x
    elif type(x) in (list, tuple):
        for part in x:
            yield from batches_in(part)


def _holds_batch(x: Any) -> bool:
    return type(x) is Batch or (type(x) in (list, tuple) and any(map(_holds_batch, x)))


def _together(results: list[Any], axis: Axis, function: Callable[..., Any]) -> Any:
    first = results[0]
    if isinstance(first, tuple | list):
        if len({len(result) for result in results}) > 1:
            raise BatchError.unanswered(function)
        parts = [_together([result[i] for result in results], axis, function) for i in range(len(first))]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if (
        any(type(result) is Batch for result in results)
        or not all(_is_numeric(primal(result)) and shape_of(result) == shape_of(first) for result in results)
        or (isinstance(first, np.ndarray) and any(result is first for result in results[1:]))  # it wrote into one array
    ):  # fmt: skip
        raise BatchError.unanswered(function)
    return Batch(np.stack(results), axis)


def _in_front(function: Callable[[Any, Any], Any]) -> Callable[[Batch, Any], Any]:
    """Make the method of an operator with a batch on its left. What is met most needs no look at ranks."""

    def operate(self: Batch, other: Any) -> Any:
        kind, array = type(other), self.array
        if kind is Batch:
            if other.axis is self.axis and other.array.ndim == array.ndim:
                return Batch(function(array, other.array), self.axis)
        elif kind in PYTHON_NUMBERS or (
            kind is np.ndarray and other.shape == array.shape[1:] and other.dtype.kind in "fc"
        ):
            return Batch(function(array, other), self.axis)
        return elementwise(function, self, other)

    return operate


def _behind(function: Callable[[Any, Any], Any]) -> Callable[[Batch, Any], Any]:
    return lambda self, other: elementwise(function, other, self)


def _in_place(function: Callable[[Any, Any], Any]) -> Callable[[Batch, Any], Any]:
    """Make the method of an operator that changes an array. A number does not change: its name gets another one."""

    def operate(self: Batch, other: Any) -> Any:
        result = function(self, other)
        if not self.ndim:
            return result
        if result.shape != self.shape or result.dtype != self.dtype:
            raise BatchError.of_writing(function.__name__)
        self[...] = result
        return self

    return operate


def _alone(function: Callable[[Any], Any]) -> Callable[[Batch], Any]:
    return lambda self: Batch(function(self.array), self.axis)


def _method_of(numpy_function: Any) -> Callable[..., Any]:
    def method(self: Batch, *args: Any, **kwargs: Any) -> Any:
        return numpy_function(self, *args, **kwargs)

    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"):
    _bare, _function = _name.strip("_"), getattr(operator, _name)
    setattr(Batch, f"__{_bare}__", _in_front(_function))
    setattr(Batch, f"__r{_bare}__", _behind(_function))
    setattr(Batch, f"__i{_bare}__", _in_place(_function))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Batch, f"__{_name}__", _in_front(getattr(operator, _name)))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(Batch, f"__{_name}__", _alone(getattr(operator, _name)))
for _name in (
    "all", "any", "argmax", "argmin", "argsort", "clip", "conj", "conjugate", "copy", "cumprod", "cumsum", "diagonal",
    "dot", "max", "mean", "min", "prod", "ravel", "repeat", "round", "squeeze", "std", "sum", "swapaxes", "take",
    "trace", "var",
):  # fmt: skip
    setattr(Batch, _name, _method_of(getattr(np, _name)))


def _zero(b: Batch) -> Any:
    """Return zeros, dressed where a derivative is going to have them for its variable."""
    zeros = Batch(zero_like(primal(b.array)), b.axis)
    return dressed(zeros) if b.axis.has_dressed_zeros else zeros


OUTERMOST.add(Batch)
NUMBERS.add(Batch)
register_monoid(
    Batch,
    zero=_zero,
    one=lambda b: Batch(one_like(primal(b.array)), b.axis),
)
