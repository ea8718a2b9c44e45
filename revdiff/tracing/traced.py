"""A value of any number system that notes each primitive that is evaluated on it.

Imports the core, the number systems, the trace, and what operators, attributes and NumPy's functions do. `Traced` is the
innermost layer: RevDiffs stand around it, so the rules of every order are carried out in its arithmetic, forwards and
backwards.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy, deepcopy
from typing import Any, final

import numpy as np

from revdiff.core.cotangents import one_like, register_monoid, zero_like
from revdiff.core.errors import UnknownTypeError
from revdiff.core.structure import LAYERS, LEAVES, STRUCTURES
from revdiff.core.sweep import NUMBERS
from revdiff.systems import ARRAY_RANK, SYSTEMS, NumberSystem, is_number
from revdiff.tracing.attributes import attribute, settable
from revdiff.tracing.evaluation import TRACED, Primitive, evaluate, like, plain, write
from revdiff.tracing.events import Event
from revdiff.tracing.names import own_name
from revdiff.tracing.numpy_functions import of_function, of_ufunc
from revdiff.tracing.operators import SYMBOLS, binary, compared, in_place, is_outside, unary
from revdiff.tracing.trace import ACTIVE, CONSTANT, Source, Trace

_ITEM = Primitive("[]", operator.getitem)
_SET_ITEM = Primitive("[]=", operator.setitem)


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
        self.source = Source(self.traced_by.put_in(name or own_name(value) or "x", self.value))
        self.scope = 0

    @property
    def number(self) -> int | None:
        """The number of the event that gave the value, None for a constant."""
        return self.source.number

    @property
    def event(self) -> Event | None:
        """The event that gave the value, None for a constant."""
        return None if self.source.number is None else self.traced_by.events[self.source.number]

    __add__, __radd__ = binary("+", operator.add)
    __sub__, __rsub__ = binary("-", operator.sub)
    __mul__, __rmul__ = binary("*", operator.mul)
    __truediv__, __rtruediv__ = binary("/", operator.truediv)
    __floordiv__, __rfloordiv__ = binary("//", operator.floordiv)
    __mod__, __rmod__ = binary("%", operator.mod)
    __divmod__, __rdivmod__ = binary("divmod", divmod)
    __pow__, __rpow__ = binary("**", pow)
    __matmul__, __rmatmul__ = binary("matmul", operator.matmul)
    __and__, __rand__ = binary("&", operator.and_)
    __or__, __ror__ = binary("|", operator.or_)
    __xor__, __rxor__ = binary("^", operator.xor)
    __lshift__, __rlshift__ = binary("<<", operator.lshift)
    __rshift__, __rrshift__ = binary(">>", operator.rshift)
    __invert__ = unary("~", operator.invert)
    __neg__ = unary("negate", operator.neg)
    __abs__ = unary("abs", abs)
    __round__ = unary("round", round)
    __floor__ = unary("floor", math.floor)
    __ceil__ = unary("ceil", math.ceil)
    __trunc__ = unary("trunc", math.trunc)

    __iadd__ = in_place("+", operator.iadd)
    __isub__ = in_place("-", operator.isub)
    __imul__ = in_place("*", operator.imul)
    __itruediv__ = in_place("/", operator.itruediv)
    __ifloordiv__ = in_place("//", operator.ifloordiv)
    __imod__ = in_place("%", operator.imod)
    __ipow__ = in_place("**", operator.ipow)
    __imatmul__ = in_place("matmul", operator.imatmul)

    __eq__ = compared(operator.eq)
    __ne__ = compared(operator.ne)
    __lt__ = compared(operator.lt)
    __le__ = compared(operator.le)
    __gt__ = compared(operator.gt)
    __ge__ = compared(operator.ge)

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
        if is_outside(value):
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

    __getattr__ = attribute

    def __array_ufunc__(self, ufunc: np.ufunc, how: str, *inputs: Any, **options: Any) -> Any:
        return of_ufunc(ufunc, how, inputs, options)

    def __array_function__(
        self, function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        return of_function(self, function, types, args, kwargs)


for _name in ("flat", "imag", "real", "shape"):
    setattr(Traced, _name, settable(_name))


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
