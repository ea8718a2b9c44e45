"""RevDiff: a value and the way back from it, as a Python object."""

from __future__ import annotations

import copy
import dataclasses
import gc
import math
import operator
import pickle
import weakref
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from numpy.testing import assert_array_equal

import revdiff
from revdiff import MixedLayersError, Pullback, PullbackError, RevDiff, const_diff, init_diff, primal, simple_derivative

# ---------------------------------------------------------------------- the two fields


def test_it_is_a_dataclass_with_exactly_the_fields_value_and_backprop():
    assert dataclasses.is_dataclass(RevDiff)
    assert [field.name for field in dataclasses.fields(RevDiff)] == ["value", "backprop"]


def test_a_variable_has_its_value_and_a_pullback():
    x = init_diff(3.0)
    assert x.value == 3.0
    assert isinstance(x.backprop, Pullback)


def test_it_can_be_taken_apart_by_pattern_matching():
    match init_diff(3.0) * 2.0:
        case RevDiff(value, backprop):
            assert value == 6.0
            assert backprop(1.0) == 2.0
        case _:
            pytest.fail("RevDiff(value, backprop) does not match a RevDiff")


def test_it_can_be_built_by_keyword():
    x = init_diff(3.0)
    y = RevDiff(value=9.0, backprop=x.backprop @ (lambda ct: ct * 6.0))
    assert y.backprop(1.0) == 6.0


def test_replacing_the_value_keeps_the_way_back():
    y = init_diff(3.0) * 2.0
    z = dataclasses.replace(y, value=100.0)
    assert (z.value, z.backprop(1.0)) == (100.0, 2.0)
    assert (z * y).backprop(1.0) == 100.0 * 2.0 + 6.0 * 2.0, "a replaced RevDiff still belongs to the same variable"


def test_replacing_the_pullback_keeps_the_value():
    x = init_diff(3.0)
    z = dataclasses.replace(x, backprop=x.backprop @ (lambda ct: ct * 5.0))
    assert (z.value, (z + x).backprop(1.0)) == (3.0, 6.0)


def test_replacing_the_value_by_one_of_the_pullbacks_own_layer_is_an_error():
    x = init_diff(3.0)
    with pytest.raises(MixedLayersError, match=r"must lie below the layer of its pullback(.|\n)*f\(x\.value\)"):
        dataclasses.replace(x, value=x * x)


def test_the_pullback_cannot_be_replaced_in_place():
    x = init_diff(3.0)
    with pytest.raises(AttributeError):
        x.backprop = lambda ct: ct


def test_it_holds_nothing_but_its_two_fields():
    with pytest.raises(AttributeError):
        init_diff(3.0).something = 1


# ---------------------------------------------------------------------- variables and constants


def test_two_variables_of_equal_value_are_different_variables():
    x, y = init_diff(2.0), init_diff(2.0)
    product = x * y  # y is younger, so it differentiates and x is a constant of it
    d_by_y = product.backprop(1.0)
    assert primal(d_by_y) == 2.0
    assert d_by_y.backprop(1.0) == 1.0


def test_a_constant_mixes_with_every_variable():
    c = const_diff(5.0)
    x = init_diff(2.0)
    for result, expected in [(c * x, 5.0), (x * c, 5.0), (x + c, 1.0), (c - x, -1.0), (x / c, 0.2), (c / x, -1.25)]:
        assert result.backprop(1.0) == expected


def test_a_constant_of_constants_is_a_constant():
    c = const_diff(5.0) * const_diff(2.0) + 1.0
    assert (c.value, c.backprop(1.0)) == (11.0, 0.0)
    assert (revdiff.sin(c)).backprop(1.0) == 0.0


def test_primal_takes_off_all_layers():
    assert primal(init_diff(init_diff(init_diff(2.0)))) == 2.0
    assert primal(const_diff(init_diff(2.0))) == 2.0
    assert primal("anything") == "anything"


def test_the_variable_of_a_small_array_is_a_copy():
    a = np.array([1.0, 2.0])
    x = init_diff(a)
    a[0] = 100.0
    np.testing.assert_array_equal(x.value, [1.0, 2.0])


