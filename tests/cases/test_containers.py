"""The worked examples of finite-support streams and of what goes with containers, F1-F14 and U1-U5.

Each operation is asked for its value and for its derivative.
"""

from __future__ import annotations

import operator

import numpy as np
import pytest
import sympy

from revdiff import (
    FiniteSupportStream,
    Stream,
    custom_arg_val_derivative,
    extend_map,
    finite_support_stream_arg,
    finite_support_stream_arg_derivative,
    finite_support_stream_val,
    finite_support_stream_val_derivative,
    grad,
    init_diff,
    jacobian,
    join,
    power,
    sequence_arg_derivative,
    simple_derivative,
    split,
    stream_arg_derivative,
    vector_arg_derivative,
    vjp,
)

fss = FiniteSupportStream
empty = fss.empty()
naturals = Stream.tabulate(lambda i: i)
halves = Stream.iterate(lambda x: x / 2, 1.0)

LISTS_AND_ARRAYS = pytest.mark.parametrize("vector", [list, np.array], ids=["list", "array"])


def moving(items, *, along):
    """The function t ↦ the stream of items[i] + t along[i]."""
    return lambda t: fss([x + t * v for x, v in zip(items, along, strict=True)], zero=0.0)


def gradient(f, items, n=6):
    """The first n elements of the gradient of a function of a finite-support stream."""
    result = finite_support_stream_arg_derivative(f)(fss(items, zero=0.0))
    assert isinstance(result, Stream), "the cotangent of a finite-support stream has no end"
    return result.take(n)


def columns(f, items, n=5):
    """The first n elements of the derivatives of the stored elements of a function between such streams."""
    rows = custom_arg_val_derivative(finite_support_stream_arg, finite_support_stream_val, f)(fss(items, zero=0.0))
    return [row.take(n) for row in rows.take(n)]


# -------------------------------------------------------------------------- finite-support streams


def test_F1_shown_are_the_items_three_zeros_and_dots():
    assert repr(fss([0, 1, 2, 3])) == str(fss([0, 1, 2, 3])) == "[0,1,2,3,0,0,0,..."
    assert str(fss([0.0, 1.0, 2.0, 3.0])) == "[0.0,1.0,2.0,3.0,0.0,0.0,0.0,..."
    assert str(fss([False, True])) == "[False,True,False,False,False,..."
    powers = finite_support_stream_val_derivative(lambda t: fss([t**0, t, t**2, t**3]))
    assert str(powers(2.0)) == "[0.0,1.0,4.0,12.0,0.0,0.0,0.0,..."
    assert str(powers(sympy.Symbol("t"))).replace(" ", "") == "[0,1,2*t,3*t**2,0,0,0,..."


def test_F2_map_changes_what_is_stored_only():
    assert str(fss([0, 1, 2, 3]).map(lambda x: x * 2)) == "[0,2,4,6,0,0,0,..."
    assert str(fss([0, 1, 2, 3]).map(lambda x: x + 1)) == "[1,2,3,4,0,0,0,..."
    squares = finite_support_stream_val_derivative(
        lambda t: moving([0.0, 1.0], along=[1.0, 2.0])(t).map(lambda x: x * x)
    )
    assert squares(3.0) == fss([6.0, 28.0])
    assert columns(lambda x: x.map(lambda e: 2 * e), [1.0, 2.0], n=3) == [
        [2.0, 0.0, 0.0],
        [0.0, 2.0, 0.0],
        [0.0, 0.0, 2.0],
    ]


def test_F3_sums_and_differences():
    assert str(fss([1, 2, 3]) + fss([10, 20])) == "[11,22,3,0,0,0,..."
    assert str(fss([1, 2, 3]) + empty) == str(empty + fss([1, 2, 3])) == "[1,2,3,0,0,0,..."
    assert str(fss([10, 20, 30]) - fss([1, 2])) == "[9,18,30,0,0,0,..."
    assert str(fss([1, 2]) - fss([10, 20, 30])) == "[-9,-18,-30,0,0,0,..."
    x = fss([1, 2, 3])
    assert str(x - x) == "[0,0,0,..."


