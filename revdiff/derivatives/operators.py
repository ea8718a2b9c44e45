"""The derivative operators, each a line: value descriptor ∘ f ∘ argument descriptor ∘ `init_diff`.

Imports the core and the descriptors. Nesting an operator in itself gives the next order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, final

import numpy as np

from revdiff.core.errors import ArgumentError, ResultError
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import varies
from revdiff.structures.array import array_arg
from revdiff.structures.auto import auto_arg, auto_val
from revdiff.structures.differentiation import Differentiation, Function
from revdiff.structures.protocol import Argument, Value
from revdiff.structures.scalar import scalar_arg, scalar_val
from revdiff.structures.tuple import tuple_arg
from revdiff.systems import is_number, require_number


def custom_arg_val_derivative(arg: Argument, val: Value, f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of f, with a descriptor for its argument and one for its value.

        result = val ∘ f ∘ arg ∘ init_diff

    The result has the structure of the value, and inside that the structure of the argument:
    ``result[i][j] = ∂ⱼ fᵢ``. All other operators are this one with descriptors filled in.

    >>> from revdiff import tuple_val
    >>> def area_and_perimeter(sides):
    ...     a, b = sides
    ...     return a * b, 2 * (a + b)
    >>> custom_arg_val_derivative(tuple_arg, tuple_val, area_and_perimeter)((3.0, 5.0))
    ((5.0, 3.0), (2.0, 2.0))
    """

    def derived(x: Any, /) -> Any:
        differentiation = Differentiation(x)
        return differentiation.derivatives(val, differentiation.run(f, arg))

    return derived


