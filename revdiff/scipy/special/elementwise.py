"""Elementwise functions of SciPy: one row of mathematics makes the rule of one function.

Imports the rules, and SciPy for the values. A row names the arguments of a function and gives, for each, the partial
derivative in terms of the arguments and of the result:

    jv = elementwise("jv", v=None, z=lambda v, z, y: (jv(v - 1, z) - jv(v + 1, z)) / 2)

None stands where no formula is known, and a RevDiff there is an error; 0 where the function is piecewise constant. The
derivatives are written with functions that have rules, and so every row can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, final

import numpy as np
from scipy import special

from revdiff.arrays.numpy_protocol import CONSTANT, DECLINED, NAMES, UFUNCS
from revdiff.core.cotangents import ZERO
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal
from revdiff.derivatives.operators import simple_derivative
from revdiff.functions.of_arrays import rule
from revdiff.functions.slopes import Overflowing, Partial
from revdiff.scipy._namesakes import constant, missing, named, refuse

for _ufunc in vars(special._ufuncs).values():
    if isinstance(_ufunc, np.ufunc):
        NAMES[_ufunc] = f"scipy.special.{_ufunc.__name__.lstrip('_')}"

Slope: TypeAlias = Callable[..., Any] | Overflowing | int | None
"""A partial derivative ``slope(*arguments, result)``; of several results it returns one for each."""


def elementwise(name: str, /, **slopes: Slope) -> Callable[..., Any]:
    """Make the function of this name from its partial derivatives, and let it stand for SciPy's."""
    scipys = getattr(special, name, None)
    if scipys is None:
        return missing(f"scipy.special.{name}")
    function = ruled(f"scipy.special.{name}", scipys, **slopes)
    return stands_for(scipys, name, function)


