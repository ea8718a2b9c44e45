"""The command `revdiff`: what it prints, what it refuses, and the examples of its page in the documentation."""

from __future__ import annotations

import json
import math
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sympy

import revdiff
from revdiff.cli import main
from revdiff.cli.calculation import MAX_DERIVATIVES, read_number
from revdiff.cli.options import read_options
from revdiff.cli.simplifier import Simplifier

ROOT = Path(revdiff.__file__).parents[1]
PAGE = Path(__file__).parents[1] / "docs" / "command-line.md"

x, y = sympy.symbols("x y")


@pytest.fixture
def run(capsys):
    """Run the command in this process and return its status, its output and its complaints."""

    def run_command(*argv):
        status = main(argv)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run_command


def process(*argv, **environment):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "revdiff", *argv],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
    )


def answer(run, *argv):
    """Return the JSON of a command."""
    status, out, err = run(*argv, "--json")
    assert err == ""
    return status, json.loads(out)


# The documentation


def examples():
    """Read the commands of the page, each with what stands below it."""
    for fence in re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        for command, shown in re.findall(r"^\$ revdiff (.*)\n((?:(?!\$ ).*\n)*)", fence, re.MULTILINE):
            yield pytest.param(shlex.split(command), shown.strip("\n"), id=command)


@pytest.mark.parametrize(("argv", "shown"), list(examples()))
def test_the_examples_of_the_page_are_real(run, argv, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one of them draws a picture
    status, out, err = run(*argv)
    assert (out + err).rstrip("\n") == shown
    assert shown, "an example without an output"
    assert status == (2 if err else 1 if "no value" in out else 0)


def test_a_picture_of_no_formula_is_refused(run):
    status, out, err = run("--plot", "picture.svg")
    assert (status, out) == (2, "")
    assert "--plot needs a formula to draw:  revdiff 'sin(x**2)' --plot picture.svg" in err


def test_there_are_examples():
    assert len(list(examples())) >= 9


def test_the_page_names_every_option_and_every_key(run):
    page = PAGE.read_text("utf-8")
    _, out, _ = run("--help")
    for option in re.findall(r"--[a-z]+", out):
        assert f"`{option}" in page, option
    _, data = answer(run, "x", "--at", "x=1", "--hessian", "--latex")
    for key in {
        *data,
        *(f"derivatives[].{key}" for key in data["derivatives"][0]),
        *(f"hessian.{k}" for k in data["hessian"]),
    }:
        assert f"`{key.removeprefix('derivatives[].') if 'latex' in key else key}`" in page, key


# Text


def test_the_first_command_of_the_readme(run):
    status, out, err = run("log(x**2 + x**3)", "--at", "x=1")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "f(x)  = log(x**3 + x**2)",
        "df/dx = 3*x**2/(x**3 + x**2) + 2*x/(x**3 + x**2)",
        "      = (3*x + 2)/(x*(x + 1))",
        "",
        "At x = 1",
        "f     = 0.6931471805599453",
        "df/dx = 2.5",
    ]


def test_several_variables_and_orders(run):
    _, out, _ = run("x**2*y10*y9", "--order", "2", "--wrt", "y10,x", "--at", "x=3", "--at", "y9=5,y10=7")
    assert out.splitlines() == [
        "f(x, y9, y10) = x**2*y10*y9",
        "∂f/∂x         = 2*x*y10*y9",
        "∂f/∂y10       = x**2*y9",
        "∂²f/∂x²       = 2*y10*y9",
        "∂²f/∂x∂y10    = 2*x*y9",
        "∂²f/∂y10²     = 0",
        "",
        "At x = 3, y9 = 5, y10 = 7",
        "f          = 315.0",
        "∂f/∂x      = 210.0",
        "∂f/∂y10    = 45.0",
        "∂²f/∂x²    = 70.0",
        "∂²f/∂x∂y10 = 30.0",
        "∂²f/∂y10²  = 0.0",
    ]


def test_the_function_is_not_called_as_a_variable_is(run):
    assert run("f*g", "--wrt", "f")[1].splitlines() == ["h(f, g) = f*g", "∂h/∂f   = g"]


