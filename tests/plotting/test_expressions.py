"""The graph of an expression: which nodes, which arcs, what stands in them, and what cannot be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import revdiff as rd
from revdiff import PlotError, expression_graph, symbolic_func
from revdiff.core.errors import ArgumentError, InfiniteError, UnsupportedValueError

x, y, z = sympy.symbols("x y z")
f, g = symbolic_func("f"), symbolic_func("g")
h = symbolic_func("h", 2)


def composition(x):
    return g(f(x))


def arcs(graph):
    return {(arc.source, arc.target) for arc in graph.arcs}


def labels(graph):
    return {node.label for node in graph.nodes}


def test_T9_a_composition_is_a_chain():
    graph = expression_graph(composition(x))
    assert [node.key for node in graph.nodes] == ["x", "f(x)", "g(f(x))"]
    assert arcs(graph) == {("x", "f(x)"), ("f(x)", "g(f(x))")}
    assert [node.kind for node in graph.nodes] == ["input", "operation", "result"]


def test_T10_the_derivative_of_a_composition_joins_two_branches():
    graph = expression_graph(rd.simplify(rd.simple_derivative(composition))(x))
    assert labels(graph) == {"x", "f(x)", "f′(x)", "g′(f(x))", "f′(x)·g′(f(x))"}
    assert arcs(graph) == {
        ("x", "f(x)"),
        ("x", "f'(x)"),
        ("f(x)", "g'(f(x))"),
        ("f'(x)", "f'(x)*g'(f(x))"),
        ("g'(f(x))", "f'(x)*g'(f(x))"),
    }


def test_T11_the_second_derivative_has_each_subexpression_once():
    graph = expression_graph(rd.nth_derivative(composition, 2)(x))
    assert labels(graph) == {
        "x", "f(x)", "f′(x)", "f″(x)", "f′(x)²", "g′(f(x))", "g″(f(x))",
        "f″(x)·g′(f(x))", "f′(x)²·g″(f(x))", "f′(x)²·g″(f(x)) + f″(x)·g′(f(x))",
    }  # fmt: skip
    assert len(graph.arcs) == 12
    assert set(graph.targets("x")) == {"f(x)", "f'(x)", "f''(x)"}


def test_S3_results_share_their_variables():
    graph = expression_graph([x + y, x - y])
    assert {node.key for node in graph.nodes} == {"x", "y", "x + y", "x - y"}
    assert arcs(graph) == {("x", "x + y"), ("y", "x + y"), ("x", "x - y"), ("y", "x - y")}
    assert {node.key for node in graph.nodes if node.kind == "result"} == {"x + y", "x - y"}


@pytest.mark.parametrize(
    ("expr", "sources"),
    [
        (x + 2, {"x"}),
        (2 * x, {"x"}),
        (-x, {"x"}),
        (x**2, {"x"}),
        (1 / x, {"x"}),
        (x**y, {"x", "y"}),
        (x / y, {"x", "y"}),
        (x / y**2, {"x", "y**2"}),
        (x - 2 * y, {"x", "2*y"}),
        (sympy.pi * x * f(2), {"x", "f(2)"}),
        (sympy.Max(x, y), {"x", "y"}),
        (h(x, x), {"x"}),
        (sympy.Integral(z**2, (z, 0, x)), {"x"}),
        (sympy.Sum(x**z, (z, 0, 5)), {"x"}),
        (sympy.Piecewise((x, x < 0), (x**2, True)), {"x", "x < 0", "x**2"}),
        (sympy.Derivative(sympy.Function("q")(x), x), {"q(x)", "x"}),
    ],
)
def test_numbers_stand_in_labels_and_arcs_come_from_what_varies(expr, sources):
    graph = expression_graph(expr)
    assert set(graph.sources(graph.nodes[-1].key)) == sources


@pytest.mark.parametrize("constant", [sympy.Integer(5), 5, 1.5, sympy.pi, sympy.sqrt(2), sympy.true])
def test_a_constant_is_one_node(constant):
    graph = expression_graph(constant)
    assert len(graph) == 1
    assert not graph.arcs


def test_floats_are_written_as_they_are():
    assert labels(expression_graph([1.5, 0.5 * x])) == {"1.5", "x", "0.5·x"}


def test_the_keys_and_fields_of_a_structure_name_its_results():
    @dataclass
    class Pair:
        first: object
        second: object

    assert {n.note for n in expression_graph({"a": x * y, "b": [x + 1, -y]}).nodes} == {"", "a", "b[0]", "b[1]"}
    assert {n.note for n in expression_graph(Pair(x + y, x * y)).nodes} == {"", "first", "second"}
    assert {n.note for n in expression_graph({"a": x * y, "b": x * y}).nodes} == {"", "a, b"}


@pytest.mark.parametrize(
    "many",
    [
        (x * y, x + y),
        np.array([x * y, x + y]),
        sympy.Matrix([x * y, x + y]),
        sympy.ImmutableMatrix([x * y, x + y]),
        [{"a": (x * y,)}, x + y],
        rd.FiniteSupportStream([x * y, x + y]).take(2),
    ],
)
def test_structures_arrays_and_matrices_are_walked(many):
    results = {node.label for node in expression_graph(many).nodes if node.kind == "result"}
    assert results == {"x·y", "x + y"}


def test_mixed_derivatives_in_any_order_are_one_node():
    assert len(expression_graph([h(x, y).diff(x).diff(y), h(x, y).diff(y).diff(x)])) == 3


def test_a_long_label_shows_the_outer_operations_and_arcs_say_what_they_are():
    long = sympy.exp(sum(sympy.Symbol(f"variable{i}") for i in range(9)))
    graph = expression_graph(long - h(long, sympy.sin(long)))
    [result] = [node for node in graph.nodes if node.kind == "result"]
    assert result.label == "exp(…) − h(…, …)"
    assert result.text.count("variable") == 9
    roles = {arc.label for arc in graph.arcs if arc.target == result.key}
    assert roles == {"", "−"}
    [call] = [node for node in graph.nodes if node.label.startswith("h(")]
    assert {arc.label for arc in graph.arcs if arc.target == call.key} == {"1", "2"}


def test_a_label_says_what_an_expression_is_where_even_its_outer_operation_is_long():
    many = [sympy.Symbol(f"a{i}") for i in range(30)]
    graph = expression_graph([sum(many), sympy.prod(many), symbolic_func("h", 30)(*many), sympy.Symbol("s" * 60)])
    results = [node.label for node in graph.nodes if node.kind == "result"]
    assert results == ["sum of 30", "product of 30", "h(…)"]
    assert max(len(node.label) for node in graph.nodes) <= 44
    [sum_of_all] = [node for node in graph.nodes if node.label == "sum of 30"]
    assert sum_of_all.text.startswith("a0 + a1 + a10")


def test_an_expression_whose_text_grows_exponentially_is_drawn_at_once():
    expr = x
    for _ in range(40):  # each step is written twice in the next: 2⁴⁰ letters
        expr = f(expr) + g(expr)
    graph = expression_graph(expr)
    assert len(graph) == 1 + 3 * 40
    assert max(len(node.text) for node in graph.nodes) <= 200
    assert len({node.key for node in graph.nodes}) == len(graph)


def test_an_expression_that_is_nested_deeply_is_drawn():
    expr = x
    for _ in range(200):
        expr = f(expr)
    assert len(expression_graph(expr)) == 201


@given(st.lists(st.tuples(st.sampled_from(["+", "*", "f"]), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_arcs_lead_from_earlier_nodes_to_later_ones_and_every_node_is_reached(steps):
    made = [x, y]
    for step, i, j in steps:
        a, b = made[i % len(made)], made[j % len(made)]
        made.append({"+": a + b, "*": a * b, "f": h(a, b)}[step])
    graph = expression_graph(made)
    place = {node.key: i for i, node in enumerate(graph.nodes)}
    assert len(place) == len(graph)
    assert all(place[arc.source] < place[arc.target] for arc in graph.arcs)
    assert all(graph.sources(n.key) for n in graph.nodes if n.kind != "input")
    assert all(not graph.sources(n.key) for n in graph.nodes if n.kind == "input")


def test_what_is_no_expression_is_refused_in_words():
    with pytest.raises(UnsupportedValueError, match=r"met 'text' \(a str\)(.|\n)*parse_expression"):
        expression_graph("text")
    with pytest.raises(UnsupportedValueError, match=r"f is a function(.|\n)*expression_graph\(f\(sympy.Symbol"):
        expression_graph(f)
    with pytest.raises(UnsupportedValueError, match=r"composition is a function(.|\n)*computation_graph\(composition"):
        expression_graph(composition)
    with pytest.raises(UnsupportedValueError, match=r"a RevDiff cannot be drawn(.|\n)*primal"):
        expression_graph(rd.init_diff(x))
    with pytest.raises(UnsupportedValueError, match=r"met an object(.|\n)*in \[1\]"):
        expression_graph([x, object()])
    with pytest.raises(UnsupportedValueError, match="there is no expression in an empty dict"):
        expression_graph({})
    with pytest.raises(InfiniteError, match=r"has no end(.|\n)*take\(5\)"):
        expression_graph(rd.Stream.repeat(x))


def test_too_many_nodes_are_refused_with_the_number_and_the_option():
    with pytest.raises(PlotError, match=r"more than 500 nodes(.|\n)*max_nodes="):
        expression_graph(sum(x**n for n in range(2, 600)))
    with pytest.raises(PlotError, match="more than 2 nodes"):
        expression_graph(composition(x), max_nodes=2)
    assert len(expression_graph(composition(x), max_nodes=3)) == 3
    with pytest.raises(ArgumentError, match="max_nodes is a whole number from 1; met 0"):
        expression_graph(x, max_nodes=0)


def test_a_notebook_gets_a_picture_and_the_formula():
    graph = expression_graph(sympy.sqrt(x) / 2)
    assert graph._repr_latex_() == r"$\displaystyle \frac{\sqrt{x}}{2}$"
    bundle = graph._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/latex", "text/plain"}
    assert bundle["image/svg+xml"].startswith("<svg")
    assert expression_graph([x, y])._repr_latex_() is None
