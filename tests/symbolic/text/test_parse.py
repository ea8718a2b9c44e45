"""Reading typed formulas: what is read, what is refused in which words, and that nothing hangs or runs."""

from __future__ import annotations

import builtins
import cProfile
import re
import string
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import thread_time

import pytest
import sympy
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from sympy import E, Float, I, Integer, Rational, Symbol, pi, sqrt

from revdiff.core.errors import ArgumentError, ParseError, RevDiffError
from revdiff.symbolic.text import parse
from revdiff.symbolic.text.bounds import size_of
from revdiff.symbolic.text.effort import Effort, EffortError
from revdiff.symbolic.text.parse import parse_expression
from revdiff.symbolic.text.vocabulary import ALIASES, FUNCTIONS

x, y, z = sympy.symbols("x y z")

# ------------------------------------------------------------------------------- what is read

FORMULAS = [
    ("3", Integer(3)),
    ("1_000", Integer(1000)),
    ("0.5", Float(0.5)),
    (".5", Float(0.5)),
    ("5.", Float(5.0)),
    ("1e-3", Float(0.001)),
    ("0.0", Float(0)),
    ("0.5 - 0.5 + x", x),
    ("sin(0.0)", Integer(0)),
    ("x", x),
    ("  x  ", x),
    ("x1_b", Symbol("x1_b")),
    ("match", Symbol("match")),
    ("pi", pi),
    ("e + E", 2 * E),
    ("I*I", Integer(-1)),
    ("x + y - z", x + y - z),
    ("x - y - z", x - y - z),
    ("x - (y - z)", x - y + z),
    ("x*y/z", x * y / z),
    ("x/y/z", x / (y * z)),
    ("x/(y/z)", x * z / y),
    ("2*x**3", 2 * x**3),
    ("-x**2", -(x**2)),
    ("(-x)**2", x**2),
    ("2**-1", Rational(1, 2)),
    ("2**3**2", Integer(512)),
    ("x**y**z", x ** (y**z)),
    ("--x", x),
    ("+x", x),
    ("1/3", Rational(1, 3)),
    ("x**0.5", x ** Float(0.5)),
    ("x\n\t+ y\r\n", x + y),
    ("log(x**2 + x**3)", sympy.log(x**2 + x**3)),
    ("log(8, 2)", Integer(3)),
    ("log(1/8, 2)", Integer(-3)),
    ("log(x, 10)", sympy.log(x) / sympy.log(10)),
    ("log(x, e)", sympy.log(x)),
    ("ln(e)", Integer(1)),
    ("log2(8)", Integer(3)),
    ("log10(x)", sympy.log(x) / sympy.log(10)),
    ("log1p(x)", sympy.log(1 + x)),
    ("exp2(x)", 2**x),
    ("expm1(x)", sympy.exp(x) - 1),
    ("e**x", sympy.exp(x)),
    ("sqrt(8)", 2 * sqrt(2)),
    ("cbrt(x)", sympy.cbrt(x)),
    ("cbrt(-8)", Integer(-2)),
    ("square(x + 1)", (x + 1) ** 2),
    ("reciprocal(x)", 1 / x),
    ("pow(x, y)", x**y),
    ("hypot(3, 4)", Integer(5)),
    ("atan2(y, x)", sympy.atan2(y, x)),
    ("arcsin(x) + asin(x)", 2 * sympy.asin(x)),
    ("cos(pi/3)", Rational(1, 2)),
    ("sinc(1/2)", 2 / pi),
    ("sinc(0)", Integer(1)),
    ("deg2rad(180)", pi),
    ("rad2deg(pi)", Integer(180)),
    ("abs(-x)", sympy.Abs(x)),
    ("sign(-3)", Integer(-1)),
    ("max(x, y, 1)", sympy.Max(x, y, 1)),
    ("minimum(2, 1)", Integer(1)),
    ("logaddexp(0, 0)", sympy.log(2)),
    ("logaddexp2(1, 1)", Integer(2)),
    ("sigmoid(0)", Rational(1, 2)),
    ("softplus(x)", sympy.log(1 + sympy.exp(x))),
    ("gamma(5)", Integer(24)),
    ("lgamma(x)", sympy.loggamma(x)),
    ("digamma(x)", sympy.digamma(x)),
    ("polygamma(2, x)", sympy.polygamma(2, x)),
    ("erf(x) + erfc(x)", sympy.erf(x) + sympy.erfc(x)),
    ("1/(s*sqrt(2*pi))*exp(-(x - m)**2/(2*s**2))", sympy.exp(-((x - Symbol("m")) ** 2) / (2 * Symbol("s") ** 2))
     / (sqrt(2 * pi) * Symbol("s"))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FORMULAS)
def test_a_formula_is_read(text, expected):
    assert parse_expression(text) == expected


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - ALIASES.keys() - {"polygamma"}))
def test_every_function_agrees_with_the_mathematics(name):
    """The oracle is `mpmath` where it has the function, and a formula where it has not."""
    mp = pytest.importorskip("mpmath")
    oracle = {
        "power": lambda a, b: a**b, "square": lambda a: a * a, "reciprocal": lambda a: 1 / a, "exp2": lambda a: mp.mpf(2) ** a,
        "log2": lambda a: mp.log(a, 2), "sigmoid": lambda a: mp.exp(a) / (1 + mp.exp(a)),
        "softplus": lambda a: mp.log1p(mp.exp(a)), "logaddexp": lambda a, b: b + mp.log1p(mp.exp(a - b)),
        "logaddexp2": lambda a, b: b + mp.log(1 + mp.mpf(2) ** (a - b), 2), "sinc": mp.sincpi, "deg2rad": mp.radians,
        "rad2deg": mp.degrees, "lgamma": mp.loggamma, "abs": abs, "minimum": min, "maximum": max,
    }  # fmt: skip
    arity = FUNCTIONS[name].fewest
    point = (mp.mpf("1.25"), mp.mpf("0.375"))[:arity] if name == "acosh" else (mp.mpf("0.625"), mp.mpf("0.375"))[:arity]
    read = parse_expression(f"{name}({', '.join('xy'[:arity])})")
    value = read.subs(dict(zip((x, y), map(sympy.Float, point), strict=False))).evalf()
    assert float(value) == pytest.approx(float((oracle.get(name) or getattr(mp, name))(*point)), rel=1e-13)


