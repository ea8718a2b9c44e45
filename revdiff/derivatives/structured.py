"""The derivative operators of one kind of structure each.

Imports the derivative operators and the descriptors. Every one is `custom_arg_derivative` or
`custom_val_derivative` with a descriptor filled in; the other side is read off the value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revdiff.derivatives.operators import custom_arg_derivative, custom_val_derivative
from revdiff.structures.array import array_arg, array_val
from revdiff.structures.differentiation import Function
from revdiff.structures.finite_support_stream import finite_support_stream_arg, finite_support_stream_val
from revdiff.structures.mapping import mapping_arg, mapping_val
from revdiff.structures.optional import optional_arg, optional_val
from revdiff.structures.record import record_arg, record_val
from revdiff.structures.sequence import sequence_arg, sequence_val
from revdiff.structures.stream import stream_arg, stream_val
from revdiff.structures.tuple import tuple_arg, tuple_val
from revdiff.structures.vector import vector_arg, vector_val


def tuple_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a tuple.

    >>> of_product = tuple_arg_derivative(lambda t: t[0] * t[1] * t[2])
    >>> of_product((2.0, 3.0, 5.0))
    (15.0, 10.0, 6.0)
    """
    return custom_arg_derivative(tuple_arg, f)


def tuple_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a tuple.

    >>> tuple_val_derivative(lambda t: (t**2, t**3))(2.0)
    (4.0, 12.0)
    """
    return custom_val_derivative(tuple_val, f)


def sequence_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a list or another sequence.

    >>> sequence_arg_derivative(lambda xs: sum(x * x for x in xs))([1.0, 2.0, 3.0])
    [2.0, 4.0, 6.0]
    """
    return custom_arg_derivative(sequence_arg, f)


def sequence_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a list or another sequence.

    >>> sequence_val_derivative(lambda t: [t, t**2, t**3])(2.0)
    [1.0, 4.0, 12.0]
    """
    return custom_val_derivative(sequence_val, f)


def mapping_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a dictionary.

    >>> mapping_arg_derivative(lambda d: d["width"] * d["height"])({"width": 2.0, "height": 3.0})
    {'width': 3.0, 'height': 2.0}
    """
    return custom_arg_derivative(mapping_arg, f)


def mapping_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a dictionary.

    >>> mapping_val_derivative(lambda t: {"area": t**2, "name": "square"})(3.0)
    {'area': 6.0, 'name': 'square'}
    """
    return custom_val_derivative(mapping_val, f)


def record_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a record (a dataclass, a named tuple, a registered class).

    >>> from typing import NamedTuple
    >>> class Point(NamedTuple):
    ...     x: float
    ...     y: float
    >>> record_arg_derivative(lambda p: p.x * p.y**2)(Point(2.0, 3.0))
    Point(x=9.0, y=12.0)
    """
    return custom_arg_derivative(record_arg, f)


def record_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a record (a dataclass, a named tuple, a registered class).

    >>> from typing import NamedTuple
    >>> class Point(NamedTuple):
    ...     x: float
    ...     y: float
    >>> record_val_derivative(lambda t: Point(t, t**2))(3.0)
    Point(x=1.0, y=6.0)
    """
    return custom_val_derivative(record_val, f)


def array_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of an array.

    >>> import numpy as np
    >>> array_arg_derivative(lambda x: (x**2).sum())(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    return custom_arg_derivative(array_arg, f)


def array_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is an array.

    >>> import numpy as np
    >>> array_val_derivative(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return custom_val_derivative(array_val, f)


def vector_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a vector, whose elements are handed out one by one.

    >>> import numpy as np
    >>> vector_arg_derivative(lambda v: v[0] * v[1] + v[2])(np.array([2.0, 3.0, 5.0]))
    array([3., 2., 1.])
    """
    return custom_arg_derivative(vector_arg, f)


def vector_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a vector, whose elements are handed out one by one.

    >>> vector_val_derivative(lambda t: [t, t**2])(3.0)
    [1.0, 6.0]
    """
    return custom_val_derivative(vector_val, f)


def stream_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a Stream.

    >>> from revdiff import Stream
    >>> stream_arg_derivative(lambda s: sum(s.take(3)))(Stream.repeat(1.0))
    [1.0,1.0,1.0,0.0,0.0,0.0,...
    """
    return custom_arg_derivative(stream_arg, f)


def stream_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a Stream.

    >>> from revdiff import Stream
    >>> stream_val_derivative(lambda x: Stream.iterate(lambda y: y * x, 1.0))(2.0)
    [0.0,1.0,4.0,12.0,32.0,...
    """
    return custom_val_derivative(stream_val, f)


def finite_support_stream_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a FiniteSupportStream.

    >>> from revdiff import FiniteSupportStream
    >>> x = FiniteSupportStream([1.0, 2.0])
    >>> finite_support_stream_arg_derivative(lambda x: (x * x).sum())(x)
    [2.0,4.0,0.0,0.0,0.0,...
    """
    return custom_arg_derivative(finite_support_stream_arg, f)


def finite_support_stream_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a FiniteSupportStream.

    >>> from revdiff import FiniteSupportStream
    >>> finite_support_stream_val_derivative(lambda t: FiniteSupportStream([t**2, t]))(3.0)
    [6.0,1.0,0.0,0.0,0.0,...
    """
    return custom_val_derivative(finite_support_stream_val, f)


def optional_arg_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function of a number that may be absent.

    >>> from revdiff import sin
    >>> slope = optional_arg_derivative(lambda x: 0.0 if x is None else sin(x))
    >>> slope(0.0), slope(None)
    (1.0, 0.0)
    """
    return custom_arg_derivative(optional_arg, f)


def optional_val_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return the derivative of a function whose value is a number that may be absent.

    >>> reciprocal = lambda x: None if x == 0 else 1 / x
    >>> optional_val_derivative(reciprocal)(2.0), optional_val_derivative(reciprocal)(0.0)
    (-0.25, None)
    """
    return custom_val_derivative(optional_val, f)