def test_a_formula_without_variables(run):
    assert run("2**10 + 1/2") == (0, "f = 2049/2\nThere are no variables to differentiate by.\n\nf = 1024.5\n", "")
    status, data = answer(run, "log(2)")
    assert (status, data["value"], data["derivatives"], data["at"]) == (0, math.log(2), [], None)


@pytest.mark.parametrize(
    "formula",
    ["(x**2 + 1)/(x**3 - 2)*sin(x)*exp(a*x)", "exp(sin(x))*cos(exp(x))", "+".join(f"x{i}" for i in range(40))],
)
def test_nothing_is_wider_than_80_columns(run, formula):
    _, out, _ = run(formula, "--order", "2" if "a" in formula or "e" in formula else "1")
    assert max(map(len, out.splitlines())) <= 80


def test_a_wide_hessian_is_a_list(run):
    _, out, _ = run("sin(x*y)*exp(x*y)/(1 + x**2 + y**2)", "--hessian", "--at", "x=0.1,y=I")
    _, formulas, numbers = out.split("Hessian of f")
    assert "∂²f/∂x∂y = " in formulas
    assert "∂²f/∂x∂y = " in numbers
    assert max(map(len, out.splitlines())) <= 80


def test_ascii_terminals_get_ascii():
    done = process("x**2*y", "--order", "2", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("ascii").splitlines()[:3] == ["f(x, y)  = x**2*y", "df/dx    = 2*x*y", "df/dy    = x**2"]
    assert b"d2f/dxdy = 2*x" in done.stdout
    assert process("--help", PYTHONIOENCODING="ascii").returncode == 0
    assert process(PYTHONIOENCODING="ascii").returncode == 0
    assert process("x²", PYTHONIOENCODING="ascii").returncode == 2


@pytest.mark.parametrize("formula", ["-x**2", "-x", "-(x + 1)", "- x", "-1*x"])
def test_a_formula_may_begin_with_a_minus(run, formula):
    status, out, err = run(formula, "--at", "x=-1")
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].startswith("df/dx = ")


# Numbers


@pytest.mark.parametrize(
    ("formula", "order"),
    [
        ("log(x**2 + x**3)", 8),
        ("sin(x)*exp(-x**2)", 5),
        ("x**x", 4),
        ("gamma(x)/(1 + x)", 4),
        ("sqrt(1 + x**2)*atan(x)", 5),
    ],
)
def test_the_numbers_and_the_formulas_agree_with_sympy(run, formula, order):
    status, data = answer(run, formula, "--order", str(order), "--at", "x=1.5")
    assert status == 0
    f = sympy.sympify(data["formula"])
    for n, derivative in enumerate(data["derivatives"], 1):
        expected = f.diff(x, n).subs(x, sympy.Rational(3, 2)).evalf(30)
        assert derivative["by"] == ["x"] * n
        assert derivative["value"] == pytest.approx(float(expected), rel=1e-10)
        for form in ("formula", "simplified"):
            if derivative[form] is not None:
                value = sympy.sympify(derivative[form]).subs(x, sympy.Rational(3, 2)).evalf(30)
                assert abs(value / expected - 1) < 1e-20


def test_mixed_derivatives_and_the_hessian_agree_with_sympy(run):
    formula = "x**3*sin(x*y)"
    _, data = answer(run, formula, "--order", "3", "--hessian", "--at", "x=2,y=1/2")
    point = {x: 2, y: sympy.Rational(1, 2)}
    f = sympy.sympify(formula)
    assert len(data["derivatives"]) == 2 + 3 + 4
    for derivative in data["derivatives"]:
        expected = f.diff(*map(sympy.Symbol, derivative["by"])).subs(point).evalf()
        assert derivative["value"] == pytest.approx(float(expected), rel=1e-12)
        assert abs(sympy.sympify(derivative["simplified"]).subs(point).evalf() - expected) < 1e-12
    theirs = sympy.hessian(f, (x, y)).subs(point).evalf()
    assert data["hessian"]["value"] == [[pytest.approx(float(theirs[i, j])) for j in range(2)] for i in range(2)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("pi/2", math.pi / 2),
        ("1e-3", 1e-3),
        ("0.1", 0.1),
        ("-2", -2.0),
        ("sqrt(2)", math.sqrt(2)),
        ("2*I", 2j),
    ],
)
def test_values_are_read_to_the_last_digit(text, value):
    assert read_number("x", text) == value
    assert type(read_number("x", text)) is type(value)