def stands_for(scipys: Any, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let NumPy call a function where it would call SciPy's elementwise one with a RevDiff."""
    NAMES[scipys] = f"scipy.special.{name}"
    UFUNCS[scipys] = function
    return function


def behind(private: str, name: str, function: Callable[..., Any]) -> None:
    """Let a function stand for the elementwise one that SciPy's function of this name, written in Python, hands on to."""
    scipys = getattr(special._ufuncs, private, None)
    if scipys is not None:
        stands_for(scipys, name, function)


def ruled(name: str, of_plain: Callable[..., Any], /, **slopes: Slope) -> Callable[..., Any]:
    """Make a function of RevDiffs from one of plain values and from its partial derivatives."""
    arguments = list(slopes)

    def body(*operands: Any) -> tuple[Any, ...]:
        y = (function if any(type(x) is RevDiff for x in operands) else of_plain)(*operands)
        return y, *[_local_map(slope, (*operands, y), x) for slope, x in zip(slopes.values(), operands, strict=True)]

    def function(*args: Any, **options: Any) -> Any:
        if options or len(args) != len(arguments):
            return of_plain(*args, **options)
        return lifted(*[_checked(x, i) for i, x in enumerate(args)])

    def _checked(x: Any, i: int) -> Any:
        if slopes[arguments[i]] is not None:
            return x
        x = x if type(x) is RevDiff else OPERATORS["gather"](x)
        if _varies(x):
            refuse(f"{name} in {arguments[i]}, its argument {i + 1}")
        return primal(x)

    body.__name__ = name.rpartition(".")[2]
    lifted = rule()(body)
    return named(function, body.__name__, f"Return what {name} returns{_in_what(slopes)}.")


def inverse(name: str, place: str, value: str = "p", /, **slopes: Slope) -> Callable[..., Any]:
    """Make the inverse x of a function F in one of its arguments, from the partial derivatives of F.

    In the place of x it takes the value p of F:   ∂x/∂p = 1/(∂F/∂x),   ∂x/∂a = -(∂F/∂a)/(∂F/∂x).
    """
    i = list(slopes).index(place)

    def there(slope: Any, *args: Any) -> Any:
        """Evaluate a derivative of F at the solution."""
        *given, x = args
        return slope(*given[:i], x, *given[i + 1 :], given[i])

    def of_value(*args: Any) -> Any:
        return 1 / there(slopes[place], *args)

    def of_other(slope: Slope) -> Slope:
        return (lambda *args: -there(slope, *args) / there(slopes[place], *args)) if slope else slope

    its = {value if a == place else a: of_value if a == place else of_other(slope) for a, slope in slopes.items()}
    return elementwise(name, **its)


def several(*slopes: Callable[..., Any]) -> Callable[..., Any]:
    """Make the derivative of a function of several results from one derivative for each of them."""
    return lambda *args: tuple(slope(*args) for slope in slopes)


def borrowed(name: str, function: Callable[[Any], Any]) -> Callable[..., Any]:
    """Let a function that is polymorphic already stand for SciPy's, whose results are NumPy's numbers."""
    scipys = getattr(special, name)

    def of_numpy(x: Any, *args: Any, **options: Any) -> Any:
        x = x if args or options else OPERATORS["gather"](x)
        return function(_numbers(x)) if type(x) is RevDiff else scipys(x, *args, **options)

    doc = f"Return what scipy.special.{name} returns; the rule is that of revdiff.{function.__name__}."
    return stands_for(scipys, name, named(of_numpy, name, doc))


def piecewise_constant(name: str) -> Callable[..., Any]:
    """Let SciPy's function be applied to the plain values: its derivative is zero."""
    scipys = getattr(special, name)
    CONSTANT.add(scipys)
    doc = f"Return what scipy.special.{name} returns. Its derivative is zero."
    return stands_for(scipys, name, named(constant(scipys), name, doc))


def declined(reason: str, names: str) -> None:
    """Note why these functions have no derivative here."""
    for name in names.split():
        scipys = getattr(special, name, None)
        if isinstance(scipys, np.ufunc):
            NAMES[scipys] = f"scipy.special.{name}"
            DECLINED[scipys] = reason


def slope_of(formula: Callable[..., Any], place: int) -> Callable[..., Any]:
    """Return the partial derivative of a formula by one of its arguments, as a row needs it.

    The formula serves for the derivative where SciPy's function is better for the value.
    """

    def slope(*args: Any) -> Any:
        values = list(np.broadcast_arrays(*args[:-1]))
        return simple_derivative(lambda x: formula(*values[:place], x, *values[place + 1 :]))(values[place])

    return slope


def _local_map(slope: Any, values: tuple[Any, ...], x: Any) -> Any:
    """Return the local map of one argument x, from all arguments and the result."""
    if not slope:
        return _nothing
    return _OfSeveral(slope, values) if isinstance(values[-1], tuple) else Partial(slope, values, x, values[-1], None)


def _nothing(*y_bars: Any) -> Any:
    return ZERO


@final
class _OfSeveral:
    """The local map x̄ = Σ ȳᵢ ∂fᵢ of a function of several results. The derivatives are computed when first needed."""

    __slots__ = ("_derivatives", "_slope", "_values")

    def __init__(self, slope: Any, values: tuple[Any, ...]) -> None:
        self._slope = slope
        self._values = values
        self._derivatives: Any = None

    def __call__(self, *y_bars: Any) -> Any:
        """Multiply by the derivatives of the results that something came back to."""
        if self._derivatives is None:
            *operands, y = self._values
            self._derivatives = self._slope(*map(_numbers, operands), y)
        terms = [y_bar * d for y_bar, d in zip(y_bars, self._derivatives, strict=True) if y_bar is not None]
        return sum(terms[1:], terms[0])


def _numbers(x: Any) -> Any:
    """Return a number of Python as one of NumPy, which follows IEEE arithmetic."""
    if type(x) is RevDiff:
        return made(_numbers(x.value), x._node, x._scale)
    return np.asarray(x)[()]


def _varies(x: Any) -> bool:
    while type(x) is RevDiff:
        if x._node[1]:
            return True
        x = x.value
    return False


def _in_what(slopes: dict[str, Slope]) -> str:
    known = [name for name, slope in slopes.items() if slope is not None]
    return "" if len(known) == len(slopes) else f", with derivatives in {' and '.join(known)}"
