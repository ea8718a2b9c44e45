"""The graph of a computation: forward above, backward below, local derivatives between; and the values on the arcs."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy

import revdiff as rd
from revdiff import PlotError, computation_graph, symbolic_func
from revdiff.core.errors import ArgumentError

x, y = sympy.symbols("x y")
f, g, h = symbolic_func("f"), symbolic_func("g"), symbolic_func("h")


def arcs(graph):
    return {(arc.source, arc.target) for arc in graph.arcs}


def by_kind(graph, kind, phase):
    return [node.label for node in graph.nodes if (node.kind, node.phase) == (kind, phase)]


def carried(graph, source):
    """Return what stands on the arcs from a node."""
    return {arc.label for arc in graph.arcs if arc.source == source}


def test_the_diagram_of_the_tutorial():
    graph = computation_graph(lambda x: g(f(h(x))), x)
    assert arcs(graph) == {
        ("x", "h"), ("h", "f"), ("f", "g"), ("g", "y"),
        ("x", "h'"), ("h", "f'"), ("f", "g'"),
        ("ȳ", "*"), ("g'", "*"), ("*", "* (2)"), ("f'", "* (2)"), ("* (2)", "* (3)"), ("h'", "* (3)"), ("* (3)", "x̄"),
    }  # fmt: skip
    assert by_kind(graph, "operation", "forward") == ["h", "f", "g"]
    assert by_kind(graph, "slope", "backward") == ["g′", "f′", "h′"]
    assert by_kind(graph, "operation", "backward") == ["×", "×", "×"]
    assert by_kind(graph, "result", "forward") == ["y"]
    assert by_kind(graph, "result", "backward") == ["x̄"]
    assert carried(graph, "x") == {"x"}
    assert carried(graph, "f") == {"f(h(x))"}
    assert carried(graph, "ȳ") == {"1"}
    assert carried(graph, "*") == {"g′(f(h(x)))"}
    assert graph.direction == "right"


def test_the_phase_of_an_arc_is_that_of_its_source():
    graph = computation_graph(lambda x: rd.sin(rd.exp(x)) * x, 0.5)
    assert {arc.phase == graph[arc.source].phase for arc in graph.arcs} == {True}
    assert graph["x"].phase == graph["y"].phase == "forward"
    assert graph["ȳ"].phase == graph["x̄"].phase == "backward"


def test_values_and_cotangents_are_numbers_at_a_number():
    graph = computation_graph(lambda x: rd.exp(2 * x), 0.5)
    assert carried(graph, "x") == {"0.5"}
    assert carried(graph, "exp") == {f"{math.e:.6g}"}
    [last] = graph.sources("x̄")
    assert carried(graph, last) == {f"{2 * math.e:.6g}"}


def test_constants_stand_in_the_label_of_the_operation():
    graph = computation_graph(lambda x: 3 * x**2 - 1, 2.0, order=0)
    assert [node.label for node in graph.nodes] == ["x", "^ 2", "3 ×", "− 1", "y"]


def test_several_arguments_have_a_cotangent_each_and_names_do_not_clash():
    graph = computation_graph(lambda x, y: x * y, 2.0, 3.0)
    assert by_kind(graph, "input", "forward") == ["x", "y"]
    assert by_kind(graph, "result", "forward") == ["z"]
    assert by_kind(graph, "result", "backward") == ["x̄", "ȳ"]
    assert carried(graph, *graph.sources("x̄")) == {"3.0"}
    assert carried(graph, *graph.sources("ȳ")) == {"2.0"}


def test_several_arguments_for_the_value_alone_and_for_the_second_derivative():
    graph = computation_graph(lambda x, y: x * y, 2.0, 3.0, order=0)
    assert arcs(graph) == {("x", "*"), ("y", "*"), ("*", "z")}
    graph = computation_graph(lambda x, y: x**2 * y, 2.0, 3.0, order=2)
    found = {node.text for node in graph.nodes if node.kind == "result"}
    assert found == {"z = 12.0", "∂²z/∂x[0] = 6.0", "∂²z/∂x[1] = 4.0", "∂²z/∂y[0] = 4.0", "∂²z/∂y[1] = 0.0"}


def test_a_value_that_is_passed_on_and_one_that_is_not_used():
    graph = computation_graph(lambda x, y: x + 1, 2.0, 3.0)
    assert graph.sources("x̄") == ("z̄",)
    assert graph["ȳ"].text == "ȳ = 0.0"


def test_arrays_and_structures_of_arguments():
    graph = computation_graph(
        lambda p: (p["w"] @ np.array([1.0, 2.0]) + p["b"]).sum(), {"w": np.eye(2), "b": np.zeros(2)}
    )
    assert by_kind(graph, "input", "forward") == ["p['w']", "p['b']"]
    assert by_kind(graph, "result", "backward") == ["p̄['w']", "p̄['b']"]


def test_values_with_a_structure_have_a_node_each():
    graph = computation_graph(lambda t: (rd.cos(t), rd.sin(t)), 0.0, order=0)
    assert by_kind(graph, "result", "forward") == ["y[0]", "y[1]"]
    graph = computation_graph(lambda t: {"c": rd.cos(t), "s": rd.sin(t)}, 0.0)
    assert len(by_kind(graph, "result", "backward")) == 2


def test_the_second_derivative_goes_back_over_the_way_back():
    graph = computation_graph(lambda x: g(f(x)), x, order=2)
    assert graph.direction == "down"
    depths = {node.key: node.depth for node in graph.nodes}
    assert [key for key, depth in depths.items() if depth == 0] == ["x", "f", "g", "y"]
    assert depths["f'"] == depths["g'"] == 1
    assert depths["f''"] == depths["g''"] == depths["y″"] == 2
    assert [node.label for node in graph.nodes].count("f′") == 1
    expected = sympy.expand(rd.nth_derivative(lambda x: g(f(x)), 2)(x))
    assert graph["y″"].text == "y″ = " + str(expected).replace("''", "″").replace("'", "′").replace("**2", "²").replace(
        "*", "·"
    )


def test_a_function_that_takes_a_derivative_itself():
    def slope(z):
        return z * rd.grad(lambda u: rd.sin(u * z))(2.0)  # z² cos 2z

    graph = computation_graph(slope, 0.5)
    assert graph["ȳ"].kind == "input"
    [last] = graph.sources("z̄")
    assert carried(graph, last) == {f"{math.cos(1) - 0.5 * math.sin(1):.6g}"}
    [value] = graph.sources("y")
    assert carried(graph, value) == {f"{0.25 * math.cos(1):.6g}"}
    assert graph.to_svg(engine="grandalf")


@pytest.mark.parametrize(
    "x",
    [2, 2.0, 2 + 1j, Fraction(2, 3), Decimal("1.5"), np.float32(2.0), np.arange(3.0), np.zeros(0), np.array([x, y])],
)
def test_every_kind_of_number_goes_through(x):
    graph = computation_graph(lambda x: x * x, x, order=1)
    assert len(by_kind(graph, "result", "backward")) == 1
    assert graph.to_svg(engine="grandalf")


def test_a_constant_has_a_derivative_without_a_way_back():
    graph = computation_graph(lambda x: 3.0, 1.0)
    assert graph["y"].note == "3.0"
    assert graph["x̄"].text == "x̄ = 0.0"


def test_values_whose_text_grows_exponentially_are_drawn_at_once():
    def doubled(x):
        for _ in range(40):
            x = f(x) + g(x)
        return x

    graph = computation_graph(doubled, x, order=0)
    assert len(graph) == 2 + 3 * 40
    assert max(len(node.text) for node in graph.nodes) < 400


def test_values_are_left_out_on_request_and_where_there_are_many():
    def many(x):
        for _ in range(70):
            x = rd.sin(x)
        return x

    assert {arc.label for arc in computation_graph(lambda x: x * x, 2.0, values=False).arcs} == {""}
    assert {arc.label for arc in computation_graph(many, 0.5, order=0).arcs} == {""}
    assert "0.5" in {arc.label for arc in computation_graph(many, 0.5, order=0, values=True).arcs}


def test_wrong_arguments_are_refused_in_words():
    with pytest.raises(PlotError, match=r"more than 3 nodes(.|\n)*max_nodes="):
        computation_graph(rd.sin, 0.5, max_nodes=3)
    with pytest.raises(ArgumentError, match="order is 0, 1, 2, …; met -1"):
        computation_graph(rd.sin, 0.5, order=-1)
    with pytest.raises(ArgumentError, match=r"draws what a function computes; met a Symbol(.|\n)*expression_graph"):
        computation_graph(x, 0.5)
    with pytest.raises(ArgumentError, match="needs the arguments"):
        computation_graph(rd.sin)
