"""Where expected values come from: SymPy's derivatives in high precision, mpmath's, and central differences.

Nothing here asks revdiff. A `Row` pairs a function of revdiff with the function of SymPy that it must
agree with and with points at which it is smooth; every order is tested from the same row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from itertools import islice
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import revdiff
from revdiff.arrays.numpy_protocol import CONSTANT, NAMES, UFUNCS

DIGITS = 60
ORDERS = range(1, 7)
DIRECTIONS = {1: [(1,)], 2: [(1, 0), (0, 1), (1, -2)]}


@dataclass(frozen=True)
class Row:
    """A function, the function of SymPy that it must agree with, and points at which it is smooth.

    ``without`` says for which numbers it is not defined: "symbols", "mpmath" or "long doubles".
    """

    name: str
    function: Callable[..., Any]
    oracle: Callable[..., Any]
    points: tuple[tuple[float, ...], ...]
    without: frozenset[str] = frozenset()

    @property
    def arity(self) -> int:
        """How many arguments the function has."""
        return len(self.points[0])

    def along(self, point: Sequence[Any], direction: Sequence[int]) -> Callable[[Any], Any]:
        """Return t ↦ f(point + t·direction): its derivatives are all partial derivatives of f, mixed as well."""
        return lambda t: self.function(*[x + t * u if u else x for x, u in zip(point, direction, strict=True)])


UFUNCS_OF_NUMPY = [f for f in UFUNCS if f not in CONSTANT and f not in NAMES]
"""NumPy's elementwise functions that have a rule. Those of other packages join the protocol when they are met."""


def row(
    function: Callable[..., Any], oracle: Callable[..., Any], *points: Any, name: str = "", without: Sequence[str] = ()
) -> Row:
    """Return the row of a function. Points of a function of one argument are numbers, of two, pairs."""
    as_tuples = tuple(point if isinstance(point, tuple) else (point,) for point in points)
    return Row(name or function.__name__, function, oracle, as_tuples, frozenset(without))


def rows_and_orders(rows: Sequence[Row]) -> Any:
    """Return the decorator that runs a test for every row and every order."""
    return lambda test: pytest.mark.parametrize("order", ORDERS)(
        pytest.mark.parametrize("row", rows, ids=lambda row: row.name)(test)
    )


def each(rows: Sequence[Row]) -> Any:
    """Return the decorator that runs a test for every row."""
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.name)


# ------------------------------------------------------------------------------ SymPy and mpmath


STEPS: dict[str, Callable[..., Any]] = {
    "Heaviside": lambda x, *_: int(x > 0),
    "DiracDelta": lambda *_: 0,
}


def step(name: str, numeric: Callable[[Any], Any]) -> Any:
    """Return a piecewise constant function for SymPy, which leaves the derivatives of its own ones undone."""
    STEPS[name] = numeric
    return type(name, (sympy.Function,), {"fdiff": lambda self, i=1: sympy.S.Zero})


floor = step("floor_", mpmath.floor)
trunc = step("trunc_", lambda x: mpmath.floor(x) if x >= 0 else mpmath.ceil(x))
nint = step("nint_", mpmath.nint)


@cache
def _symbolic(row: Row, direction: tuple[int, ...], order: int) -> tuple[tuple[Any, ...], Any]:
    """Return symbols for a point, and the derivative by t of f(point + t·direction) as SymPy has it."""
    if order == 0:
        symbols = sympy.symbols(f"x:{row.arity}", real=True)
        t = sympy.Symbol("t", real=True)
        return (*symbols, t), row.oracle(*[x + t * u for x, u in zip(symbols, direction, strict=True)])
    symbols, below = _symbolic(row, direction, order - 1)
    return symbols, sympy.diff(below, symbols[-1])


@cache
def _numeric(row: Row, direction: tuple[int, ...], order: int) -> Callable[..., Any]:
    """Return that derivative as a function of mpmath numbers."""
    symbols, expression = _symbolic(row, direction, order)
    return _computable(symbols, expression)


def _computable(symbols: Sequence[Any], expression: Any) -> Callable[..., Any]:
    """Return a SymPy expression as a function of mpmath numbers, away from jumps."""
    return sympy.lambdify(symbols, expression, [STEPS, "mpmath"])


