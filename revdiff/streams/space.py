"""The space of streams: the zero cotangent of one kind of stream is of the other kind.

Imports the core, the makers of functions, and the streams.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from revdiff.core.cotangents import one_like, register_monoid, zero_like
from revdiff.core.errors import InfiniteError
from revdiff.core.structure import MAPS
from revdiff.functions.beside import CONTAINERS
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream


def _no_one(stream: Stream[Any]) -> NoReturn:
    msg = (
        "a stream of ones has no end, so it is no cotangent of a Stream.\n  To differentiate each element:  stream_val"
    )
    raise InfiniteError(msg)


def _mapped(function: Callable[[Any], Any], x: FiniteSupportStream[Any]) -> FiniteSupportStream[Any]:
    rest = None if x._rest is None else x._rest.stripped(function)
    return FiniteSupportStream._of(tuple(map(function, x.to_list())), lambda: function(x.zero), rest)


register_monoid(
    Stream,
    zero=lambda s: FiniteSupportStream((), lambda: zero_like(s.head)),
    one=_no_one,
    add=lambda a, b: a + b,
)
register_monoid(
    FiniteSupportStream,
    zero=lambda x: x.to_stream().map(zero_like),
    one=lambda x: x.to_stream().map(one_like),
    add=lambda a, b: a + b,
)
MAPS.register(Stream, lambda function, s: s.map(function))
MAPS.register(FiniteSupportStream, _mapped)
CONTAINERS.update((Stream, FiniteSupportStream))
