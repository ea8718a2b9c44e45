"""What a person reads of a trace."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import revdiff as rd
from revdiff import Trace, Traced, trace
from revdiff.tracing.display import shown


def test_a_trace_prints_a_line_for_each_event() -> None:
    f, g = map(rd.unary_symbolic_func, "fg")
    with trace() as t:
        rd.simple_derivative(lambda x: g(f(x)))(sympy.Symbol("x"))
    assert str(t).splitlines() == [
        "input     x                = x",
        "forward   f(x)             = f(x)",
        "forward   g(f(x))          = g(f(x))",
        "backward  g'(f(x))         = g'(f(x))",
        "backward  1 * g'(f(x))     = g'(f(x))",
        "backward  f'(x)            = f'(x)",
        "backward  g'(f(x)) * f'(x) = f'(x)*g'(f(x))",
    ]


def test_operators_stand_between_their_operands() -> None:
    a = Traced(-2.0, "a", trace=(t := Trace()))
    _ = (a - 3) * a, -a, 2**a, abs(a), divmod(a, 4)
    x = Traced(sympy.Symbol("x"), trace=t)
    _ = (x + 1) * 2
    _ = Traced(np.arange(12.0), trace=t).reshape(3, 4)[1:, ::2]
    lines = [" ".join(line.removeprefix("forward").split()) for line in str(t).splitlines() if "forward" in line]
    assert lines == [
        "(-2.0) - 3 = -5.0",
        "(-5.0) * (-2.0) = 10.0",
        "-(-2.0) = 2.0",
        "2 ** (-2.0) = 0.25",
        "abs(-2.0) = 2.0",
        "divmod(-2.0, 4) = (-1.0, 2.0)",
        "x + 1 = x + 1",
        "(x + 1) * 2 = 2*x + 2",
        "reshape(float64[12], 3, 4) = float64[3, 4]",
        "float64[3, 4][1:, ::2] = [[4., 6.], [8., 10.]]",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (2.0, "2.0"),
        (1e100, "1e+100"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (-0.0, "-0.0"),
        (3, "3"),
        (np.float32(0.5), "0.5"),
        (1 / 3 + 2j, "0.333333+2j"),
        (np.ones((2, 2)), "[[1., 1.], [1., 1.]]"),
        (np.ones((3, 4), np.float32), "float32[3, 4]"),
        (np.zeros(0), "[]"),
        (np.zeros((2, 0, 3)), "float64[2, 0, 3]"),
        ((1.0, 2), "(1.0, 2)"),
        ((1,), "(1,)"),
        ([1.0], "[1.0]"),
        (np.sum, "sum"),
        (sympy.Symbol("x") ** 2, "x**2"),
    ],
)
def test_values_are_shown_in_few_characters(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_long_formula_is_cut_off() -> None:
    text = shown(sum(sympy.symbols("x0:100")))
    assert len(text) == 200
    assert text.endswith("…")


def test_counts_print_the_most_frequent_first() -> None:
    t = trace(keep="counts")
    t.call(lambda x: rd.sin(x) * x * x, 0.5)
    assert str(t) == "        2 × *\n        1 × sin"


def test_every_event_is_written_when_it_happens(capsys: pytest.CaptureFixture[str]) -> None:
    with trace(echo=True):
        rd.grad(lambda y: y * 2)(3.0)
    assert capsys.readouterr().err.splitlines() == [
        "input     y = 3.0",
        "forward   3.0 * 2 = 6.0",
        "backward  1.0 * 2 = 2.0",
    ]


def test_a_tree_shows_what_a_result_came_from() -> None:
    f, g = map(rd.unary_symbolic_func, "fg")
    t = Trace()
    y = f(Traced(sympy.Symbol("x"), trace=t))
    _ = g(y) + y * 2
    tree = t.tree()
    assert str(tree).splitlines() == [
        "+ = 2*f(x) + g(f(x))",
        "├─ g = g(f(x))",
        "│  └─ f = f(x)",
        "│     └─ x = x",
        "└─ * = 2*f(x)",
        "   └─ f = f(x) …",
    ]
    assert tree.branches[0].branches[0] is tree.branches[1].branches[0]
    assert str(t.tree(1)) == "f = f(x)\n└─ x = x"


def test_a_tree_of_a_long_computation_needs_no_recursion() -> None:
    def f(x: float) -> float:
        for _ in range(5_000):
            x = x * 1.0
        return x

    t = Trace()
    t.call(f, 1.0)
    tree = t.tree()
    assert str(tree).endswith("* = 1.0 …")
    depth = 0
    while tree.branches:
        (tree,) = tree.branches
        depth += 1
    assert depth == 5_000


def test_there_is_no_tree_of_an_event_that_never_happened() -> None:
    with pytest.raises(rd.ArgumentError, match="there is no event 5: the trace has 0"):
        Trace().tree(5)