def test_commas_in_parentheses_part_no_values():
    options = read_options(["x*y", "--at", "x=atan2(1, 2), y=3", "--at", "z=1"])
    assert options.at == (("x", "atan2(1, 2)"), ("y", "3"), ("z", "1"))


@pytest.mark.parametrize(
    ("formula", "point", "reason"),
    [
        ("log(x)", "x=0", "outside of the domain of a function"),
        ("log(x)", "x=-1", "outside of the domain of a function"),
        ("1/x", "x=0", "division by zero"),
        ("gamma(x)", "x=-2", "outside of the domain of a function"),
        ("x**0.5", "x=-1", "not a real number"),
        ("exp(x)", "x=1000", "too large for a float"),
        ("x*10**300", "x=1e300", "too large for a float"),
        ("maximum(x, 1)", "x=I", "a function in it takes no complex numbers"),
    ],
)
def test_points_without_a_value(run, formula, point, reason):
    status, out, err = run(formula, "--at", point)
    assert (status, err) == (1, "")
    assert out.endswith(f"f has no value here: {reason}.\n")
    assert "df/dx" in out
    status, data = answer(run, formula, "--at", point)
    assert (status, data["value"], data["reason"]) == (1, None, reason)
    assert data["derivatives"][0]["value"] is None
    assert reason in run(formula, "--at", point, "--latex")[1]


def test_points_where_only_the_derivative_is_missing_or_infinite(run):
    status, out, _ = run("sqrt(x**2)", "--at", "x=0")
    assert (status, out.splitlines()[-2:]) == (1, ["f     = 0.0", "df/dx = none (not a number)"])
    status, data = answer(run, "sqrt(x)", "--order", "2", "--at", "x=0")
    assert (status, [d["value"] for d in data["derivatives"]]) == (0, ["inf", "-inf"])


def test_complex_numbers(run):
    _, data = answer(run, "exp(I*x)", "--at", "x=1")
    assert data["value"] == {"real": math.cos(1), "imag": math.sin(1)}
    assert data["derivatives"][0]["value"] == pytest.approx({"real": -math.sin(1), "imag": math.cos(1)})
    assert run("x**2", "--at", "x=1-2*I")[1].endswith("f     = -3.0 - 4.0*I\ndf/dx = 2.0 - 4.0*I\n")


# LaTeX and JSON


def test_latex(run):
    _, out, _ = run("x**2*exp(y)", "--latex", "--hessian", "--at", "x=1,y=0")
    assert out.splitlines() == [
        r"f\left(x, y\right) = x^{2} e^{y}",
        r"\frac{\partial f}{\partial x} = 2 x e^{y}",
        r"\frac{\partial f}{\partial y} = x^{2} e^{y}",
        r"\nabla^{2} f = \begin{pmatrix} 2 e^{y} & 2 x e^{y} \\ 2 x e^{y} & x^{2} e^{y} \end{pmatrix}",
        r"\left. f \right|_{x = 1.0, y = 0.0} = 1.0",
        r"\left. \frac{\partial f}{\partial x} \right|_{x = 1.0, y = 0.0} = 2.0",
        r"\left. \frac{\partial f}{\partial y} \right|_{x = 1.0, y = 0.0} = 1.0",
        r"\left. \nabla^{2} f \right|_{x = 1.0, y = 0.0} = \begin{pmatrix} 2.0 & 2.0 \\ 2.0 & 1.0 \end{pmatrix}",
    ]


def test_latex_of_orders_and_of_other_numbers(run):
    _, out, _ = run("x**3", "--latex", "--order", "2", "--at", "x=1e-3")
    assert r"\frac{d^{2} f}{d x^{2}} = 6 x" in out
    assert out.splitlines()[-3] == r"\left. f \right|_{x = 0.001} = 1e-09".replace("1e-09", r"1 \cdot 10^{-9}")
    assert r"= \infty" in run("sqrt(x)", "--latex", "--at", "x=0")[1]
    assert r"= \text{none}" in run("sqrt(x**2)", "--latex", "--at", "x=0")[1]
    assert r"= -3.0 - 4.0 i" in run("x**2", "--latex", "--at", "x=1-2*I")[1]