# ---------------------------------------------------------------------- comparisons, bool, formatting


@pytest.mark.parametrize("compare", [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", [1.0, 2.0, 3.0, 2, Fraction(5, 2)])
def test_comparisons_use_the_value(compare, other):
    x = init_diff(2.0)
    expected = compare(2.0, other)
    assert compare(x, other) is expected
    assert compare(other, x) is compare(other, 2.0)
    assert compare(x, init_diff(other)) is expected
    assert compare(init_diff(init_diff(2.0)), init_diff(other)) == expected


def test_comparing_arrays_compares_element_by_element():
    x = init_diff(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(x > 1.5, [False, True, True])
    np.testing.assert_array_equal(x == np.array([1.0, 0.0, 3.0]), [True, False, True])


def test_bool_uses_the_value():
    assert init_diff(0.1)
    assert not init_diff(0.0)
    assert not init_diff(init_diff(0))


def test_ordinary_branches_and_loops_work():
    def newton(a):
        x = a
        while abs(x * x - a) > 1e-15 * a:
            x = (x + a / x) / 2 if x > 0 else -x
        return x

    assert simple_derivative(newton)(2.0) == pytest.approx(1 / (2 * math.sqrt(2)), rel=1e-12)


def test_formatting_with_a_specification_uses_the_value():
    x = init_diff(3.14159)
    assert f"{x:.2f}" == "3.14"
    assert f"{x:8.3f}|" == "   3.142|"
    assert f"{x}" == str(x) == repr(x)


def test_the_repr_shows_value_and_pullback():
    assert repr(init_diff(3.0)).startswith("RevDiff(3.0, <identity pullback to variable ")
    assert repr(const_diff(3.0)) == "RevDiff(3.0, <pullback of a constant>)"


@pytest.mark.parametrize(
    ("function", "expected"),
    [(round, 4), (lambda r: round(r, 1), 3.7), (math.floor, 3), (math.ceil, 4), (math.trunc, 3)],
)
def test_rounding_gives_the_plain_number_because_its_derivative_is_zero(function, expected):
    assert function(init_diff(3.7)) == expected
    assert function(init_diff(init_diff(3.7))) == expected


def test_len_and_iteration_are_those_of_the_array():
    x = init_diff(np.array([1.0, 2.0, 3.0]))
    assert len(x) == 3
    assert [float(primal(part)) for part in x] == [1.0, 2.0, 3.0]
    assert sum(part * i for i, part in enumerate(x)).backprop(1.0).tolist() == [0.0, 1.0, 2.0]


def test_an_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'sinn'"):
        init_diff(1.0).sinn  # noqa: B018
    assert not hasattr(init_diff(1.0), "__array__"), "NumPy must not turn a RevDiff into plain numbers"


# ---------------------------------------------------------------------- operators against SymPy

X, Y = sympy.symbols("x y")

BINARY = [
    pytest.param(operator.add, id="add"),
    pytest.param(operator.sub, id="sub"),
    pytest.param(operator.mul, id="mul"),
    pytest.param(operator.truediv, id="truediv"),
    pytest.param(operator.pow, id="pow"),
]

SYSTEMS = [
    pytest.param(float, id="float"),
    pytest.param(int, id="int"),
    pytest.param(complex, id="complex"),
    pytest.param(Fraction, id="Fraction"),
    pytest.param(Decimal, id="Decimal"),
    pytest.param(mpmath.mpf, id="mpf"),
    pytest.param(np.float64, id="float64"),
    pytest.param(np.float32, id="float32"),
    pytest.param(lambda n: np.array([n, n], float), id="array"),
    pytest.param(lambda n: np.array(n, float), id="0-d array"),
    pytest.param(sympy.Integer, id="SymPy"),
]


def number(x):
    """The one number that x is, or is full of."""
    flat = np.ravel(np.asarray(x, dtype=object))
    assert len(set(map(complex, flat))) == 1
    return complex(flat[0])


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("kind", SYSTEMS)
def test_every_operator_has_the_right_partial_derivatives_in_every_number_system(op, kind):
    x, y = kind(3), kind(2)
    dx, dy = (number(op(X, Y).diff(v).subs({X: 3, Y: 2}).evalf()) for v in (X, Y))
    rel = 1e-5 if isinstance(x, np.float32) else 1e-12
    if not (op is operator.pow and isinstance(x, Fraction | Decimal)):  # these have no logarithm for the exponent
        assert number(simple_derivative(lambda v: op(x, v))(y)) == pytest.approx(dy, rel=rel)
        bx, by = revdiff.args_derivative(lambda a, b: op(a, b).sum() if np.shape(primal(a)) else op(a, b))(x, y)
        assert (number(bx), number(by)) == pytest.approx((dx, dy), rel=rel)
        both = number(op(X, X).diff(X).subs(X, 3).evalf())
        assert number(simple_derivative(lambda v: op(v, v))(x)) == pytest.approx(both, rel=rel, abs=rel)
    assert number(simple_derivative(lambda v: op(v, y))(x)) == pytest.approx(dx, rel=rel)
    assert number(simple_derivative(lambda v: op(v, 2))(x)) == pytest.approx(dx, rel=rel)


@pytest.mark.parametrize("op", BINARY[:4])
@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_python_int_may_stand_on_the_left_of_every_operator(op, kind):
    expected = number(op(5, X).diff(X).subs(X, 2).evalf())
    assert number(simple_derivative(lambda v: op(5, v))(kind(2))) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize(
    "other", [2, 2.0, True, Fraction(2), np.float64(2), np.array(2.0), sympy.Integer(2), mpmath.mpf(2)]
)
def test_a_float_variable_mixes_with_constants_of_other_systems_on_either_side(op, other):
    exact = sympy.Rational(1 if other is True else 2)
    right = simple_derivative(lambda v: op(v, other))(3.0)
    assert number(right) == pytest.approx(number(op(X, exact).diff(X).subs(X, 3).evalf()), rel=1e-12)
    left = simple_derivative(lambda v: op(other, v))(3.0)
    assert number(left) == pytest.approx(number(op(exact, X).diff(X).subs(X, 3).evalf()), rel=1e-12)


@pytest.mark.parametrize("kind", SYSTEMS)
def test_negation_plus_and_absolute_value(kind):
    assert number(simple_derivative(operator.neg)(kind(3))) == -1
    assert number(simple_derivative(operator.pos)(kind(3))) == 1
    assert number(simple_derivative(abs)(-kind(3))) == -1


@pytest.mark.parametrize(
    ("op", "dx", "dy"),
    [(operator.mod, 1, -3), (operator.floordiv, 0, 0)],
)
@pytest.mark.parametrize("kind", [float, int, Fraction, np.float64])
def test_modulo_and_floor_division_between_their_jumps(op, dx, dy, kind):
    # 7 mod 2 = 7 - 3·2
    x, y = kind(7), kind(2)
    assert revdiff.args_derivative(op)(x, y) == (dx, dy)
    assert simple_derivative(lambda v: op(v, 2))(x) == dx
    assert simple_derivative(lambda v: op(7, v))(y) == dy
    quotient, remainder = divmod(init_diff(x), 2)
    assert (primal(quotient), primal(remainder)) == (3, 1)


def test_exact_numbers_have_exact_derivatives():
    third = simple_derivative(lambda x: x * x / 3)(Fraction(1, 2))
    assert third == Fraction(1, 3)
    assert isinstance(third, Fraction), f"the derivative of a Fraction became {type(third).__name__}"
    assert simple_derivative(lambda x: x**30)(3) == 30 * 3**29
    assert simple_derivative(lambda x: x * x)(10**30) == 2 * 10**30, "a Python int is the exact number that it is"


def test_decimals_are_differentiated_by_decimals():
    assert simple_derivative(lambda x: x * x / 3)(Decimal(3)) == pytest.approx(Decimal(2))
    assert simple_derivative(lambda x: 1 / x)(Decimal(2)) == Decimal("-0.25")
    assert isinstance(simple_derivative(lambda x: x / 4)(Decimal(3)), Decimal)


def test_an_int_beside_a_float_variable_is_used_as_it_is():
    big = 2**53 + 1
    assert simple_derivative(lambda x: x * 3 * 0 + x * big)(1.0) == float(big)


def test_strings_and_none_do_not_mix_with_a_revdiff():
    x = init_diff(2.0)
    for wrong in ("a", None, [1, 2], (1, 2), {}, object()):
        for op in (operator.add, operator.mul, operator.sub, operator.truediv):
            with pytest.raises(TypeError):
                op(x, wrong)
            with pytest.raises(TypeError):
                op(wrong, x)


def test_assigning_to_an_element_of_a_variable_is_refused():
    with pytest.raises(revdiff.AssignmentError, match=r"x = x\.copy\(\); x\[i\] = v"):
        init_diff(np.ones(3))[0] = 1.0


def test_augmented_assignment_changes_an_array_and_not_its_variable():
    x = init_diff(np.array([1.0, 2.0]))
    y = x.copy()
    y += 1.0
    y *= y
    np.testing.assert_array_equal(x.value, [1.0, 2.0])
    np.testing.assert_array_equal(y.backprop(np.ones(2)), [4.0, 6.0])


# ---------------------------------------------------------------------- nested layers


def test_a_revdiff_of_a_revdiff_carries_the_next_order():
    inner = init_diff(3.0)
    outer = init_diff(inner)
    first = (outer * outer * outer).backprop(1.0)
    assert primal(first) == 27.0
    assert first.backprop(1.0) == 18.0


def test_the_zero_and_the_one_of_a_revdiff_are_those_of_its_value():
    assert revdiff.one_like(init_diff(init_diff(Fraction(3)))) == Fraction(1)
    np.testing.assert_array_equal(revdiff.zero_like(init_diff(np.ones(2, np.float32))), np.zeros(2))


# ---------------------------------------------------------------------- copies


def test_a_copy_belongs_to_the_same_variable():
    x = init_diff(3.0)
    y = x * x
    for z in (copy.copy(y), copy.deepcopy(y), copy.deepcopy([y])[0], copy.deepcopy({"a": (y,)})["a"][0]):
        assert (z * y).backprop(1.0) == 2 * 9.0 * 6.0


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_another_object(copied):
    x = init_diff(3.0)
    y = copied(x)
    y.value = 100.0
    assert x.value == 3.0


def test_a_deep_copy_has_an_array_of_its_own():
    y = init_diff(np.ones(3)) * 2.0
    z = copy.deepcopy(y)
    assert z.value is not y.value
    np.testing.assert_array_equal((z * y).backprop(np.ones(3)), np.full(3, 8.0))


def test_a_copy_of_a_pullback_leads_to_the_same_variable():
    x = init_diff(3.0)
    for bp in (copy.copy(x.backprop), copy.deepcopy(x.backprop)):
        assert (bp + x.backprop)(1.0) == 2.0


def at(x, f):
    return f(init_diff(x))


def test_as_dict_and_as_tuple_keep_the_way_back():
    y = init_diff(3.0) * 2.0
    assert dataclasses.asdict(y)["backprop"](1.0) == 2.0
    assert dataclasses.astuple(y)[1](1.0) == 2.0


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: init_diff(3.0), id="variable"),
        pytest.param(lambda: at(3.0, lambda x: x * x + x / 2.0), id="floats"),
        pytest.param(lambda: revdiff.sin(init_diff(3.0)), id="sin of a float"),
        pytest.param(lambda: at(3, lambda x: x * x), id="ints"),
        pytest.param(lambda: at(Fraction(3), lambda x: x / x + x**3), id="Fractions"),
        pytest.param(lambda: revdiff.sin(init_diff(np.float64(3.0))), id="sin of a NumPy scalar"),
        pytest.param(lambda: at(sympy.Symbol("x"), lambda x: revdiff.sin(x) * x), id="SymPy"),
        pytest.param(lambda: at(init_diff(3.0), lambda x: x * x), id="two layers"),
        pytest.param(lambda: const_diff(3.0), id="constant"),
    ],
)
def test_a_pickled_revdiff_has_the_same_value_and_derivative_when_it_is_loaded(make):
    y = make()
    one = revdiff.one_like(y)
    loaded = pickle.loads(pickle.dumps(y))
    assert primal(loaded) == primal(y)
    assert primal(loaded.backprop(one)) == primal(y.backprop(one))


