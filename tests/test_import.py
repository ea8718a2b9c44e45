"""Importing revdiff: light, repeatable, and the same under every switch of the interpreter."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import revdiff

ROOT = str(Path(revdiff.__file__).parents[1])


def run(code, *switches):
    """Run code in a fresh interpreter and return what it printed."""
    isolated = "-I" in switches
    if isolated:
        code = f"import sys; sys.path.insert(0, {ROOT!r})\n{code}"
    environment = {**os.environ, "PYTHONPATH": ROOT}
    done = subprocess.run(
        [sys.executable, *switches, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    return done.stdout.strip()


WORKS = (
    "import revdiff; f = lambda x: revdiff.log(x**2 + x**3);"
    "print(revdiff.simple_derivative(f)(1.0), revdiff.nth_derivative(f, 2)(1.0), revdiff.hessian(f)(1.0))"
)
EXPECTED = "2.5 -2.25 -2.25"


@pytest.mark.parametrize(
    "switches",
    [(), ("-O",), ("-OO",), ("-W", "error"), ("-I",), ("-I", "-O", "-W", "error"), ("-bb",), ("-X", "dev")],
    ids=lambda s: " ".join(s) or "plain",
)
def test_it_works_in_a_fresh_interpreter_under_every_switch(switches):
    assert run(WORKS, *switches) == EXPECTED


def test_importing_it_brings_in_neither_sympy_nor_mpmath_nor_scipy():
    heavy = json.loads(
        run(
            "import sys, json, revdiff\n"
            "heavy = {'sympy', 'mpmath', 'scipy', 'matplotlib', 'hypothesis', 'pytest', 'torch', 'jax', 'asyncio', 'multiprocessing'}\n"
            "print(json.dumps(sorted(heavy & {name.partition('.')[0] for name in sys.modules})))"
        )
    )
    assert heavy == []


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="NumPy imports its masked arrays itself")
def test_masked_arrays_are_not_imported_in_order_to_refuse_them():
    assert run("import sys, revdiff; print('numpy.ma' in sys.modules)") == "False"


def test_differentiating_numbers_and_arrays_does_not_import_sympy_either():
    loaded = run(
        "import sys, numpy as np, revdiff as rd\n"
        "f = lambda x: rd.sin(x) * rd.exp(x) / (1 + x * x) + rd.sqrt(x) ** 3 - abs(x) + rd.maximum(x, 0.1)\n"
        "rd.nth_derivative(f, 2)(0.5)\n"
        "rd.grad(lambda x: f(x).sum())(np.ones(3))\n"
        "rd.hessian(lambda x: f(x).sum())(np.ones(3))\n"
        "repr(rd.init_diff(1.0)); rd.jvp(f, 0.5, 1.0)\n"
        "print(sorted({'sympy', 'mpmath', 'scipy'} & set(sys.modules)))"
    )
    assert loaded == "[]"


def test_an_error_message_does_not_import_sympy():
    loaded = run(
        "import sys, math, revdiff as rd\n"
        "for wrong in (math.sin, lambda x: 'a', lambda x: None, lambda x: [x]):\n"
        "    try: rd.grad(wrong)(1.0)\n"
        "    except rd.RevDiffError: pass\n"
        "print('sympy' in sys.modules)"
    )
    assert loaded == "False"


def test_sympy_may_be_imported_before_or_after():
    after = "import revdiff, sympy; print(revdiff.simple_derivative(lambda x: x**3)(sympy.Symbol('x')))"
    before = "import sympy, revdiff; print(revdiff.simple_derivative(lambda x: x**3)(sympy.Symbol('x')))"
    assert run(after) == run(before) == "3*x**2"


def test_importing_twice_gives_the_same_module():
    assert (
        run("import revdiff as a, revdiff as b, importlib; print(a is b is importlib.import_module('revdiff'))")
        == "True"
    )


def test_reloading_keeps_everything_working():
    code = (
        "import importlib, revdiff\n"
        "x = revdiff.init_diff(3.0)\n"
        "importlib.reload(revdiff)\n"
        "print((x * revdiff.sin(x)).backprop(1.0) == revdiff.simple_derivative(lambda x: x * revdiff.sin(x))(3.0))"
    )
    assert run(code, "-W", "error") == "True"


def test_importing_afresh_after_removal_works():
    code = (
        "import sys, numpy as np, revdiff\n"
        "for name in [n for n in sys.modules if n.partition('.')[0] == 'revdiff']: del sys.modules[name]\n"
        "import revdiff\n"
        "print(revdiff.simple_derivative(np.sin)(0.0), revdiff.grad(lambda x: np.sum(x * x))(np.ones(1))[0])"
    )
    assert run(code, "-W", "error") == "1.0 2.0"


def test_importing_in_many_threads_at_once_works():
    code = (
        "import threading\n"
        "out = []\n"
        "def work():\n"
        "    import revdiff\n"
        "    out.append(revdiff.simple_derivative(lambda x: x * revdiff.sin(x))(0.0))\n"
        "threads = [threading.Thread(target=work) for _ in range(16)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "print(out == [0.0] * 16)"
    )
    assert run(code) == "True"


def test_importing_prints_nothing_and_leaves_the_settings_of_others_alone():
    code = (
        "import sys, warnings, numpy as np, decimal\n"
        "before = (sys.getrecursionlimit(), np.geterr(), np.get_printoptions(), list(warnings.filters), decimal.getcontext().prec)\n"
        "import revdiff\n"
        "after = (sys.getrecursionlimit(), np.geterr(), np.get_printoptions(), list(warnings.filters), decimal.getcontext().prec)\n"
        "print(before == after)"
    )
    assert run(code) == "True"


def test_differentiating_leaves_the_settings_of_others_alone():
    code = (
        "import sys, warnings, numpy as np, decimal, revdiff\n"
        "def settings(): return (sys.getrecursionlimit(), np.geterr(), list(warnings.filters), decimal.getcontext().prec)\n"
        "before = settings()\n"
        "revdiff.grad(lambda x: revdiff.sqrt(x * x).sum())(np.zeros(2))\n"
        "try: revdiff.grad(lambda x: (1 / 0) * x)(1.0)\n"
        "except ZeroDivisionError: pass\n"
        "print(before == settings())"
    )
    assert run(code) == "True"


def test_every_public_name_is_documented_and_reachable():
    import inspect

    names = [name for name in vars(revdiff) if not name.startswith("_")]
    functions = [getattr(revdiff, name) for name in names if not inspect.ismodule(getattr(revdiff, name))]
    undocumented = [name for name, f in zip(names, functions, strict=False) if callable(f) and not inspect.getdoc(f)]
    assert undocumented == []
    assert revdiff.__version__


def test_the_package_is_marked_as_typed():
    assert (Path(revdiff.__file__).parent / "py.typed").exists()


def test_what_is_imported_later_is_what_a_type_checker_is_told():
    tree = ast.parse(Path(revdiff.__file__).read_text(encoding="utf-8"))
    (told,) = (node for node in tree.body if isinstance(node, ast.If))
    imports = [
        (node.module, alias.name) for node in ast.walk(told) if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    later = {("revdiff", name) for name in revdiff._MODULES}
    later |= {(module, name) for module, names in revdiff._LATER.items() for name in names}
    assert sorted(imports) == sorted(later)


def test_only_public_names_are_listed():
    listed = {name for name in dir(revdiff) if not name.startswith("_")}
    modules = {name for name in listed if isinstance(getattr(revdiff, name), ModuleType)}
    assert modules == set(revdiff._MODULES)
    assert {"RevDiff", "grad", "Stream", "simplify", "abs"} <= listed
