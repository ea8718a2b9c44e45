"""Structures to look into, paths that lead into them, and how two structures are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from revdiff import path


@dataclass
class Record:
    x: Any
    y: Any
    z: Any = 1.0


class Pair(NamedTuple):
    first: Any
    second: Any


@dataclass
class Layer:
    weight: Any
    bias: Any
    name: str = "dense"


@dataclass
class Model:
    layers: list[Layer]
    rate: float


def model():
    hidden = Layer(np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([0.1, 0.2]), "hidden")
    return Model([hidden, Layer(np.array([[2.0, -1.0]]), np.array([0.5]), "out")], 0.25)


def mapped(function, x):
    """Return x with a function applied to the numbers and arrays in it."""
    if isinstance(x, dict):
        return {key: mapped(function, value) for key, value in x.items()}
    if isinstance(x, Record | Layer | Model):
        return type(x)(**mapped(function, vars(x)))
    if isinstance(x, Pair):
        return Pair(*[mapped(function, value) for value in x])
    if isinstance(x, list | tuple):
        return type(x)([mapped(function, value) for value in x])
    return x if isinstance(x, str) or x is None else function(x)


def numbers_in(x):
    """Return the numbers and arrays in x, in order."""
    found = []
    mapped(found.append, x)
    return found


def with_numbers(x, numbers):
    """Return x with these numbers in it, in order."""
    following = iter(numbers)
    return mapped(lambda n: next(following), x)


def changed(x):
    """Return a value of the form of x with other numbers in it."""
    return mapped(lambda n: 3.0 - 2.0 * n, x)


def same(a, b):
    """Tell whether two values are of one form, with the same numbers in them."""
    return close(a, b, 0.0)


def close(a, b, tolerance=1e-9):
    """Tell whether two values are of one form, with about the same numbers in them."""
    if mapped(np.shape, a) != mapped(np.shape, b):
        return False
    pairs = zip(numbers_in(a), numbers_in(b), strict=True)
    return all(np.allclose(x, y, rtol=tolerance, atol=tolerance) for x, y in pairs)


numbers = st.floats(-2.0, 2.0).map(lambda x: round(x, 3))
arrays = st.tuples(st.integers(1, 3), st.integers(1, 3), numbers).map(
    lambda t: np.arange(1.0, t[0] * t[1] + 1).reshape(t[0], t[1]) / 8 + t[2]
)


def _containers(parts):
    return st.one_of(
        st.lists(parts, max_size=3),
        st.lists(parts, min_size=1, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("abc"), parts, min_size=1, max_size=3),
        st.builds(Record, parts, parts, parts),
        st.builds(Pair, parts, parts),
        st.builds(Layer, parts, parts, st.sampled_from(["dense", "out"])),
    )


structures = _containers(st.recursive(numbers | arrays, _containers, max_leaves=8))


def _steps_into(x):
    """Return the steps that lead from x to one target, each with that target."""
    if isinstance(x, np.ndarray) and x.size and x.ndim:
        n = len(x)
        indices = [0, -1, slice(None, None, -1), slice(0, n - 1), [0], (..., 0), np.arange(n) % 2 == 0]
        return [(path[index], x[index]) for index in indices]
    if isinstance(x, dict):
        return [(path[key], x[key]) for key in x]
    if isinstance(x, Record | Layer):
        return [(getattr(path, name), value) for name, value in vars(x).items() if name != "name"]
    if isinstance(x, Pair):
        return [(path.first, x.first), (path[1], x[1]), (path[-2], x[-2]), (path[:1], (x.first,))]
    if isinstance(x, list | tuple):
        one = [(path[i], x[i]) for i in range(-len(x), len(x))]
        return [*one, (path[1:], x[1:]), (path[::-1], x[::-1])]
    return []


@st.composite
def ways(draw, x):
    """Draw a path to exactly one target in x, and return it with that target."""
    p, target = path, x
    for _ in range(draw(st.integers(0, 4))):
        steps = _steps_into(target)
        if not steps:
            break
        step, target = draw(st.sampled_from(steps))
        p = p / step
    return p, target


@st.composite
def looked_into(draw):
    """Draw a structure, a path to one target in it, and that target."""
    x = draw(structures)
    return x, *draw(ways(x))


@st.composite
def walked_through(draw):
    """Draw a structure, and a path to any number of targets in it."""
    x, p, target = draw(looked_into())
    has_parts = target.ndim if isinstance(target, np.ndarray) else not isinstance(target, float)
    for extra in draw(st.permutations([path.instance(list, dict), path.where(lambda part: True), path.present]))[:2]:
        p = p / extra
    if has_parts and draw(st.booleans()):
        p = p.each.where(lambda part: type(part) is not list)
    return x, p


def two_ways_from_one():
    """Draw a structure, a path p in it, and a path q from where p leads."""
    return looked_into().flatmap(lambda case: ways(case[2]).map(lambda q: (case[0], case[1], q[0])))
