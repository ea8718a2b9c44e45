"""The data of a picture, and how it shows itself."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from revdiff import Graph
from revdiff.core.errors import ArgumentError
from revdiff.plotting import Arc, Node
from revdiff.plotting.text import lines_of, shortened, width_of
from revdiff.plotting.wording import typeset


def test_a_graph_is_data_that_can_be_looked_at_compared_and_pickled():
    graph = Graph([Node("a", "a"), Node("b", "b")], [Arc("a", "b", "1")])
    assert len(graph) == 2
    assert graph["b"] == Node("b", "b")
    assert (graph.sources("b"), graph.targets("a"), graph.sources("a")) == (("a",), ("b",), ())
    assert repr(graph) == "<Graph of 2 nodes and 1 arc>"
    assert graph == Graph((Node("a", "a"), Node("b", "b")), (Arc("a", "b", "1"),))
    assert pickle.loads(pickle.dumps(graph)) == graph
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.title = "another"


def test_a_graph_that_makes_no_sense_is_refused():
    with pytest.raises(ArgumentError, match="a graph has one node at least"):
        Graph([])
    with pytest.raises(ArgumentError, match="every node needs a key of its own; 'a' is that of 2"):
        Graph([Node("a", "a"), Node("a", "b")])
    with pytest.raises(ArgumentError, match="leads from 'a' to 'b', and there is no node 'b'"):
        Graph([Node("a", "a")], [Arc("a", "b")])
    with pytest.raises(ArgumentError, match="leads from 'a' to itself"):
        Graph([Node("a", "a")], [Arc("a", "a")])
    with pytest.raises(ArgumentError, match="direction of a graph is 'down' or 'right'; met 'up'"):
        Graph([Node("a", "a")], direction="up")


@pytest.mark.parametrize(
    ("plain", "better"),
    [
        ("f'(x)*g''(f(x))", "f′(x)·g″(f(x))"),
        ("f'''(x) + f''''(x) + f'''''(x)", "f‴(x) + f⁗(x) + f′′′′′(x)"),
        ("h'_1'_2(x, y)", "h′₁′₂(x, y)"),
        ("h'_12(x)", "h′₁₂(x)"),
        ("x**2 - x**(-1) + x**10", "x² − x⁻¹ + x¹⁰"),
        ("x**2.5*x**y*x**(1/2)", "x^2.5·x^y·x^(1/2)"),
        ("pi*x_pi + api", "π·x_pi + api"),
        ("p['w'][0]", "p['w'][0]"),
    ],
)
def test_formulas_are_written_as_one_writes_them(plain, better):
    assert typeset(plain) == better


@pytest.mark.parametrize(
    "text", ["x", "a + b", "f(x, y)·g(x)", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x " * 40, "漢" * 40, ""]
)
@pytest.mark.parametrize("room", [2, 7, 26])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_lines_fit_and_nothing_is_left_out_unnoticed(text, room, most):
    lines = lines_of(text, room, most)
    assert 1 <= len(lines) <= most
    assert max(map(len, lines)) <= room
    whole = "".join("".join(lines).split()) == "".join(text.split())
    assert whole or lines[-1].endswith("…")


def test_texts_are_shortened_in_the_middle():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcdefgh", 5) == "ab…gh"
    assert len(shortened("x" * 99, 8)) == 8


def test_widths_are_those_of_helvetica():
    assert width_of("Hello", 1000) == 722 + 556 + 222 + 222 + 556
    assert width_of("x̄", 10) == width_of("x", 10)
    assert width_of("漢", 10) == 10