@pytest.mark.parametrize(
    "f",
    [
        pytest.param(lambda x: x * x, id="product"),
        pytest.param(revdiff.sin, id="sin"),
        pytest.param(lambda x: x.sum() * x[1], id="sum and index"),
        pytest.param(lambda x: revdiff.where(primal(x) > 1.5, x, -x), id="where"),
        pytest.param(lambda x: x.reshape(3, 1) * np.ones(3), id="reshape and broadcast"),
    ],
)
def test_a_pickled_revdiff_of_an_array_has_the_same_derivative_when_it_is_loaded_or_says_why_not(f):
    y = f(init_diff(np.array([1.0, 2.0, 3.0])))
    one = revdiff.one_like(y)
    try:
        loaded = pickle.loads(pickle.dumps(y))
    except PullbackError as error:
        message = str(error)
        assert "cannot be pickled" in message
        return
    np.testing.assert_array_equal(loaded.value, y.value)
    np.testing.assert_array_equal(loaded.backprop(one), y.backprop(one))


def test_a_local_map_that_cannot_be_pickled_is_named():
    y = RevDiff(1.0, init_diff(1.0).backprop @ (lambda ct: ct))
    with pytest.raises(PullbackError, match=r"cannot be pickled(.|\n)*lambda(.|\n)*revdiff\.primal"):
        pickle.dumps(y)