@given(st.floats(min_value=0, allow_infinity=False))
def test_a_decimal_keeps_every_bit(number):
    assert float(parse_expression(repr(number))) == number


def test_text_is_all_that_is_read():
    with pytest.raises(ArgumentError, match=r"reads a formula from a str; it met None"):
        parse_expression(None)


# ---------------------------------------------------------------------------- what is refused

REFUSED = [
    # text                        column  said                                       and what to write
    # Not a formula but a program
    ("__import__('os')",               1, "'__import__' begins with an underscore", "begins with a letter"),
    ("x.__class__",                    2, "'.' cannot stand in a formula",          "belongs inside a number"),
    ("os.system(1)",                   3, "'.' cannot stand in a formula",          "belongs inside a number"),
    ("eval(x)",                        1, "'eval' is no function",                  ""),
    ("exec('1')",                      6, "a quotation mark cannot stand",          "without quotes"),
    ("f'{x}'",                         2, "a quotation mark cannot stand",          "without quotes"),
    ('"x"',                            1, "a quotation mark cannot stand",          "without quotes"),
    ("x[0]",                           2, "'[' cannot stand in a formula",          "x1 instead of x[1]"),
    ("[i for i in x]",                 1, "'[' cannot stand in a formula",          "round parentheses"),
    ("{x}",                            1, "'{' cannot stand in a formula",          "round parentheses"),
    ("lambda: 0",                      1, "'lambda' is a word of Python",           "written lambda_"),
    ("x if y else z",                  3, "'if' is a word of Python",               "A formula is made of"),
    ("not x",                          1, "'not' is a word of Python",              "A formula is made of"),
    ("None",                           1, "'None' is a word of Python",             "A formula is made of"),
    ("True + 1",                       1, "'True' is a word of Python",             "A formula is made of"),
    ("x and y",                        3, "'and' is a word of Python",              "A formula is made of"),
    ("(x := 3)",                       4, "':=' cannot stand in a formula",         "right of the equals sign"),
    ("f = x",                          3, "'=' cannot stand in a formula",          "right of the equals sign"),
    ("log(x, base=2)",                12, "'=' cannot stand in a formula",          "arguments have no names"),
    ("sin(*x)",                        5, "'*' has nothing on its left",            "one by one"),
    ("hypot(x, **y)",                 10, "'**' has nothing on its left",           "one by one"),
    ("x < y",                          3, "'<' cannot stand in a formula",          "no comparisons"),
    ("x == y",                         3, "'==' cannot stand in a formula",         "no comparisons"),
    ("x; y",                           2, "';' cannot stand in a formula",          "A formula is made of"),
    ("x # y",                          3, "'#' cannot stand in a formula",          "A formula is made of"),
    ("_x",                             1, "'_x' begins with an underscore",         "begins with a letter"),
    # Other notations
    ("x^2",                            2, "'^' cannot stand in a formula",          "Write ** for a power: x**2"),
    ("5!",                             2, "'!' cannot stand in a formula",          "gamma(n + 1)"),
    ("|x|",                            1, "'|' cannot stand in a formula",          "abs(x)"),
    ("x // 2",                         3, "'//' cannot stand in a formula",         "Write / "),
    ("5 % 2",                          3, "'%' cannot stand in a formula",          "0.05 for 5 %"),
    ("\\frac{1}{2}",                   1, "'\\' cannot stand in a formula",         "not LaTeX"),
    ("2x",                             2, "missing between '2' and 'x'",            "write 2*x."),
    ("2(x + 1)",                       2, "missing between '2' and '('",            "write 2*(."),
    ("(x)(y)",                         4, "missing between ')' and '('",            "write )*(."),
    ("1j",                             2, "missing between '1' and 'j'",            "The imaginary unit is I."),
    ("x(y + 1)",                       1, "'x' is no function",                     "For a product write x*(...)."),
    ("pi(x)",                          1, "'pi' is no function",                    "For a product write pi*(...)."),
    ("0,5",                            2, "a comma cannot stand here",              "Write 0.5 for a decimal"),
    ("x, y",                           2, "a comma cannot stand here",              "one formula at a time"),
    ("sin((x, y))",                    7, "a comma cannot stand here",              "parts the arguments"),
    ("007",                            1, "'007' begins with a zero",               "Write 7."),
    # Not ASCII
    ("x + α",                          5, "'α' (greek small letter alpha)",         "Write its name: alpha."),
    ("λ",                              1, "'λ' (greek small letter lamda)",         "Write its name: lambda_."),
    ("γ",                              1, "'γ' (greek small letter gamma)",         "Write its name: gamma_."),
    ("Ω",                              1, "'Ω' (greek capital letter omega)",       "Write its name: Omega."),
    ("ά",                              1, "'ά' (greek small letter alpha with",     "Write its name: alpha."),
    ("π*x",                            1, "'π' (greek small letter pi)",            "Write its name: pi."),
    ("ＳＩＮ(x)",                      1, "'Ｓ' (fullwidth latin capital letter s)", "Write a plain S."),
    ("x²",                             2, "'²' (superscript two)",                  "Write **2."),
    ("x − 1",                          3, "'−' (minus sign)",                       "Write -."),
    ("2×x",                            2, "'×' (multiplication sign)",              "Write *."),
    ("√x",                             1, "'√' (square root)",                      "Write sqrt(x)."),
    ("é",                              1, "'é' (latin small letter e with acute)",  "letters a-z"),
    ("x\u00a0+ 1",                     2, "U+00A0",                                 "Write a plain space."),
    ("x\u200b",                        2, "U+200B",                                 "letters a-z"),
    ("x\ud800",                        2, "U+D800",                                 "letters a-z"),
    ("x\0",                            2, "U+0000",                                 "A formula is made of"),
    ("x\f",                            2, "U+000C",                                 "A formula is made of"),
    ("x + ∞",                          5, "'∞' (infinity)",                         "Infinity cannot be computed with"),
    # Unfinished
    ("x +",                            4, "the formula stops after '+'",            "Write what comes next"),
    ("x *  ",                          4, "the formula stops after '*'",            "Write what comes next"),
    ("sin(",                           5, "the formula stops after '('",            "Write what comes next"),
    ("(x",                             1, "this '(' is never closed",               "Write the missing ')'"),
    ("((x)",                           1, "this '(' is never closed",               "Write the missing ')'"),
    ("x)",                             2, "this ')' closes nothing",                "the missing '('"),
    ("sin(x))",                        7, "this ')' closes nothing",                "the missing '('"),
    ("()",                             2, "there is nothing in these parentheses",  "Write what belongs there"),
    ("x y",                            3, "missing between 'x' and 'y'",            "write x*y."),
    ("x\ny",                           3, "missing between 'x' and 'y'",            "write x*y."),
    ("1..2",                           3, "missing between '1.' and '.2'",          "For a product"),
    ("* x",                            1, "the formula begins with '*'",            "before it"),
    ("x + * y",                        5, "something is missing between '+' and '*'", "Write a number or a name there."),
    ("(x + )",                         6, "something is missing between '+' and ')'", "Write a number or a name there."),
    ("hypot(x,)",                      9, "something is missing between ',' and ')'", "Write a number or a name there."),
    ("hypot(,x)",                      7, "something is missing between '(' and ','", "Write a number or a name there."),
    # Functions
    ("1 + sine(x)",                    5, "'sine' is no function",                  "Did you mean sin"),
    ("sqr(x)",                         1, "'sqr' is no function",                   "sqrt"),
    ("where(x, 1, 2)",                 1, "'where' is no function",                 "no conditions"),
    ("factorial(5)",                   1, "'factorial' is no function",             "gamma(n + 1)"),
    ("x + sin + 1",                    5, "'sin' is a function and needs an argument", "Write sin(x), or"),
    ("gamma",                          1, "'gamma' is a function and needs an argument", "gamma_"),
    ("sin()",                          1, "'sin' takes 1 argument; it was given none", "Write sin(x)."),
    ("1 + sin(x, y)",                  5, "'sin' takes 1 argument; it was given 2", "Write sin(x)."),
    ("log(x, y, z)",                   1, "'log' takes 1 or 2 arguments; it was given 3", "Write log(x)."),
    ("atan2(x)",                       1, "'atan2' takes 2 arguments; it was given 1", "Write atan2(x, y)."),
    ("max(x)",                         1, "'max' takes 2 or more arguments; it was given 1", "Write max(x, y)."),
    ("polygamma(x, y)",                1, "the order of polygamma must be a whole number", "polygamma(0, x)"),
    # Numbers that are none
    ("oo",                             1, "'oo' is no finite number",               "another name"),
    ("x + nan",                        5, "'nan' is no finite number",              "another name"),
    ("1/0",                            3, "'0': division by zero",                  "a divisor that is not zero"),
    ("x/(1 - 1)",                      4, "'1 - 1': division by zero",              "a divisor that is not zero"),
    ("x/0.0",                          3, "'0.0': division by zero",                "a divisor that is not zero"),
    ("0**-1",                          4, "'0**-1': division by zero",              "a divisor that is not zero"),
    ("reciprocal(0)",                  1, "'reciprocal(0)': division by zero",      "a divisor that is not zero"),
    ("log(x, 1)",                      1, "'log(x, 1)': division by zero",          "a divisor that is not zero"),
    ("1 + log(0)",                     5, "'log(0)' is not a finite number",        "Change its arguments"),
    ("log(x, 0)",                      1, "the base of a logarithm is zero",        "a positive base"),
    ("gamma(-1)",                      1, "'gamma(-1)' is not a finite number",     "Change its arguments"),
    ("lgamma(0)",                      1, "'lgamma(0)' is not a finite number",     "Change its arguments"),
    ("tan(pi/2)",                      1, "'tan(pi/2)' is not a finite number",     "Change its arguments"),
    ("atanh(1)",                       1, "'atanh(1)' is not a finite number",      "Change its arguments"),
    ("atan2(0, 0)",                    1, "'atan2(0, 0)' is not a finite number",   "Change its arguments"),
    ("max(x, I)",                      1, "'max(x, I)' cannot be computed",         "Change its arguments"),
    # Numbers that are too large
    ("1e400",                          1, "'1e400' is too large",                   "1.79e308"),
    ("1e-400",                         1, "'1e-400' is too close to zero",          "5e-324"),
    ("9" * 1001,                       1, "more than 1000 digits",                  "1.5e100"),
    ("9**9**9",                        4, "'9**9**9': the exponent is too large",   "up to 10000"),
    ("2**-9**9",                       4, "the exponent is too large",              "up to 10000"),
    ("10**1000000",                    5, "the exponent is too large",              "up to 10000"),
    ("10**5000",                       5, "a number of more than 1000 digits",      "2.0 in place of 2"),
    ("x**(10**10)",                    5, "the exponent is too large",              "up to 10000"),
    ("(x + 1)**1000000",              10, "the exponent is too large",              "up to 10000"),
    ("(x**10000)**10000",             13, "the exponent is too large",              "up to 10000"),
    ("(2*x)**10000",                   8, "a number of more than 1000 digits",      "2.0 in place of 2"),
    ("2**(x + 10**7)",                 5, "the exponent is too large",              "up to 10000"),
    ("(1 + sqrt(2))**5000",           16, "the power of this constant is too complicated", "1.618 instead of"),
    ("exp(10**7*log(2))",              1, "the exponent is too large",              "up to 10000"),
    ("2**(10**7*log(3)/log(2))",       5, "the exponent is too large",              "up to 10000"),
    ("exp(exp(exp(20)))",              5, "the exponent is too large",              "up to 10000"),
    ("12**(6000001/10000019)",         6, "roots of numbers that are too high",     "2.0 in place of 2"),
    ("12**(1/9973)*12**(1/9967)",      1, "roots of numbers that are too high",     "2.0 in place of 2"),
    ("(12**(1/997))**(1/991)",        17, "roots of numbers that are too high",     "2.0 in place of 2"),
    ("exp(log(12)*6000001/10000019)",  1, "roots of numbers that are too high",     "2.0 in place of 2"),
    ("exp(1000)",                      1, "'exp(1000)' is too large",               "1.79e308"),
    ("exp(-1000)",                     1, "'exp(-1000)' is too close to zero",      "5e-324"),
    ("gamma(10**6)",                   1, "the argument is too large",              "up to 400"),
    ("lgamma(10**6)",                  1, "the argument is too large",              "1000.0"),
    ("2**3000*2**3000",                1, "makes a number of more than 1000 digits", "2.0 in place of 2"),
    ("x*1e300*1e300",                  1, "makes a decimal too large",              "1.79e308"),
    ("1e-300**2",                      1, "makes a decimal too large, or too close to zero", "5e-324"),
    # Too deep
    ("(" * 51 + "x" + ")" * 51,       51, "nested too deeply",                      "several formulas"),
    ("(" * 3000,                      51, "nested too deeply",                      "several formulas"),
    ("-" * 3000 + "x",                51, "nested too deeply",                      "several formulas"),
    ("sin(" * 60 + "x" + ")" * 60,   204, "nested too deeply",                      "several formulas"),
    ("x" + "**x" * 60,               152, "nested too deeply",                      "several formulas"),
]  # fmt: skip


