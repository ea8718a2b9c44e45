"""Functions that bring their own pullback.

Imports the core and the descriptors. Of all RevDiffs among the arguments, those of the derivative that was asked for last
are the variables; what is written by hand sees the values one layer down.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from types import MethodType
from typing import Any, Literal, TypeAlias, final, overload

import numpy as np

from revdiff.core.capture import SMALL, check, keep, watch
from revdiff.core.errors import (
    ArgumentError,
    ConversionError,
    MissingRuleError,
    MixedLayersError,
    PullbackError,
    describe,
    describe_form,
)
from revdiff.core.lifting import below, top_tag
from revdiff.core.parts import joined_from
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import leaves, map_leaves, taken_apart, varies
from revdiff.primitives.arguments import Static, holds_layer, is_plain, refuse_hidden, refuse_static, static_positions
from revdiff.primitives.composition import Composable, name_of, require_functions
from revdiff.primitives.cotangents import for_each_argument, of_leaves, refuse_dropped
from revdiff.structures.auto import auto_arg

Pair: TypeAlias = tuple[Any, Callable[[Any], Any]]
"""(y, ȳ ↦ x̄)"""


@overload
def primitive(f: Callable[..., Pair], /, *, static: Static = (), order: Literal[1] | None = None) -> Primitive: ...
@overload
def primitive(
    *, static: Static = (), order: Literal[1] | None = None
) -> Callable[[Callable[..., Pair]], Primitive]: ...
def primitive(
    f: Callable[..., Pair] | None = None, /, *, static: Static = (), order: Literal[1] | None = None
) -> Primitive | Callable[[Callable[..., Pair]], Primitive]:
    """Make a differentiable function of one that returns its value and its pullback.

        f(x₁, x₂, …) = (y, ȳ ↦ (x̄₁, x̄₂, …))

    static      positions or names of arguments that are not differentiated. Keyword arguments never are
    order       1 if there are first derivatives only. Then f sees plain numbers, and may do with them what it likes

    The pullback returns the cotangent of the argument, or a tuple with one for each argument that is not static, None where
    there is none. Arguments and results may be structures, and RevDiffs of structures; their cotangents have the same form.
    The decorated function takes plain values as well, and then returns the plain value.

    Layers are aligned: f sees values one layer down, so it may be differentiated to any order if the pullback is written with
    functions that can be differentiated; and at each of these layers the pullback written here is the one that is used.
    With ``order=1`` a second derivative is a `MissingRuleError`. `revdiff.testing.check_primitive` checks what is written.

    >>> from revdiff import nth_derivative, primal, simple_derivative
    >>> @primitive(static="n")
    ... def power(x, n):
    ...     return x**n, lambda ct: ct * n * power(x, n - 1)
    >>> power(2.0, 3), nth_derivative(lambda x: power(x, 3), 2)(2.0)
    (8.0, 12.0)
    >>> @primitive
    ... def rounded(x):
    ...     return round(primal(x)), lambda ct: ct      # straight through
    >>> rounded(3.7), simple_derivative(lambda x: 2 * rounded(x))(3.7)
    (4, 2)
    """
    require_order(order)

    def decorated(f: Callable[..., Pair]) -> Primitive:
        require_functions("primitive", f)
        return Primitive(f, f, static=static, order=order)

    return decorated if f is None else decorated(f)


def require_order(order: Any) -> None:
    """Raise `ArgumentError` for an order that cannot be declared."""
    if order not in (None, 1):
        msg = f"order is 1, for first derivatives only, or None, for every order; met {order!r}"
        raise ArgumentError(msg)


@final
class Primitive(Composable):
    """A differentiable function with a pullback of its own: what `primitive` and the like return.

    ``f >> g`` is g after f, a `Chain`. ``order`` is how many derivatives there are: 1, 0 or None, for every number of them;
    ``static`` holds the positions of the arguments that are not differentiated.

    >>> from revdiff import derivative, primitive
    >>> @primitive
    ... def square(x):
    ...     return x * x, lambda ct: ct * 2 * x
    >>> isinstance(square, Primitive), square(3.0), derivative(square)(3.0)
    (True, 9.0, 6.0)
    """

    __name__: str
    __qualname__: str
    __wrapped__: Callable[..., Any]

    def __init__(
        self,
        named: Callable[..., Any],
        body: Callable[..., Pair],
        /,
        *,
        plain: Callable[..., Any] | None = None,
        static: Static = (),
        order: int | None = None,
    ) -> None:
        self.__name__ = self.__qualname__ = name_of(named)
        update_wrapper(self, named, updated=())
        self.order = order
        self.static = static_positions(named, static)
        self._body = body
        self._plain = plain

    def __call__(self, /, *args: Any, **options: Any) -> Any:
        """Return f(…), with the way back through it where an argument has one."""
        refuse_static(self.__name__, self.static, args, options)
        given = self._varying(args)
        if all(map(is_plain, given)):
            return self._value(args, options)
        inside, build = taken_apart(given)
        refuse_hidden(self.__name__, given, inside)
        top = top_tag(inside)
        if top is None:
            return self._value(args, options)
        inside = [keep(leaf) if type(leaf) is np.ndarray else leaf for leaf in inside]  # the caller may change it later
        lower = [below(leaf, top) for leaf in inside]
        values = build(lower)
        value, pullback = self._outcome(self._with(args, values), options)
        if any(type(leaf) is RevDiff and leaf._node[1] >= top > 0 for leaf in leaves(value)):
            raise MixedLayersError.closed_over(self.__name__)
        layered = any(type(leaf) is RevDiff for leaf in lower)
        if layered:
            value = self(*self._with(args, values), **options)
        if not varies(primal(value)):
            if callable(value):
                msg = (
                    f"the value of the primitive {self.__name__} is {describe(value)}, of which there is no derivative"
                )
                raise PullbackError(msg)
            return value
        if self.order is not None:
            pullback = self._for_plain_numbers(values, pullback)
        return auto_arg.split(joined_from(value, inside, top, self._spread(build, inside, layered, pullback)))

    def value_and_pullback(self, /, *args: Any, **options: Any) -> Pair:
        """Return what was written by hand: the value and the pullback, at plain values."""
        return self._outcome(args, options)

    def _value(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Return the value at plain arguments."""
        return self._outcome(args, options)[0] if self._plain is None else self._plain(*args, **options)

    def _outcome(self, args: tuple[Any, ...], options: dict[str, Any]) -> Pair:
        """Return the value and the pullback that were written, at values of one layer, or at plain ones."""
        if self.order is not None:
            args = map_leaves(primal, args)
        try:
            returned: Any = self._body(*args, **options)
        except ConversionError as error:
            self._explain(error, holds_layer(args))
            raise
        if not (isinstance(returned, tuple) and len(returned) == 2 and callable(returned[1])):
            returned_form = describe_form(returned)
            if isinstance(returned, tuple) and len(returned) == 2:
                returned_form = f"{describe_form(returned[1])} in place of the pullback"
            msg = f"a primitive returns (value, pullback); {self.__name__} returned {returned_form}"
            raise PullbackError(msg)
        return returned[0], returned[1]

    def _spread(
        self, build: Callable[[list[Any]], Any], inside: list[Any], layered: bool, pullback: Callable[[Any], Any]
    ) -> Callable[[Any], list[Any]]:
        """Return ȳ ↦ the cotangents of all leaves of the arguments. It keeps what the pullback keeps, and no other array."""
        marks = [mark for leaf in inside if type(leaf) is np.ndarray for mark in watch(leaf)]
        inside = list(map(_without_its_numbers, inside))
        given = build(inside)

        def spread(ct: Any) -> list[Any]:
            check(marks)
            try:
                returned = for_each_argument(self.__name__, len(given), pullback(ct))
            except ConversionError as error:
                self._explain(error, layered or holds_layer(ct))
                raise
            sent = of_leaves(self.__name__, given, inside, returned)
            if self.order is None:
                refuse_dropped(self.__name__, ct, sent, pullback)
            return sent

        return spread

    def _for_plain_numbers(self, values: tuple[Any, ...], pullback: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return the pullback as a function of RevDiffs that has no derivative itself."""

        def no_second(ct: Any) -> Any:
            raise MissingRuleError.beyond_the_first(self.__name__)

        def of_values(values: Any, ct: Any) -> Pair:
            return pullback(ct), no_second

        def plainly(ct: Any) -> Any:
            if not holds_layer((values, ct)):
                return pullback(ct)
            return Primitive(self.__wrapped__, of_values, order=0)(values, ct)

        return plainly

    def _explain(self, error: ConversionError, layered: bool) -> None:
        """Say why there was a RevDiff where plain numbers had been expected."""
        if layered:
            error.add_note(
                f"In the primitive {self.__name__}: for second and forward derivatives its pullback is differentiated.\n"
                "  If there are to be first derivatives only:  @primitive(order=1)"
            )

    def _varying(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the arguments that are not static."""
        return tuple(a for i, a in enumerate(args) if i not in self.static) if self.static else args

    def _with(self, args: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the arguments with others in the places of those that are not static."""
        if not self.static:
            return values
        others = iter(values)
        return tuple(a if i in self.static else next(others) for i, a in enumerate(args))

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> str:
        return self.__qualname__  # pickled by its name, as a function is

    def __repr__(self) -> str:
        return f"<primitive {self.__name__}>"


def _without_its_numbers(leaf: Any) -> Any:
    """Return an array of the same shape and dtype that takes no memory, for a large one."""
    plain = primal(leaf)
    if type(plain) is not np.ndarray or plain.nbytes <= SMALL or plain.dtype.kind not in "fiuc":
        return leaf
    return np.broadcast_to(np.zeros((), plain.dtype), plain.shape)
