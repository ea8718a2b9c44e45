"""How operators, methods and functions of NumPy are applied to batches.

Imports `batch`. NumPy's protocols bring every function here. Elementwise ones are applied to all samples at once; others
have a rule in `RULES`, or are applied to one sample after the other, which is always right.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from inspect import CO_VARARGS, CO_VARKEYWORDS
from typing import Any, NamedTuple

import numpy as np

from revdiff.batches.batch import Axis, Batch, axis_of, batches_in, holds_batch, ndim_of, raised, settled, wrapped
from revdiff.core.capture import shows_one_of
from revdiff.core.errors import BatchError, BatchSizeError
from revdiff.core.revdiff import primal, shape_of

PYTHON_NUMBERS = frozenset({float, int, complex, bool})


class Rule(NamedTuple):
    """A faster way than sample by sample, and the calls that it serves."""

    function: Callable[..., Any]
    operands: int
    """How many of the first arguments may be batches, or lists in which there are some."""
    positions: float
    names: frozenset[str] | None
    """The options by keyword; None for all."""


RULES: dict[Any, Rule] = {}
"""The functions that have such a way. It may answer NotImplemented, and then it goes sample by sample."""


def batched(*functions: Any, operands: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the decorated function serve batches in the place of some functions. Each must keep the law of a `Batch`.

    Calls with arguments that it does not name, or with batches behind the first ``operands``, do not reach it.
    """

    def register(rule: Callable[..., Any]) -> Callable[..., Any]:
        code = rule.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        positions = float("inf") if code.co_flags & CO_VARARGS else code.co_argcount
        known = None if code.co_flags & CO_VARKEYWORDS else frozenset(names)
        for function in functions:
            RULES[function] = Rule(rule, operands, positions, known)
        return rule

    return register


def elementwise(function: Callable[..., Any], /, *operands: Any, **options: Any) -> Any:
    """Apply a function that works element by element, with NumPy's broadcasting, to all samples at once.

    Axes of length 1 behind the hidden one make up for what a sample has fewer than others.
    """
    axis, args = settled(operands)
    if axis is None:
        return function(*args, **options)
    ndim = max(ndim_of(x) for x in args)
    largest = max((np.size(primal(x)) for x in args if type(x) is not Batch), default=0)
    if largest * axis.length > axis.most:
        raise BatchSizeError.of(largest)
    for x in args:
        if type(x) is not Batch and not _is_numeric(primal(x)):
            raise BatchError.beside(x)
    return wrapped(function(*[raised(x, ndim) for x in args], **options), axis)


def _is_numeric(x: Any) -> bool:
    """Tell whether something beside a batch is a number or an array of a kind that NumPy computes with itself."""
    if type(x) in PYTHON_NUMBERS:
        return True
    if isinstance(x, list | tuple):
        return all(_is_numeric(primal(part)) for part in x)
    return isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "fciub"


