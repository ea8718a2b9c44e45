"""Functions in a row."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import Chain, DifferentiableFunc, Lens, chain, exp, grad, hessian, nth_derivative, primitive, sin, to_lens


@primitive
def square(x):
    return x * x, lambda ct: ct * 2 * x


@primitive
def cube(x):
    return x**3, lambda ct: ct * 3 * x**2


@primitive
def product(x, y):
    return x * y, lambda ct: (ct * y, ct * x)


def test_the_first_function_is_applied_first():
    f = square >> (lambda y: y + 1)
    assert f(3.0) == 10.0
    assert (cube >> square)(2.0) == 64.0
    assert (sin >> square)(0.5) == math.sin(0.5) ** 2
    assert (square >> sin)(0.5) == math.sin(0.25)
    assert (np.sum >> square)(np.ones(3)) == 9.0


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_chain_rule_at_every_order(order):
    f = square >> exp >> cube  # e^{3x²}
    x = 0.3
    e = math.exp(3 * x * x)
    expected = {1: 6 * x * e, 2: (36 * x * x + 6) * e, 3: (216 * x**3 + 108 * x) * e}[order]
    assert nth_derivative(f, order)(x) == pytest.approx(expected, rel=1e-10)


@given(st.floats(-2, 2))
def test_rows_are_associative_and_nothing_is_neutral(x):
    left, right = (square >> sin) >> cube, square >> (sin >> cube)
    assert left == right == chain(square, sin, cube)
    assert left(x) == right(x) == cube(sin(square(x)))
    assert chain(chain(), square, chain()) == chain(square)
    assert (chain() >> square)(x) == (square >> chain())(x) == square(x)
    assert chain()(x) == x
    assert grad(left)(x) == grad(right)(x) == grad(lambda x: cube(sin(square(x))))(x)


def test_functions_of_the_library_are_put_in_a_row_by_chain():
    assert chain(sin, exp)(0.5) == math.exp(math.sin(0.5))
    assert grad(chain(np.exp, np.sum))(np.zeros(2)).tolist() == [1.0, 1.0]


def test_the_first_function_may_take_several_arguments():
    f = product >> square
    assert f(2.0, 3.0) == 36.0
    assert grad(f, (0, 1))(2.0, 3.0) == (36.0, 24.0)
    scaled = primitive(lambda x, *, by: (x * by, lambda ct: ct * by)) >> square
    assert grad(lambda x: scaled(x, by=3.0))(2.0) == 36.0


def test_a_structure_goes_from_one_function_to_the_next():
    pair = primitive(lambda x: ((x, x * x), lambda ct: ct[0] + ct[1] * 2 * x))
    times = primitive(lambda p: (p[0] * p[1], lambda ct: (ct * p[1], ct * p[0])))
    assert nth_derivative(pair >> times, 2)(2.0) == 12.0
    assert hessian(pair >> (lambda p: p[0] * p[1]))(2.0) == 12.0


def test_a_row_of_lenses_and_the_lens_of_a_row_are_the_same():
    row, lens = to_lens(square >> cube), to_lens(square) >> to_lens(cube)
    assert (row.get(2.0), row.set(2.0, 1.0)) == (lens.get(2.0), lens.set(2.0, 1.0)) == (64.0, 192.0)


def test_what_is_no_function_is_refused():
    for wrong in (3, None, np.ones(2), "text", Lens(lambda x: x, lambda x, ct: ct)):
        with pytest.raises(TypeError):
            square >> wrong
        with pytest.raises(TypeError):
            wrong >> square
        with pytest.raises(TypeError):
            wrong >> chain(square)


def test_what_a_row_shows():
    f = square >> sin >> cube
    assert repr(f) == "chain(square, sin, cube)"
    assert f.__name__ == "square >> sin >> cube"
    assert chain().__name__ == "chain()"
    assert isinstance(f, Chain)
    assert isinstance(f, DifferentiableFunc)
    assert f.functions == (square, sin, cube)


def test_a_row_is_hashed_and_pickled_by_its_functions():
    f = square >> cube
    assert {f: 1}[chain(square, cube)] == 1
    assert pickle.loads(pickle.dumps(f)) == f


def test_a_row_stands_wherever_a_function_does():
    f = square >> cube
    assert primitive(lambda x: (f(x), lambda ct: ct * revdiff.simple_derivative(f)(x)))(2.0) == 64.0
    assert nth_derivative(revdiff.checkpoint(f), 2)(2.0) == 480.0
