"""The worked examples about traces, T54-T62, R1 and R2: what is evaluated, how often, and in which order.

Of each derivative the value of the function itself is computed too, which a lazy language leaves out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sympy

import revdiff as rd
from revdiff import Traced, add_trace, trace, trace_show, with_trace

x = sympy.Symbol("x")
f, g, h = map(rd.unary_symbolic_func, "fgh")
k = rd.binary_symbolic_func("k")


def forward_v1(x: Any) -> Any:
    y = f(x)
    return k(g(y), h(y))


def forward_v2(x: Any) -> Any:
    return k(g(f(x)), h(f(x)))


def names(y: Any) -> list[str]:
    return [event.name for event in y.traced_by.events if event.phase != "input"]


def test_T54_a_function_of_a_traced_value_is_one_event() -> None:
    y = f(Traced(x))
    assert y == f(x)
    assert y.traced_by.counts == {"f": 1}


def test_T55_what_is_bound_once_is_evaluated_once() -> None:
    y = forward_v1(Traced(x))
    assert str(y) == "k(g(f(x)), h(f(x)))"
    assert y.traced_by.counts == {"f": 1, "g": 1, "h": 1, "k": 1}


def test_T56_what_is_written_twice_is_evaluated_twice() -> None:
    y = forward_v2(Traced(x))
    assert str(y) == "k(g(f(x)), h(f(x)))"
    assert y.traced_by.counts == {"f": 2, "g": 1, "h": 1, "k": 1}


def test_T57_the_derivative_evaluates_every_function_once() -> None:
    y = rd.simple_derivative(forward_v1)(Traced(x))
    u, v = sympy.symbols("u v")
    expected = f.derivative()(x) * (
        g.derivative()(f(x)) * k.derivative(1)(u, v) + h.derivative()(f(x)) * k.derivative(2)(u, v)
    )
    assert sympy.expand(y.value - expected.subs({u: g(f(x)), v: h(f(x))})) == 0
    counts = y.traced_by.counts
    once = ("f", "g", "h", "f'", "g'", "h'", "k'_1", "k'_2", "k")
    assert {name: counts[name] for name in once} == dict.fromkeys(once, 1)
    assert counts["*"] <= 6
    assert counts["+"] == 1


def test_T58_the_derivative_of_a_composition() -> None:
    y = rd.simple_derivative(lambda x: g(f(x)))(Traced(x))
    assert y == f.derivative()(x) * g.derivative()(f(x))
    assert y.traced_by.counts == {"f": 1, "g": 1, "g'": 1, "f'": 1, "*": 2}
    assert names(y) == ["f", "g", "g'", "*", "f'", "*"]


def test_T59_the_second_derivative_evaluates_each_derivative_once() -> None:
    y = rd.nth_derivative(lambda x: g(f(x)), 2)(Traced(x))
    f1, f2, g1, g2 = f.derivative(), f.derivative().derivative(), g.derivative(), g.derivative().derivative()
    assert sympy.expand(y.value - (f2(x) * g1(f(x)) + f1(x) ** 2 * g2(f(x)))) == 0
    counts = y.traced_by.counts
    assert {name: counts[name] for name in ("f", "g", "f'", "g'", "f''", "g''")} == {
        "f": 1, "g": 1, "f'": 1, "g'": 1, "f''": 1, "g''": 1,
    }  # fmt: skip
    assert counts["*"] <= 7 + 1  # one for the value of the first derivative
    assert counts["+"] <= 2


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_every_derivative_of_every_function_is_evaluated_once_at_any_order(n: int) -> None:
    y = rd.nth_derivative(lambda x: h(g(f(x))), n)(Traced(x))
    counts = y.traced_by.counts
    derivatives = [name + "'" * i for name in "fgh" for i in range(n + 1)]
    assert {name: counts[name] for name in derivatives} == dict.fromkeys(derivatives, 1)


@rd.primitive
def cosh_v2(x: Any) -> tuple[Any, Callable[[Any], Any]]:
    """(eˣ + e⁻ˣ)/2, with its derivative by hand, (eˣ - e⁻ˣ)/2, of the exponentials that are there already."""
    p, q = rd.exp(x), rd.exp(-x)
    return (p + q) / 2, lambda ct: ct * (p - q) / 2


def test_T60_two_exponentials() -> None:
    y = cosh_v2(Traced(x))
    assert y == (sympy.exp(x) + sympy.exp(-x)) / 2
    assert y.traced_by.counts == {"exp": 2, "negate": 1, "+": 1, "/": 1}


def test_T61_value_and_derivative_take_the_exponentials_once() -> None:
    traced = Traced(x)
    value, derivative = rd.simple_value_and_derivative(cosh_v2)(traced)
    assert value == (sympy.exp(x) + sympy.exp(-x)) / 2
    assert sympy.simplify(derivative.value - (sympy.exp(x) - sympy.exp(-x)) / 2) == 0
    counts = traced.traced_by.counts
    assert (counts["exp"], counts["negate"], counts["+"], counts["-"], counts["*"]) == (2, 1, 1, 1, 1)
    assert rd.simple_derivative(cosh_v2)(1.0) == pytest.approx(1.1752011936438014)


def test_T62_the_second_derivative_takes_the_exponentials_once() -> None:
    y = rd.nth_derivative(cosh_v2, 2)(Traced(x))
    assert sympy.simplify(y.value - (sympy.exp(x) + sympy.exp(-x)) / 2) == 0
    assert y.traced_by.counts["exp"] == 2


def test_R1_arithmetic_is_one_event_each() -> None:
    y = Traced(3) + Traced(4)
    assert (y, y.traced_by.counts) == (7, {"+": 1})
    y = Traced(5) * 3
    assert (y, y.traced_by.counts) == (15, {"*": 1})
    a, b = rd.traced((5, 3))
    y = (a + b) * (a - b)
    assert (y, names(y)) == (16, ["+", "-", "*"])
    y = abs(Traced(-5))
    assert (y, y.traced_by.counts) == (5, {"abs": 1})


def test_R1_functions_of_ones_own_are_one_event_each(capsys: pytest.CaptureFixture[str]) -> None:
    y = add_trace("double", lambda x: 2 * x)(Traced(7))
    assert (y, y.traced_by.counts) == (14, {"double": 1})
    y = add_trace("clamp", lambda low, high, x: max(low, min(high, x)))(*rd.traced((0, 10, 15)))
    assert (y, y.traced_by.counts) == (10, {"clamp": 1})
    assert y.event.args == (0, 10, 15)
    assert trace_show("Current value: 42") == "Current value: 42"
    assert capsys.readouterr().err == "Current value: 42\n"


def test_R1_a_message_comes_before_its_event(capsys: pytest.CaptureFixture[str]) -> None:
    with trace(echo=True) as t:
        y = with_trace("doubling", lambda x: x * 2, Traced(7))
    assert y == 14
    assert t.counts == Counter("*")
    assert capsys.readouterr().err == "input     x = 7\ndoubling\nforward   7 * 2 = 14\n"


@pytest.mark.parametrize(
    ("function", "argument", "result", "name"),
    [
        (rd.exp, 1.0, 2.718281828459045, "exp"),
        (rd.log, 10.0, 2.302585092994046, "log"),
        (lambda x: x**3, 2.0, 8.0, "**"),
        (rd.cos, 0.0, 1.0, "cos"),
    ],
)
def test_R2_elementary_functions_are_one_event_each(
    function: Callable[[Any], Any], argument: float, result: float, name: str
) -> None:
    y = function(Traced(argument))
    assert (y.value, y.traced_by.counts) == (result, {name: 1})
