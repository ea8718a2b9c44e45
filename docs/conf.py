"""How Sphinx builds this documentation: ``sphinx-build -n -W docs build/docs``."""

from __future__ import annotations

import inspect
import re
import runpy
from contextlib import redirect_stdout, suppress
from doctest import SKIP, DocTestParser
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import revdiff

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

project = "revdiff"
author = "The revdiff developers"
copyright = "2026, The revdiff developers"
version = release = revdiff.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_update_mathjax = False
html_math_renderer = "mathml"
MATHML = [
    (' accent="true"', ""),  # a bar stands above its letter, also in a font without mathematics
    ("<mo>'</mo>", "<mo>′</mo>"),
    ("<mi>([a-z]{2,})</mi>", r'<mo lspace="0.17em" rspace="0.17em">\1</mo>'),  # x ln y, not xlny
    ("<mo>([⟨⟩])</mo>", r'<mo stretchy="false">\1</mo>'),  # as large as what stands between them
    (
        r"<munderover>\s*(<mi>\w</mi>)\s*(<mi>\w</mi>|<mrow>.*?</mrow>)\s*(<mo [^>]*>ˉ</mo>)\s*</munderover>",
        r"<msub><mover>\1\3</mover>\2</msub>",  # an index stands beside its letter, under a bar too
    ),
]
copybutton_exclude = ".linenos, .gp, .go"

# Signatures without types: "grad(f, /, *, argnums=0)" is read at a glance, and the types of functions
# of functions of functions are for the type checker.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
highlight_language = "none"
default_role = "py:obj"

# Links into other documentation go by the inventories in this directory, which list the names that we
# refer to and no more. So a build needs no network, and a dead reference fails, whether it points to us
# or to them: a name that is new here takes one line there.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "inventories/python.inv"),
    "numpy": ("https://numpy.org/doc/stable", "inventories/numpy.inv"),
    "scipy": ("https://docs.scipy.org/doc/scipy", "inventories/scipy.inv"),
    "sympy": ("https://docs.sympy.org/latest", "inventories/sympy.inv"),
}

html_theme = "furo"
html_title = "revdiff"
html_theme_options = {
    "source_repository": "https://github.com/revdiff/revdiff/",
    "source_branch": "main",
    "source_directory": "docs/",
    "light_css_variables": {"code-font-size": "78%"},
}
html_static_path = ["_static"]
html_css_files = ["site.css"]


