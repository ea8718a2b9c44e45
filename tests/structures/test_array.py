"""The descriptors of a NumPy array, kept whole."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import revdiff as rd
from revdiff import (
    ArgumentError,
    RevDiffError,
    array_arg,
    array_arg_derivative,
    array_val,
    custom_arg_val_derivative,
    grad,
    hvp,
    jacobian,
    jvp,
    linearize,
    scalar_arg,
    sin,
    vjp,
)

SHAPES = [(), (3,), (2, 3), (1, 1), (0,), (2, 0), (2, 3, 2)]


def numbers(shape):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("value_shape", SHAPES, ids=str)
def test_the_jacobian_has_the_shape_of_the_value_followed_by_that_of_the_argument(shape, value_shape):
    a = numbers((*value_shape, *shape))
    axes = tuple(range(len(value_shape), len(value_shape) + len(shape)))
    f = lambda x: (a * x).sum(axis=axes) if axes else a * x
    j = custom_arg_val_derivative(array_arg, array_val, f)(np.ones(shape)) if value_shape else grad(f)(np.ones(shape))
    assert np.shape(j) == (*value_shape, *shape)
    np.testing.assert_allclose(j, a)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
@pytest.mark.parametrize("shape", [(3,), (2, 0)], ids=str)
def test_the_jacobian_keeps_the_dtype_of_the_argument(dtype, shape):
    j = jacobian(lambda x: x * 2)(np.ones(shape, dtype))
    assert (j.shape, j.dtype) == ((*shape, *shape), dtype)


@pytest.mark.parametrize("n", [2, 5])
def test_a_row_does_not_meet_the_infinite_slopes_of_other_elements(n):
    expected = np.diag([np.inf, *(0.5 / np.sqrt(np.arange(1.0, n)))])
    np.testing.assert_array_equal(jacobian(np.sqrt)(np.arange(float(n))), expected)
    nested = jacobian(lambda x: jacobian(np.sqrt)(x)[1, 1])(np.arange(float(n)))
    np.testing.assert_array_equal(nested, [0.0, -0.25, *[0.0] * (n - 2)])


def test_the_jacobian_of_integers_is_float64():
    assert jacobian(lambda x: x * 2)(np.arange(3)).dtype == np.float64
    assert jacobian(lambda x: x * 2)(np.zeros(0, int)).dtype == np.float64


def test_a_number_to_an_array_and_an_array_to_a_number():
    a = np.array([1.0, 2.0])
    np.testing.assert_array_equal(custom_arg_val_derivative(scalar_arg, array_val, lambda t: t * a)(3.0), a)
    np.testing.assert_allclose(array_arg_derivative(lambda x: sin(x).sum())(a), np.cos(a))


@pytest.mark.parametrize("layout", ["C", "F", "reversed", "strided", "transposed", "read-only", "broadcast"])
def test_the_memory_layout_of_the_argument_makes_no_difference(layout):
    base = numbers((4, 6))
    x = {
        "C": base.copy,
        "F": lambda: np.asfortranarray(base),
        "reversed": lambda: base[::-1, ::-1],
        "strided": lambda: base[::2, ::3],
        "transposed": lambda: base.T,
        "read-only": lambda: np.frombuffer(base.tobytes()).reshape(base.shape),
        "broadcast": lambda: np.broadcast_to(base[0], (4, 6)),
    }[layout]()
    np.testing.assert_allclose(grad(lambda x: (x * x * x[::-1]).sum())(x), 2 * x * x[::-1] + (x**2)[::-1])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (np.array(["a"]), "an array of dtype <U1 has no derivative"),
        (np.array([b"a"]), r"an array of dtype \|S1 has no derivative"),
        (np.array(["2020-01-01"], "M8[D]"), "dtype datetime64"),
        (np.zeros(2, [("a", float)]), "has no derivative"),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), r"MaskedArray of dtype float64 has no derivative; write .*x\.filled"),
    ],
    ids=["str", "bytes", "datetime", "record", "masked"],
)
def test_arrays_that_are_no_numbers_are_refused_with_the_way_out(wrong, says):
    for operator in (array_arg_derivative, grad, jacobian):
        with pytest.raises(ArgumentError, match=says):
            operator(lambda x: 1.0)(wrong)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_matrix_whose_product_is_no_elementwise_one_is_right_or_refused():
    m = np.matrix([[1.0, 2.0], [3.0, 4.0]])
    ones = np.ones((2, 2))
    for differentiate in (
        lambda: vjp(lambda x: m * x, ones)[1](ones),
        lambda: vjp(lambda x: x * m, ones)[1](ones),
        lambda: vjp(lambda x: x * x, m)[1](ones),
        lambda: vjp(lambda x: x**2, m)[1](ones),
    ):
        value_is_a_matrix_product = (
            np.asarray(m).T @ ones,
            ones @ np.asarray(m).T,
            ones @ np.asarray(m).T + np.asarray(m).T @ ones,
        )
        try:
            x_bar = np.asarray(differentiate())
        except (RevDiffError, ValueError, TypeError):
            continue
        assert any(np.allclose(x_bar, right) for right in value_is_a_matrix_product), "a wrong derivative in silence"


def test_the_cotangent_of_an_array_must_have_its_shape():
    _, pullback = vjp(lambda x: x * 2.0, np.ones((2, 3)))
    for wrong in (np.ones(3), np.ones((3, 2)), np.ones((2, 3, 1)), 1.0, np.ones(())):
        with pytest.raises(ArgumentError, match=r"the cotangent of an array has its shape \(2, 3\); met"):
            pullback(wrong)


def test_the_cotangent_of_an_array_may_be_a_list_or_hold_revdiffs_and_is_made_of_numbers():
    _, pullback = vjp(lambda x: x * 2.0, np.ones(2))
    np.testing.assert_array_equal(pullback([1.0, 10.0]), [2.0, 20.0])
    t = rd.init_diff(3.0)
    x_bar = pullback(np.array([t, t * t]))
    assert x_bar[1].value == 18.0
    assert x_bar.backprop(np.array([1.0, 10.0])) == 2.0 + 120.0
    for wrong in (np.array(["a", "b"]), ["a", "b"], "ab"):
        with pytest.raises(RevDiffError, match="the cotangent of an array must be a number of some kind; met"):
            pullback(wrong)


def test_a_cotangent_is_paired_with_the_array_in_the_space_of_the_array():
    y = np.ones(2, np.float32)
    ((value, y_bar),) = array_val.seeds(y, np.array([1.0, 2.0]))
    assert value is y
    assert (y_bar.dtype, y_bar.tolist()) == (np.float32, [1.0, 2.0])
    for wrong, shape in ((np.ones(3), r"\(3,\)"), (1.0, r"\(\)")):
        with pytest.raises(ArgumentError, match=rf"the cotangent of an array has its shape \(2,\); met {shape}"):
            list(array_val.seeds(y, wrong))


def test_an_array_of_ones_own_subclass_is_differentiated():
    class Mine(np.ndarray):
        pass

    x = np.array([1.0, 2.0]).view(Mine)
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum())(x), [2.0, 4.0])


def test_a_boolean_array_is_no_value_that_has_a_derivative():
    for f in (lambda x: x > 0, lambda x: np.array([True, False])):
        with pytest.raises(RevDiffError):
            jacobian(f)(np.ones(2))


def other_rules(x):
    return [np.matrix(x), np.ma.masked_array(x, mask=[[False, True], [False, False]])]


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("i", [0, 1])
def test_a_matrix_or_a_masked_array_is_neither_a_cotangent_nor_a_tangent(i):
    """For a matrix ``*`` is the product of matrices: the pullback of x² would multiply rows by columns."""
    x, other = np.array([[1.0, 2.0], [3.0, 4.0]]), other_rules(np.ones((2, 2)))[i]
    for f in (
        lambda: vjp(lambda x: x * x, x)[1](other),
        lambda: jvp(lambda x: x * x, (x,), (other,)),
        lambda: linearize(lambda x: x * x, x)[1](other),
        lambda: hvp(lambda x: (x**3).sum(), x, other),
    ):
        with pytest.raises(
            ArgumentError, match=r"^a (matrix|MaskedArray) of dtype float64 is no cotangent of an array; write "
        ):
            f()


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("i", [0, 1])
@pytest.mark.parametrize(
    ("name", "f"),
    [("matmul", lambda x, m: x @ m), ("solve", lambda x, m: np.linalg.solve(m, x)),
     ("einsum", lambda x, m: np.einsum("ij,jk", x, m)), ("outer", np.outer), ("convolved", lambda x, m: np.convolve(x[0], m[0]))],
)  # fmt: skip
def test_a_matrix_or_a_masked_array_is_no_operand_beside_an_array(name, f, i):
    x, other = np.ones((2, 2)), other_rules(np.ones((2, 2)))[i]
    with pytest.raises(RevDiffError, match=rf"^{name} of a RevDiff and a (matrix|MaskedArray) of dtype float64"):
        grad(lambda x: f(x, other).sum())(x)


def test_gradients_in_structures_have_the_dtypes_of_their_places():
    """NumPy forgets the order of bytes where it adds, and before NumPy 2 the precision of single numbers."""
    big, single = np.array([1.0, 2.0], ">f8"), np.float32(3)
    structure = {"big": big, "of": [single, (np.float16(2), 1.0)], "whole": np.array([1, 2], np.int8)}

    def f(p):
        total = (p["big"] * p["big"] + p["big"]).sum() + 2.0 * p["of"][0] * p["of"][0] / 3.0
        return total + 0.5 * p["of"][1][0] * p["of"][1][1] + np.sin(p["whole"]).sum()

    gradient = grad(f)(structure)
    assert gradient["big"].dtype == big.dtype
    assert gradient["whole"].dtype == np.float64
    assert type(gradient["of"][0]) is np.float32
    assert type(gradient["of"][1][0]) is np.float16
    assert type(gradient["of"][1][1]) is float
    np.testing.assert_array_equal(gradient["big"], [3.0, 5.0])
    assert gradient["of"] == [4.0, (0.5, 1.0)]
    assert grad(lambda x: grad(lambda x: (x**3 + x).sum())(x).sum())(big).dtype == big.dtype


def test_the_gradient_of_floats_beside_objects_is_of_floats():
    x = np.array([0.5, 2.0], np.float32)
    for other in (np.array([3, 4], object), np.array([Fraction(3), Fraction(4)]), [Fraction(3), 4]):
        gradient = grad(lambda x, other=other: (x * other).sum())(x)
        assert gradient.dtype == np.float32
        assert gradient.tolist() == [3.0, 4.0]
    exact = vjp(lambda x: 2 * x, x)[1](np.array([Fraction(1, 3), Fraction(1)]))
    assert exact.tolist() == [Fraction(2, 3), Fraction(2)]


@pytest.mark.parametrize(
    "derivative", [rd.jacobian, lambda f: lambda x: rd.vjp(f, x), lambda f: lambda x: rd.jvp(f, (x,), (x,))]
)
def test_a_masked_array_of_revdiffs_is_no_result(derivative):
    with pytest.raises(rd.ResultError, match=r"returned a masked array of RevDiffs, .*\n  Return r\.filled\(0\.0\)"):
        derivative(lambda x: np.ma.masked_array(x, [0, 1, 0]))(np.array([1.0, 2.0, 3.0]))


def test_a_masked_array_of_plain_numbers_is_a_constant_like_any_other():
    constant = np.ma.masked_array([1.0, 2.0], [0, 1])
    value, pullback = vjp(lambda t: constant, 3.0)
    assert value.mask.tolist() == [False, True]
    assert pullback(np.ones(2)) == 0.0
