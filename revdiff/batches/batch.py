"""An array with a hidden leading axis, which behaves like each of the samples along it.

Imports the core and the number systems. A pullback is written for one cotangent. Given a batch of them it returns the
batch of its results, because it is made of functions of which each keeps the law

    f(Batch([b₀, b₁, …]), c) = Batch([f(b₀, c), f(b₁, c), …]).

How functions do that is said in `calls`. A batch has no number to show: `float`, `bool`, `np.asarray` and what writes it
into an array raise an error, and who made the batch goes sample by sample.

Where batches and RevDiffs meet, the one that is younger is outside. Cotangents of many rows are younger than every RevDiff:
the batch holds the RevDiff, to which the hidden axis is an axis like any other. A batch of samples that a function is
mapped over is older than the derivatives that this function takes, and they are outside of it: `dressed` makes such a
batch the value of a RevDiff, and the numbers of axes and variables, which come from one counter, say who is a constant of whom.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import copy, deepcopy
from typing import TYPE_CHECKING, Any, NoReturn, final

import numpy as np

from revdiff.core.cotangents import one_like, register_monoid, zero_like
from revdiff.core.errors import BatchError, BatchSizeError
from revdiff.core.graph import Nowhere, next_number
from revdiff.core.lifting import bare
from revdiff.core.revdiff import RevDiff, made, primal
from revdiff.core.structure import OUTERMOST
from revdiff.core.sweep import NUMBERS
from revdiff.systems import ARRAY_RANK, enter, from_module

MOST = 2**20
"""How many numbers a batch holds at most. From a few thousand on, more samples at once save no more time."""


@final
class Axis:
    """A hidden axis, so many samples long. Batches belong together if they have the same one, not one as long.

    ``number`` is its age among the variables of derivatives: the axis of a sweep's cotangents is younger than all of them.
    ``is_frozen`` says that something was copied of which NumPy makes a view: from then on no batch may be written into.
    """

    __slots__ = ("has_dressed_zeros", "is_frozen", "length", "most", "node", "number")

    def __init__(self, length: int) -> None:
        self.length = length
        self.number: float = math.inf
        self.most: float = MOST
        self.node: Any = None
        self.has_dressed_zeros = False
        self.is_frozen = False

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

    if TYPE_CHECKING:  # these are filled in by `calls`

        def __getitem__(self, index: Any) -> Any: ...
        def __setitem__(self, index: Any, value: Any) -> None: ...

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
        return np.ravel(copy(self))

    def conjugate(self) -> Any:
        """Return the complex conjugates; real samples as they are, and no copy of them."""
        return np.conjugate(self) if self.dtype.kind == "c" else self

    conj = conjugate

    def __copy__(self) -> Batch:
        return Batch(copy(self.array), self.axis)

    def __deepcopy__(self, memo: dict[int, Any]) -> Batch:
        return Batch(deepcopy(self.array, memo), self.axis)

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

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        if self.ndim and not copy:  # what is written into the array that is asked for is to be seen here
            msg = "a batch is not one array"
            raise BatchError(msg)
        raise BatchError.as_array()


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


def batches_in(x: Any) -> Iterator[Batch]:
    """Walk the batches in an argument: itself, or what stands in lists and tuples."""
    if type(x) is Batch:
        yield x
    elif type(x) in (list, tuple):
        for part in x:
            yield from batches_in(part)


def holds_batch(x: Any) -> bool:
    """Tell whether an argument is a batch, or a list or tuple with one in it."""
    return type(x) is Batch or (type(x) in (list, tuple) and any(map(holds_batch, x)))


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


def flat(b: Batch) -> Any:
    """Return the array of a batch, the elements of each sample along one axis."""
    return b.array.reshape((b.axis.length, b.size))


def wrapped(result: Any, axis: Axis) -> Any:
    """Return the batch of an array with the hidden axis, or a tuple of them for a tuple."""
    if not isinstance(result, tuple):
        return Batch(result, axis)
    parts = [Batch(part, axis) for part in result]
    return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)


def _zero(b: Batch) -> Any:
    """Return zeros, dressed where a derivative is going to have them for its variable."""
    zeros = Batch(zero_like(primal(b.array)), b.axis)
    return dressed(zeros) if b.axis.has_dressed_zeros else zeros


enter(Batch, from_module("numpy", np, ARRAY_RANK + 2))
OUTERMOST.add(Batch)
NUMBERS.add(Batch)
register_monoid(
    Batch,
    zero=_zero,
    one=lambda b: Batch(one_like(primal(b.array)), b.axis),
)