def test_the_keys_of_the_json(run):
    _, data = answer(run, "x*y", "--wrt", "y")
    assert list(data) == ["formula", "variables", "wrt", "at", "value", "reason", "derivatives", "hessian"]
    assert (data["at"], data["value"], data["hessian"], data["wrt"]) == (None, None, None, ["y"])
    assert data["derivatives"] == [
        {"by": ["y"], "formula": "x", "simplified": "x", "value": None, "note": None, "reason": None}
    ]
    _, data = answer(run, "x*y", "--hessian", "--latex")
    assert data["hessian"] == {"formula": [["0", "1"], ["1", "0"]], "value": None}
    assert (data["latex"], data["derivatives"][0]["latex"]) == ("x y", "y")


# Arguments that are refused


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["x*y", "--at", "x=1"], "--at lacks a value for y.\nWrite --at x=1,y=..."),
        (["x", "--at", "y=1"], "--at names 'y', which is not in the formula: its variables are x."),
        (["alpha", "--at", "alpah=1"], "Did you mean alpha?"),
        (["2", "--at", "x=1"], "--at names 'x', which is not in the formula: it has no variables."),
        (["x", "--at", "x=1,x=2"], "--at gives 'x' twice"),
        (["x", "--at", "x=1", "--at", "x=1"], "--at gives 'x' twice"),
        (["x", "--at", "x"], "--at takes variables with values, such as x=1,y=pi/2; it was given 'x'"),
        (["x", "--at", "x="], "it was given 'x='"),
        (["x", "--at", "=1"], "it was given '=1'"),
        (["x", "--at", "x=1,"], "it was given ''"),
        (["x", "--at", "x=one"], "--at x=one is no number: it contains one"),
        (["x", "--at", "x=1+"], "in --at, the value of 'x': the formula stops after '+' (column 3).\n  1+\n    ^"),
        (["x", "--at", "x=1=2"], "in --at, the value of 'x': '=' cannot stand in a formula"),
        (["x", "--at", "x=1/0"], "division by zero"),
        (["x", "--at", "x=inf"], "'inf' is no finite number"),
        (["x", "--at", "x=exp(999)"], "in --at, the value of 'x': 'exp(999)' is too large"),
        (["x", "--at"], "argument --at: expected one argument"),
        (["x", "--wrt", "y"], "--wrt names 'y', which is not in the formula"),
        (["x", "--wrt", "x,x"], "--wrt names 'x' twice"),
        (["x", "--wrt", "x,"], "--wrt takes names of variables, such as x,y"),
        (["x", "--order", "0"], "--order takes a whole number from 1; it was given '0'"),
        (["x", "--order", "-1"], "it was given '-1'"),
        (["x", "--order", "two"], "it was given 'two'"),
        (["x", "--order", "1.5"], "it was given '1.5'"),
        (["x", "--order", "٣"], "--order takes a whole number"),
        (["x", "--order", "14"], "--order 14 is too much for this formula: it can be differentiated up to order 13."),
        (["x", "--order", "999999999"], "up to order 13"),
        (["x*y*z", "--order", "9"], "With fewer variables in --wrt it may be more."),
        (["+".join(f"x{i}" for i in range(30)), "--hessian"], "--hessian is too much for this formula"),
        (["x", "y"], "unrecognized arguments: y"),
        (["x", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["x", "--ord", "2"], "unrecognized arguments: --ord"),
        ([""], "the formula is empty"),
        (["x^2"], "'^' cannot stand in a formula (column 2).\n  x^2\n   ^\nWrite ** for a power: x**2."),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_wrong_arguments(run, argv, says):
    status, out, err = run(*argv)
    assert (status, out) == (2, "")
    assert err.startswith("revdiff: ")
    assert says in err
    assert "Traceback" not in err


MALICIOUS = [
    "__import__('os').system('echo hacked')",
    "__import__",
    "x.__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "open('/etc/passwd').read()",
    "exec('1')",
    "eval('1')",
    "lambda: 1",
    "[x for x in (1, 2)]",
    "x if x else 1",
    "x := 5",
    "f'{x}'",
    "'a' * 10**9",
    "9**9**9",
    "9**9**9**9",
    "(x + 1)**10**9",
    "gamma(10**9)",
    "exp(10**9)",
    "2**(10**8)",
    "9" * 5000,
    "(" * 10_000 + "x" + ")" * 10_000,
    "-" * 10_000 + "x",
    "sin(" * 500 + "x" + ")" * 500,
    "x" + "+x" * 5000,
    "x²",
    "ｓｉｎ(x)",
    "x\u202e+1",
    "\N{CYRILLIC SMALL LETTER HA} + 1",
    "x\x00",
    "x; import os",
    "x\nimport os",
    "\udcff",
    "1e999",
    "0x10",
    "True",
    "x == 1",
    "None",
]


@pytest.mark.parametrize("formula", MALICIOUS, ids=lambda f: ascii(f[:24]))
def test_malicious_formulas_are_refused_at_once(run, formula):
    start = time.perf_counter()
    for argv in ([formula], ["x", "--at", f"x={formula}"]):
        status, out, err = run(*argv)
        assert (status, out) == (2, "")
        assert err.startswith("revdiff: ")
        assert "hacked" not in err.partition("\n")[0]
        assert len(err) < 1000
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("option", ["--at", "--wrt", "--order"])
@pytest.mark.parametrize(
    "text", ["__import__('os')=1", "x=__import__('os')", "\x1b[31mred=1", "\udcff", "=" * 9999], ids=ascii
)
def test_malicious_options_are_refused(run, option, text):
    status, out, err = run("x", option, text)
    assert (status, out) == (2, "")
    assert "\x1b" not in err
    assert len(err) < 1000


@pytest.mark.parametrize(
    "formula",
    ["__import__('os').system('echo hacked')", "9**9**9", "(" * 5000, "x.real", "\N{GREEK SMALL LETTER ALPHA}"],
)
def test_malicious_formulas_in_a_process_of_their_own(formula):
    done = process(formula)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"revdiff: ")
    assert b"Traceback" not in done.stderr


