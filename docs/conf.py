"""How Sphinx builds this documentation: ``sphinx-build -n -W docs build/docs``."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import revdiff

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

from sphinx.util import logging

project = "revdiff"
author = "The revdiff developers"
copyright = "2026, The revdiff developers"
version = release = revdiff.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]
exclude_patterns = ["_build"]
nitpicky = True

# Markdown ---------------------------------------------------------------------------------------

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
copybutton_exclude = ".linenos, .gp, .go"

# The reference ----------------------------------------------------------------------------------

# Signatures without types: "grad(f, /, *, argnums=0)" is read at a glance, and the types of functions
# of functions of functions are for the type checker.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
highlight_language = "none"

# Links into other documentation go by the inventories in this directory, which list the names that we
# refer to and no more. So a build needs no network, and a dead reference fails, whether it points to us
# or to them: a name that is new here takes one line there.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "inventories/python.inv"),
    "numpy": ("https://numpy.org/doc/stable", "inventories/numpy.inv"),
    "sympy": ("https://docs.sympy.org/latest", "inventories/sympy.inv"),
}

# Looks ------------------------------------------------------------------------------------------

html_theme = "furo"
html_title = "revdiff"
html_theme_options = {
    "source_repository": "https://github.com/revdiff/revdiff/",
    "source_branch": "main",
    "source_directory": "docs/",
}


def keep_as_written(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Show a docstring as ``help()`` does: formulas set off by indenting stay as drawn, and |x| means |x|."""
    shown: list[str] = []
    text = ""  # the last line that was not blank
    in_example = False
    for line in lines:
        in_example = bool(line) and (in_example or line.startswith(">>>"))
        drawing = line.startswith("    ") and shown and not shown[-1]
        if drawing and text[:1].strip() and not re.match(r"\.\. |[-*] |\d+\. |.*::$", text):
            shown += ["::", ""]
        prose = not in_example and not line.startswith(" ")
        shown.append(re.sub(r"(``.*?``)|\|", lambda m: m[1] or r"\|", line) if prose else line)
        text = line or text
    lines[:] = shown


def miss_no_name(app: Sphinx, env: BuildEnvironment) -> None:
    """Ask that every public name of revdiff stands in the reference."""
    documented = env.domains.python_domain.objects
    for name in getattr(revdiff, "__all__", dir(revdiff)):
        thing: Any = getattr(revdiff, name)
        ours = str(getattr(thing, "__module__", "")).startswith("revdiff")
        if ours and name[0] != "_" and not inspect.ismodule(thing) and f"revdiff.{name}" not in documented:
            logging.getLogger(__name__).warning("revdiff.%s is public, and docs/reference.md lacks it", name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the two functions above."""
    app.connect("autodoc-process-docstring", keep_as_written)
    app.connect("env-check-consistency", miss_no_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
