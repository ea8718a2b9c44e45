"""Points on manifolds: their gradients lie in the tangent space.

Imports the core, the rules, spaces and the descriptors. A point is known by its coordinates in a surrounding space,
a unit vector by its components, a rotation by its matrix. A function of it is differentiated by the coordinates, and
the projection to the tangent space takes away what leads off the manifold:

    x̄ = P(x) x̄ₛ,    where x̄ₛ is the cotangent of the coordinates
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from revdiff.core.errors import ArgumentError, ConversionError, describe_form
from revdiff.core.known import carry_over
from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.core.structure import ARRAYS, register_structure
from revdiff.functions.beside import CONTAINERS
from revdiff.rules.elementary import cos, sin, sqrt
from revdiff.rules.shape import gather
from revdiff.rules.steps import ldexp
from revdiff.spaces import register_tangent_type
from revdiff.structures.auto import auto_val
from revdiff.structures.protocol import Pull
from revdiff.systems import is_complex, is_number


def register_manifold(
    kind: type,
    /,
    coordinates: str,
    to_tangent: Callable[[Any, Any], Any],
    *,
    build: Callable[[Any, Any], Any] | None = None,
) -> None:
    """Let values of ``kind`` be points on a manifold in a space of arrays, with the metric of that space.

        x̄ = P(x) x̄ₛ,    P(x) the orthogonal projection to the tangent space at x

    coordinates   the name of the attribute that holds the coordinates of a point, an array
    to_tangent    (x, v) ↦ P(x) v, in functions that can be differentiated: its derivative is the curvature
    build         (x, coordinates) ↦ the point that has them, unchecked; by default, x copied with the attribute replaced

    Tangents and cotangents are arrays like the coordinates. Rotations, of the plane or of space: at R, every velocity
    is R times an antisymmetric matrix, and the projection is R a ↦ R (a - aᵀ)/2.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Rotation:
    ...     matrix: np.ndarray
    >>> def to_tangent(r, v):
    ...     seen_from_r = r.matrix.T @ v
    ...     return r.matrix @ (seen_from_r - seen_from_r.T) / 2
    >>> register_manifold(Rotation, "matrix", to_tangent)
    >>> from revdiff import grad
    >>> grad(lambda r: r.matrix[1, 0])(Rotation(np.eye(2)))         # sin of the angle, at 0
    array([[ 0. , -0.5],
           [ 0.5,  0. ]])
    """

    def at(point: Any, there: Any) -> Any:
        """Return the point with these coordinates. What the old one has cached is left out."""
        moved = object.__new__(type(point))
        carry_over(point, moved)
        object.__setattr__(moved, coordinates, there)
        return moved

    build = build or at
    register_structure(
        kind,
        lambda point: {coordinates: getattr(point, coordinates)},
        lambda point, parts: build(point, parts[coordinates]),
        cotangent=lambda point, parts: to_tangent(point, parts[coordinates]),
        spread=lambda point, x_bar: {coordinates: x_bar},
        names=(coordinates,),
    )
    auto_val.register(kind, PointVal(coordinates))
    register_tangent_type(kind, np.ndarray)


@final
@dataclass(frozen=True)
class PointVal:
    """A point on a manifold as the value of a function: its derivative is that of its coordinates."""

    coordinates: str

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives of the coordinates."""
        return auto_val.derivatives(getattr(y, self.coordinates), pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair the coordinates with their cotangents."""
        yield from auto_val.seeds(getattr(y, self.coordinates), y_bar)


@final
@dataclass(frozen=True, eq=False)
class UnitVector(NDArrayOperatorsMixin):
    """A vector of length one: a direction, a point on the sphere.

        value      u with |u| = 1; the constructor divides by the length
        cotangent  ū, a plain vector with ū · u = 0
        pairing    ū · du

    It computes as the array of its components does, and the results are plain arrays. It does not change: its
    components, ``u.vector``, are a copy that is read-only.

    Raises `ArgumentError` for what has no direction: the zero vector, infinities, a matrix.

    >>> from revdiff import grad
    >>> u = UnitVector([3.0, 4.0])
    >>> u
    UnitVector([0.6, 0.8])
    >>> grad(lambda u: u[0])(u)                       # x of a point on the circle: (1, 0) without its part along u
    array([ 0.64, -0.48])
    """

    __slots__ = ("vector",)

    vector: Any

    def __init__(self, vector: Any, /) -> None:
        object.__setattr__(self, "vector", _read_only(_direction(vector)))

    @classmethod
    def _at(cls, vector: Any) -> UnitVector:
        """Return the unit vector with these components, which are not normalized again."""
        u = object.__new__(cls)
        object.__setattr__(u, "vector", _read_only(vector))
        return u

    def moved(self, step: Any, /) -> UnitVector:
        """Return the point that is reached from u by going straight ahead, along a great circle, |t| far.

            u cos |t| + t sin |t| / |t|,    where t is the part of the step that is perpendicular to u

        >>> UnitVector([1.0, 0.0]).moved([0.0, np.pi / 6])
        UnitVector([0.8660254, 0.5      ])
        """
        if shape_of(step) != self.shape:
            msg = f"a step from a point of shape {self.shape} has that shape; met {describe_form(primal(step))}"
            raise ArgumentError(msg)
        t = _tangent_part(self, step)
        cosine, sine_over_length = _cos_and_sinc((t * t).sum())
        return UnitVector(self.vector * cosine + t * sine_over_length)

    def __getitem__(self, index: Any) -> Any:
        return self.vector[index]

    def __len__(self) -> int:
        return len(self.vector)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.vector)

    def __repr__(self) -> str:
        if not isinstance(self.vector, np.ndarray):
            return f"UnitVector({self.vector!r})"
        return f"UnitVector({np.array2string(self.vector, separator=', ', prefix='UnitVector(')})"

    def __reduce__(self) -> tuple[Any, ...]:
        return UnitVector._at, (self.vector,)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array of components, (n,)."""
        return self.vector.shape  # type: ignore[no-any-return]

    @property
    def dtype(self) -> Any:
        """The type of the components."""
        return self.vector.dtype

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        if isinstance(self.vector, RevDiff):
            msg = (
                "a UnitVector with RevDiffs in it as an array of numbers would drop its derivative.\n"
                "  For its components:         u.vector\n"
                "  For a matrix of several:    np.stack([u, v])\n"
                "  For the numbers alone:      revdiff.primal(u.vector)"
            )
            raise ConversionError(msg)
        converted: np.ndarray[Any, Any] = self.vector.astype(dtype or self.dtype, copy=bool(copy))
        if copy is False and converted is not self.vector:
            msg = f"components of dtype {self.dtype} become {converted.dtype} only in a copy"
            raise ValueError(msg)
        return converted

    def __array_ufunc__(self, ufunc: Any, how: str, *inputs: Any, **options: Any) -> Any:
        if any(isinstance(out, UnitVector) for out in options.get("out", ())):
            msg = (
                f"numpy.{ufunc.__name__} was asked to change a UnitVector in place, and it would not keep its length.\n"
                "  For an array:        u + step instead of u += step\n"
                "  For a unit vector:   UnitVector(u + step), or u.moved(step)"
            )
            raise ArgumentError(msg)
        return getattr(ufunc, how)(*map(_components, inputs), **options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return function(*_components(args), **{name: _components(value) for name, value in kwargs.items()})


def _components(x: Any) -> Any:
    """Return the array of components for a unit vector, also in lists, and anything else as it is."""
    if isinstance(x, UnitVector):
        return x.vector
    return type(x)(map(_components, x)) if type(x) in (list, tuple) else x


def _direction(v: Any) -> Any:
    """Return v/|v|."""
    if isinstance(primal(v), UnitVector):
        return v.vector
    if not isinstance(v, RevDiff):
        v = gather(np.array(v))
    plain = primal(v)
    if not (isinstance(plain, np.ndarray) and plain.ndim == 1 and _is_real_and_finite(plain)):
        raise _no_direction(plain)
    if plain.dtype != object:
        v = v if plain.dtype.kind == "f" else v.astype(np.float64)
        v = ldexp(v, -int(np.frexp(np.abs(plain).max(initial=0))[1]))  # squares of very large or small numbers are lost
    length = sqrt((v * v).sum())
    if primal(length) == 0:
        raise _no_direction(plain)
    return v / length


def _is_real_and_finite(vector: np.ndarray[Any, Any]) -> bool:
    if vector.dtype == object:
        return all(is_number(x) and not is_complex(x) for x in vector)
    return vector.dtype.kind in "iuf" and bool(np.isfinite(vector).all())


def _no_direction(met: Any) -> ArgumentError:
    shown = met.tolist() if isinstance(met, np.ndarray) and met.size < 10 else describe_form(met)
    msg = f"a unit vector is made of a vector with a direction: of finite real numbers, not all zero; met {shown}"
    return ArgumentError(msg)


def _tangent_part(u: UnitVector, v: Any) -> Any:
    """Return v without its part along u:     v - (v · u) u."""
    return v - (v * u.vector).sum() * u.vector


def _cos_and_sinc(s: Any) -> tuple[Any, Any]:
    """Return cos √s and sin √s / √s, which are smooth functions of s also at 0, where √s is not."""
    plain = primal(s)
    if plain == 0 or (isinstance(plain, float | np.floating) and plain < 1):
        cosine = sinc = 1
        for n in range(2 * TERMS, 0, -2):
            cosine = 1 - s * cosine / ((n - 1) * n)
            sinc = 1 - s * sinc / (n * (n + 1))
        return cosine, sinc
    length = sqrt(s)
    return cos(length), sin(length) / length


TERMS = 12
"""So many terms of the Taylor series are exact to the last digit for s < 1, and so are their derivatives."""


def _read_only(vector: Any) -> Any:
    if type(vector) is np.ndarray:
        vector = vector.view()
        vector.flags.writeable = False
    return vector


CONTAINERS.add(UnitVector)
ARRAYS.register(UnitVector, lambda u: u.vector)
register_manifold(UnitVector, "vector", _tangent_part, build=lambda u, vector: UnitVector._at(vector))
