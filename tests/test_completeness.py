"""Nothing is merely missing: every elementwise function of NumPy has a place, and every rule has a test."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import isfunction
from pathlib import Path

import numpy as np
import pytest

import revdiff
from revdiff import functions
from revdiff.numpy_protocol import CONSTANT, DECLINED, FUNCTIONS, UFUNCS

FAMILIES = ["arithmetic", "complex", "elementary", "selection", "special", "steps"]
ALL_UFUNCS = {f.__name__: f for f in vars(np).values() if isinstance(f, np.ufunc)}


@pytest.mark.parametrize("name", sorted(ALL_UFUNCS))
def test_every_ufunc_of_numpy_is_ruled_or_constant_or_declined_with_a_reason(name):
    f = ALL_UFUNCS[name]
    ruled, constant, declined = f in UFUNCS and f not in CONSTANT, f in CONSTANT, f in DECLINED
    assert ruled + constant + declined == 1, f"numpy.{name} has no place in revdiff.numpy_protocol"


def test_a_constant_function_is_registered_as_such_and_a_declined_one_has_a_reason():
    assert all(f in UFUNCS or f in FUNCTIONS for f in CONSTANT)
    assert all(reason for reason in DECLINED.values())


@pytest.mark.parametrize(
    "family", [path.stem for path in sorted(Path(revdiff.__file__).parent.glob("rules/[a-z]*.py"))]
)
def test_every_family_of_rules_has_a_family_of_tests(family):
    assert (Path(__file__).parent / "rules" / f"test_{family}.py").exists()


TESTS = [import_module(f"tests.rules.test_{family}") for family in FAMILIES]
RULES = [import_module(f"revdiff.rules.{family}") for family in FAMILIES]
TESTED = {
    row.name.partition("(")[0]
    for module in TESTS
    for table in ("ROWS", "OF_NUMBERS", "OF_FLOATS")
    for row in getattr(module, table, ())
}
MADE_FROM_ROWS = sorted(
    rule.__name__
    for module in RULES
    for rule in vars(module).values()
    if isfunction(rule) and rule.__code__.co_filename == functions.__file__ and rule.__module__ == module.__name__
)


@pytest.mark.parametrize("name", MADE_FROM_ROWS)
def test_every_row_of_the_rules_has_a_row_in_the_tests(name):
    assert name in TESTED, f"no row for {name} in tests/rules"


@pytest.mark.parametrize("f", sorted({*FUNCTIONS, *CONSTANT}, key=lambda f: f.__name__), ids=lambda f: f.__name__)
def test_every_other_function_of_numpy_with_a_rule_and_every_constant_one_is_called_in_a_test(f):
    called = re.compile(rf"\bnp\.([a-z_]+\.)*{f.__name__}\b")
    assert any(called.search(path.read_text("utf-8")) for path in Path(__file__).parent.glob("rules/**/*.py"))


@pytest.mark.parametrize("f", [f for f in UFUNCS if f not in CONSTANT], ids=lambda f: f.__name__)
def test_every_ufunc_with_a_rule_is_a_method_too(f):
    assert callable(getattr(revdiff.init_diff(1.0), f.__name__))
