"""A report as a picture: the formula and its derivatives, and what they are made of.

Imports the report and the pictures.
"""

from __future__ import annotations

from pathlib import Path

from revdiff.cli.options import UsageError
from revdiff.cli.report import Report
from revdiff.cli.text import derivative_sign
from revdiff.plotting.errors import PlotError
from revdiff.plotting.expressions import expression_graph
from revdiff.plotting.graph import ending_of


def check_picture(path: str) -> None:
    """Raise `UsageError` where the ending of a file says nothing about how to draw."""
    try:
        ending_of(Path(path))
    except PlotError as error:
        msg = f"--plot: {error}"
        raise UsageError(msg) from None


def save_picture(report: Report, path: str) -> None:
    """Write one graph of the formula and of all derivatives that are listed: what they share stands in it once."""
    formulas = {report.name: report.expr}
    for derivative in report.derivatives:
        if derivative.simplified is not None:
            formulas[derivative_sign(derivative.by, report, fancy=True)] = derivative.simplified
    try:
        expression_graph(formulas).save(path)
    except OSError as error:
        msg = f"--plot: {path} cannot be written: {error.strerror}"
        raise UsageError(msg) from None
    except PlotError as error:
        first, *ways_out = str(error).splitlines()  # most of these are about Python
        msg = "\n".join([f"--plot: {first}", *(line for line in ways_out if "To install" in line)])
        raise UsageError(msg) from None
