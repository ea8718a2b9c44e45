"""check_iso: what is declared to lead there and back again, and does not, is found."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy

from revdiff import (
    ArgumentError,
    LawError,
    Path,
    check_iso,
    cos,
    exp,
    hypot,
    log,
    path,
    simple_derivative,
    sqrt,
    square,
    view,
)
from tests.paths.values import Record


def test_B54_exp_and_log_in_the_right_directions():
    check_iso(path.iso(exp, log), 2.0, -3.5, 0.0)
    check_iso(path.iso(log, exp), 2.0, 1e-9, 1e9)
    assert math.isclose(simple_derivative(lambda x: view(path.iso(exp, log), x))(2.0), 7.38905609893065)


def test_B54_exp_and_log_in_wrong_directions():
    with pytest.raises(LawError) as error:
        check_iso(path.iso(exp, exp), 2.0)
    assert str(error.value) == (
        "path.iso(exp, exp) is an isomorphism: back(there(x)) = x. Here that is not so:\n"
        "  x:               2.0\n"
        "  there(x):        7.38905609893065\n"
        "  back(there(x)):  1618.1779919126539"
    )
    with pytest.raises(LawError, match=r"0\.6931471805599453"):
        check_iso(path.iso(log, log), 2.0)


def test_one_that_holds_at_some_values_only():
    p = path.iso(square, sqrt)
    check_iso(p, 3.0, 0.0)
    with pytest.raises(LawError, match="back"):
        check_iso(p, 3.0, -3.0)


def test_several_in_a_row_are_one():
    check_iso(path.iso(exp, log).iso(lambda y: y * 3, lambda y: y / 3), 2.0)
    with pytest.raises(LawError):
        check_iso(path.iso(exp, log).iso(lambda y: y * 3, lambda y: y / 2), 2.0)
    check_iso(Path(), 2.0)


@pytest.mark.parametrize(
    "x",
    [
        3, Fraction(1, 3), Decimal("0.1"), 1 + 2j, np.float32(0.1), np.array([0.1, 1e8]), np.array([0.1], np.float32),
        sympy.Symbol("x"), [1.0, (2.0,)], {"a": 1.0}, Record(1.0, "text", None),
    ],
    ids=repr,
)  # fmt: skip
def test_values_of_every_kind(x):
    twice = path.iso(lambda x: [x, x], lambda pair: pair[1])
    check_iso(twice, x)
    with pytest.raises(LawError):
        check_iso(path.iso(lambda x: [x, x], lambda pair: pair), x)


def test_rounding_is_no_objection_and_a_small_mistake_is_one():
    x = np.array([0.1, 0.2, 0.3], np.float32)
    check_iso(path.iso(lambda x: x / 3, lambda y: y * 3), 0.1, Decimal("0.1"), x, 1e-9, 1e12)
    for sample in (0.1, x, 1e12):
        with pytest.raises(LawError):
            check_iso(path.iso(lambda x: x / 3, lambda y: y * 3.01), sample)
    s = sympy.Symbol("s")
    check_iso(path.iso(lambda x: (x + 1) ** 2, lambda y: sympy.expand(y) - s**2 - s - 1), s)


def test_what_is_not_a_number_is_an_objection():
    with pytest.raises(LawError, match="nan"):
        check_iso(path.iso(lambda x: x, lambda x: math.nan), 1.0)


def test_structures_are_compared_part_by_part():
    sound = path.iso(lambda p: Record(p.x + p.y, p.x - p.y), lambda q: Record((q.x + q.y) / 2, (q.x - q.y) / 2))
    check_iso(sound, Record(1.0, 2.0))
    with pytest.raises(LawError):
        check_iso(path.iso(lambda p: hypot(p.x, p.y), lambda r: Record(r, 0.0)), Record(3.0, 4.0))


def test_only_isomorphisms_are_checked():
    with pytest.raises(ArgumentError) as error:
        check_iso(path.x.iso(cos, cos), 1.0)
    assert (
        str(error.value)
        == "check_iso checks paths of isomorphisms, path.iso(there, back); path.x.iso(cos, cos) has '.x'"
    )
