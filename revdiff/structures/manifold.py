"""Points on manifolds: their gradients lie in the tangent space.

Imports the core, structures, spaces and the descriptors. A point is known by its coordinates in a surrounding space
(a unit vector by its components, a rotation by its matrix). A function is differentiated by the coordinates,
and what comes back is projected to the tangent space, so that a step along it does not lead off the manifold
in the first order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from revdiff.core.errors import ArgumentError, ConversionError, describe
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import register_structure
from revdiff.rules.elementary import cos, sin, sqrt
from revdiff.spaces import register_tangent_type
from revdiff.structures.auto import auto_val
from revdiff.structures.protocol import Pull


def register_manifold(
    kind: type,
    /,
    coordinates: Callable[[Any], Any],
    build: Callable[[Any, Any], Any],
    to_tangent: Callable[[Any, Any], Any],
    *,
    from_tangent: Callable[[Any, Any], Any] = lambda x, x_bar: x_bar,
    tangent_type: type = np.ndarray,
    name: str = "coordinates",
) -> None:
    """Let values of ``kind`` be points on a manifold.

    coordinates    point ↦ its coordinates in the surrounding space, an array or a structure
    build          (point, coordinates) ↦ a point with these coordinates, taken as they are: they may be RevDiffs
    to_tangent     (point, cotangent of the coordinates) ↦ cotangent of the point, in the tangent space
    from_tangent   the way back: (point, cotangent of the point) ↦ cotangent of the coordinates
    tangent_type   the type of tangents and cotangents
    name           the attribute under which a point has its coordinates

    ``to_tangent`` is written with functions that can be differentiated; then second derivatives follow
    the curvature. The positive numbers with the metric dx²/x², in which lengths are ratios:

    >>> class Positive:
    ...     def __init__(self, x): self.x = x
    >>> register_manifold(Positive, lambda p: p.x, lambda p, x: Positive(x),
    ...                   to_tangent=lambda p, x_bar: x_bar * p.x, from_tangent=lambda p, t: t / p.x,
    ...                   tangent_type=float, name="x")
    >>> from revdiff import grad
    >>> grad(lambda p: p.x**3)(Positive(2.0))            # d x³/d log x = 3x³
    24.0
    """
    register_structure(
        kind,
        lambda point: {name: coordinates(point)},
        lambda point, parts: build(point, parts[name]),
        cotangent=lambda point, parts: to_tangent(point, parts[name]),
        spread=lambda point, x_bar: {name: from_tangent(point, x_bar)},
        names=(name,),
    )
    auto_val.register(kind, PointVal(coordinates))
    register_tangent_type(kind, tangent_type)


@final
@dataclass(frozen=True)
class PointVal:
    """A point on a manifold as the value of a function: it is differentiated by its coordinates."""

    coordinates: Callable[[Any], Any]

    def derivatives(self, y: Any, pull: Pull, /) -> Any:
        """Return the derivatives of the coordinates."""
        return auto_val.derivatives(self.coordinates(y), pull)

    def seeds(self, y: Any, y_bar: Any, /) -> Iterator[tuple[Any, Any]]:
        """Pair the coordinates with their cotangents."""
        yield from auto_val.seeds(self.coordinates(y), y_bar)


@final
class UnitVector(NDArrayOperatorsMixin):
    """A vector of length one: a direction, a point on the sphere.

        value      u with |u| = 1; the constructor divides by the length
        cotangent  ū, a plain vector with ū · u = 0
        pairing    ū · du

    It computes as the array of its components does, ``u.vector``; results are plain arrays.

    Raises `ArgumentError` for what has no direction: the zero vector, infinities, a matrix.

    >>> from revdiff import grad
    >>> u = UnitVector([3.0, 4.0])
    >>> u, u @ u
    (UnitVector([0.6, 0.8]), 1.0)
    >>> grad(lambda u: u[0])(u)                       # x of a point on the circle: (1, 0) without its part along u
    array([ 0.64, -0.48])
    """

    __slots__ = ("vector",)

    vector: Any

    def __init__(self, vector: Any, /) -> None:
        if not isinstance(vector, RevDiff):
            vector = np.asarray(vector)
            vector = vector if vector.dtype.kind in "fO" else vector.astype(float)
        plain = primal(vector)
        length = sqrt((vector * vector).sum()) if np.ndim(plain) == 1 else None
        if length is None or primal(length) == 0 or (plain.dtype.kind == "f" and not np.isfinite(primal(length))):
            msg = f"a unit vector is made of a vector with a direction; met {_shown(plain)}"
            raise ArgumentError(msg)
        self.vector = vector / length

    @classmethod
    def _of_length_one(cls, vector: Any) -> UnitVector:
        """Return the unit vector with these components, which are not normalized again."""
        u = cls.__new__(cls)
        u.vector = vector
        return u

    def moved(self, step: Any, /) -> UnitVector:
        """Return the point that is reached from u by going straight ahead along a tangent vector, |step| far.

        u cos |t| + t sin |t| / |t|, where t is the part of the step that is perpendicular to u.

        >>> UnitVector([1.0, 0.0]).moved([0.0, np.pi / 6]).vector.round(3)
        array([0.866, 0.5  ])
        """
        t = _tangent_part(self, step if isinstance(step, RevDiff) else np.asarray(step))
        length = sqrt((t * t).sum())
        if primal(length) == 0:
            return UnitVector(self.vector + t)
        return UnitVector(self.vector * cos(length) + t * (sin(length) / length))

    def __getitem__(self, index: Any) -> Any:
        return self.vector[index]

    def __len__(self) -> int:
        return len(self.vector)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.vector)

    def __repr__(self) -> str:
        shown = self.vector.tolist() if isinstance(self.vector, np.ndarray) else self.vector
        return f"UnitVector({shown!r})"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the vector of components: (n,)."""
        return self.vector.shape  # type: ignore[no-any-return]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        if isinstance(self.vector, RevDiff):
            conversion = "np.asarray()"
            raise ConversionError.of(conversion)
        return np.array(self.vector, dtype)

    def __array_ufunc__(self, ufunc: Any, how: str, *inputs: Any, **options: Any) -> Any:
        if options.get("out") is not None:
            return NotImplemented
        return getattr(ufunc, how)(*map(_components, inputs), **options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return function(*_components(args), **{name: _components(value) for name, value in kwargs.items()})


def _components(x: Any) -> Any:
    if isinstance(x, UnitVector):
        return x.vector
    return type(x)(map(_components, x)) if type(x) in (list, tuple) else x


def _tangent_part(u: UnitVector, v: Any) -> Any:
    """Return v without its part along u:     v - (v · u) u."""
    return v - (v * u.vector).sum() * u.vector


def _shown(x: Any) -> str:
    return f"{describe(x)} and shape {x.shape}" if x.ndim != 1 else f"{x.tolist()}"


register_manifold(
    UnitVector,
    lambda u: u.vector,
    lambda u, vector: UnitVector._of_length_one(vector),
    _tangent_part,
    name="vector",
)