def test_a_revdiff_is_freed_with_its_graph_and_without_the_collector():
    class Local:
        def __call__(self, ct):
            return ct

    gc.disable()
    try:
        local = Local()
        alive = weakref.ref(local)
        x = init_diff(1.0)
        y = RevDiff(1.0, x.backprop @ local) * x
        del local
        assert alive() is not None
        del x, y
        assert alive() is None, "a reference cycle keeps the graph alive until the collector runs"
    finally:
        gc.enable()


IN_PLACE = {
    "+=": operator.iadd, "-=": operator.isub, "*=": operator.imul, "/=": operator.itruediv, "**=": operator.ipow,
    "%=": operator.imod, "//=": operator.ifloordiv, "@=": operator.imatmul,
}  # fmt: skip


@pytest.mark.parametrize("change", IN_PLACE.values(), ids=IN_PLACE)
def test_operators_in_place_change_an_array_for_all_who_see_it(change):
    a, b = np.array([[1.5, 2.5], [3.5, 4.5]]), np.array([[2.0, 1.0], [1.0, 3.0]])
    expected = change(a.copy(), b)
    x = init_diff(a) + 0.0
    view = x[0]
    assert change(x, b) is x
    assert_array_equal(x.value, expected)
    assert_array_equal(view.value, expected[0])
    assert_array_equal(a, [[1.5, 2.5], [3.5, 4.5]])


@pytest.mark.parametrize("change", list(IN_PLACE.values())[:-1], ids=list(IN_PLACE)[:-1])
def test_operators_in_place_on_a_number_make_another_number(change):
    x = init_diff(7.5)
    before, y = x, change(x, 2.0)
    assert primal(y) == change(7.5, 2.0)
    assert before.value == 7.5
    assert y is not before


def test_divmod_with_a_variable_on_the_right():
    quotient, rest = divmod(7.5, init_diff(2.0))
    assert primal(quotient) == 3.0
    assert (rest.value, rest.backprop(1.0)) == (1.5, -3.0)


def test_a_copy_of_a_view_is_written_to_alone():
    x = init_diff(np.arange(4.0)) * 1.0
    view = x[1:3]
    other = copy.copy(view)
    other[0] = 9.0
    assert view.value.tolist() == [1.0, 2.0]
    assert x.value.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert other.value.tolist() == [9.0, 2.0]
