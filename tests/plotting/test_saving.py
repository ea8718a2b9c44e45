"""Files of every kind, axes of matplotlib, and DOT."""

from __future__ import annotations

import builtins
import re
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest
import sympy

import revdiff as rd
from revdiff import Graph, PlotError, computation_graph, expression_graph, plot_expr, plot_graph, symbolic_func, to_dot
from revdiff.core.errors import ArgumentError
from revdiff.plotting import Arc, Node
from revdiff.plotting.style import PALETTES

x, y = sympy.symbols("x y")
f, g = symbolic_func("f"), symbolic_func("g")
GRAPH = expression_graph(g(f(x)))


@pytest.mark.parametrize(
    ("ending", "start"),
    [("svg", b"<svg"), ("SVG", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph")],
)
def test_the_ending_of_a_file_says_how_it_is_written(tmp_path, ending, start):
    path = tmp_path / f"picture.{ending}"
    GRAPH.save(path)
    assert path.read_bytes().startswith(start)
    first = path.read_bytes()
    plot_graph(GRAPH, str(path))
    assert path.read_bytes() == first


def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path):
    with pytest.raises(PlotError, match=r"\.svg, \.png, \.pdf, \.dot; met a file that ends in '\.gif'"):
        GRAPH.save(tmp_path / "picture.gif")
    with pytest.raises(PlotError, match="met 'picture', which has no ending"):
        GRAPH.save("picture")
    assert not list(tmp_path.iterdir())


def test_plot_expr_and_plot_graph_return_the_graph_and_write_it_where_a_file_is_named(tmp_path):
    path = tmp_path / "picture.svg"
    assert plot_expr(g(f(x)), path, engine="grandalf", theme="dark") == GRAPH
    assert path.read_text("utf-8") == GRAPH.to_svg(engine="grandalf", theme="dark")
    assert plot_expr(g(f(x))) == GRAPH
    assert plot_graph(GRAPH) is GRAPH
    with pytest.raises(ArgumentError, match=r"plot_graph draws a Graph; met (.|\n)*plot_expr\(x, path\)"):
        plot_graph(g(f(x)))


def test_a_graph_is_drawn_into_axes_beside_others():
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyBboxPatch

    figure = Figure()
    left, right = figure.subplots(1, 2)
    right.plot([0, 1], [1, 0])
    computation_graph(lambda x: g(f(x)), x).draw(left, theme="dark")
    boxes = [patch for patch in left.patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == 10
    assert left.get_aspect() == 1.0
    assert not right.patches
    figure.canvas.draw()


def test_texts_in_axes_stay_in_their_boxes():
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyBboxPatch, PathPatch

    ax = Figure(figsize=(3, 3)).subplots()
    expression_graph(rd.nth_derivative(lambda x: g(f(x)), 2)(x)).draw(ax)
    boxes = [p.get_bbox() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    letters = [p.get_path().get_extents() for p in ax.patches if isinstance(p, PathPatch) and p.get_zorder() == 4]
    assert len(letters) >= len(boxes) == 10
    assert all(any(b.x0 <= t.x0 and t.x1 <= b.x1 and b.y0 <= t.y0 and t.y1 <= b.y1 for b in boxes) for t in letters)


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_a_box_without_letters_is_drawn(tmp_path, text):
    Graph([Node("a", text, note=text), Node("b", "b")], [Arc("a", "b", text)]).save(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_has_the_colours_of_its_theme(tmp_path):
    from matplotlib.image import imread

    for theme in ("light", "dark"):
        GRAPH.save(tmp_path / "picture.png", theme=theme)
        corner = "".join(f"{round(255 * c):02x}" for c in imread(tmp_path / "picture.png")[0, 0, :3])
        assert f"#{corner}" == PALETTES[theme]["paper"]


def test_pyplot_is_not_touched():
    code = (
        "import sys, tempfile, os, sympy, revdiff; x = sympy.Symbol('x')\n"
        "revdiff.plot_expr(sympy.sin(x), os.path.join(tempfile.mkdtemp(), 'p.png'))\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_is_no_axes_is_refused():
    with pytest.raises(ArgumentError, match=r"drawn into axes of matplotlib; met a str|met 'ax'"):
        GRAPH.draw("ax")


def test_without_matplotlib_the_error_names_the_extra(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PlotError, match=r'needs matplotlib(.|\n)*pip install "revdiff\[plot\]"(.|\n)*picture.svg'):
        GRAPH.save(tmp_path / "picture.png")
    GRAPH.save(tmp_path / "picture.svg")


@pytest.mark.parametrize("theme", ["light", "dark", None])
def test_the_theme_is_checked(theme, tmp_path):
    for ending in ("svg", "png"):
        GRAPH.save(tmp_path / f"p.{ending}", theme=theme)
        with pytest.raises(ArgumentError, match="theme is 'light' or 'dark'; met 'blue'"):
            GRAPH.save(tmp_path / f"p.{ending}", theme="blue")


# DOT


def test_dot_has_every_node_and_arc():
    dot = to_dot(computation_graph(lambda x: g(f(x)), x))
    assert dot.startswith("digraph {")
    assert "rankdir=LR" in dot
    assert dot.count(" -> ") == 10
    assert re.search(r'"x" -> "f" \[label="x" color="#2b6cb0"', dot)
    assert re.search(r'"ȳ" -> "\*" \[label="1" .* style=dashed\]', dot)
    assert to_dot([x + y, x - y]).count(" -> ") == 4


AWKWARD = ['say "f"', "back\\slash", "\\N \\G", "a&amp;b", "two\nlines", "<b>bold</b>", "{a|b}", "end\\"]


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_graphviz_reads_what_was_written():
    nodes = [Node(f"{text}", text, note=text, text=text) for text in AWKWARD]
    graph = Graph(nodes, [Arc(a.key, b.key, a.label) for a, b in pairwise(nodes)], title=AWKWARD[0])
    done = subprocess.run(["dot", "-Tsvg"], input=to_dot(graph), capture_output=True, encoding="utf-8", check=True)
    assert "Error" not in done.stderr
    for shown in (
        "say &quot;f&quot;",
        "back\\slash",
        "\\N \\G",
        "a&amp;amp;b",
        "&lt;b&gt;bold&lt;/b&gt;",
        "{a|b}",
        "end\\",
    ):
        assert f">{shown}</text>" in done.stdout


def test_a_quotation_mark_and_a_backslash_end_nothing():
    for text in AWKWARD:
        dot = to_dot(Graph([Node(text, text)]))
        [line] = [line for line in dot.splitlines() if "[label=" in line]
        assert re.fullmatch(r'  "(?:[^"\\]|\\.)*" \[(?:\w+="(?:[^"\\]|\\.)*"\s?|\w+=\w+\s?)*\]', line)
