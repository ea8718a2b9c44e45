"""How the examples are run as scripts: where the picture goes, and what is said where a package is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from revdiff import PlotError


def run(main: Callable[[], Any], picture: str | None = None) -> None:
    """Call an example, and save the figure that it returns: under the name on the command line, or this one.

    The same figure makes the same file. Where a package is missing, the script ends with what the examples need.
    """
    try:
        figure = main()
        if picture is not None:
            import matplotlib as mpl

            path = sys.argv[1] if len(sys.argv) > 1 else picture
            with mpl.rc_context({"svg.hashsalt": "revdiff"}):
                figure.savefig(path, metadata={"Date": None} if path.endswith(".svg") else None)
            print(f"wrote {path}")
    except (ImportError, PlotError) as error:
        sys.exit(f'{error}\nWhat all the examples need:  pip install "revdiff[examples]"')