def applied(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Apply any function of which some arguments are batches: by its rule, or to one sample after the other."""
    every = [*args, *kwargs.values()]
    axis, operands = settled(every)
    if operands is not every:
        args, kwargs = operands[: len(args)], dict(zip(kwargs, operands[len(args) :], strict=True))
    if axis is None:
        return function(*args, **kwargs)
    rule = RULES.get(function)
    if (
        rule is not None
        and len(args) <= rule.positions
        and (rule.names is None or kwargs.keys() <= rule.names)
        and not any(map(holds_batch, args[rule.operands :]))
        and not any(map(holds_batch, kwargs.values()))
    ):
        result = rule.function(*args, **kwargs)
        if result is not NotImplemented:
            return result
    return by_samples(function, args, kwargs)


def by_samples(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Apply a function to one sample after the other, and make batches of the results."""
    axis = axis_of([x for a in (*args, *kwargs.values()) for x in batches_in(a)])
    results = [
        function(*[_sample(a, i) for a in args], **{name: _sample(a, i) for name, a in kwargs.items()})
        for i in range(axis.length)
    ]
    if not results:
        raise BatchError.unanswered(function)
    operands = [primal(x.array) for a in (*args, *kwargs.values()) for x in batches_in(a)]
    axis.is_frozen = axis.is_frozen or any(shows_one_of(operands, primal(result)) for result in results)
    return _together(results, axis, function)


def _sample(x: Any, i: int) -> Any:
    if type(x) is Batch:
        return x.array[i]
    return type(x)([_sample(part, i) for part in x]) if type(x) in (list, tuple) and holds_batch(x) else x


def _together(results: list[Any], axis: Axis, function: Callable[..., Any]) -> Any:
    first = results[0]
    if isinstance(first, tuple | list):
        if len({len(result) for result in results}) > 1:
            raise BatchError.unanswered(function)
        parts = [_together([result[i] for result in results], axis, function) for i in range(len(first))]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if (
        any(type(result) is Batch for result in results)
        or not all(_is_numeric(primal(result)) and shape_of(result) == shape_of(first) for result in results)
        or (isinstance(first, np.ndarray) and any(result is first for result in results[1:]))  # it wrote into one array
    ):  # fmt: skip
        raise BatchError.unanswered(function)
    return Batch(np.stack(results), axis)


def _array_ufunc(self: Batch, ufunc: np.ufunc, how: str, *inputs: Any, **options: Any) -> Any:
    if options.pop("out", None) is not None:
        raise BatchError.of_writing(ufunc.__name__)
    if how == "__call__" and ufunc.signature is None:
        makes_objects = all(loop.endswith("->" + "O" * ufunc.nout) for loop in ufunc.types)
        if (makes_objects and not any(map(ndim_of, inputs))) or any(
            holds_batch(value) or np.ndim(value) for value in options.values()
        ):
            return by_samples(ufunc, inputs, options)
        return elementwise(ufunc, *inputs, **options)
    return applied(ufunc if how == "__call__" else getattr(ufunc, how), inputs, options)


def _array_function(
    self: Batch, function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    if kwargs.get("out") is not None:
        raise BatchError.of_writing(function.__name__)
    if not any(map(holds_batch, args)) and not any(map(holds_batch, kwargs.values())):  # np.zeros(3, like=b)
        made = function(*args, **kwargs, like=self.array)
        return Batch(np.stack([made] * self.axis.length), self.axis)
    return applied(function, args, kwargs)


def _in_front(function: Callable[[Any, Any], Any]) -> Callable[[Batch, Any], Any]:
    """Make the method of an operator with a batch on its left. What is met most needs no look at ranks."""

    def operate(self: Batch, other: Any) -> Any:
        kind, array = type(other), self.array
        if kind is Batch:
            if other.axis is self.axis and other.array.ndim == array.ndim:
                return Batch(function(array, other.array), self.axis)
        elif kind in PYTHON_NUMBERS or (
            kind is np.ndarray and other.shape == array.shape[1:] and other.dtype.kind in "fc"
        ):
            return Batch(function(array, other), self.axis)
        return elementwise(function, self, other)

    return operate


def _behind(function: Callable[[Any, Any], Any]) -> Callable[[Batch, Any], Any]:
    return lambda self, other: elementwise(function, other, self)


def _in_place(function: Callable[[Any, Any], Any]) -> Callable[[Batch, Any], Any]:
    """Make the method of an operator that changes an array. A number does not change: its name gets another one."""

    def operate(self: Batch, other: Any) -> Any:
        result = function(self, other)
        if not self.ndim:
            return result
        if result.shape != self.shape or result.dtype != self.dtype:
            raise BatchError.of_writing(function.__name__)
        self[...] = result
        return self

    return operate


def _alone(function: Callable[[Any], Any]) -> Callable[[Batch], Any]:
    return lambda self: Batch(function(self.array), self.axis)


def _method_of(numpy_function: Any) -> Callable[..., Any]:
    def method(self: Batch, *args: Any, **kwargs: Any) -> Any:
        return numpy_function(self, *args, **kwargs)

    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"):
    _bare, _function = _name.strip("_"), getattr(operator, _name)
    setattr(Batch, f"__{_bare}__", _in_front(_function))
    setattr(Batch, f"__r{_bare}__", _behind(_function))
    setattr(Batch, f"__i{_bare}__", _in_place(_function))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Batch, f"__{_name}__", _in_front(getattr(operator, _name)))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(Batch, f"__{_name}__", _alone(getattr(operator, _name)))
for _name in (
    "all", "any", "argmax", "argmin", "argsort", "clip", "copy", "cumprod", "cumsum", "diagonal",
    "dot", "max", "mean", "min", "prod", "ravel", "repeat", "round", "squeeze", "std", "sum", "swapaxes", "take",
    "trace", "var",
):  # fmt: skip
    setattr(Batch, _name, _method_of(getattr(np, _name)))
for _name, _operate in {
    "divmod": lambda self, other: elementwise(divmod, self, other),
    "rdivmod": lambda self, other: elementwise(divmod, other, self),
    "getitem": lambda self, index: applied(operator.getitem, (self, index), {}),
    "setitem": lambda self, index, value: applied(operator.setitem, (self, index, value), {}),
    "array_ufunc": _array_ufunc,
    "array_function": _array_function,
}.items():
    setattr(Batch, f"__{_name}__", _operate)
