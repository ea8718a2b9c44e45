"""The arguments of the command: read, checked, and refused with a sentence that says what to write.

Imports the version.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn, final

import revdiff

_DESCRIPTION = """\
Differentiate a formula: symbolically, and in numbers at a point.

A formula is made of numbers, names, + - * / **, parentheses, and functions such
as sin, exp, log, sqrt, atan2, erf, gamma, minimum. pi, e and I are constants;
every other name is a variable; f(x), g(x, y) and h(x) are functions of which
only the name is known. Without a formula, a short tour shows what revdiff does."""

_EXAMPLES = """\
examples:
  revdiff "log(x**2 + x**3)" --at x=1
  revdiff "x*sin(x*y)" --wrt x,y --at x=1,y=pi/2
  revdiff "exp(-x**2)" --order 3
  revdiff "x**2*y + y**3" --hessian --at x=1 --at y=2
  revdiff "-x*exp(-x)" --latex
  revdiff "g(f(x))" --plot picture.svg

Exit status: 0 fine, 1 the formula has no value at the point, 2 wrong arguments."""


class UsageError(Exception):
    """The arguments cannot be understood. The message is for the person who typed them."""


@final
@dataclass(frozen=True)
class Options:
    """What is asked for."""

    formula: str | None = None
    at: tuple[tuple[str, str], ...] = ()
    wrt: tuple[str, ...] = ()
    order: int = 1
    hessian: bool = False
    as_latex: bool = False
    as_json: bool = False
    plot: str = ""


@final
class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        msg = f"{message}\nrevdiff --help shows what can be written."
        raise UsageError(msg)


def _parser() -> _Parser:
    parser = _Parser(
        prog="revdiff",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=80, max_help_position=24),
        allow_abbrev=False,
    )
    parser.add_argument("formula", nargs="?", metavar="FORMULA", help='such as "x**2 + sin(x)"')
    parser.add_argument(
        "--at", action="append", default=[], metavar="x=1,y=2", help="the point; a value may be a formula such as pi/2"
    )
    parser.add_argument(
        "--wrt", action="append", default=[], metavar="x,y", help="the variables to differentiate by; default: all"
    )
    parser.add_argument("--order", default="1", metavar="N", help="all derivatives up to this order; default: 1")
    parser.add_argument("--hessian", action="store_true", help="the matrix of all second derivatives, too")
    parser.add_argument("--latex", action="store_true", help="print LaTeX")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--plot", default="", metavar="FILE", help="draw a picture: FILE.svg, .png, .pdf or .dot")
    parser.add_argument("--version", action="version", version=f"revdiff {revdiff.__version__}")
    return parser


def read_options(argv: Sequence[str]) -> Options:
    """Read the arguments, as far as that is possible without knowing the formula.

    >>> read_options(["x*y", "--at", "x=1,y=atan2(1, 2)", "--wrt", "y"])
    Options(formula='x*y', at=(('x', '1'), ('y', 'atan2(1, 2)')), wrt=('y',), order=1, ...)
    """
    args = _parser().parse_args([_protected(arg) for arg in argv])
    if args.plot and not args.formula:
        msg = f"--plot needs a formula to draw:  revdiff 'sin(x**2)' --plot {args.plot}"
        raise UsageError(msg)
    return Options(
        formula=args.formula,
        at=tuple(_assignments(args.at)),
        wrt=tuple(_names(args.wrt)),
        order=_order(args.order),
        hessian=args.hessian,
        as_latex=args.latex,
        as_json=args.json,
        plot=args.plot,
    )


def _protected(arg: str) -> str:
    """Put a blank before a formula that begins with a minus: argparse would take it for an option."""
    return f" {arg}" if re.match(r"-[^-]|--[^a-z]", arg) and arg != "-h" else arg


def _assignments(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for text in texts:
        for part in _split(text):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not equals or not name or not value:
                msg = f"--at takes variables with values, such as x=1,y=pi/2; it was given {shown(part.strip())}"
                raise UsageError(msg)
            if name in seen:
                msg = f"--at gives {shown(name)} twice"
                raise UsageError(msg)
            seen.add(name)
            yield name, value


def _split(text: str) -> list[str]:
    """Split at the commas that do not stand in parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _names(texts: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for name in (name.strip() for text in texts for name in text.split(",")):
        if not name:
            msg = "--wrt takes names of variables, such as x,y"
            raise UsageError(msg)
        if name in seen:
            msg = f"--wrt names {shown(name)} twice"
            raise UsageError(msg)
        seen.add(name)
        yield name


def _order(text: str) -> int:
    if not re.fullmatch(r"\s*\d{1,9}\s*", text, re.ASCII) or not (order := int(text)):
        msg = f"--order takes a whole number from 1; it was given {shown(text.strip())}"
        raise UsageError(msg)
    return order


def shown(text: str) -> str:
    """Quote what somebody typed, without what a terminal would not show, and not at length."""
    text = "".join(c if c.isprintable() else "?" for c in text)
    return repr(text if len(text) <= 40 else f"{text[:37]}...")


def check_names(options: Options, variables: Sequence[str]) -> None:
    """Raise `UsageError` where --wrt or --at names no variable of the formula, or --at lacks one."""
    for option, names in ("--wrt", options.wrt), ("--at", [name for name, _ in options.at]):
        for name in names:
            if name not in variables:
                close = get_close_matches(name, variables, 1)
                meant = f"\nDid you mean {close[0]}?" if close else ""
                there = f"its variables are {', '.join(variables)}" if variables else "it has no variables"
                msg = f"{option} names {shown(name)}, which is not in the formula: {there}.{meant}"
                raise UsageError(msg)
    given = [name for name, _ in options.at]
    missing = [name for name in variables if name not in given]
    if given and missing:
        example = ",".join(f"{name}={dict(options.at).get(name, '...')}" for name in variables)
        msg = f"--at lacks a value for {', '.join(missing)}.\nWrite --at {example}"
        raise UsageError(msg)