def refusal(text: str) -> str:
    with pytest.raises(ParseError) as caught:
        parse_expression(text)
    return str(caught.value)


@pytest.mark.parametrize(("text", "column", "met", "instead"), REFUSED)
def test_a_refusal_says_what_was_met_where_and_what_to_write(text, column, met, instead):
    start = thread_time()
    said, line, caret, *way_out = refusal(text).split("\n")
    assert thread_time() - start < 1
    assert met in said
    assert said.endswith(f"(column {column}).")
    assert instead in "\n".join(way_out)
    assert way_out
    assert caret.strip() == "^"
    if len(text) <= 72:  # else a window around the column is shown
        assert caret.index("^") == 2 + column - 1
    pointed = line[caret.index("^") : caret.index("^") + 1]
    assert pointed == text[column - 1 : column] or not (pointed.strip(" ?") and text[column - 1].isprintable())


def test_a_whole_message():
    assert refusal("1 + sine(x)") == (
        "'sine' is no function (column 5).\n"
        "  1 + sine(x)\n"
        "      ^\n"
        "Did you mean sin, sinh or sinc?"
    )  # fmt: skip


def test_a_long_formula_is_shown_around_the_column():
    said, line, caret, _ = refusal("x + " * 100 + "y^2" + " + x" * 100).split("\n")
    assert said.endswith("(column 402).")
    assert line[caret.index("^")] == "^"
    assert len(line) < 80
    assert line.strip("… ")[0] != line.strip()[0] == "…"


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_an_empty_formula_is_refused(text):
    assert refusal(text) == "the formula is empty.\nWrite one, such as x**2 + sin(x)."


