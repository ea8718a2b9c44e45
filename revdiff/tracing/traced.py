"""A value of any number system that notes each primitive that is evaluated on it.

Imports the core, the number systems and the trace. `Traced` is the innermost layer: RevDiffs stand around it, so the
rules of every order are carried out in its arithmetic, forwards and backwards.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from copy import copy, deepcopy
from typing import Any, final

import numpy as np

from revdiff.arrays.numpy_protocol import NAMES, UFUNCS
from revdiff.core.cotangents import one_like, register_monoid, zero_like
from revdiff.core.errors import UnknownTypeError
from revdiff.core.revdiff import RevDiff
from revdiff.core.structure import LAYERS, LEAVES, OUTERMOST, STRUCTURES
from revdiff.core.sweep import NUMBERS
from revdiff.systems import ARRAY_RANK, SYSTEMS, NumberSystem, is_number
from revdiff.tracing.evaluation import TRACED, Primitive, evaluate, holds_traced, like, plain, write
from revdiff.tracing.events import Event
from revdiff.tracing.keys import KEYS
from revdiff.tracing.trace import ACTIVE, CONSTANT, Source, Trace

SYMBOLS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "floor_divide": "//", "remainder": "%", "power": "**",
    "negative": "negate", "absolute": "abs", "mod": "%",
}  # fmt: skip
"""What the primitives that have an operator are called in a trace."""

_NUMPYS = (np.ndarray, np.generic, float, int, complex, list, tuple)


def _binary(name: str, function: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the methods of an operator between a traced value and anything, on either side."""
    primitive = Primitive(name, function)

    def method(self: Traced, other: Any, *modulus: Any) -> Any:
        if not _is_outside(other):
            return evaluate(primitive, (self, other, *modulus))
        return NotImplemented

    def reflected(self: Traced, other: Any) -> Any:
        if not _is_outside(other):
            return evaluate(primitive, (other, self))
        return NotImplemented

    return method, reflected