def keep_as_written(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Show a docstring as ``help()`` does.

    Formulas set off by indenting stay as drawn, |x| means |x|, f(x, *p) means f(x, *p), and of lines with two columns,
    ``argnums     which arguments to differentiate``, the first is defined by the second.
    """
    if what == "module":  # what a module imports is for those who read its code
        lines[:] = [re.sub(r"^Imports [^.]*\. ?", "", line) for line in lines]
    shown: list[str] = []
    text = ""  # the last line that was not blank
    in_example = defining = drawing = False
    for line in lines:
        in_example = bool(line) and (in_example or line.startswith(">>>"))
        set_off = line.startswith("    ") and shown and not shown[-1] and text[:1].strip()
        if set_off and not re.match(r"\.\. |[-*] |\d+\. |.*::$", text):
            shown += ["::", ""]
            drawing = True
        drawing = drawing and not line[:1].strip()
        columns = re.fullmatch(r"(``[^`]+``|\w+(?:, \w+)*) {2,}(\S.*)", line)
        defining = not in_example and (columns is not None or (defining and line.startswith(" ")))
        if columns and defining:
            shown += ["``" + columns[1].strip("`") + "``", "   " + columns[2]]
        elif defining:
            shown.append("   " + line.strip())
        elif drawing:
            shown.append(line.replace("`", ""))
        else:
            prose = not in_example and not line.startswith(" ")
            shown.append(re.sub(r"(``.*?``|\*\w+\*)|[|*]", lambda m: m[1] or "\\" + m[0], line) if prose else line)
        text = line or text
    lines[:] = shown


def leave_out_scipys(app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object) -> bool:
    """Leave out of the modules that stand beside SciPy's the functions that are SciPy's own."""
    module = str(getattr(obj, "__module__", "") or "")
    return skip or (what == "module" and module.startswith("scipy"))


def look_into_package(app: Sphinx, env: BuildEnvironment, node: Any, contnode: Any) -> nodes.Node | None:
    """Find `ConversionError`, in a docstring of a module in a room of its own, among the names of the package."""
    if node.get("refdomain") != "py":
        return None
    name = f"revdiff.{node['reftarget']}"
    return env.domains.python_domain.resolve_xref(env, node["refdoc"], app.builder, "obj", name, node, contnode)


def miss_no_name(app: Sphinx, env: BuildEnvironment) -> None:
    """Ask that every public name of revdiff stands in the reference."""
    documented = env.domains.python_domain.objects
    for name in getattr(revdiff, "__all__", dir(revdiff)):
        thing: Any = getattr(revdiff, name)
        ours = str(getattr(thing, "__module__", "")).startswith("revdiff")
        if ours and name[0] != "_" and not inspect.ismodule(thing) and f"revdiff.{name}" not in documented:
            logging.getLogger(__name__).warning("revdiff.%s is public, and docs/reference.md lacks it", name)


def mend_ways_back(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Lead from a source to the name under which it is documented: viewcode knows one package for each module."""
    if page.startswith("_modules/"):
        known = app.env.domains.python_domain.objects
        names = {name.split(".", 2)[2]: name for name in known if name.count(".") > 1}
        context["body"] = re.sub(
            r"#revdiff\.([\w.]+)\"",
            lambda link: link[0] if f"revdiff.{link[1]}" in known else f'#{names.get(link[1], link[1])}"',
            context["body"],
        )


def write_formula(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula as MathML, which browsers draw by themselves: no script, and no network."""
    try:
        formula = tex2mathml(node.astext(), as_block=isinstance(node, nodes.math_block))
    except MathError as error:
        logging.getLogger(__name__).warning("%s: %s", node.astext(), error, location=node)
    else:
        for pattern, better in MATHML:
            formula = re.sub(pattern, better, formula, flags=re.DOTALL)
        translator.body.append(formula)
    raise nodes.SkipNode


class Picture(SphinxDirective):
    """Draw the value of an expression, a graph or a figure of matplotlib, when the page is built.

    The names in it are those of the examples above it on the page, or of ``:example:``, a file in examples/. What stands
    inside says what the picture shows, for those who do not see it.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"example": directives.unchanged}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Write the picture beside the page, and refer to it."""
        page = self.env.docname
        number = self.env.new_serialno("picture")
        name = f"{page.replace('/', '-')}-{number + 1}.svg"
        directory = Path(self.env.app.outdir, "_images")
        directory.mkdir(parents=True, exist_ok=True)
        try:
            with mpl.rc_context({"svg.hashsalt": "revdiff"}):
                picture = eval(self.arguments[0], self._names())
                if hasattr(picture, "savefig"):
                    picture.savefig(directory / name, metadata={"Date": None})
                else:
                    picture.save(directory / name, engine="grandalf")
        except Exception as error:  # whatever is wrong with an example is a warning, and warnings fail
            logging.getLogger(__name__).warning("%s: %s", self.arguments[0], error, location=self.get_location())
            return []
        source = "../" * page.count("/") + f"_images/{name}"
        shows = escape(" ".join(self.content), quote=True)
        html = f'<p><a class="picture" href="{source}"><img src="{source}" alt="{shows}" loading="lazy"></a></p>'
        return [nodes.raw("", html, format="html")]

    def _names(self) -> dict[str, Any]:
        """Run what stands above on the page, as far as it has not been run, or the example that is asked for."""
        if "example" in self.options:
            file = Path(self.env.srcdir, "..", "examples", self.options["example"]).resolve()
            self.env.note_dependency(str(file))
            return runpy.run_path(str(file))
        names: dict[str, Any] = self.env.temp_data.setdefault("picture names", {"__name__": "__main__"})
        text = Path(self.env.doc2path(self.env.docname)).read_text(encoding="utf-8")
        text = re.sub(
            r"^ *(```|~~~|:::).*$", "", text, flags=re.MULTILINE
        )  # a fence ends an example, as in conftest.py
        start = self.env.temp_data.get("picture line", 0)
        for example in DocTestParser().get_examples(text):
            if start <= example.lineno < self.lineno and not example.options.get(SKIP):
                with redirect_stdout(StringIO()), suppress(*([Exception] if example.exc_msg else [])):
                    exec(compile(example.source, self.env.docname, "single"), names)
        self.env.temp_data["picture line"] = self.lineno
        return names


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect what is above."""
    app.add_directive("picture", Picture)
    app.add_html_math_renderer("mathml", (write_formula, None), (write_formula, None))
    app.connect("autodoc-process-docstring", keep_as_written)
    app.connect("autodoc-skip-member", leave_out_scipys)
    app.connect("env-check-consistency", miss_no_name)
    app.connect("missing-reference", look_into_package)
    app.connect("html-page-context", mend_ways_back)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
