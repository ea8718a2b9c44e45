"""Rules for functions of arrays: a result, and one local pullback for each operand.

Imports the core, broadcasting and NumPy's protocol. A rule is a function that computes, with NumPy, and
returns what it computed and how cotangents go back. It may be given RevDiffs of a lower layer; NumPy
hands them to the rules again, and that is all that higher orders need.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, final

import numpy as np

from revdiff.broadcasting import Fit, fit_for
from revdiff.core.capture import Fingerprint, check, keep, watch
from revdiff.core.errors import UnsupportedValueError
from revdiff.core.lifting import lift
from revdiff.core.revdiff import OPERATORS, RevDiff, primal
from revdiff.core.structure import STRUCTURED
from revdiff.numpy_protocol import stands_for


def rule(*numpy_functions: Any) -> Callable[[Callable[..., tuple[Any, ...]]], Callable[..., Any]]:
    """Make the derivative rule of a function of arrays, and let it stand for NumPy's.

    The decorated function takes its operands as positional-only parameters and options after them. It
    returns the result and then one local pullback per operand, in order; None is the identity. Of a
    constant operand the pullback is never called. Shapes are the rule's business, dtype and reality
    are not: every cotangent is brought to the space of its operand.

        @rule(np.linalg.inv)
        def inv(a, /):
            b = np.linalg.inv(a)

            def inv_pullback(b_bar):
                bt = np.matrix_transpose(b)
                return -bt @ b_bar @ bt

            return b, inv_pullback
    """

    def register(body: Callable[..., tuple[Any, ...]]) -> Callable[..., Any]:
        count = body.__code__.co_posonlyargcount

        @wraps(body)
        def function(*args: Any, **options: Any) -> Any:
            operands, rest = [_operand(a, body.__name__) for a in args[:count]], args[count:]
            marks = [mark for a in operands for mark in watch(a)]
            operands = [a if type(a) is RevDiff else keep(a) for a in operands]

            def at_layer(*values: Any) -> tuple[Any, ...]:
                y, *pullbacks = body(*values, *rest, **options)
                return y, *[_Guarded(p, fit_for(x, y), marks) for p, x in zip(pullbacks, values, strict=True)]

            return lift(at_layer, *operands)

        return stands_for(*numpy_functions)(function) if numpy_functions else function

    return register


def _operand(a: Any, name: str) -> Any:
    """Return an operand as an array, a number or a RevDiff: of a list of RevDiffs, one RevDiff."""
    if type(primal(a)) in STRUCTURED and type(a) is RevDiff:
        raise UnsupportedValueError.of_structure(name, primal(a))
    if isinstance(a, list | tuple):
        a = np.array(a)
    return OPERATORS["gather"](a)


@final
class _Guarded:
    """A local pullback that looks for changed arrays first, and ends in the space of its operand."""

    __slots__ = ("_fit", "_marks", "_pullback")

    def __init__(self, pullback: Callable[[Any], Any] | None, fit: Fit | None, marks: list[Fingerprint]) -> None:
        self._pullback = pullback
        self._fit = fit
        self._marks = marks

    def __call__(self, ct: Any) -> Any:
        check(self._marks)
        sent = ct if self._pullback is None else self._pullback(ct)
        return sent if self._fit is None else self._fit(sent)
