"""SVG: well-formed, legible in light and dark, with two ways that are told apart by colour and by dashes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import sympy

from revdiff import Graph, computation_graph, expression_graph, symbolic_func
from revdiff.plotting import Arc, Node
from revdiff.plotting.style import PALETTES

SVG = "{http://www.w3.org/2000/svg}"
x = sympy.Symbol("x")
f, g = symbolic_func("f"), symbolic_func("g")


def parsed(graph, **options):
    return ET.fromstring(graph.to_svg(engine="grandalf", **options))


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_label_is_a_text_and_every_node_has_its_tooltip():
    graph = expression_graph(g(f(x)))
    root = parsed(graph)
    assert [text.text for text in root.iter(f"{SVG}text")] == ["x", "f(x)", "g(f(x))"]
    tooltips = [group.find(f"{SVG}title").text for group in root.iter(f"{SVG}g") if group.get("class") == "node"]
    assert tooltips == ["x", "f(x)", "g(f(x))"]
    assert len(list(root.iter(f"{SVG}polygon"))) == len(graph.arcs)


def test_it_says_in_words_what_it_shows():
    root = parsed(expression_graph(g(f(x))))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == root.get("aria-label") == "The graph of g(f(x))"
    assert root.find(f"{SVG}desc").text == "x → f(x); f(x) → g(f(x))"


def test_texts_are_as_wide_as_was_reckoned_in_whatever_font():
    for text in parsed(expression_graph(g(f(x)))).iter(f"{SVG}text"):
        assert float(text.get("textLength")) > 0
        assert text.get("lengthAdjust") == "spacingAndGlyphs"


def test_forward_and_backward_differ_in_colour_and_in_dashes():
    root = parsed(computation_graph(lambda x: g(f(x)), x))
    paths = {(p.get("class"), p.get("stroke-dasharray") is not None) for p in root.iter(f"{SVG}path")}
    assert ("forward-line", False) in paths
    assert ("back-line", True) in paths
    assert ("forward-line", True) not in paths
    assert ("back-line", False) not in paths
    boxes = {box.get("class") for box in root.iter(f"{SVG}rect")}
    assert {"forward-fill forward-line", "back-fill back-line", "slope-fill slope-line"} <= boxes


def test_colours_follow_the_screen_unless_a_theme_is_asked_for():
    graph = expression_graph(f(x))
    light, dark = PALETTES["light"], PALETTES["dark"]
    adaptive, fixed = graph.to_svg(), graph.to_svg(theme="dark")
    assert "@media (prefers-color-scheme: dark)" in adaptive
    assert f"--paper: {light['paper']}" in adaptive
    assert f"--paper: {dark['paper']}" in adaptive
    assert "@media" not in fixed
    assert f"--paper: {dark['paper']}" in fixed
    assert f"--paper: {light['paper']}" not in fixed


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_and_line_stands_out_from_what_it_is_on(theme):
    colors = PALETTES[theme]
    for fill in (colors[name] for name in ("paper", "forward-fill", "back-fill", "again-fill", "slope-fill")):
        assert contrast(colors["ink"], fill) > 7
        assert contrast(colors["muted"], fill) > 4.5
    for line in ("forward", "back", "again", "slope"):
        assert contrast(colors[line], colors["paper"]) > 4.5


@pytest.mark.parametrize("text", ["<&>\"'", "a\x00b\x1bc", "]]>", "\ud800", "  ", "</svg>"])
def test_any_text_leaves_it_well_formed(text):
    graph = Graph([Node("a", text, note=text, text=text), Node("b", "b")], [Arc("a", "b", text)], title=text)
    assert parsed(graph).tag == f"{SVG}svg"
    graph.to_svg().encode()


def test_lines_that_go_together_are_drawn_once():
    graph = Graph(
        [Node(k, k) for k in "abcdefg"], [Arc(a, b) for a, b in ["ab", "bc", "cd", "de", "df", "dg", "ae", "af", "ag"]]
    )
    pieces = re.findall(r"C[^CM\"]+", "".join(p.get("d") for p in parsed(graph).iter(f"{SVG}path")))
    assert len(pieces) == len(set(pieces))


def test_two_pictures_of_one_graph_are_the_same_text():
    graph = computation_graph(lambda x: g(f(x)), x)
    assert graph.to_svg() == graph.to_svg()