@cache
def derivatives(row: Row, point: tuple[float, ...], direction: tuple[int, ...], order: int) -> tuple[Any, Any]:
    """Return the derivative as SymPy has it, evaluated to many digits, and as mpmath finds it by differences."""
    with mpmath.workdps(DIGITS):
        at = [mpmath.mpf(x) for x in point]
        by_sympy = _numeric(row, direction, order)(*at, mpmath.mpf(0))
        primal = _numeric(row, direction, 0)
        by_mpmath = mpmath.diff(lambda t: primal(*at, t), 0, order)
        return +mpmath.mpf(by_sympy), +mpmath.mpf(by_mpmath)


def assert_close(actual: Any, expected: Any, relative: float = 1e-10, absolute: float = 1e-15) -> None:
    """Compare two numbers of any kind, and say by how much they differ."""
    with mpmath.workdps(DIGITS):
        a, e = mpmath.mpmathify(actual), mpmath.mpmathify(expected)
        error = abs(a - e)
        assert error <= relative * abs(e) + absolute, (
            f"{mpmath.nstr(a, 20)} is not {mpmath.nstr(e, 20)}; relative error {mpmath.nstr(error / abs(e or 1), 3)}"
        )


def assert_order(row: Row, order: int) -> None:
    """Compare a derivative that revdiff takes on Python floats with SymPy's and with mpmath's."""
    for point in row.points:
        for direction in DIRECTIONS[row.arity]:
            actual = revdiff.nth_derivative(row.along(point, direction), order)(0.0)
            assert type(actual) in (float, int)
            for expected in derivatives(row, point, direction, order):
                assert_close(actual, expected)


def assert_symbolic(row: Row, order: int) -> None:
    """Compare the formula that revdiff makes of SymPy's symbols with that of `sympy.diff`, at the points of the row."""
    for direction in DIRECTIONS[row.arity]:
        (*symbols, t), _ = _symbolic(row, direction, 0)
        formula = revdiff.nth_derivative(row.along(symbols, direction), order)(t)
        assert isinstance(formula, sympy.Basic)
        numeric = _computable((*symbols, t), formula)
        for point in row.points:
            expected, _ = derivatives(row, point, direction, order)
            with mpmath.workdps(DIGITS):
                assert_close(numeric(*[mpmath.mpf(x) for x in point], mpmath.mpf(0)), expected, 1e-30, 1e-30)


def assert_digits(row: Row, order: int) -> None:
    """Compare a derivative that revdiff takes on mpmath numbers of 50 digits, and see that all the digits are right."""
    for point in row.points:
        for direction in DIRECTIONS[row.arity]:
            with mpmath.workdps(50):
                f = row.along([mpmath.mpf(x) for x in point], direction)
                actual = revdiff.nth_derivative(f, order)(mpmath.mpf(0))
            assert_close(actual, derivatives(row, point, direction, order)[0], 1e-40, 1e-40)


# --------------------------------------------------------------------------- central differences


def slope(f: Callable[[float], Any], step: float = 1e-4) -> Any:
    """Return f′(0) by differences of the fourth order."""
    return (8 * (f(step) - f(-step)) - (f(2 * step) - f(-2 * step))) / (12 * step)


def flat(x: Any) -> Any:
    """Return all numbers of a structure in one vector: of nested tuples and lists, of records, of arrays."""
    if is_dataclass(x):
        x = [getattr(x, field.name) for field in fields(x)]
    if isinstance(x, tuple | list):
        return np.concatenate([np.zeros(0), *map(flat, x)])
    return np.ravel(np.asarray(x, float))


