"""Rows of a table of functions: the name of a function, what it is in each number system, and its partial derivatives.

Imports the number systems, slopes and NumPy's protocols.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, final

import numpy as np

from revdiff.arrays.numpy_protocol import method, stands_for
from revdiff.functions.ieee import NOT_IEEE, ieee
from revdiff.functions.slopes import PLACES, Choice, Overflowing, Slope
from revdiff.systems import IMPLEMENTATIONS, implementation

_OBJECT = np.dtype(object)

FLOATS: dict[str, Any] = {}
"""What the names in a row's derivative mean for Python floats: `cos` is `math.cos` there."""


@final
class Row:
    """A row of a table of functions: what `unary` and `binary` have in common."""

    __slots__ = ("_at", "columns", "float_slopes", "function", "implementations", "name", "slopes", "ufunc")

    def __init__(self, name: str, slopes: tuple[Slope | None, ...], columns: dict[str, Any]) -> None:
        self.name = name
        self.slopes = slopes
        self.columns = columns
        self._at = columns.pop("at", {})
        self.implementations: dict[Any, Callable[..., Any]] = {}
        IMPLEMENTATIONS.append(self.implementations)
        self.float_slopes = tuple(_on_floats(slope) for slope in slopes)
        entry = columns.get("numpy", name)
        of_numpy = getattr(np, entry, None) if isinstance(entry, str) and "always" not in columns else None
        self.ufunc = of_numpy if isinstance(of_numpy, np.ufunc) else None

    def __call__(self, *args: Any) -> Any:
        """Apply the function that the row has become."""
        return self.function(*args)

    def find(self, *kinds: type) -> Callable[..., Any]:
        """Find the implementation for these types, and keep it."""
        found = self.columns.get("always") or implementation(self.name, self.columns, *kinds, itself=self)
        if np.ndarray in kinds and "always" not in self.columns:
            found = self._elementwise_on_objects(found)
        self.implementations[kinds if len(kinds) > 1 else kinds[0]] = found
        return found

    def _elementwise_on_objects(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Let NumPy's function do numbers, and revdiff's own do the elements of object arrays."""

        def on_array(x: Any) -> Any:
            return function(x) if x.dtype is not _OBJECT else np.frompyfunc(self.function, 1, 1)(x)

        def on_arrays(x: Any, y: Any) -> Any:
            if getattr(x, "dtype", None) is _OBJECT or getattr(y, "dtype", None) is _OBJECT:
                return np.frompyfunc(self.function, 2, 1)(x, y)
            return function(x, y)

        return on_array if len(self.slopes) == 1 else on_arrays

    def finish(self, function: Any, says: str, module: str) -> Callable[..., Any]:
        """Give the function its name, its documentation, its float version, and its place in NumPy."""
        self.function = function
        function.__name__ = function.__qualname__ = self.name
        function.__doc__ = f"Return {says}.{self._example()}"
        function.__module__ = module
        FLOATS[self.name] = self.find(*[float] * len(self.slopes))
        entry = self.columns.get("numpy", self.name)
        numpy_function = getattr(np, entry, None) if isinstance(entry, str) else None
        if numpy_function is not None:
            stands_for(numpy_function)(function)
            if len(self.slopes) == 1:
                method(numpy_function.__name__, function)
        return function  # type: ignore[no-any-return]

    def _example(self) -> str:
        """Return what the documentation shows: the slope at a point, or both slopes."""
        operator = "derivative" if len(self.slopes) == 1 else "grad"
        options = "" if len(self.slopes) == 1 else ", argnums=(0, 1)"
        return "".join(
            f"\n\n>>> from revdiff import {operator}, {self.name}"
            f"\n>>> {operator}({self.name}{options}){x if isinstance(x, tuple) else f'({x})'}\n{slope}"
            for x, slope in self._at.items()
        )

    @staticmethod
    def partial(float_slope: Callable[..., Any], slope: Any, *args: Any) -> Any:
        """Return a partial derivative at floats, as a number and without an exception."""
        try:
            return float_slope(*args)
        except NOT_IEEE:
            return ieee(slope, *args)


def _on_floats(slope: Slope | None) -> Callable[..., Any]:
    """Return the derivative with every function name in it bound to the version for Python floats."""
    if isinstance(slope, Overflowing | Choice):
        slope = slope.slope
    if isinstance(slope, str):
        place = PLACES[slope]
        return lambda *args: args[place]
    if isinstance(slope, FunctionType):
        return FunctionType(slope.__code__, FLOATS, slope.__name__, slope.__defaults__, slope.__closure__)
    constant = None if slope is None else float(slope)  # type: ignore[arg-type]
    return lambda *args: constant