def test_a_very_long_text_is_refused():
    text = "9" * 10_000
    assert refusal(text) == "the formula has 10000 characters; at most 4000 are read.\nSplit it into several formulas."


def test_a_refusal_is_a_value_error_of_revdiff():
    assert issubclass(ParseError, RevDiffError)
    assert issubclass(ParseError, ValueError)
    with pytest.raises(ParseError) as caught:
        parse_expression("1/0")
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


# ---------------------------------------------------------------------------- nothing is run

PROGRAMS = [
    "__import__('os').getcwd()", "().__class__.__bases__", "x.real", "x[0]", "[x for x in y]", "{x: 1}", "(lambda: 0)()",
    "'text'", "f'{x}'", "x if y else z", "x < y", "not x", "x and y", "(y := x)", "(x, y)", "sin(*x)", "sin(x, y=1)",
    "sin(**x)", "x // y", "x % y", "x @ y", "x & y", "~x", "x ^ y", "1j", "True", "None", "...", "b'x'", "eval(x)", "open(x)",
    "x.sin(1)", "sin(x)(y)", "(yield)", "await_(x).y", "x << 2",
]  # fmt: skip


@pytest.mark.parametrize("text", PROGRAMS)
def test_programs_are_refused(text):
    refusal(text)


@pytest.mark.parametrize("text", PROGRAMS)
def test_the_reader_of_the_tree_refuses_programs_by_itself(text, monkeypatch):
    monkeypatch.setattr(parse, "check_form", lambda text: None)
    refusal(text)