# Long formulas


def test_a_formula_that_grows_is_not_shown_at_length(run):
    formula = "exp(sin(x))*cos(exp(x))/(1 + x**2)"
    start = time.perf_counter()
    status, out, _ = run(formula, "--order", "3", "--at", "x=0.5")
    assert time.perf_counter() - start < 60
    assert status == 0
    assert "too long to be shown here" in out
    assert "--json prints it" in out
    value = float(sympy.sympify(formula).diff(x, 3).subs(x, sympy.Rational(1, 2)).evalf(30))
    assert float(out.splitlines()[-1].partition(" = ")[2]) == pytest.approx(value, rel=1e-9)


def test_what_takes_too_long_is_given_up_and_the_numbers_are_there(run, monkeypatch, tmp_path):
    monkeypatch.setattr("revdiff.cli.calculation.SECONDS_TO_DIFFERENTIATE", 0.0)
    argv = f"maximum({','.join(f'x{i}' for i in range(12))})*x0**2", "--wrt", "x0", "--at", values(12)
    assert r"= \dots" in run(*argv, "--latex", "--plot", str(tmp_path / "picture.dot"))[1]
    assert "∂f" not in (tmp_path / "picture.dot").read_text("utf-8")
    status, out, _ = run(*argv)
    assert status == 0
    assert "∂f/∂x0 : (the formula would take too long)" in out
    assert out.endswith("\n∂f/∂x0 = 0.0\n")


def values(n):
    return ",".join(f"x{i}={i}" for i in range(n))


def test_simplifying_is_given_up_and_says_so():
    one = sympy.sin(x) ** 2 + sympy.cos(x) ** 2
    assert Simplifier()(one) == (1, "")
    assert Simplifier(seconds=0.0)(one) == (one, "hardly simplified: more would take too long")
    long = sympy.Add(*(sympy.sin(x + n) for n in range(600)))
    assert Simplifier()(long) == (long, "hardly simplified")


def test_large_powers_are_not_multiplied_out(run):
    start = time.perf_counter()
    assert "df/dx = 9999*(x + 1)**9998" in run("(x + 1)**9999")[1]
    assert time.perf_counter() - start < 5


