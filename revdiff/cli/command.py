"""Running the command: what it prints, where, and the status with which it ends.

Imports the options; SymPy is imported when there is something to compute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from revdiff.cli.options import UsageError, read_options
from revdiff.core.errors import RevDiffError

FINE, UNDEFINED, WRONG = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, those of the process by default, and return its exit status.

    0   everything was computed
    1   the formula has no value at the point, or a number could not be computed
    2   the arguments are not understood; what is wrong is on the standard error

    >>> main(["x**2 * y", "--at", "x=3,y=5", "--wrt", "x"])
    f(x, y) = x**2*y
    ∂f/∂x   = 2*x*y
    <BLANKLINE>
    At x = 3, y = 5
    f     = 45.0
    ∂f/∂x = 30.0
    0
    """
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except SystemExit as stop:  # --help and --version
        return FINE if stop.code is None else int(stop.code)
    except (UsageError, RevDiffError) as error:
        print(f"revdiff: {error}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:  # whoever read the output, such as head, has read enough
        _forget_output()
        return FINE
    except KeyboardInterrupt:
        return 130
    return status


def _run(argv: Sequence[str]) -> int:
    options = read_options(argv)
    if options.formula is None:
        from revdiff.cli.tour import give_tour

        give_tour(print)
        return FINE
    from revdiff.cli.calculation import calculate
    from revdiff.cli.data import as_json
    from revdiff.cli.latex import as_latex
    from revdiff.cli.text import as_text

    if options.plot:
        from revdiff.cli.picture import check_picture

        check_picture(options.plot)
    report = calculate(options)
    if options.plot:
        from revdiff.cli.picture import save_picture

        save_picture(report, options.plot)
    if options.as_json:
        print(as_json(report, with_latex=options.as_latex))
    elif options.as_latex:
        print(as_latex(report))
    else:
        print(as_text(report, fancy=_can_show("∂²⁴", sys.stdout)))
    return UNDEFINED if report.is_undefined else FINE


def _can_show(characters: str, stream: TextIO) -> bool:
    """Tell whether the encoding of a stream has these characters; a stream in memory has none, and takes all."""
    try:
        characters.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _forget_output() -> None:
    """Let the rest of the output go nowhere, so that Python does not complain about it on its way out."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