def test_no_string_is_handed_to_eval_or_to_sympy(monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(builtins, "eval", forbidden)
    monkeypatch.setattr(builtins, "exec", forbidden)
    monkeypatch.setattr("sympy.parsing.sympy_parser.parse_expr", forbidden)
    assert parse_expression("S + sin(N)*2") == Symbol("S") + 2 * sympy.sin(Symbol("N"))
    refusal("eval(x)")


# ---------------------------------------------------------------------------- nothing hangs

SLOW = [
    "abs(" * 40 + "x + I" + ")" * 40,
    "log2(log10(atan2(5/7," * 12 + "I" + ")))" * 12,
    "cosh(1 + " * 45 + "z**400" + ")" * 45,
    "loggamma(sinh(y**1000*z))",
    "atan2(1, " * 40 + "I" + ")" * 40,
    "log((sqrt(2) + sqrt(3)*I + sqrt(5))**40)",
    "max(" + ",".join(f"sin(x*{n})**{n}" for n in range(100)) + ")",
    "*".join(f"{n}**(1/{n})" for n in range(2, 250)),
    "*".join(f"sqrt({n})" for n in range(2, 300)),
    "(1/3 + 10**900)**(1/20)*(10**899 + 7)**(1/2)",
    "*".join(f"(x+{n})" for n in range(400)),
    "+".join(f"a{n}" for n in range(800)),
    "+".join(f"exp(-(x-{n})**2/(2*{n + 1}**2))" for n in range(130)),
    "x" + "-x" * 1999,
    "sin(10**999)*gamma(400)*digamma(400)",
    "sin(gamma(sqrt(2)*10**5)**10000)",
    "sinc(sinh(gamma(1e299*I)))",
    "sigmoid((atan(((exp2(2))*(log2((5/7))))**(((5/7))-(400))))+((0.5)**((asin((1)+(2.5)))*(((I)**(1))**(1e-300)))))",
]


@pytest.mark.parametrize("text", SLOW, ids=range(len(SLOW)))
def test_what_takes_sympy_long_is_refused_in_time(text, monkeypatch):
    monkeypatch.setattr(parse, "MAX_SECONDS", 0.05)
    start = thread_time()
    with suppress(ParseError):
        assert isinstance(parse_expression(text), sympy.Expr)
    assert thread_time() - start < 1


def test_too_much_work_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(parse, "MAX_SECONDS", 0.2)
    said, _, caret, instead = refusal("1 + loggamma(sinh(y**5000*z))").split("\n")
    assert said == (
        "'loggamma(sinh(y**5000*z))' is too complicated: SymPy does not finish rewriting it (column 5)."
    )  # fmt: skip
    assert caret == "      ^"
    assert instead == "Split the formula, or write its constants as decimals."


def test_formulas_are_read_in_many_threads():
    texts = [f"sin({n}*x) + x**{n}" for n in range(2, 66)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(parse_expression, texts)) == [sympy.sin(n * x) + x**n for n in range(2, 66)]


def test_formulas_are_read_under_a_profiler():
    profiler = cProfile.Profile()
    assert profiler.runcall(parse_expression, "x + sin(x)") == x + sympy.sin(x)
    assert profiler.getstats()


# --------------------------------------------------------------------------- random formulas

UNARY = [
    sympy.sin, sympy.cos, sympy.tan, sympy.asin, sympy.acos, sympy.atan, sympy.sinh, sympy.cosh, sympy.tanh, sympy.asinh,
    sympy.acosh, sympy.atanh, sympy.exp, sympy.log, sympy.sqrt, sympy.cbrt, sympy.erf, sympy.erfc, sympy.gamma,
    sympy.loggamma, sympy.digamma, sympy.Abs, sympy.sign, lambda a: -a, lambda a: 1 / a,
]  # fmt: skip
BINARY = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a**b,
    sympy.atan2, sympy.Min, sympy.Max,
]  # fmt: skip
NUMBERS = st.integers(-9, 9).map(Integer) | st.builds(Rational, st.integers(-9, 9), st.integers(1, 9))
LEAVES = st.sampled_from([x, y, z, Symbol("rate"), pi, E, I]) | st.sampled_from([x, y]) | NUMBERS


