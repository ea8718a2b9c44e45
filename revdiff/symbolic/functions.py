"""Functions of which only the name is known, with derivatives that are known by name too: f, f', f'', …

Imports SymPy, lifting and the number systems. A symbolic function is a
SymPy function, so it stands in expressions and `sympy.diff` knows it; and it takes RevDiffs. On the
way back it multiplies by its own derivative, which is a symbolic function again.
"""

from __future__ import annotations

import copyreg
from collections import Counter
from functools import reduce
from typing import Any

import numpy as np
import sympy
from sympy.core.function import AppliedUndef, ArgumentIndexError, UndefinedFunction
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.pretty.stringpict import prettyForm

from revdiff.core.errors import ArgumentError, describe
from revdiff.core.revdiff import RevDiff
from revdiff.symbolic.lifted import lifted
from revdiff.systems import implementation

Indices = tuple[int, ...]

_FUNCTIONS: dict[tuple[str, int, Indices], SymbolicFunc] = {}


class SymbolicFunc(UndefinedFunction):  # type: ignore[misc]
    """The type of symbolic functions, which are classes, as all functions of SymPy are.

    ``name`` is that of the function itself, ``arity`` the number of its arguments, and ``indices``
    says by which arguments it was differentiated, in the order in which that was done.

    >>> h = symbolic_func("h", 2)
    >>> h.derivative(2).derivative(1)
    h'_2'_1
    >>> h.derivative(2).derivative(1).indices
    (2, 1)
    """

    name: str
    arity: int
    indices: Indices

    def __new__(cls, name: str, arity: int, indices: Indices) -> SymbolicFunc:
        """Make the function of this name that was differentiated by these arguments."""
        # For SymPy the name is the same in every order of the indices, and so are the hash and the
        # place among the terms of a sum.
        body = {"arity": arity, "indices": indices, "nargs": arity}
        new = super().__new__(cls, _spelled(name, arity, tuple(sorted(indices))), (AppliedSymbolicFunc,), body)
        new.name = name
        new.__module__ = __name__
        return new  # type: ignore[no-any-return]

    def derivative(self, i: int = 1, /) -> SymbolicFunc:
        """Return the derivative by the argument in place i, from 1."""
        if not 1 <= i <= self.arity:
            msg = f"{self} has no argument {i}: it takes {self.arity}, counted from 1"
            raise ArgumentError(msg)
        return _member(self.name, self.arity, (*self.indices, i))

    __eq__ = type.__eq__
    __ne__ = type.__ne__
    __hash__ = type.__hash__

    def __repr__(self) -> str:
        return _spelled(self.name, self.arity, self.indices)

    __str__ = __repr__


def _member(name: str, arity: int, indices: Indices) -> SymbolicFunc:
    """Return the one function with this name and these derivatives taken."""
    key = name, arity, indices
    return _FUNCTIONS.get(key) or _FUNCTIONS.setdefault(key, SymbolicFunc(*key))


copyreg.pickle(SymbolicFunc, lambda f: (_member, (f.name, f.arity, f.indices)))


def _spelled(name: str, arity: int, indices: Indices) -> str:
    name = f"({name})" if indices and _is_operator(name) else name
    return name + "".join("'" if arity == 1 else f"'_{i}" for i in indices)


def _derivative_of(expr: Any, variables: list[Any]) -> Any:
    """Return the derivative, which stays as it is written where the expression does not depend on a variable.

    SymPy's integration puts a symbol in the place of f(x) for a while; that is no reason for f'(x) to be 0.
    """
    if not variables:
        return expr
    written = sympy.Derivative(expr, *variables)
    return written.doit() if set(variables) <= expr.free_symbols else written


def _is_operator(name: str) -> bool:
    """Tell whether a name has neither letters nor digits, as -*- has none."""
    return not any(c.isalnum() or c == "_" for c in name)


def _is_infix(function: SymbolicFunc) -> bool:
    """Tell whether the function is written between its arguments."""
    return function.arity == 2 and not function.indices and _is_operator(function.name)


def _is_compound(e: Any) -> bool:
    return precedence(e) < PRECEDENCE["Func"]  # type: ignore[no-any-return]


