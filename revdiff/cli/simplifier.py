"""Shorter formulas, at a bounded cost.

Imports SymPy and the bound on its work.
"""

from __future__ import annotations

from time import thread_time
from typing import Any, final

import sympy

from revdiff.symbolic.text.effort import Effort, EffortError

LARGEST_POWER = 60
TO_SIMPLIFY, TO_FACTOR = 60, 1000
"""Up to so many operations SymPy is asked to simplify, and to factor: what it does best takes it longest."""


@final
class Simplifier:
    """Shortens formulas until so many seconds have been spent on it.

    >>> x = sympy.Symbol("x")
    >>> Simplifier(seconds=5.0)(3 * x**2 / (x**3 + x**2) + 2 * x / (x**3 + x**2))
    ((3*x + 2)/(x*(x + 1)), '')
    """

    def __init__(self, seconds: float = 3.0) -> None:
        self._left = seconds

    def __call__(self, formula: Any) -> tuple[Any, str]:
        """Return the shortest form that was found, and a note if it was not much that could be tried."""
        operations = int(formula.count_ops())
        if operations > TO_FACTOR:
            steps, size, note = [sympy.factor_terms], sympy.count_ops, "hardly simplified"
        else:
            steps, size, note = [sympy.factor, sympy.simplify], _length, ""
            if _has_large_powers(formula):
                steps = [sympy.factor_terms]
            elif operations > TO_SIMPLIFY:
                steps = [sympy.factor]
        forms = [formula]
        start = thread_time()
        try:
            with Effort(max(0.0, self._left)):
                for step in steps:
                    forms.append(step(formula))
        except EffortError:
            note = "hardly simplified: more would take too long"
        finally:
            self._left -= thread_time() - start
        return min(forms, key=size), note


def _length(formula: Any) -> int:
    return len(str(formula))


def _has_large_powers(formula: Any) -> bool:
    """Tell whether multiplying out powers would make a long polynomial of a short one."""
    return any(p.exp.is_Rational and abs(p.exp) > LARGEST_POWER for p in formula.atoms(sympy.Pow))
