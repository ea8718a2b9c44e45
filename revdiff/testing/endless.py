"""Streams, as the checks see them: structures of their first few elements.

Imports the core and the streams.
"""

from __future__ import annotations

from typing import Any

from revdiff.core.cotangents import zero_like
from revdiff.core.registry import TypeRegistry
from revdiff.core.structure import Parts, Structure
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

FEW = 4
"""So many elements are looked at."""

ENDLESS: TypeRegistry[Structure] = TypeRegistry()


def _first(x: Any) -> Parts:
    return dict(enumerate(x.take(FEW)))


def _stream(x: Any, parts: Parts) -> Stream[Any]:
    return Stream.tabulate(lambda i: parts.get(i) if i in parts else x[i])


def _finite(x: Any, parts: Parts) -> FiniteSupportStream[Any]:
    return FiniteSupportStream(_stream(x, parts).take(max(FEW, x.support_length)), lambda: x.zero)


def _finite_cotangent(x: Any, parts: Parts) -> FiniteSupportStream[Any]:
    return FiniteSupportStream([parts[i] for i in range(FEW)], lambda: zero_like(x.head))


def _stream_of_cotangents(x: Any, parts: Parts) -> Stream[Any]:
    return Stream.tabulate(lambda i: parts[i] if i in parts else zero_like(x[i]))


def _structure(build: Any, cotangent: Any) -> Structure:
    return Structure(
        parts=_first,
        get=lambda x, i: x[i],
        build=build,
        cotangent=cotangent,
        spread=lambda x, x_bar: _first(x_bar),
        step=lambda x, i: f"[{i}]",
    )


ENDLESS.register(Stream, _structure(_stream, _finite_cotangent))
ENDLESS.register(FiniteSupportStream, _structure(_finite, _stream_of_cotangents))