def custom_arg_derivative(arg: Argument, f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of f with a descriptor for its argument; the value's type is read off.

    >>> custom_arg_derivative(tuple_arg, lambda p: p[0] * p[1])((2.0, 3.0))
    (3.0, 2.0)
    """
    return custom_arg_val_derivative(arg, auto_val, f)


def custom_val_derivative(val: Value, f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of f with a descriptor for its value; the argument's type is read off.

    >>> from revdiff import tuple_val
    >>> custom_val_derivative(tuple_val, lambda x: (x * x, 1 / x))(2.0)
    (4.0, -0.25)
    """
    return custom_arg_val_derivative(auto_arg, val, f)


def simple_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return f′, for a function from one number to one number.

    A function that works element by element on an array is differentiated element by element.

    >>> from revdiff import log
    >>> g = lambda x: log(x**2 + x**3)
    >>> simple_derivative(g)(1.0), simple_derivative(simple_derivative(g))(1.0)
    (2.5, -2.25)

    Symbols give formulas:

    >>> import sympy
    >>> simple_derivative(lambda x: x**3)(sympy.Symbol("x"))
    3*x**2
    """

    def derived(x: Any, /) -> Any:
        differentiation = Differentiation(x)
        y = differentiation.run(f, _one_number)
        _require_number("simple_derivative", y, "\n  For a tuple of values: scalar_arg_derivative(f).")
        return differentiation.derivatives(scalar_val, y)

    return derived


def simple_value_and_derivative(f: Function, /) -> Callable[[Any], tuple[Any, Any]]:
    """Return x ↦ (f(x), f′(x)), both from one forward pass.

    >>> from revdiff import sin
    >>> simple_value_and_derivative(sin)(0.0)
    (0.0, 1.0)
    """

    def derived(x: Any, /) -> tuple[Any, Any]:
        differentiation = Differentiation(x)
        y = differentiation.run(f, _one_number)
        _require_number("simple_value_and_derivative", y, "")
        return differentiation.value(y), differentiation.derivatives(scalar_val, y)

    return derived


def nth_derivative(f: Function, n: int, /) -> Callable[[Any], Any]:
    """Return the n-fold derivative of a function of one number; f itself for n = 0.     dⁿf/dxⁿ

    Raises `ArgumentError` where n is no whole number from 0.

    >>> from revdiff import exp
    >>> [nth_derivative(lambda x: exp(2 * x), n)(0.0) for n in range(5)]
    [1.0, 2.0, 4.0, 8.0, 16.0]
    """
    if not _is_whole(n) or n < 0:
        msg = f"the order of a derivative is a whole number from 0; met {n!r}"
        raise ArgumentError(msg)
    for _ in range(n):
        f = simple_derivative(f)
    return f


def derivative_op(f: Function, x: Any, /) -> Callable[[Any], Any]:
    """Return the derivative of f at x as a linear map on cotangents, ȳ ↦ f′(x)ᵀ ȳ.

    >>> from revdiff import sin
    >>> derivative_op(sin, 0.0)(10.0)
    10.0
    """
    differentiation = Differentiation(x)
    y = differentiation.run(f, auto_arg)
    return lambda y_bar, /: differentiation.pull_structure(auto_val, y, y_bar)


def scalar_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of one number, with a value of any structure.

    >>> from revdiff import exp, sin
    >>> scalar_arg_derivative(lambda t: (exp(2 * t), sin(t)))(0.0)
    (2.0, 1.0)
    """
    return custom_arg_derivative(scalar_arg, f)


def scalar_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the gradient of a function whose value is one number, with an argument of any structure.

    >>> scalar_val_derivative(lambda xy: xy[0] * xy[1])((2.0, 3.0))
    (3.0, 2.0)
    """
    return custom_val_derivative(scalar_val, f)


def args_derivative(f: Function, /) -> Callable[..., tuple[Any, ...]]:
    """Return (x, y, …) ↦ (∂f/∂x, ∂f/∂y, …), for a function of any number of arguments.

    >>> args_derivative(lambda x, y: x * y)(2.0, 3.0)
    (3.0, 2.0)
    >>> args_derivative(args_derivative(lambda x, y: x * y * y))(2.0, 3.0)
    ((0.0, 6.0), (6.0, 4.0))
    """
    of_tuple = custom_arg_derivative(tuple_arg, lambda args: f(*args))

    def derived(*args: Any) -> tuple[Any, ...]:
        require_varying(args)
        derivatives: tuple[Any, ...] = of_tuple(args)
        return derivatives

    return derived


def two_args_derivative(f: Function, /) -> Callable[[Any, Any], tuple[Any, Any]]:
    """Return (x, y) ↦ (∂f/∂x, ∂f/∂y).

    >>> two_args_derivative(lambda x, y: x * y**2)(2.0, 3.0)
    (9.0, 12.0)
    """
    return args_derivative(f)


def three_args_derivative(f: Function, /) -> Callable[[Any, Any, Any], tuple[Any, Any, Any]]:
    """Return (x, y, z) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z).

    >>> three_args_derivative(lambda x, y, z: x * y * z)(2.0, 3.0, 5.0)
    (15.0, 10.0, 6.0)
    """
    return args_derivative(f)


def partial_derivative(f: Function, i: int, /) -> Callable[..., Any]:
    """Return ∂f/∂xᵢ as a function of all arguments; the others are held fixed for this derivative only.

    >>> partial_derivative(lambda x, y: x * y**2, 1)(3.0, 5.0)
    30.0
    """

    def derived(*args: Any) -> Any:
        if not _is_whole(i) or not -len(args) <= i < len(args):
            msg = f"there is no argument {i!r}: the function was called with {len(args)}"
            raise ArgumentError(msg)
        before, after = args[:i], args[i:][1:]
        return custom_arg_derivative(auto_arg, lambda x: f(*before, x, *after))(args[i])

    return derived


def two_args_derivative_over_x(f: Function, /) -> Callable[[Any, Any], Any]:
    """Return ∂f/∂x of f(x, y).

    >>> two_args_derivative_over_x(lambda x, y: x * y**2)(2.0, 3.0)
    9.0
    """
    return partial_derivative(f, 0)


def two_args_derivative_over_y(f: Function, /) -> Callable[[Any, Any], Any]:
    """Return ∂f/∂y of f(x, y).

    >>> two_args_derivative_over_y(lambda x, y: x * y**2)(2.0, 3.0)
    12.0
    """
    return partial_derivative(f, 1)


def three_args_derivative_over_x(f: Function, /) -> Callable[[Any, Any, Any], Any]:
    """Return ∂f/∂x of f(x, y, z).

    >>> three_args_derivative_over_x(lambda x, y, z: x**2 * y * z)(1.0, 2.0, 3.0)
    12.0
    """
    return partial_derivative(f, 0)


def three_args_derivative_over_y(f: Function, /) -> Callable[[Any, Any, Any], Any]:
    """Return ∂f/∂y of f(x, y, z).

    >>> three_args_derivative_over_y(lambda x, y, z: x**2 * y * z)(1.0, 2.0, 3.0)
    3.0
    """
    return partial_derivative(f, 1)


def three_args_derivative_over_z(f: Function, /) -> Callable[[Any, Any, Any], Any]:
    """Return ∂f/∂z of f(x, y, z).

    >>> three_args_derivative_over_z(lambda x, y, z: x**2 * y * z)(1.0, 2.0, 3.0)
    2.0
    """
    return partial_derivative(f, 2)


@final
class _OneNumber:
    """A number, or an array whose elements are differentiated each for itself."""

    def split(self, x: RevDiff, /) -> RevDiff:
        value = primal(x)
        return array_arg.split(x) if isinstance(value, np.ndarray) else scalar_arg.split(x)


_one_number = _OneNumber()


def _require_number(operator: str, y: Any, instead: str) -> None:
    if not is_number(primal(y)):
        raise ResultError.of(operator, "one number", primal(y), instead)


def require_varying(args: Iterable[Any]) -> None:
    """Raise an error for an argument by which there is nothing to differentiate. None is an absent number."""
    for x in args:
        if x is not None and not varies(x):
            require_number(x, "the argument")


def _is_whole(n: Any) -> bool:
    return isinstance(n, int | np.integer) and not isinstance(n, bool)