def test_F3_derivatives_of_sums_and_differences():
    longer, shorter = moving([1.0, 2.0, 3.0], along=[1.0, 2.0, 3.0]), moving([10.0, 20.0], along=[10.0, 20.0])
    derivative = finite_support_stream_val_derivative
    assert derivative(lambda t: longer(t) + shorter(t))(0.5) == fss([11.0, 22.0, 3.0])
    assert derivative(lambda t: longer(t) + fss([5.0] * 4))(0.5) == fss([1.0, 2.0, 3.0])
    assert derivative(lambda t: longer(t) - shorter(t))(0.5) == fss([-9.0, -18.0, 3.0])
    assert derivative(lambda t: shorter(t) - longer(t))(0.5) == fss([9.0, 18.0, -3.0])
    assert derivative(lambda t: longer(t) - longer(t))(0.5) == empty
    assert gradient(lambda x: (x + x - fss([1.0] * 9)).sum(), [1.0, 2.0], n=4) == [2.0] * 4


def test_F4_trimming():
    assert fss.from_items([0, 1, 2, 3, 0], trim=True).to_list() == [0, 1, 2, 3]
    assert fss.from_items([0, 1, 2, 3, 0]).to_list() == [0, 1, 2, 3, 0]
    assert str(fss([0, 1, 0, 3, 0, 0]).trim()) == "[0,1,0,3,0,0,0,..."
    assert fss([0, 1, 0, 3, 0, 0]).trim().support_length == 4


def test_F4_a_zero_that_varies_is_not_trimmed():
    derivative = finite_support_stream_val_derivative(lambda t: moving([1.0, 0.0], along=[2.0, 3.0])(t).trim())
    assert derivative(0.0) == fss([2.0, 3.0])
    assert gradient(lambda x: x.trim().sum(), [1.0, 0.0], n=3) == [1.0] * 3


def test_F5_the_length_of_the_support():
    assert fss([0, 1, 2, 3]).support_length == 4
    assert fss([0, 1, 2, 3, 0, 0]).support_length == 6
    assert not fss([0, 1, 2]).is_null
    assert fss([]).is_null
    assert not fss([0, 0, 0]).is_null
    assert fss([0, 0, 0]).trim().is_null
    assert fss([0, 0, 0]) == empty


def test_F5_the_support_of_a_derivative_is_that_of_the_value():
    derivative = finite_support_stream_val_derivative(moving([1.0, 2.0, 0.0], along=[1.0, 0.0, 0.0]))(5.0)
    assert (derivative.support_length, derivative.trim().support_length) == (3, 1)


def test_F6_lists():
    assert fss([1, 2, 3, 0]).to_list() == [1, 2, 3, 0]
    assert fss([1, 2, 3]).to_stream().take(5) == [1, 2, 3, 0, 0]
    assert [x for x, _ in zip(fss([1, 2, 3]), range(5), strict=False)] == [1, 2, 3, 0, 0]
    assert fss([1, 2, 3]).take(5) == [1, 2, 3, 0, 0]


def test_F6_derivatives_of_what_is_taken_reach_beyond_the_support():
    assert gradient(lambda x: sum(x.to_list()), [1.0, 2.0, 3.0]) == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    assert gradient(lambda x: sum(x.take(5)), [1.0, 2.0, 3.0]) == [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]
    assert gradient(lambda x: sum(x.to_stream().take(5)), [1.0, 2.0, 3.0]) == [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]


def test_F7_head_and_tail():
    assert fss([1, 2, 3]).head == 1
    assert empty.head == 0
    assert fss.empty(zero=False).head is False
    assert str(fss([1, 2, 3]).tail) == "[2,3,0,0,0,..."
    assert str(empty.tail) == "[0,0,0,..."


def test_F7_derivatives_of_head_and_tail():
    assert gradient(lambda x: x.head**2, [3.0, 4.0], n=3) == [6.0, 0.0, 0.0]
    assert gradient(lambda x: x.tail.sum(), [3.0, 4.0], n=4) == [0.0, 1.0, 1.0, 1.0]
    assert gradient(lambda x: x.head + x.tail.head, [], n=3) == [1.0, 1.0, 0.0]


def test_F8_one_item_and_many_alike():
    assert fss.singleton(42).to_list() == [42]
    assert fss.singleton(0).to_list() == [0]
    assert fss.singleton(0, trim=True).to_list() == []
    assert str(fss.replicate(3, 42)) == "[42,42,42,0,0,0,..."
    assert fss.replicate(2, 0).to_list() == [0, 0]
    assert fss.replicate(2, 0, trim=True).to_list() == []


def test_F8_their_derivatives():
    assert finite_support_stream_val_derivative(lambda t: fss.singleton(t * t))(3.0) == fss([6.0])
    assert finite_support_stream_val_derivative(lambda t: fss.replicate(3, t * t))(3.0) == fss([6.0] * 3)
    assert simple_derivative(lambda t: fss.replicate(3, t).sum())(5.0) == 3.0


