"""RevDiff: a value, and the way back from it.

Imports pullbacks and errors. The operators take Python floats at once; every other kind of value
goes to the rules, which register their functions in `OPERATORS` under the names of `operator`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from operator import index as whole_number
from sys import _getframe, modules
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, final

import numpy as np

from revdiff.core.capture import Fingerprint, keep
from revdiff.core.cotangents import one_like, register_monoid, zero_like
from revdiff.core.errors import BatchError, ConversionError, MixedLayersError, PullbackError, UnhashableError
from revdiff.core.graph import NOWHERE, Node, edge, hand_made_node, next_number, variable_node
from revdiff.core.pullback import Pullback
from revdiff.core.structure import CARRIERS, LAYERS, LEAVES, OPENERS, OUTERMOST, STRUCTURES, leaves
from revdiff.core.sweep import NUMBERS

OPERATORS: dict[str, Callable[..., Any]] = {}
"""What `x + y`, `x[i]`, `abs(x)`, … do where the value is no Python float: filled by `revdiff.rules`."""

ON_PACKAGES: dict[str, Callable[[], Any]] = {}
"""What is to be done, once, when somebody has imported a package, by its name: the next variable sees to it."""

ON_CONVERSION: list[Callable[[FrameType, str], Any]] = []
"""Who may say more of a conversion that is refused, as an error of its own: (frame that converts, what it calls)."""

PLAIN = frozenset({float, int})
"""Types that are constants beside a float."""


@final
@dataclass(init=False, eq=False, repr=False)
class RevDiff:
    """A value together with the linear map from its cotangent back to that of the variable.

        RevDiff(v, bp)      v = f(x),   bp(v̄) = x̄ = f′(x)ᵀ v̄

    Ordinary functions run on it unchanged, and a RevDiff whose value is a RevDiff carries the next
    order. A primitive of one's own is written as on paper, with nothing to register:

    >>> import math, revdiff
    >>> def sine(x):
    ...     return RevDiff(math.sin(x.value), x.backprop @ (lambda ct: ct * math.cos(x.value)))
    >>> y = sine(init_diff(0.0))
    >>> y.value, y.backprop(1.0)
    (0.0, 1.0)

    ``backprop`` may be a plain function too. Then nobody knows to which variable it leads: it is
    right by itself, and mixing it with other RevDiffs is a `MixedLayersError`.

    Comparisons, ``bool`` and formatting use the value. Conversions that would drop the derivative
    (``float(r)``, ``math.sin(r)``) are a `ConversionError`.

    Inside, the pullback is kept in two pieces, ``ct ↦ node(ct · scale)``. An operation on Python
    floats along a single way back only multiplies the scale; the graph grows where ways meet.
    """

    __slots__ = ("__weakref__", "_memory", "_node", "_scale", "value")

    _op_priority = 1000.0  # SymPy's: its expressions leave mixed operations to us

    value: Any
    backprop: Pullback
    if TYPE_CHECKING:
        _node: Node
        _scale: float
        _memory: Any

        __array_ufunc__: Any
        __array_function__: Any
        __array_interface__: Any

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, value: Any, backprop: Pullback | Callable[[Any], Any]) -> None:
        if isinstance(backprop, Pullback):
            self._node = backprop.node
            self._scale = backprop.scale
        elif callable(backprop):
            self._node = hand_made_node(backprop)
            self._scale = 1.0
        else:
            raise PullbackError.not_a_function(backprop)
        tag = abs(self._node[1])
        for leaf in (value,) if STRUCTURES.find(type(value)) is None else leaves(value):
            if type(leaf) is RevDiff and 0 < tag <= abs(leaf._node[1]):
                raise MixedLayersError.value_above_pullback()
        self.value = value

    # Arithmetic. Floats first; everything else through the rules.

    def __add__(self, other: Any) -> Any:
        x = self.value
        if type(x) is float:
            kind = type(other)
            if kind is RevDiff:
                y = other.value
                if type(y) is float and self._node[1] == other._node[1]:
                    return joined(x + y, self, 1.0, other, 1.0)
            elif kind in PLAIN:
                return scaled(x + other, self, 1.0)
        return OPERATORS["add"](self, other)

    def __radd__(self, other: Any) -> Any:
        if type(self.value) is float and type(other) in PLAIN:
            return scaled(other + self.value, self, 1.0)
        return OPERATORS["add"](other, self)

    def __sub__(self, other: Any) -> Any:
        x = self.value
        if type(x) is float:
            kind = type(other)
            if kind is RevDiff:
                y = other.value
                if type(y) is float and self._node[1] == other._node[1]:
                    return joined(x - y, self, 1.0, other, -1.0)
            elif kind in PLAIN:
                return scaled(x - other, self, 1.0)
        return OPERATORS["sub"](self, other)

    def __rsub__(self, other: Any) -> Any:
        if type(self.value) is float and type(other) in PLAIN:
            return scaled(other - self.value, self, -1.0)
        return OPERATORS["sub"](other, self)

    def __mul__(self, other: Any) -> Any:
        x = self.value
        if type(x) is float:
            kind = type(other)
            if kind is RevDiff:
                y = other.value
                if type(y) is float and self._node[1] == other._node[1]:
                    return joined(x * y, self, y, other, x)
            elif kind in PLAIN:
                return scaled(x * other, self, other)
        return OPERATORS["mul"](self, other)

    def __rmul__(self, other: Any) -> Any:
        if type(self.value) is float and type(other) in PLAIN:
            return scaled(other * self.value, self, other)
        return OPERATORS["mul"](other, self)

    def __truediv__(self, other: Any) -> Any:
        x = self.value
        if type(x) is float:
            kind = type(other)
            if kind is RevDiff:
                y = other.value
                if type(y) is float and self._node[1] == other._node[1]:
                    z = x / y
                    return joined(z, self, 1.0 / y, other, -z / y)
            elif kind in PLAIN:
                return scaled(x / other, self, 1.0 / other)
        return OPERATORS["truediv"](self, other)

    def __rtruediv__(self, other: Any) -> Any:
        x = self.value
        if type(x) is float and type(other) in PLAIN:
            z = other / x
            return scaled(z, self, -z / x)
        return OPERATORS["truediv"](other, self)

    def __neg__(self) -> Any:
        if type(self.value) is float:
            return scaled(-self.value, self, -1.0)
        return OPERATORS["neg"](self)

    def __pos__(self) -> Any:
        return copy(self) if type(primal(self)) is np.ndarray else self

    def __abs__(self) -> Any:
        return OPERATORS["abs"](self)

    def __pow__(self, other: Any, modulus: Any = None) -> Any:
        if modulus is not None:
            return NotImplemented
        x = self.value
        if type(x) is float and type(other) in PLAIN and other >= 1:
            y = x**other
            if type(y) is float:
                return scaled(y, self, other * x ** (other - 1))
        return OPERATORS["pow"](self, other)

    def __rpow__(self, other: Any) -> Any:
        return OPERATORS["pow"](other, self)

    def __mod__(self, other: Any) -> Any:
        return OPERATORS["mod"](self, other)

    def __rmod__(self, other: Any) -> Any:
        return OPERATORS["mod"](other, self)

    def __floordiv__(self, other: Any) -> Any:
        return OPERATORS["floordiv"](self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return OPERATORS["floordiv"](other, self)

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self

    def __matmul__(self, other: Any) -> Any:
        return OPERATORS["matmul"](self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return OPERATORS["matmul"](other, self)

    # In place: an array changes, for all who see it; a number makes way for another.

    def __iadd__(self, other: Any) -> Any:
        return self + other if type(self.value) is float else OPERATORS["update"](self, self + other)

    def __isub__(self, other: Any) -> Any:
        return self - other if type(self.value) is float else OPERATORS["update"](self, self - other)

    def __imul__(self, other: Any) -> Any:
        return self * other if type(self.value) is float else OPERATORS["update"](self, self * other)

    def __itruediv__(self, other: Any) -> Any:
        return self / other if type(self.value) is float else OPERATORS["update"](self, self / other)

    def __ipow__(self, other: Any) -> Any:  # type: ignore[misc]
        return self**other if type(self.value) is float else OPERATORS["update"](self, self**other)

    def __imod__(self, other: Any) -> Any:
        return self % other if type(self.value) is float else OPERATORS["update"](self, self % other)

    def __ifloordiv__(self, other: Any) -> Any:
        return self // other if type(self.value) is float else OPERATORS["update"](self, self // other)

    def __imatmul__(self, other: Any) -> Any:
        return self @ other if type(self.value) is float else OPERATORS["update"](self, self @ other)

    # Looking at the value: nothing here has a derivative.

    def __eq__(self, other: object) -> Any:
        return self.value == _beside(other)

    def __ne__(self, other: object) -> Any:
        return self.value != _beside(other)

    def __lt__(self, other: Any) -> Any:
        return self.value < _beside(other)

    def __le__(self, other: Any) -> Any:
        return self.value <= _beside(other)

    def __gt__(self, other: Any) -> Any:
        return self.value > _beside(other)

    def __ge__(self, other: Any) -> Any:
        return self.value >= _beside(other)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __repr__(self) -> str:
        return f"RevDiff({self.value!r}, {self.backprop!r})"

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) if spec else str(self)

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.value) if digits is None else round(self.value, digits)

    def __floor__(self) -> Any:
        return self.value.__floor__()

    def __ceil__(self) -> Any:
        return self.value.__ceil__()

    def __trunc__(self) -> Any:
        return self.value.__trunc__()

    # Containers and arrays.

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> Any:
        if type(self.value) is np.ndarray:
            return OPERATORS["getitem"](self, index)
        return OPERATORS["item" if _has_parts(self) else "getitem"](self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        OPERATORS["setitem"](self, index, value)

    def __iter__(self) -> Iterator[Any]:
        if _has_parts(self):
            return OPERATORS["iterate"](self)  # type: ignore[no-any-return]
        return map(self.__getitem__, range(len(self.value)))  # one by one: who reads may write in between

    # What would lose a derivative.

    def __float__(self) -> NoReturn:
        _refuse("float()")

    def __int__(self) -> NoReturn:
        _refuse("int()")

    def __index__(self) -> int:
        try:
            return whole_number(primal(self))  # an index or a count, which no derivative goes through
        except TypeError:
            _refuse("the use as an index")

    def __complex__(self) -> NoReturn:
        _refuse("complex()")

    def __hash__(self) -> NoReturn:
        raise UnhashableError

    # Copies share the way back. Those of arrays have a step of their own on it, and may be written into.

    def __copy__(self) -> RevDiff:
        plain = primal(self)
        if type(plain) is not np.ndarray:
            return made(self.value, self._node, self._scale)
        return _unshared(self, self.value if plain.base is None else copy(self.value))

    def __deepcopy__(self, memo: dict[int, Any]) -> RevDiff:
        value = deepcopy(self.value, memo)
        return _unshared(self, value) if type(primal(value)) is np.ndarray else made(value, self._node, self._scale)

    def __reduce__(self) -> tuple[Any, ...]:
        return RevDiff, (self.value, self.backprop)


def _pullback(self: RevDiff) -> Pullback:
    """Return the linear map from the cotangent of the value to the cotangent of the variable."""
    return Pullback(self._node, self._scale)


RevDiff.backprop = property(_pullback)  # type: ignore[assignment]

NUMBERS.add(RevDiff)
STRUCTURES.register(RevDiff, None)
LEAVES.register(RevDiff, lambda r: True)
CARRIERS.add(RevDiff)
register_monoid(RevDiff, zero=lambda r: zero_like(r.value), one=lambda r: one_like(r.value))

_new = object.__new__


def made(value: Any, node: Node, scale: float = 1.0) -> RevDiff:
    """Return a RevDiff from the pieces of its pullback."""
    r = _new(RevDiff)
    r.value = value
    r._node = node
    r._scale = scale
    return r


LAYERS[RevDiff] = lambda r, value: made(value, r._node, r._scale)


def scaled(value: float, x: RevDiff, d: float) -> RevDiff:
    """Return the float y = f(x) with dy/dx = d."""
    r = _new(RevDiff)
    r.value = value
    r._node = x._node
    r._scale = x._scale * d
    return r


def joined(value: float, x: RevDiff, dx: float, y: RevDiff, dy: float) -> RevDiff:
    """Return the float z = f(x, y) with ∂z/∂x = dx and ∂z/∂y = dy, where x and y have one tag.

    If both came the same way, their scales add up; if not, the two ways meet in a new node.
    """
    r = _new(RevDiff)
    r.value = value
    node, other = x._node, y._node
    if node is other:
        r._node = node
        r._scale = x._scale * dx + y._scale * dy
    else:
        r._node = (next_number(), node[1], node, x._scale * dx, other, y._scale * dy)
        r._scale = 1.0
    return r


def _unshared(r: RevDiff, value: Any) -> RevDiff:
    """Return a RevDiff that nobody takes for r: what is written into one of the two does not change the other."""
    node = r._node
    return made(value, (next_number(), node[1], *edge(node, r._scale, None)) if node[1] else NOWHERE)


def _has_parts(r: RevDiff) -> bool:
    kind = type(primal(r))
    return STRUCTURES.find(kind) is not None or OPENERS.find(kind) is not None


def _refuse(conversion: str) -> NoReturn:
    for refuse in ON_CONVERSION:
        refuse(_getframe(2), conversion)
    raise ConversionError.of(conversion)


def _beside(other: Any) -> Any:
    return other.value if type(other) is RevDiff else other


def init_diff(x: Any, /) -> RevDiff:
    """Make x a variable: RevDiff(x, identity), with a tag of its own.

    >>> x = init_diff(3.0)
    >>> (x * x).backprop(1.0)
    6.0
    """
    if type(x) in OUTERMOST:
        raise BatchError.as_variable()
    if not modules.keys().isdisjoint(ON_PACKAGES):
        for package in modules.keys() & ON_PACKAGES.keys():
            meet = ON_PACKAGES.pop(package, None)  # another thread may have been here
            if meet is not None:
                meet()
    marks: list[Fingerprint] = []
    value = keep(x, marks)
    return made(value, variable_node(value, marks))


def const_diff(c: Any, /) -> RevDiff:
    """Make c a constant: its pullback gives zero.

    >>> const_diff(42.0).backprop(1.0)
    0.0
    """
    STRUCTURES.find(type(c))  # a record may be new here: its fields become attributes
    return made(c, NOWHERE)


def primal(x: Any, /) -> Any:
    """Return the plain value under all layers of RevDiff.

    >>> primal(init_diff(init_diff(2.0))), primal(2.0)
    (2.0, 2.0)
    """
    while type(x) in LAYERS:
        x = x.value
    return x


def shape_of(x: Any, /) -> tuple[int, ...]:
    """Return the shape of the plain value under all layers of RevDiff.

    >>> shape_of(init_diff([[1.0, 2.0]])), shape_of(3.0)
    ((1, 2), ())
    """
    x = primal(x)
    return x.shape if type(x) is np.ndarray else np.shape(x)