def test_there_is_a_bound_on_the_number_of_derivatives(run):
    names = "*".join(f"x{i}" for i in range(10))
    assert run(names, "--order", "2")[0] == 0
    status, _, err = run(names, "--order", "4")
    assert status == 2
    assert "up to order 2" in err
    assert MAX_DERIVATIVES == 200


# Around it


def test_the_tour_computes_what_it_shows(run):
    status, out, err = run()
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert 25 <= len(lines) <= 45
    for line in [
        "    (0.6931471805599453, 2.5)",
        "    3*x**2 + g'(x)",
        "    [0.6931471805599453, 2.5, -2.25, 4.25, -12.375]",
        "    ((2*y, 2*x), (2*x, 0))",
        "    1.0",
        "    True",
    ]:
        assert line in lines
    assert max(map(len, lines)) <= 90


def test_help_and_version(run):
    status, out, err = run("--help")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    for word in ("--at", "--wrt", "--order", "--hessian", "--latex", "--json", "--version", "examples:", "Exit status"):
        assert word in out
    assert run("--version") == (0, f"revdiff {revdiff.__version__}\n", "")


def test_the_commands_in_the_help_work(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # one of them draws
    _, out, _ = run("--help")
    commands = re.findall(r"^  revdiff (.*)$", out, re.MULTILINE)
    assert len(commands) >= 4
    for command in commands:
        assert run(*shlex.split(command))[0] == 0


def test_the_module_and_the_script_are_the_same():
    done = process("log(x**2 + x**3)", "--at", "x=1")
    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-1] == "df/dx = 2.5"
    assert process("--version").stdout.decode() == f"revdiff {revdiff.__version__}\n"


def test_a_closed_pipe_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "revdiff"],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_ends_it_quietly(monkeypatch, capsys):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr("revdiff.cli.calculation.calculate", interrupted)
    assert main(["x"]) == 130
    assert capsys.readouterr() == ("", "")


# Pictures


def test_a_picture_shows_the_formula_and_its_derivatives_by_name(run, tmp_path):
    path = tmp_path / "picture.svg"
    status, out, err = run("g(f(x))", "--plot", str(path))
    assert (status, err) == (0, "")
    assert out == "h(x)  = g(f(x))\ndh/dx = f'(x)*g'(f(x))\n"
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", path.read_text("utf-8"))
    assert sorted(texts) == sorted(["x", "f(x)", "g(f(x))", "h", "f′(x)", "g′(f(x))", "f′(x)·g′(f(x))", "dh/dx"])


def test_a_picture_goes_with_every_kind_of_output(run, tmp_path):
    path = tmp_path / "picture.dot"
    status, data = answer(run, "x*y", "--plot", str(path))
    assert status == 0
    assert data["formula"] == "x*y"
    assert '"x*y" [label="x·y\\nf"' in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("picture.gif", "revdiff: --plot: the ending of a file says how to draw: .svg, .png, .pdf, .dot; met a file"),
        ("picture", "has no ending"),
        ("nowhere/picture.svg", "cannot be written: No such file or directory"),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused(run, tmp_path, name, says):
    status, out, err = run("x**2", "--plot", str(tmp_path / name))
    assert (status, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_a_formula_too_large_to_draw_is_refused_without_a_word_of_python(run, tmp_path):
    terms = "+".join(f"x{n}" for n in range(510))
    status, _, err = run(terms, "--wrt", "x0", "--plot", str(tmp_path / "picture.svg"))
    assert status == 2
    assert err == "revdiff: --plot: this would be a picture of more than 500 nodes, which nobody can read.\n"


def test_f_g_and_h_are_functions_known_by_name_only_and_other_names_are_not(run):
    _, data = answer(run, "f(x) + g(x, y)")
    assert [d["simplified"] for d in data["derivatives"]] == ["f'(x) + g'_1(x, y)", "g'_2(x, y)"]
    status, _, err = run("u(x)")
    assert status == 2
    assert "'u' is no function" in err
    status, out, _ = run("f(x)", "--at", "x=1")
    assert status == 1
    assert "has no value here" in out
