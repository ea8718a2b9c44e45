"""Rules for functions of arrays: a result, and one local pullback for each operand.

Imports the core, batches, broadcasting, memory, slopes and NumPy's protocol. A rule is a function that computes, with
NumPy, and returns what it computed and how cotangents go back. It may be given RevDiffs of a lower layer; NumPy hands
them to the rules again, and that is all that higher orders need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import CO_VARARGS
from typing import Any, final

import numpy as np

from revdiff.arrays.broadcasting import Fit, fit_to
from revdiff.arrays.memory import viewed
from revdiff.arrays.numpy_protocol import plain, stands_for
from revdiff.batches.batch import Batch
from revdiff.batches.calls import applied
from revdiff.core.capture import Fingerprint, check, keep, watch
from revdiff.core.collecting import Place
from revdiff.core.cotangents import ZERO, zero_like
from revdiff.core.errors import ConversionError, UnsupportedValueError
from revdiff.core.graph import NOWHERE, edge, next_number
from revdiff.core.lifting import lift
from revdiff.core.masks import Masked, masked
from revdiff.core.outer import Outer
from revdiff.core.revdiff import OPERATORS, RevDiff, made, primal
from revdiff.core.structure import STRUCTURED
from revdiff.functions.slopes import zero_outside
from revdiff.systems import is_masked, noted


def rule(
    *numpy_functions: Any, linear: bool = False, quickly: Callable[..., Any] | None = None
) -> Callable[[Callable[..., tuple[Any, ...]]], Callable[..., Any]]:
    """Make the derivative rule of a function of arrays, and let it stand for NumPy's.

    The decorated function takes its operands as positional-only parameters, or as ``*operands``, and
    options after them. It returns the result and then one local pullback per operand, in order; None is
    the identity. Of a constant operand the pullback is never called. Shapes are the rule's business, dtype
    and reality are not: every cotangent is brought to the space of its operand.

    Options are constants, and reach the rule without RevDiffs. ``linear`` says that no pullback reads the
    operands, which may then change after the call. ``quickly`` returns the result for the commonest operands, without
    the questions that have to be asked about others, and None for these.

    A function of several results returns them as a tuple, named or not, and callers get that tuple of
    RevDiffs. Its pullbacks take one cotangent for each result, and None for a result that nothing came back to.

        @rule(np.linalg.inv)
        def inv(a, /):
            b = np.linalg.inv(a)

            def inv_pullback(b_bar):
                bt = np.matrix_transpose(b)
                return -bt @ b_bar @ bt

            return b, inv_pullback
    """

    def register(body: Callable[..., tuple[Any, ...]]) -> Callable[..., Any]:
        code = body.__code__
        count = None if code.co_flags & CO_VARARGS else code.co_posonlyargcount

        @wraps(body)
        def function(*args: Any, **options: Any) -> Any:
            if quickly is not None and (found := quickly(*args, **options)) is not None:
                return found
            operands, values, marks, tag = _operands(args[:count], linear, body.__name__)
            if tag == _BATCHED:
                return applied(numpy_functions[0] if numpy_functions else function, args, options)
            rest = [_setting(a) for a in args[len(operands) :]] if len(args) > len(operands) else ()
            if options:
                options = {name: _setting(value) for name, value in options.items()}
            for value in (*rest, *options.values()):
                marks += watch(value)
            result: Any
            if tag:
                y, *pullbacks = body(*values, *rest, **options)
                parts: list[Any] = [next_number(), tag]
                for a, x, pullback in zip(operands, values, pullbacks, strict=True):
                    if type(a) is RevDiff:
                        parts += edge(a._node, a._scale, _Guarded(pullback, x, marks))
                result = made(y, tuple(parts))
            else:

                def at_layer(*values: Any) -> tuple[Any, ...]:
                    y, *pullbacks = body(*values, *rest, **options)
                    y = noted(body.__name__, y, values)
                    return y, *[_Guarded(p, x, marks) for p, x in zip(pullbacks, values, strict=True)]

                result = lift(at_layer, *operands)
            if len(operands) == 1 and numpy_functions and _is_view(result):
                return viewed(operands[0], result, lambda x: numpy_functions[0](x, *rest, **options))
            return _opened(result) if type(result) is RevDiff and isinstance(result.value, tuple) else result

        return stands_for(*numpy_functions)(function) if numpy_functions else function

    return register


def _is_view(result: Any) -> bool:
    plain = primal(result)
    return type(plain) is np.ndarray and plain.base is not None


_ARRAYS = frozenset({np.ndarray, RevDiff})
"""The values of the simplest operands."""

_BATCHED = -1


def _operands(args: Sequence[Any], linear: bool, name: str) -> tuple[list[Any], list[Any], list[Fingerprint], int]:
    """Return the operands, their values, the marks of the caller's arrays, and the tag if that is all there is to know.

    It is for RevDiffs of arrays and of one layer, and plain arrays. The tag is 0 where a rule has to be lifted layer by layer.
    """
    operands: list[Any] = []
    values: list[Any] = []
    marks: list[Fingerprint] = []
    tag, is_simple = 0, True
    for a in args:
        kind = type(a)
        operand = value = a
        if kind is RevDiff:
            value, its_tag = a.value, a._node[1]
            if its_tag and tag in (0, its_tag) and type(value) in _ARRAYS:
                tag = its_tag
            elif type(primal(a)) in STRUCTURED:
                raise UnsupportedValueError.of_structure(name.strip("_"), primal(a))
            else:
                is_simple = False
        elif kind is Batch:
            return [], [], [], _BATCHED
        else:
            if kind is not np.ndarray or a.dtype.kind == "O":
                if isinstance(a, np.matrix) or is_masked(a):  # no pullback may multiply by one: their * is another
                    raise UnsupportedValueError.of_operand(name.strip("_"), a)
                operand = OPERATORS["gather"](a)
            if not linear and type(operand) is not RevDiff:
                marks += watch(operand)
                operand = keep(operand)
            value = operand
            is_simple = is_simple and type(operand) is np.ndarray
        operands.append(operand)
        values.append(value)
    return operands, values, marks, tag if is_simple and tag > 0 else 0


def _setting(value: Any) -> Any:
    """Return an option that nobody can change, without RevDiffs. One of floats would lose its derivative here."""
    if value is None or isinstance(value, str | int | float):
        return value
    if type(value) in (list, tuple):
        return type(value)(map(_setting, value))
    if type(value) is RevDiff and np.asarray(primal(value)).dtype.kind not in "iub":
        conversion = "the use as an option"
        raise ConversionError.of(conversion)
    return keep(plain(value))


def _opened(results: RevDiff) -> Any:
    """Return the RevDiff of a tuple of results as a tuple of RevDiffs."""
    node, values = results._node, results.value
    cotangents = _Cotangents(len(values))
    each = [
        made(value, (next_number(), node[1], node, Place(cotangents, i)) if node[1] else NOWHERE)
        for i, value in enumerate(values)
    ]
    return type(values)(*each) if hasattr(values, "_fields") else tuple(each)


@final
class _Cotangents:
    """Puts the cotangents of several results in a tuple, with None where none arrived."""

    __slots__ = ("_count",)

    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, arrived: Mapping[int, Any]) -> tuple[Any, ...]:
        return tuple(arrived.get(i) for i in range(self._count))


@final
class _Guarded:
    """A local pullback that looks for changed arrays first, and ends in the space of its operand."""

    __slots__ = ("_dtype", "_fit", "_marks", "_pullback", "_shape")

    def __init__(self, pullback: Callable[[Any], Any] | None, x: Any, marks: list[Fingerprint]) -> None:
        self._pullback = pullback
        self._marks = marks
        self._fit: Fit | None = None
        if type(x) is np.ndarray and x.dtype.kind in "fc":
            self._shape, self._dtype = x.shape, x.dtype  # all that is needed to see that nothing is to be done
        else:
            self._shape = self._dtype = None
            self._fit = fit_to(x)

    def __call__(self, ct: Any) -> Any:
        if self._marks:
            check(self._marks)
        of_several = type(ct) is tuple
        sent = ct if self._pullback is None else self._pullback(*ct) if of_several else self._pullback(ct)
        if type(sent) is np.ndarray and sent.dtype is self._dtype and sent.shape == self._shape:
            return sent
        return self._fitted(sent)

    def masked(self, ct: Masked) -> Any:
        """Let what is absent move along, where elements only move or stay."""
        check(self._marks)
        if self._pullback is None:
            return self._fitted(ct)
        if hasattr(self._pullback, "masked"):
            return self._fitted(self._pullback.masked(ct))
        sent = self(ct.value)
        if np.any(ct.firm) or sent is ZERO or type(sent) is Masked:
            return sent
        zeros = zero_like(primal(sent))
        return Masked(zeros, np.ones(np.shape(zeros), bool), np.zeros(np.shape(zeros), bool))

    def _fitted(self, sent: Any) -> Any:
        if sent is ZERO or (type(sent) is Outer and sent.dtype is self._dtype and sent.shape == self._shape):
            return sent
        sent = sent.finished() if type(sent) is Outer else sent
        fit = self._fit or Fit(self._shape, self._dtype, self._dtype.kind == "f")
        return fit.masked(sent) if type(sent) is Masked else fit(sent)


@final
class Moving:
    """The local map ct ↦ function(ct, *args), fitted, of a function that moves elements; what is absent moves along."""

    __slots__ = ("_args", "_fit", "_function")

    def __init__(self, function: Callable[..., Any], *args: Any, fit: Fit | None = None) -> None:
        self._function = function
        self._args = args
        self._fit = fit

    def __call__(self, ct: Any) -> Any:
        """Apply the function."""
        sent = self._function(ct, *self._args)
        return sent if self._fit is None else self._fit(sent)

    def masked(self, ct: Masked) -> Any:
        """Apply the function to the cotangent and to its mask. Where elements share, each has a part of what is present."""
        return ct.moved(self(ct.value), lambda mask: self._function(mask, *self._args) != 0)


def only(mask: Any, ct: Any) -> Any:
    """Return the cotangent of an array of which only the elements under a mask took part.

    The others are absent, not zero: the infinite slope that √x may have there is never asked for.
    """
    return masked(zero_outside(mask, ct), mask)
