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


def same(a, b):
    """Tell whether two plain structures are of one form, with the same numbers in them."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.shape(a) == np.shape(b) and np.array_equal(a, b)
    if isinstance(a, dict):
        return type(a) is type(b) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, Record | Layer | Model):
        return type(a) is type(b) and same(vars(a), vars(b))
    return a == b


def close(a, b, tolerance=1e-6):
    """Tell whether two cotangents of one form agree."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k], tolerance) for k in a)
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if isinstance(a, Record | Layer | Model):
        return type(a) is type(b) and close(vars(a), vars(b), tolerance)
    if isinstance(a, str) or a is None:
        return a == b
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=tolerance, atol=tolerance)


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


def steps_into(x):
    """Return the steps that lead from x to one part of it, with that part."""
    if isinstance(x, np.ndarray) and x.ndim:
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
def lens_paths(draw, x):
    """Draw a path to exactly one target in x, and return it with that target."""
    way, target = path, x
    for _ in range(draw(st.integers(0, 4))):
        choices = steps_into(target)
        if not choices:
            break
        step, target = draw(st.sampled_from(choices))
        way = way / step
    return way, target


@st.composite
def traversals(draw, x):
    """Draw a path to any number of numbers or arrays in x: through ``each`` as well, and prisms."""
    way, target = draw(lens_paths(x))
    for _ in range(draw(st.integers(0, 2))):
        extra = draw(st.sampled_from([path.each, path.instance(list, dict), path.where(lambda part: True), path.present]))
        if extra == path.each and not isinstance(target, list | tuple | dict | Record | Layer | np.ndarray):
            break
        way = way / extra
        if extra == path.each:
            break
    return way


def changed(x):
    """Return a value of the form of x with other numbers in it."""
    if isinstance(x, dict):
        return {key: changed(value) for key, value in x.items()}
    if isinstance(x, Record | Layer):
        return type(x)(**{key: changed(value) for key, value in vars(x).items()})
    if isinstance(x, Pair):
        return Pair(*map(changed, x))
    if isinstance(x, list | tuple):
        return type(x)(map(changed, x))
    return x if isinstance(x, str) or x is None else 3.0 - 2.0 * x
