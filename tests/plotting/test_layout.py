"""Places: no box overlaps another, text stays in its box, and arrows lead from border to border, past other boxes."""

from __future__ import annotations

import shutil
import sys
from itertools import combinations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import revdiff as rd
from revdiff import Graph, PlotError, computation_graph, expression_graph, symbolic_func
from revdiff.core.errors import ArgumentError
from revdiff.plotting import Arc, Node
from revdiff.plotting.layout import lay_out as lay_out_nodes
from revdiff.plotting.places import engines, graphviz
from revdiff.plotting.style import LABEL
from revdiff.plotting.text import width_of

x, y = sympy.symbols("x y")
f, g = symbolic_func("f"), symbolic_func("g")

HAS_GRAPHVIZ = shutil.which("dot") is not None
ENGINES = ["grandalf", pytest.param("graphviz", marks=pytest.mark.skipif(not HAS_GRAPHVIZ, reason="needs Graphviz"))]

GRAPHS = {
    "one node": Graph([Node("x", "x")]),
    "three nodes": expression_graph(g(f(x))),
    "the second derivative": expression_graph(rd.nth_derivative(lambda x: g(f(x)), 2)(x)),
    "ninety nodes": expression_graph(rd.nth_derivative(lambda x: rd.sin(rd.exp(f(g(rd.cos(x))))), 3)(x)),
    "several pieces": expression_graph([f(x), g(y), 5]),
    "forward and back": computation_graph(lambda x, y: rd.sin(x * y) + x**2, 1.0, 2.0),
    "back twice": computation_graph(lambda x: g(f(x)), x, order=2),
    "long labels": Graph(
        [
            Node("a", "a label of many words that goes on and on and on and on", note="and a note"),
            Node("b", "漢字かな交じり文" * 9),
        ],
        [Arc("a", "b", "a label on the arc that is too long for it")],
    ),
    "a circle": Graph([Node(k, k) for k in "abc"], [Arc("a", "b"), Arc("b", "c"), Arc("c", "a")]),
}


def lay_out(graph, engine=None):
    return lay_out_nodes(graph.nodes, graph.arcs, graph.direction, engine)


def overlap(one, other):
    left, upper, right, lower = one.edges
    left2, upper2, right2, lower2 = other.edges
    return min(right, right2) - max(left, left2) > 1e-6 and min(lower, lower2) - max(upper, upper2) > 1e-6


def at_border(point, box, tolerance):
    left, upper, right, lower = box.edges
    dx = max(left - point[0], 0, point[0] - right)
    dy = max(upper - point[1], 0, point[1] - lower)
    outside = max(dx, dy)
    inside = min(point[0] - left, right - point[0], point[1] - upper, lower - point[1])
    return outside <= tolerance and inside <= tolerance


def points_on(curve, parts=12):
    """Return points on a curve of cubic pieces."""
    for i in range(0, len(curve.points) - 1, 3):
        p = curve.points[i : i + 4]
        for k in range(parts + 1):
            t = k / parts
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield tuple(sum(w * q[axis] for w, q in zip(weights, p, strict=True)) for axis in (0, 1))


def check(graph, layout, tolerance):
    boxes = [*layout.boxes.values(), *(label.box for label in layout.labels)]
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    for box in boxes:
        left, upper, right, lower = box.edges
        assert left >= 0
        assert upper >= 0
        assert right <= layout.width + 1e-6
        assert lower <= layout.height + 1e-6
    for box in layout.boxes.values():
        assert max(width_of(line, LABEL.size) for line in box.lines) < box.width
    trunk = {(label.arc.source, label.arc.label): label.box for label in layout.labels}
    for curve in layout.curves:
        arc = curve.arc
        start, end = layout.boxes[arc.source], layout.boxes[arc.target]
        middle = trunk.get((arc.source, arc.label)) if arc.label else None
        if middle is not None:
            start, end = (middle, end) if curve.has_head else (start, middle)
        assert at_border(curve.points[0], start, tolerance), arc
        assert at_border(curve.points[-1], end, tolerance), arc
    assert {(c.arc.source, c.arc.target) for c in layout.curves} >= {
        (a.source, a.target) for a in graph.arcs if not a.label
    }
    assert sum(curve.has_head for curve in layout.curves) == len({(a.source, a.target, a.label) for a in graph.arcs})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", GRAPHS)