def unflat(like: Any, vector: Any) -> Any:
    """Return a structure of tuples and arrays like another, with the numbers of a vector."""
    numbers = iter(vector)

    def filled(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(map(filled, part))
        if isinstance(part, np.ndarray):
            return np.array([next(numbers) for _ in range(part.size)]).reshape(part.shape)
        return next(numbers)

    return filled(like)


def numeric_jacobian(f: Callable[[Any], Any], x: Any, step: float = 1e-4) -> Any:
    """Return ∂f/∂x as a matrix, a row for each number in f(x) and a column for each in x."""
    at, rows = flat(x), flat(f(x)).size
    columns = [slope(lambda t, e=e: flat(f(unflat(x, at + t * e))), step) for e in np.eye(at.size)]
    return np.reshape(columns, (at.size, rows)).T


def near(row: Row) -> list[Any]:
    """Return an array for each argument of a function: points close to the first point of the row."""
    steps = np.arange(6.0).reshape(2, 3) / 64
    return [x + steps * (-1) ** i for i, x in enumerate(row.points[0])]


def assert_vjp(
    f: Callable[..., Any], *args: Any, relative: float = 1e-7, step: float = 1e-4, wide: Any = np.longdouble
) -> tuple[Any, ...]:
    """Compare the cotangents of random ȳ with central differences along random directions: ⟨ȳ, f′(x) v⟩ = ⟨x̄, v⟩.

    The differences are taken in long doubles, or in ``wide``. Returns the cotangents of the arguments.
    """
    rng = np.random.default_rng(0)
    value, pullback = revdiff.vjp(f, *args)
    y_bar = _random_like(value, rng)
    x_bars = pullback(y_bar)
    if len(args) == 1:
        x_bars = (x_bars,)
    assert_cotangents_fit(args, x_bars)
    for i, (x, x_bar) in enumerate(zip(args, x_bars, strict=True)):
        v = _random_like(x, rng)
        at = [_widened(a, wide) for a in args]

        def along(t: float, i: int = i, v: Any = v, at: list[Any] = at) -> Any:
            return _pairing(y_bar, f(*at[:i], at[i] + t * _widened(v, wide), *at[i + 1 :]))

        expected, actual = complex(slope(along, step)), complex(_pairing(x_bar, v))
        size = abs(expected) + float(np.sum(np.abs(np.asarray(x_bar) * np.asarray(v)))) + 1e-3
        assert abs(expected.real - actual.real) <= relative * size, f"argument {i}: {actual} is not {expected}"
    return tuple(x_bars)


def assert_cotangents_fit(args: Sequence[Any], x_bars: Sequence[Any]) -> None:
    """Each cotangent has the shape of its argument, and its dtype; that of whole numbers is float64."""
    for x, x_bar in zip(args, x_bars, strict=True):
        assert np.shape(x_bar) == np.shape(x)
        if isinstance(x, np.ndarray | np.generic):
            expected = x.dtype if x.dtype.kind in "fc" else np.dtype(np.float64)
            assert x_bar.dtype == expected, f"the cotangent of {x.dtype} has dtype {x_bar.dtype}"


def assert_dtype_is_kept(row: Row, dtype: Any, relative: float) -> None:
    """A derivative of NumPy numbers of a dtype, and of arrays of it, has that dtype, and is right to its precision."""
    args = [np.array([x, x], dtype) for x in row.points[0]]
    gradients = revdiff.grad(lambda *xs: np.sum(row.function(*xs)), tuple(range(row.arity)))(*args)
    numbers = revdiff.grad(row.function, tuple(range(row.arity)))(*[a[0] for a in args])
    for i, (of_array, of_number) in enumerate(zip(gradients, numbers, strict=True)):
        direction = tuple(int(i == j) for j in range(row.arity))
        expected, _ = derivatives(row, tuple(float(a[0]) for a in args), direction, 1)
        assert of_array.dtype == of_number.dtype == dtype
        assert of_array.shape == (2,)
        assert of_number.shape == ()
        for actual in (of_array[0], of_array[1], of_number):
            assert_close(_exactly(actual), expected, relative, float(np.finfo(dtype).tiny))


def _exactly(x: Any) -> Any:
    """Return a NumPy number as an mpmath number, long doubles with all their digits."""
    mantissa, exponent = np.frexp(x)
    with mpmath.workdps(DIGITS):
        return mpmath.ldexp(mpmath.mpf(int(mantissa * np.longdouble(2) ** 64)), int(exponent) - 64)


def _random_like(x: Any, rng: Any) -> Any:
    def part() -> Any:
        return rng.uniform(0.5, 1.5, np.shape(x)) * rng.choice([-1.0, 1.0], np.shape(x))

    dtype = np.asarray(x).dtype
    if dtype.kind == "c":
        return (part() + 1j * part()).astype(dtype)[()]
    random = part().astype(dtype if dtype.kind == "f" else np.float64)[()]
    return float(random) if isinstance(x, float | int) and not isinstance(x, np.generic) else random


def _widened(x: Any, wide: Any) -> Any:
    """Return x in more digits."""
    return np.asarray(x, np.result_type(wide, np.complex64) if np.iscomplexobj(x) else wide)[()]


def _pairing(x_bar: Any, x: Any) -> Any:
    """Return Σ x̄ x, of which the real part counts: df = Re(x̄ dx)."""
    return np.sum(np.asarray(x_bar) * np.asarray(x))


# --------------------------------------------------------------------------- functions of arrays


def assert_array_rule(f: Callable[..., Any], *args: Any, wide: Any = np.longdouble, order: int = 3) -> None:
    """A function has NumPy's value, and all its derivatives up to an order agree with differences of the one below.

    Constant operands change nothing, and a tangent is carried forward by the same linear map.
    """
    expected = f(*args)
    assert_same_array(revdiff.vjp(f, *args)[0], expected)
    x_bars = assert_vjp(f, *args, wide=wide)
    rng = np.random.default_rng(1)
    y_bar = _random_like(expected, np.random.default_rng(0))
    for i, x in enumerate(args):
        alone = revdiff.vjp(lambda x, i=i: f(*args[:i], x, *args[i + 1 :]), x)[1](y_bar)
        np.testing.assert_allclose(alone, x_bars[i], rtol=1e-12, atol=1e-14)
    tangents = tuple(_random_like(x, rng) for x in args)
    assert_forward_is_backward(f, args, tangents, y_bar, x_bars, 1e-9)
    for level in islice(derivatives_along(f, tangents, _random_like(expected, rng)), order - 1):
        assert_vjp(revdiff.grad(level), *args, wide=wide)


def assert_forward_is_backward(
    f: Callable[..., Any], args: Any, tangents: Any, y_bar: Any, x_bars: Any, relative: float
) -> None:
    """A tangent is carried forward by the map whose transpose brings cotangents back: ⟨ȳ, ẏ⟩ = ⟨x̄, ẋ⟩."""
    _, forward = revdiff.jvp(f, args, tangents)
    backward = sum(_pairing(x_bar, v) for x_bar, v in zip(x_bars, tangents, strict=True))
    np.testing.assert_allclose(
        np.real(_pairing(y_bar, forward)), np.real(backward), rtol=relative, atol=relative / 1000
    )


def derivatives_along(f: Callable[..., Any], tangents: Any, weights: Any) -> Iterator[Callable[..., Any]]:
    """Yield g = Re Σ w f³, and then, again and again, the derivative of the last one along the tangents, by `grad`."""

    def total(*xs: Any) -> Any:
        return np.sum(np.real(weights * f(*xs) ** 3))

    def along(below: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *xs: sum(
            np.sum(np.real(g * v))
            for g, v in zip(revdiff.grad(below, tuple(range(len(xs))))(*xs), tangents, strict=True)
        )

    level: Callable[..., Any] = total
    while True:
        yield level
        level = along(level)


def assert_same_array(actual: Any, expected: Any) -> None:
    """Two results of NumPy have one dtype and shape, and the same numbers but for rounding."""
    assert np.shape(actual) == np.shape(expected)
    assert np.asarray(actual).dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(actual, expected, rtol=1e-13)


def assert_refused_alike(f: Callable[..., Any], x: Any, *args: Any) -> None:
    """What NumPy refuses for an array is refused for a RevDiff of it, by an exception of the same type."""
    with pytest.raises(Exception) as by_numpy:  # noqa: PT011
        f(x, *args)
    with pytest.raises(type(by_numpy.value)):
        f(revdiff.init_diff(x), *args)


def assert_dtypes_are_kept(
    f: Callable[..., Any], x: Any, dtypes: Sequence[Any] = (np.float32, np.complex64, int)
) -> None:
    """A function of an array has NumPy's dtype, and the cotangent that of the operand."""
    for dtype in dtypes:
        operand = x.astype(dtype)
        value, pullback = revdiff.vjp(f, operand)
        assert_same_array(value, f(operand))
        assert_cotangents_fit((operand,), (pullback(np.ones(value.shape, value.dtype if dtype is not int else float)),))