def test_F9_cons():
    assert str(fss([1, 2, 3]).cons(42)) == "[42,1,2,3,0,0,0,..."
    assert empty.cons(0).to_list() == [0]
    assert empty.cons(0, trim=True).to_list() == []
    assert gradient(lambda x: x.cons(42.0).convolve(naturals), [1.0, 2.0], n=4) == [1.0, 2.0, 3.0, 4.0]
    assert simple_derivative(lambda t: fss([1.0, 2.0]).cons(t).convolve(halves))(5.0) == 1.0


def test_F10_a_basis_vector():
    assert str(fss.basis(3)) == "[0,0,0,1,0,0,0,..."
    assert str(fss.basis(1, one=1.0)) == "[0.0,1.0,0.0,0.0,0.0,..."
    assert gradient(lambda x: x.convolve(fss.basis(3).to_stream()), [1.0, 2.0]) == [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]


def test_F11_convolution():
    assert naturals.convolve(fss([0, 0, 1])) == fss([0, 0, 1]).convolve(naturals) == 2
    assert empty.convolve(naturals) == 0
    assert halves.convolve(fss([1.0] * 10)) == pytest.approx(1.9980469, abs=1e-7)
    assert halves.convolve(fss([1.0] * 10)) == 2.0 - 2.0**-9


def test_F11_the_pairing_is_differentiated_by_both_sides():
    # ∂(Σ xᵢ yᵢ)/∂x = y, an infinite stream, and ∂/∂y = x, of finite support.
    assert gradient(lambda x: x.convolve(halves), [1.0, 1.0]) == halves.take(6)
    assert stream_arg_derivative(lambda y: y.convolve(fss([3.0, 0.0, 5.0])))(halves) == fss([3.0, 0.0, 5.0])
    assert grad(lambda x, y: x.convolve(y), 1)(fss([3.0, 5.0]), halves) == fss([3.0, 5.0])


def test_F12_a_stream_acting_and_sums():
    assert str(naturals * fss([1, 1, 0, 1])) == str(fss([1, 1, 0, 1]) * naturals) == "[0,1,0,3,0,0,0,..."
    assert fss([1, 2, 3, 0]).sum() == 6
    assert empty.sum() == 0
    assert gradient(lambda x: (naturals * x).sum(), [1.0, 1.0], n=5) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert gradient(lambda x: x.sum(), [], n=3) == [1.0] * 3


def test_F13_zipping():
    x, y = fss([10, 20, 30]), fss([1, 2])
    assert str(x.zip_with(y, operator.sub, lambda e: e, operator.neg)) == "[9,18,30,0,0,0,..."
    assert str(y.zip_with(x, operator.sub, lambda e: e, operator.neg)) == "[-9,-18,-30,0,0,0,..."
    assert str(fss([1, 2, 3]).zip(fss([4, 5]))) == "[(1,4),(2,5),(3,0),(0,0),(0,0),(0,0),..."
    assert str(empty.zip(fss.empty(False))) == "[(0,False),(0,False),(0,False),..."


def test_F13_derivatives_of_what_is_zipped():
    longer, shorter = moving([1.0, 2.0, 3.0], along=[1.0, 2.0, 3.0]), moving([10.0, 20.0], along=[10.0, 20.0])
    zipped = lambda t: longer(t).zip_with(shorter(t), operator.sub, lambda e: e, operator.neg)
    assert finite_support_stream_val_derivative(zipped)(0.5) == fss([-9.0, -18.0, 3.0])
    derivative = finite_support_stream_val_derivative(lambda t: longer(t).zip(shorter(t)))(0.5)
    assert derivative.take(4) == [(1.0, 10.0), (2.0, 20.0), (3.0, 0.0), (0.0, 0.0)]


def test_F14_folding_beside_a_stream():
    assert fss([1, 1, 1]).fold_with_stream(operator.mul, naturals) == 3
    assert fss([1, 2]).fold_with_stream(lambda x, s: f"({x},{s})", naturals.drop(5), start="start") == "start(1,5)(2,6)"
    assert empty.fold_with_stream(operator.mul, naturals, start="start") == "start"
    fold = lambda x: x.fold_with_stream(lambda x, y: x * x * y, naturals, start=1.0)
    assert fold(fss([1.0, 2.0, 3.0])) == 1.0 + 4.0 + 18.0
    assert gradient(fold, [1.0, 2.0, 3.0], n=5) == [0.0, 4.0, 12.0, 0.0, 0.0]


# ---------------------------------------------------------------------- what goes with containers