def _unary(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    primitive = Primitive(name, function)
    return lambda self, *args: evaluate(primitive, (self, *args))


def _in_place(name: str, function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return the method of an operator in place: an array changes, a number makes way for another."""
    within, apart = Primitive(f"{name}=", function), Primitive(name, function)

    def method(self: Traced, other: Any) -> Any:
        if _is_outside(other):
            return NotImplemented
        if not isinstance(self.value, np.ndarray):
            return evaluate(apart, (self, other))
        write(within, self, (self, other))
        return self

    return method


def _compare(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def method(self: Traced, other: Any) -> Any:
        return NotImplemented if _is_outside(other) else function(self.value, plain(other))

    return method


def _is_outside(other: Any) -> bool:
    """Tell whether an operand does the operation itself: a RevDiff, a batch, or what declares that NumPy is not to."""
    kind = type(other)
    return kind is RevDiff or kind in OUTERMOST or getattr(other, "__array_ufunc__", ...) is None


@final
class Traced:
    """A number or an array that notes every primitive evaluated on it in a trace that it carries.

    value     a value of any number system: a float, an array, a SymPy expression, …
    name      what it is called in the trace
    trace     where it is noted; without it that of the block one is in, and outside of all blocks a trace of its own

    It behaves like its value, in NumPy's functions and in revdiff's. Comparisons and ``bool`` are those of the
    value and no events. Where values of two traces meet, the newer trace goes on, and the other value is an input of it.

    >>> from revdiff import sin, simple_derivative
    >>> x = Traced(0.5, "x")
    >>> y = simple_derivative(lambda x: sin(x) * x)(x)
    >>> round(y.value, 6), y.event.name, dict(y.traced_by.counts)
    (0.918217, '+', {'sin': 1, '*': 4, 'cos': 1, '+': 1})

    An array is copied: nobody changes it unnoticed. Raises `UnknownTypeError` for what is no number and no array of numbers;
    `traced` takes structures of them.
    """

    __slots__ = ("__weakref__", "scope", "source", "traced_by", "value")

    value: Any
    """The plain value."""
    traced_by: Trace
    """The trace in which it is noted."""
    source: Source
    scope: int

    __array_priority__ = 1000.0
    _op_priority = 900.0  # SymPy's: its expressions leave mixed operations to us

    def __init__(self, value: Any, name: str = "", /, *, trace: Trace | None = None) -> None:
        if type(value) is Traced:
            value = value.value
        if not is_number(value):
            what = "what is traced"
            raise UnknownTypeError.of(value, what)
        active = ACTIVE.get()
        self.value = value.copy("K") if isinstance(value, np.ndarray) else value
        self.traced_by = trace if trace is not None else active[-1] if active else Trace()
        self.source = CONSTANT
        self.scope = 0
        self.put_in(name or input_name(value))

    def put_in(self, name: str) -> None:
        """Note the value as an input of its trace."""
        self.source = Source(self.traced_by.note(name, (), (), self.value, 0.0, put_in=True))

    @property
    def number(self) -> int | None:
        """The number of the event that gave the value, None for a constant."""
        return self.source.number

    @property
    def event(self) -> Event | None:
        """The event that gave the value, None for a constant."""
        return None if self.source.number is None else self.traced_by.events[self.source.number]

    __add__, __radd__ = _binary("+", operator.add)
    __sub__, __rsub__ = _binary("-", operator.sub)
    __mul__, __rmul__ = _binary("*", operator.mul)
    __truediv__, __rtruediv__ = _binary("/", operator.truediv)
    __floordiv__, __rfloordiv__ = _binary("//", operator.floordiv)
    __mod__, __rmod__ = _binary("%", operator.mod)
    __divmod__, __rdivmod__ = _binary("divmod", divmod)
    __pow__, __rpow__ = _binary("**", pow)
    __matmul__, __rmatmul__ = _binary("matmul", operator.matmul)
    __and__, __rand__ = _binary("&", operator.and_)
    __or__, __ror__ = _binary("|", operator.or_)
    __xor__, __rxor__ = _binary("^", operator.xor)
    __lshift__, __rlshift__ = _binary("<<", operator.lshift)
    __rshift__, __rrshift__ = _binary(">>", operator.rshift)
    __invert__ = _unary("~", operator.invert)
    __neg__ = _unary("negate", operator.neg)
    __abs__ = _unary("abs", abs)
    __round__ = _unary("round", round)
    __floor__ = _unary("floor", math.floor)
    __ceil__ = _unary("ceil", math.ceil)
    __trunc__ = _unary("trunc", math.trunc)

    __iadd__ = _in_place("+", operator.iadd)
    __isub__ = _in_place("-", operator.isub)
    __imul__ = _in_place("*", operator.imul)
    __itruediv__ = _in_place("/", operator.itruediv)
    __ifloordiv__ = _in_place("//", operator.ifloordiv)
    __imod__ = _in_place("%", operator.imod)
    __ipow__ = _in_place("**", operator.ipow)
    __imatmul__ = _in_place("matmul", operator.imatmul)

    __eq__ = _compare(operator.eq)
    __ne__ = _compare(operator.ne)
    __lt__ = _compare(operator.lt)
    __le__ = _compare(operator.le)
    __gt__ = _compare(operator.gt)
    __ge__ = _compare(operator.ge)

    def __pos__(self) -> Traced:
        return self

    # What decides, or leaves the numbers that are traced: no events.

    def __bool__(self) -> bool:
        return bool(self.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __complex__(self) -> complex:
        return complex(self.value)

    def __index__(self) -> int:
        return operator.index(self.value)

    def _sympy_(self) -> Any:
        from sympy import sympify

        return sympify(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __contains__(self, item: Any) -> bool:
        return plain(item) in self.value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        value = self.value
        if copy or not isinstance(value, np.ndarray) or dtype not in (None, value.dtype):
            return np.array(value, dtype)
        self.traced_by.give_away()
        return value

    def __repr__(self) -> str:
        return f"Traced({self.value!r})"

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    # Arrays and their parts.

    def __getitem__(self, index: Any) -> Any:
        return evaluate(_ITEM, (self, index))

    def __setitem__(self, index: Any, value: Any) -> None:
        if _is_outside(value):
            self.value[index] = value  # which says why it cannot be
        write(_SET_ITEM, self, (self, index, value))

    def __iter__(self) -> Iterator[Any]:
        if not isinstance(self.value, np.ndarray):
            return iter(self.value)
        return iter([self[i] for i in range(len(self.value))])

    def __copy__(self) -> Traced:
        return like(self, copy(self.value), self.source)

    def __deepcopy__(self, memo: dict[int, Any]) -> Traced:
        return like(self, deepcopy(self.value, memo), self.source)

    def __reduce__(self) -> tuple[Any, ...]:
        return Traced, (self.value,)

    def __getattr__(self, name: str) -> Any:
        """Return what the value has under this name: its methods note what they do."""
        if name.startswith("__"):
            raise AttributeError(name)
        value = self.value
        try:
            found = getattr(value, name)
        except AttributeError:
            ufunc = getattr(np, name, None)
            if isinstance(ufunc, np.ufunc) and ufunc in UFUNCS:  # an array of objects calls its elements' methods
                return lambda *args: UFUNCS[ufunc](self, *args)
            raise
        if callable(found) and not is_number(found):
            return _Method(self, name)
        if found is value or not is_number(found) or name in _LOOKS:
            return found if found is not value else self
        return evaluate(
            Primitive(name, operator.attrgetter(name)), (self,), identity=_of_known(value, "attribute", name)
        )

    # NumPy's protocols.

    def __array_ufunc__(self, ufunc: np.ufunc, how: str, *inputs: Any, **options: Any) -> Any:
        if any(type(x) is RevDiff or type(x) in OUTERMOST for x in inputs):
            return NotImplemented
        name = _name_of_ufunc(ufunc)
        if how != "__call__":
            name = f"{name}.{how}"
        out = options.get("out")
        if how == "at":
            _into(Primitive(name, ufunc.at), inputs[:1], inputs, options)
            return None
        if out is not None:
            return _into(Primitive(name, getattr(ufunc, how)), out, inputs, options)
        polymorphic = UFUNCS.get(ufunc)
        if (
            how == "__call__"
            and polymorphic is not None
            and not options
            and not all(isinstance(plain(x), _NUMPYS) for x in inputs)
        ):
            return polymorphic(*inputs)
        is_of_python = all(set(loop) <= {*"O->"} for loop in ufunc.types)  # np.frompyfunc knows what it does
        identity = None if is_of_python else (ufunc, how)
        return evaluate(Primitive(name, getattr(ufunc, how)), inputs, options, identity=identity)

    def __array_function__(
        self, function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        if any(kind is RevDiff or kind in OUTERMOST for kind in types):
            return NotImplemented
        if not any(map(holds_traced, (*args, *kwargs.values()))):  # np.zeros(3, like=x)
            return like(self, function(*args, **kwargs), CONSTANT)
        primitive = Primitive(function.__name__, function, whole_numbers=False)
        if isinstance(kwargs.get("out"), Traced):
            return _into(primitive, (kwargs["out"],), args, kwargs)
        return evaluate(primitive, tuple(args), kwargs, identity=function)


def _settable(name: str) -> property:
    primitive = Primitive(f"{name}=", lambda x, value: setattr(x, name, value))
    return property(lambda self: self.__getattr__(name), lambda self, value: write(primitive, self, (self, value)))


for _name in ("flat", "imag", "real", "shape"):
    setattr(Traced, _name, _settable(_name))

_ITEM = Primitive("[]", operator.getitem)
_SET_ITEM = Primitive("[]=", operator.setitem)
_LOOKS = frozenset({"itemsize", "nbytes", "ndim", "size", "base"})
"""Attributes that say something about an array, and are no part of it."""


def _name_of_ufunc(ufunc: np.ufunc) -> str:
    name = getattr(UFUNCS.get(ufunc), "__name__", None) or NAMES.get(ufunc) or ufunc.__name__
    return SYMBOLS.get(name, name)


def _into(primitive: Primitive, out: tuple[Any, ...], inputs: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Evaluate a function of NumPy that writes its result into arrays."""
    target = next((array for array in out if type(array) is Traced), None)
    if target is None:  # the result goes into an array that nobody traces
        return primitive.function(*map(plain, inputs), **{name: plain(value) for name, value in options.items()})
    write(primitive, target, tuple(inputs), options)
    return target


def input_name(value: Any) -> str:
    """Return what an input is called that nobody gave a name: a symbol has one."""
    return str(value) if getattr(value, "is_Symbol", False) else "x"


def _of_known(value: Any, *what: str) -> Hashable:
    """Return the identity of a method or an attribute. None for a type of which nobody knows what its methods do."""
    return None if KEYS.find(type(value)) is None else (type(value), *what)


@final
class _Method:
    """A method of a traced value."""

    __slots__ = ("_name", "_traced")

    def __init__(self, traced: Traced, name: str) -> None:
        self._traced = traced
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method of the value, and note it."""
        traced, name = self._traced, self._name
        bound = Primitive(SYMBOLS.get(name, name), lambda x, *args, **kwargs: getattr(x, name)(*args, **kwargs))
        if isinstance(traced.value, np.ndarray) and name in _WRITING:
            write(bound, traced, (traced, *args), kwargs)
            return None
        return evaluate(bound, (traced, *args), kwargs, identity=_of_known(traced.value, "method", name))


_WRITING = frozenset({"fill", "itemset", "partition", "put", "resize", "setfield", "sort"})
"""Methods of arrays that change them."""


def _polymorphic(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    primitive = Primitive(SYMBOLS.get(name, name), function)
    return lambda *args: evaluate(primitive, args, identity=function)


TRACED.add(Traced)
NUMBERS.add(Traced)
LAYERS[Traced] = lambda traced, value: like(traced, value, traced.source._replace(kind=type(value)))
SYSTEMS.register(Traced, NumberSystem("traced", lambda name: None, ARRAY_RANK + 1, _polymorphic))
LEAVES.register(Traced, lambda x: True)
STRUCTURES.register(Traced, None)
register_monoid(
    Traced,
    zero=lambda x: like(x, zero_like(x.value), CONSTANT),
    one=lambda x: like(x, one_like(x.value), CONSTANT),
)