def applied(f, *args):
    """Return f(*args), or its first argument where SymPy declines, makes an infinity of it, or takes long."""
    if any(a.is_number and not size_of(a) < 50 for a in args):
        return args[0]
    try:
        with Effort(0.2):
            result = f(*args)
    except (ValueError, TypeError, EffortError):
        return args[0]
    return args[0] if result.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo) else result


def rebuilt(expression):
    return expression.func(*map(rebuilt, expression.args)) if expression.args else expression


EXPRESSIONS = st.recursive(
    LEAVES,
    lambda children: (
        st.builds(applied, st.sampled_from(UNARY), children)
        | st.builds(applied, st.sampled_from(BINARY), children, children)
    ),
    max_leaves=8,
)
SPELLINGS = set(FUNCTIONS) | {"x", "y", "z", "rate", "pi", "E", "I", "EulerGamma"}


@settings(deadline=None, max_examples=100)
@given(EXPRESSIONS)
def test_what_sympy_prints_is_read_back(expression):
    text = str(expression)
    assume(set(re.findall(r"[A-Za-z]+", text)) <= SPELLINGS)
    try:
        read = parse_expression(text)
    except ParseError as error:
        if "too large" in str(error) or "too complicated" in str(error):
            reject()
        raise
    # SymPy keeps a few expressions, such as (1 + I)/2, in a form that it would not build again.
    assert read in {expression, rebuilt(expression)}


def read_or_refused(text, seconds):
    start = thread_time()
    with suppress(ParseError):
        result = parse_expression(text)
        assert isinstance(result, sympy.Expr)
        assert not result.has(sympy.nan, sympy.zoo, sympy.oo)
        assert str(result)
    assert thread_time() - start < seconds


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(max_codepoint=127), max_size=60) | st.text(max_size=20))
def test_any_text_is_read_or_refused_at_once(text):
    read_or_refused(text, seconds=0.5)


WORDS = st.sampled_from(
    [
        *string.ascii_lowercase[:4],
        *"0123456789.+-*/(),^_= ",
        "**",
        "1e5",
        "0.5",
        "sin(",
        "log(",
        "gamma(",
        "exp(",
        "pi",
        "I",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(WORDS, max_size=25).map("".join))
def test_any_words_of_formulas_are_read_or_refused_soon(text):
    read_or_refused(text, seconds=parse.MAX_SECONDS + 1)