class AppliedSymbolicFunc(AppliedUndef):  # type: ignore[misc]
    """A symbolic function of its arguments: f(x).

    Two of them are equal in whatever order the derivatives were taken: h'_1'_2(x, y) = h'_2'_1(x, y).
    """

    arity: int
    indices: Indices

    def __new__(cls, *args: Any, **options: Any) -> Any:
        """Apply the function to numbers, expressions, arrays of them, and RevDiffs."""
        if len(args) != cls.arity:
            msg = f"{cls} takes {cls.arity} argument{'s' * (cls.arity > 1)}; it was given {len(args)}"
            raise ArgumentError(msg)
        if any(type(a) is RevDiff for a in args):
            return lifted(str(cls), cls, lambda i: cls.derivative(i + 1), args)
        if all(isinstance(a, sympy.Basic) for a in args):
            return super().__new__(cls, *args, **options)
        columns: dict[str, Any] = dict.fromkeys(("math", "cmath", "decimal", "mpmath", "sympy"), cls._of_numbers)
        columns["numpy"] = np.frompyfunc(cls, cls.arity, 1)
        return implementation(str(cls), columns, *map(type, args), itself=cls)(*args)

    @classmethod
    def _of_numbers(cls, *args: Any) -> Any:
        return cls(*(sympy.sympify(a, strict=True) for a in args))

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the derivative by one argument, as SymPy asks for it."""
        if not 1 <= argindex <= self.arity:
            raise ArgumentIndexError(self, argindex)
        return self.func.derivative(argindex)(*self.args)

    def _eval_subs(self, old: Any, new: Any) -> Any:
        """Put another function in the place of this one, as SymPy's ``subs`` asks: of f'(x), f ↦ sin makes cos x.

        So does f(x) ↦ sin x, as in Derivative(f(x), x).
        """
        function = old.func if isinstance(old, AppliedSymbolicFunc) else old
        if not isinstance(function, SymbolicFunc) or (function.name, function.arity) != (self.func.name, self.arity):
            return super()._eval_subs(old, new)
        left = list((Counter(self.indices) - Counter(function.indices)).elements())
        if Counter(function.indices) - Counter(self.indices):
            return None
        if function is not old:
            is_general = all(a.is_Symbol for a in old.args) and len(set(old.args)) == self.arity
            return (
                _derivative_of(new, [old.args[i - 1] for i in left]) if is_general and old.args == self.args else None
            )
        if not callable(new):
            return super()._eval_subs(old, new)
        places = sympy.symbols(f"x_1:{self.arity + 1}", cls=sympy.Dummy)
        value = reduce(lambda expr, i: expr.diff(places[i - 1]), left, new(*places))
        return sympy.Subs(value, places, [a._subs(old, new) for a in self.args]).doit()

    def sorted(self) -> Any:
        """Return the same with the derivatives taken in the order of the arguments."""
        return _member(self.func.name, self.arity, tuple(sorted(self.indices)))(*self.args)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, AppliedSymbolicFunc) and type(other) is not type(self):
            a, b = self.sorted(), other.sorted()
            return type(a) is type(b) and a == b
        return super().__eq__(other)  # type: ignore[no-any-return]

    __hash__ = AppliedUndef.__hash__

    # Printing: SymPy's own would show the sorted name.

    def _sympystr(self, printer: Any) -> str:
        if _is_infix(self.func):
            return self.func.name.join(printer.parenthesize(a, PRECEDENCE["Func"], strict=True) for a in self.args)  # type: ignore[no-any-return]
        return f"{self.func}({printer.stringify(self.args, ', ')})"

    def _sympyrepr(self, printer: Any) -> str:
        steps = "".join(f".derivative({i})" for i in self.indices)
        return f"symbolic_func({self.func.name!r}, {self.arity}){steps}({printer.reprify(self.args, ', ')})"

    @property
    def precedence(self) -> int:
        """Return how tightly it binds when it is printed: an operator is put in parentheses wherever it is an operand."""
        return PRECEDENCE["Lambda" if _is_infix(self.func) else "Func"]  # type: ignore[no-any-return]

    def _pretty(self, printer: Any) -> Any:
        if _is_infix(self.func):
            left, right = (
                prettyForm(*printer._print(a).parens()) if _is_compound(a) else printer._print(a) for a in self.args
            )
            return prettyForm(*left.right(f" {self.func.name} ", right), binding=prettyForm.ADD)
        return printer._print_Function(self, func_name=str(self.func))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        if _is_infix(self.func):
            sides = (printer._print(a) for a in self.args)
            left, right = (
                rf"\left({s}\right)" if _is_compound(a) else s for a, s in zip(self.args, sides, strict=True)
            )
            between = rf"{left} \mathbin{{\text{{{self.func.name}}}}} {right}"
            return between if exp is None else rf"\left({between}\right)^{{{exp}}}"
        if not self.indices:
            return printer._print_Function(self, exp)  # type: ignore[no-any-return]
        is_operator = _is_operator(self.func.name)
        name = rf"(\text{{{self.func.name}}})" if is_operator else printer._hprint_Function(self.func.name)
        name = f"{{{name}}}" if any(mark in name for mark in "_^") else name
        name += "^{" + r"\prime" * len(self.indices) + "}"
        name += "_{" + " ".join(map(str, self.indices)) + "}" if self.arity > 1 else ""
        applied = rf"{name}{{\left({','.join(map(printer._print, self.args))} \right)}}"
        return applied if exp is None else rf"\left({applied}\right)^{{{exp}}}"


def symbolic_func(name: str, n: int = 1, /) -> SymbolicFunc:
    """Return the function of n arguments that is known by its name only.

        df/dx = f',   d²f/dx² = f'',   ∂h/∂x = h'_1,   ∂²h/∂x∂y = h'_1'_2

    It is a function of SymPy, and it can be differentiated by revdiff and by `sympy.diff` to any
    order. Of a number it stays symbolic. The same name and the same n make the same function.

    >>> from revdiff import simple_derivative, two_args_derivative
    >>> f, g, h = symbolic_func("f"), symbolic_func("g"), symbolic_func("h", 2)
    >>> x, y = sympy.symbols("x y")
    >>> simple_derivative(lambda x: g(f(x)))(x), sympy.diff(g(f(x)), x)
    (f'(x)*g'(f(x)), f'(x)*g'(f(x)))
    >>> two_args_derivative(two_args_derivative(h))(x, y)
    ((h'_1'_1(x, y), h'_1'_2(x, y)), (h'_2'_1(x, y), h'_2'_2(x, y)))

    A function of two arguments whose name has neither letters nor digits is written between them, as ``+`` is.

    >>> simple_derivative(lambda x: symbolic_func("-*-", 2)(f(x), x + 1))(x), symbolic_func("-*-", 2)(f(x), x + 1)
    ((-*-)'_1(f(x), x + 1)*f'(x) + (-*-)'_2(f(x), x + 1), f(x)-*-(x + 1))

    A derivative prints in the order in which it was taken, and mixed derivatives are equal in any
    order, h'_1'_2 = h'_2'_1, so SymPy may show either where it has simplified.
    """
    if type(name) is not str or not name.strip() or "'" in name:
        msg = (
            f"a symbolic function is called by a name without primes, such as 'f' or 'v_x'; met {describe(name)}.\n"
            "  For a derivative:  symbolic_func('f').derivative()"
        )
        raise ArgumentError(msg)
    if type(n) is not int or n < 1:
        msg = f"a symbolic function has 1, 2, … arguments; met {n!r}"
        raise ArgumentError(msg)
    return _member(name, n, ())


def unary_symbolic_func(name: str, /) -> SymbolicFunc:
    """Return the function of one argument that is known by its name only.

    >>> f = unary_symbolic_func("f")
    >>> from revdiff import nth_derivative
    >>> nth_derivative(f, 3)(sympy.Symbol("x"))
    f'''(x)
    """
    return symbolic_func(name, 1)


def binary_symbolic_func(name: str, /) -> SymbolicFunc:
    """Return the function of two arguments that is known by its name only.

    >>> from revdiff import two_args_derivative
    >>> two_args_derivative(binary_symbolic_func("h"))(*sympy.symbols("x y"))
    (h'_1(x, y), h'_2(x, y))
    """
    return symbolic_func(name, 2)