def test_boxes_are_apart_and_arrows_lead_from_border_to_border(name, engine):
    check(GRAPHS[name], lay_out(GRAPHS[name], engine), 1e-6 if engine == "grandalf" else 1.5)


@pytest.mark.parametrize("name", GRAPHS)
def test_arrows_go_through_no_box(name):
    layout = lay_out(GRAPHS[name], "grandalf")
    boxes = [*layout.boxes.values(), *(label.box for label in layout.labels)]
    for curve in layout.curves:
        for px, py in points_on(curve):
            for box in boxes:
                left, upper, right, lower = box.edges
                assert not (left + 1 < px < right - 1 and upper + 1 < py < lower - 1), curve.arc


@settings(max_examples=40)
@given(st.integers(1, 14), st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=30))
def test_any_graph_is_laid_out(count, pairs):
    nodes = [Node(str(i), "n" * (1 + 7 * i % 23), phase="backward" if i % 3 == 2 else "forward") for i in range(count)]
    ends = {(a % count, b % count) for a, b in pairs if a % count != b % count}
    graph = Graph(nodes, [Arc(str(a), str(b), phase=nodes[a].phase) for a, b in sorted(ends)], direction="right")
    check(graph, lay_out(graph, "grandalf"), 1e-6)


def test_the_same_graph_has_the_same_places_every_time():
    graph = GRAPHS["ninety nodes"]
    assert lay_out(graph, "grandalf") == lay_out(graph, "grandalf")


def test_rows_lead_downwards_and_results_are_below_what_they_are_made_of():
    graph = GRAPHS["the second derivative"]
    boxes = lay_out(graph, "grandalf").boxes
    assert all(boxes[arc.source].edges[3] < boxes[arc.target].edges[1] for arc in graph.arcs)


def test_forward_is_above_backward_and_the_local_derivatives_are_between():
    graph = computation_graph(lambda x: g(f(x)), x)
    boxes = lay_out(graph, "grandalf").boxes
    rows = {
        "forward": {boxes[n.key].y for n in graph.nodes if n.phase == "forward"},
        "slope": {boxes[n.key].y for n in graph.nodes if n.kind == "slope"},
        "backward": {boxes[n.key].y for n in graph.nodes if n.phase == "backward" and n.kind != "slope"},
    }
    assert max(rows["forward"]) < min(rows["slope"])
    assert max(rows["slope"]) < min(rows["backward"])
    for arc in graph.arcs:
        one, other = boxes[arc.source], boxes[arc.target]
        leads_back = graph[arc.source].phase == "backward" and graph[arc.source].kind != "slope"
        assert (one.x > other.x) if leads_back else (one.x < other.x)


def test_graphviz_asked_for_and_not_there_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(
        PlotError, match=r"Graphviz, which is not installed(.|\n)*To install it(.|\n)*engine='grandalf'"
    ):
        lay_out(GRAPHS["three nodes"], "graphviz")
    assert lay_out(GRAPHS["three nodes"]).boxes  # and not asked for, it is not missed


def test_without_any_engine_the_error_names_the_extra_and_notebooks_show_the_text(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(PlotError, match=r'pip install "revdiff\[plot\]"'):
        lay_out(GRAPHS["three nodes"])
    assert GRAPHS["three nodes"]._repr_svg_() is None
    assert "image/svg+xml" not in GRAPHS["three nodes"]._repr_mimebundle_()


@pytest.mark.parametrize("program", [sys.executable, "/nonexistent", *filter(None, [shutil.which("true")])])
def test_graphviz_that_fails_is_quoted_if_it_was_asked_for_and_done_without_if_not(monkeypatch, program):
    monkeypatch.setattr(graphviz, "program", lambda: program)
    with pytest.raises(PlotError, match=r"Graphviz could not lay out the picture(.|\n)*engine='grandalf'"):
        lay_out(GRAPHS["three nodes"], "graphviz")
    assert lay_out(GRAPHS["three nodes"]) == lay_out(GRAPHS["three nodes"], "grandalf")


def test_an_unknown_engine_is_refused():
    with pytest.raises(ArgumentError, match="engine is 'graphviz' or 'grandalf'; met 'neato'"):
        lay_out(GRAPHS["three nodes"], "neato")