def test_U1_functions_side_by_side_on_the_places_of_a_tuple():
    """What the ancestor has combinators for is a tuple, written and taken apart as Python does it."""
    add, double, less = (lambda x: x + 1), (lambda x: x * 2), (lambda x: x - 3)
    cross, cross3 = (lambda p: (add(p[0]), double(p[1]))), (lambda p: (add(p[0]), double(p[1]), less(p[2])))
    fork, fork3 = (lambda x: (add(x), double(x))), (lambda x: (add(x), double(x), less(x)))
    total = lambda x, y, z: x + y + z
    bi_cross = lambda p, q: (p[0] + q[0], p[1] * q[1])
    bi_cross3 = lambda p, q: (*bi_cross(p, q), p[2] - q[2])
    assert (cross((3, 4)), cross3((3, 4, 10))) == ((4, 8), (4, 8, 7))
    assert (fork(3), fork3(5)) == ((4, 6), (6, 10, 2))
    assert total(*(1, 2, 3)) == total(1, 2, 3) == 6
    assert (bi_cross((1, 2), (3, 4)), bi_cross3((1, 2, 10), (3, 4, 5))) == ((4, 8), (4, 8, 5))
    assert jacobian(cross3)((3.0, 4.0, 10.0)) == ((1.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.0, 0.0, 1.0))
    assert jacobian(fork3)(5.0) == (1.0, 2.0, 1.0)
    assert grad(lambda xyz: total(*xyz))((1.0, 2.0, 3.0)) == (1.0, 1.0, 1.0)
    assert jacobian(bi_cross, 1)((1.0, 2.0), (3.0, 4.0)) == ((1.0, 0.0), (0.0, 2.0))


def test_U2_a_basis_vector():
    assert fss.basis(2).take(4) == [0, 0, 1, 0]
    gradient_of_an_element = grad(lambda v: v[2])
    assert gradient_of_an_element([1.0, 2.0, 3.0, 4.0]) == [0.0, 0.0, 1.0, 0.0]
    assert gradient_of_an_element(np.arange(4.0)).tolist() == [0.0, 0.0, 1.0, 0.0]


@LISTS_AND_ARRAYS
def test_U2_the_sum_of_a_vector(vector):
    assert sum(vector([1, 2, 3])) == 6
    total = sum(init_diff(vector([1.0, 2.0, 3.0])))
    assert total.value == 6.0
    assert list(total.backprop(1.0)) == [1.0, 1.0, 1.0]
    assert list(vector_arg_derivative(sum)(vector([1.0, 2.0, 3.0]))) == [1.0, 1.0, 1.0]


TWELVE = [float(n) for n in range(12)]


def split_into(n, x):
    return tuple(x[i::n] for i in range(n))


@LISTS_AND_ARRAYS
@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (3, [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]),
        (4, [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]),
    ],
)
def test_U2_every_nth_element(n, expected, vector):
    assert [list(part) for part in split_into(n, vector(TWELVE))] == expected
    of_one = split_into(n, init_diff(vector(TWELVE)))
    assert [[element.value for element in part] for part in of_one] == expected
    f = lambda x: sum((i + 1) * sum(part) for i, part in enumerate(split_into(n, x)))
    assert list(grad(f)(vector(TWELVE))) == [1.0 + i % n for i in range(12)]
    assert list(f(init_diff(vector(TWELVE))).backprop(1.0)) == [1.0 + i % n for i in range(12)]


def test_U2_every_nth_element_of_streams():
    assert [part.take(4) for part in split_into(3, naturals)] == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]
    assert [part.to_list() for part in split_into(4, fss(range(12)))] == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]
    f = lambda s: sum(10**i * sum(part.take(2)) for i, part in enumerate(split_into(3, s)))
    assert stream_arg_derivative(f)(halves) == fss([1.0, 10.0, 100.0, 1.0, 10.0, 100.0])


SCALED = [
    pytest.param(3.0, 6.0, id="a number"),
    pytest.param((3.0, 4.0), (6.0, 8.0), id="a pair"),
    pytest.param([3.0, 4.0, 5.0], [6.0, 8.0, 10.0], id="a list"),
    pytest.param([(3.0, 4.0), (5.0, 6.0)], [(6.0, 8.0), (10.0, 12.0)], id="a list of pairs"),
    pytest.param(([3.0], ({"a": 4.0}, 5.0)), ([6.0], ({"a": 8.0}, 10.0)), id="nested"),
]


