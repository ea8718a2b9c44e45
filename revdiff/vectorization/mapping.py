"""The operator: all samples at once where the function allows it, one after the other where not.

Imports the core, batches, the descriptors and the arguments of operators. A function of a sample is given a
`Batch` in the place of the sample, and runs once. By the law of batches, what it returns is the batch of what it would
have returned for each sample. A function that asks a batch for what only one sample has, a number of Python or a
decision that samples take differently, gets an error instead of an answer, and is then called with one sample after the
other. Either way the result is one value, and one sweep leads back from it.

A derivative that the function takes itself is younger than the axis of the samples, and so outside of the batch. Where
such a derivative has a batch for its variable, the function runs on `dressed` batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any, Literal, final

import numpy as np

from revdiff.batches import seeds  # noqa: F401 (brings in the functions that batches are served by)
from revdiff.batches.batch import Axis, Batch, dressed
from revdiff.core.errors import ArgumentError, BatchError, BatchLayerError
from revdiff.core.revdiff import primal
from revdiff.derivatives.arguments import require_function
from revdiff.structures.array import array_val
from revdiff.structures.auto import auto_val
from revdiff.structures.protocol import Pull
from revdiff.structures.scalar import scalar_val
from revdiff.vectorization.arguments import Argument, count_samples
from revdiff.vectorization.axes import Axes, axes_of_each
from revdiff.vectorization.results import joined, joined_of_none, opened, placed


def vectorize(
    f: Callable[..., Any], /, in_axes: Axes = 0, out_axes: Axes = 0, *, fallback: Literal["loop", "error"] = "loop"
) -> Callable[..., Any]:
    """Return the function that maps f, a function of one sample, over many samples.

        vectorize(f)(x)[i] = f(x[i])

    in_axes     where the axis of samples is among those of the arrays in each positional argument: a number for all of
                them, or a tuple with an entry for each. An entry is a number, None for an argument that all samples
                share, or a structure of these, built like the argument. Keyword arguments are shared
    out_axes    where it is in the arrays of the result: a number, or a structure of numbers
    fallback    what is done where f cannot run on all samples at once: "loop" calls it with one after the other,
                "error" raises a `BatchError` that says why it cannot

    Inside f, ``x.shape`` is the shape of one sample. Arguments and results may be structures.

    >>> import numpy as np
    >>> from revdiff import grad
    >>> loss = lambda w, x, y: (np.tanh(w @ x) - y) ** 2
    >>> w, x, y = np.array([1.0, -1.0]), np.array([[1.0, 1.0], [3.0, 2.0], [0.0, 1.0]]), np.array([0.0, 1.0, 0.0])
    >>> vectorize(loss, in_axes=(None, 0, 0))(w, x, y).round(2)
    array([0.  , 0.06, 0.58])

    It may be differentiated, and f may take derivatives itself. The gradient of each sample's loss:

    >>> vectorize(grad(loss), in_axes=(None, 0, 0))(w, x, y).round(2)
    array([[ 0.  ,  0.  ],
           [-0.6 , -0.4 ],
           [-0.  , -0.64]])

    Raises `ArgumentError` where an argument has no such axis, or where two have different numbers of samples.
    """
    require_function("vectorize", f)
    if fallback not in ("loop", "error"):
        msg = f'fallback is "loop" or "error"; met {fallback!r}'
        raise ArgumentError(msg)

    def mapped(*args: Any, **kwargs: Any) -> Any:
        taken = [
            Argument(x, axes, i) for i, (x, axes) in enumerate(zip(args, axes_of_each(in_axes, args), strict=True))
        ]
        count = count_samples(taken)
        try:
            result = _at_once(f, taken, kwargs, count)
        except Exception as error:  # whatever it is, the samples know better
            if fallback == "error":
                msg = f"{_name_of(f)} cannot run on all samples at once.  {_said(error)}"
                raise BatchError(msg) from error
        else:
            return placed(result, out_axes)
        return placed(_one_by_one(f, taken, kwargs, count) if count else _of_none(f, taken, kwargs), out_axes)

    return mapped


def _name_of(f: Callable[..., Any]) -> str:
    """Return what a function is called; of one that an operator returned, the operator."""
    if str(getattr(f, "__module__", "")).startswith("revdiff."):
        return f"{getattr(f, '__qualname__', '').partition('.')[0]}(…)"
    return getattr(f, "__name__", "") or repr(f)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def _at_once(f: Callable[..., Any], taken: list[Argument], kwargs: dict[str, Any], count: int) -> Any:
    """Return what f makes of all samples: of batches, and where these are no variables for its derivatives, of dressed ones.

    Zeros have to be batches where a Jacobian writes into them, and dressed where `jvp` makes them its variable.
    """
    refused: Exception
    for is_dressed, has_dressed_zeros in ((False, False), (True, False), (True, True)):
        axis = Axis.of_samples(count, has_dressed_zeros)
        try:
            return opened(f(*[argument.handed(_batches_of(axis, is_dressed)) for argument in taken], **kwargs), axis)
        except BatchLayerError as error:
            refused = error
    raise refused


def _batches_of(axis: Axis, is_dressed: bool) -> Callable[[Any], Any]:
    return lambda x: dressed(Batch(x, axis)) if is_dressed else Batch(x, axis)


def _of_none(f: Callable[..., Any], taken: list[Argument], kwargs: dict[str, Any]) -> Any:
    """Return what f makes of no samples: what it makes of one whose numbers are all 1, without that one."""
    try:
        result = f(*[argument.handed(_sample_of_ones) for argument in taken], **kwargs)
    except Exception as error:
        msg = f"there are no samples, and {_name_of(f)} cannot tell without one what it would return.  {_said(error)}"
        raise BatchError(msg) from error
    return joined_of_none(result)


def _sample_of_ones(samples: Any) -> Any:
    plain = primal(samples)
    return np.ones(plain.shape[1:], plain.dtype)[()]


def _one_by_one(f: Callable[..., Any], taken: list[Argument], kwargs: dict[str, Any], count: int) -> Any:
    """Return what f makes of one sample after the other, joined."""
    results = []
    for i in range(count):
        try:
            results.append(f(*[argument.handed(itemgetter(i)) for argument in taken], **kwargs))
        except Exception as error:
            error.add_note(f"in sample {i} of {count}")
            raise
    return joined(results)


@final
class _OfSamples:
    """The value of a function that is a batch: one number, or an array of them, for each sample."""

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivative of the number, or the Jacobian of the array."""
        return (array_val if np.ndim(primal(y)) else scalar_val).derivatives(y, pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair y with ȳ, which has its shape."""
        return (array_val if np.ndim(primal(y)) else scalar_val).seeds(y, y_bar)


auto_val.register(Batch, _OfSamples())