@pytest.mark.parametrize(("x", "expected"), SCALED)
def test_U3_a_number_acting_on_a_structure(x, expected):
    scaled = lambda c, x: extend_map(lambda leaf: c * leaf, x)
    assert scaled(2.0, x) == expected
    # d(c x)/dc = x
    assert jacobian(scaled)(2.0, x) == x
    # x̄ = c ȳ
    _, pullback = vjp(lambda x: scaled(2.0, x), x)
    assert pullback(x) == expected
    one = join(scaled(2.0, split(init_diff(x))))
    assert (one.value, one.backprop(x)) == (expected, expected)


def test_U3_a_number_acting_on_arrays_and_streams():
    assert (2 * np.array([3.0, 4.0, 5.0])).tolist() == [6.0, 8.0, 10.0]
    assert (2 * fss([3.0, 4.0, 5.0])).take(4) == [6.0, 8.0, 10.0, 0.0]
    assert (2 * halves).take(3) == [2.0, 1.0, 0.5]
    assert simple_derivative(lambda c: (c * fss([3.0, 4.0])).sum())(2.0) == 7.0
    assert simple_derivative(lambda c: (c * halves)[2])(2.0) == 0.25
    assert gradient(lambda x: (2 * x).sum(), [3.0, 4.0], n=3) == [2.0] * 3


def paired(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


@LISTS_AND_ARRAYS
def test_U3_the_pairing_of_two_vectors(vector):
    x, y = vector([1.0, 1.0, 1.0]), vector([1.0, 2.0, 0.0])
    assert paired(x, y) == 3.0
    by_x, by_y = grad(paired, (0, 1))(x, y)
    assert (list(by_x), list(by_y)) == ([1.0, 2.0, 0.0], [1.0, 1.0, 1.0])


def test_U3_the_pairing_of_two_pairs_of_a_list_and_an_array():
    x, y = ([1.0, 1.0, 1.0], np.array([1.0, 2.0])), ([1.0, 2.0, 0.0], np.array([2.0, 1.0]))
    pairing = lambda x, y: paired(x[0], y[0]) + paired(x[1], y[1])
    assert pairing(x, y) == 7.0
    of_list, of_array = grad(pairing)(x, y)
    assert of_list == [1.0, 2.0, 0.0]
    assert of_array.tolist() == [2.0, 1.0]


def test_U4_powers_of_a_number():
    x = sympy.Symbol("x")
    assert power(x, 2) == x**2
    assert simple_derivative(lambda x: power(x, 2))(x) == 2 * x
    assert power(3.0, 2) == 9.0
    assert power(2.0, 3.5) == pytest.approx(11.313708498984761, rel=1e-15)
    assert simple_derivative(lambda x: power(x, 3.5))(2.0) == pytest.approx(3.5 * 2.0**2.5, rel=1e-15)


def test_U4_powers_of_the_elements_of_a_list():
    squares = lambda xs: extend_map(lambda x: power(x, 2), xs)
    assert squares([0, 1, 2, 3]) == [0, 1, 4, 9]
    assert sequence_arg_derivative(lambda xs: sum(squares(xs)))([0.0, 1.0, 2.0, 3.0]) == [0.0, 2.0, 4.0, 6.0]
    assert (naturals**2).take(4) == [0, 1, 4, 9]


def test_U4_powers_of_the_elements_of_a_vector():
    assert power(np.array([0, 1, 2, 3]), 2).tolist() == [0, 1, 4, 9]
    assert grad(lambda v: power(v, 2).sum())(np.arange(4.0)).tolist() == [0.0, 2.0, 4.0, 6.0]
    by_elements = vector_arg_derivative(lambda v: sum(power(x, 2) for x in v))
    assert by_elements(np.arange(4.0)).tolist() == [0.0, 2.0, 4.0, 6.0]


def test_U5_a_function_of_a_leaf_goes_through_a_structure():
    assert extend_map(str, (1, 2)) == ("1", "2")
    double = lambda x: x * 2
    assert extend_map(double, (1, (2, 3))) == (2, (4, 6))
    assert extend_map(double, ([1, 2, 3], (4, 5))) == ([2, 4, 6], (8, 10))


def test_U5_and_through_a_structure_of_variables():
    cubes = lambda x: extend_map(lambda leaf: leaf**3, x)
    assert grad(lambda x: cubes(x)[1][0])((1.0, (2.0, 3.0))) == (0.0, (12.0, 0.0))
    assert extend_map(simple_derivative(lambda leaf: leaf**3), ([1.0, 2.0], (4.0, 5.0))) == ([3.0, 12.0], (48.0, 75.0))
