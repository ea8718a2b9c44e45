"""Functions that are known by name only, and the two ways to write their derivatives."""

from __future__ import annotations

import copy
import decimal
import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from revdiff import (
    RevDiff,
    exp2,
    grad,
    hessian,
    init_diff,
    nth_derivative,
    primal,
    register_number_system,
    simple_derivative,
    sin,
    tuple_arg_derivative,
    two_args_derivative,
)
from revdiff.core.errors import ArgumentError, UnsupportedValueError
from revdiff.symbolic import (
    binary_symbolic_func,
    from_sympy,
    from_sympy_derivative,
    symbolic_func,
    to_sympy_derivative,
    unary_symbolic_func,
)

x, y, z = sympy.symbols("x y z")
f, g = unary_symbolic_func("f"), unary_symbolic_func("g")
h = binary_symbolic_func("h")


# Names


@pytest.mark.parametrize(
    ("order", "printed"), [(0, "f(x)"), (1, "f'(x)"), (2, "f''(x)"), (3, "f'''(x)"), (5, "f'''''(x)")]
)
def test_the_derivatives_of_f_have_primes(order, printed):
    assert str(nth_derivative(f, order)(x)) == printed


def test_T13_T14_the_derivatives_of_h_say_by_which_argument_in_the_order_as_it_came():
    assert str(h(x, y)) == "h(x, y)"
    assert str(two_args_derivative(h)(x, y)) == "(h'_1(x, y), h'_2(x, y))"
    assert (
        str(two_args_derivative(two_args_derivative(h))(x, y))
        == "((h'_1'_1(x, y), h'_1'_2(x, y)), (h'_2'_1(x, y), h'_2'_2(x, y)))"
    )


def test_T14_in_the_other_order_of_evaluation_and_with_a_full_cache():
    swapped = two_args_derivative(two_args_derivative(lambda y, x: h(x, y)))(y, x)
    assert str(swapped) == "((h'_2'_2(x, y), h'_2'_1(x, y)), (h'_1'_2(x, y), h'_1'_1(x, y)))"


def test_three_arguments_and_three_orders():
    k = symbolic_func("k", 3)
    third = tuple_arg_derivative(tuple_arg_derivative(tuple_arg_derivative(lambda p: k(*p))))((x, y, z))
    assert str(third[2][0][1]) == "k'_3'_1'_2(x, y, z)"
    assert third[2][0][1] == third[0][1][2]


def test_T10_T11_a_composition():
    assert simple_derivative(lambda x: g(f(x)))(x) == f.derivative()(x) * g.derivative()(f(x))
    second = nth_derivative(lambda x: g(f(x)), 2)(x)
    assert sympy.expand(second - sympy.diff(g(f(x)), x, 2)) == 0


def test_T46_to_T49_a_product():
    def product(p):
        return f(p[0]) * g(p[1])

    once = tuple_arg_derivative(product)
    assert str(once((x, y))) == "(f'(x)*g(y), f(x)*g'(y))"
    assert str(tuple_arg_derivative(once)((x, y))) == "((f''(x)*g(y), f'(x)*g'(y)), (f'(x)*g'(y), f(x)*g''(y)))"
    assert (
        str(tuple_arg_derivative(tuple_arg_derivative(once))((x, y)))
        == "(((f'''(x)*g(y), f''(x)*g'(y)), (f''(x)*g'(y), f'(x)*g''(y))), "
        "((f''(x)*g'(y), f'(x)*g''(y)), (f'(x)*g''(y), f(x)*g'''(y))))"
    )


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (f(x), r"f{\left(x \right)}"),
        (f(x) ** 2, r"f^{2}{\left(x \right)}"),
        (f.derivative()(x), r"f^{\prime}{\left(x \right)}"),
        (f.derivative().derivative()(x), r"f^{\prime\prime}{\left(x \right)}"),
        (f.derivative()(x) ** 2, r"\left(f^{\prime}{\left(x \right)}\right)^{2}"),
        (h.derivative(1)(x, y), r"h^{\prime}_{1}{\left(x,y \right)}"),
        (h.derivative(2).derivative(1)(x, y), r"h^{\prime\prime}_{2 1}{\left(x,y \right)}"),
        (symbolic_func("v_x").derivative()(x), r"{v_{x}}^{\prime}{\left(x \right)}"),
        (symbolic_func("alpha").derivative()(x), r"\alpha^{\prime}{\left(x \right)}"),
    ],
    ids=str,
)
def test_latex(expression, latex):
    assert sympy.latex(expression) == latex


def test_pretty_printing_and_srepr_show_the_order_too():
    mixed = h.derivative(2).derivative(1)(x, y)
    assert sympy.pretty(mixed, use_unicode=False) == "h'_2'_1(x, y)"
    assert sympy.srepr(mixed) == "symbolic_func('h', 2).derivative(2).derivative(1)(Symbol('x'), Symbol('y'))"
    assert eval(sympy.srepr(mixed), {"symbolic_func": symbolic_func, "Symbol": sympy.Symbol}) == mixed
    assert repr(h.derivative(2).derivative(1)) == "h'_2'_1"


# Equality


def test_the_same_name_and_number_of_arguments_make_the_same_function():
    assert symbolic_func("f") is f
    assert symbolic_func("h", 2).derivative(1) is h.derivative(1)
    assert symbolic_func("f", 2) != f
    assert symbolic_func("f", 2)(x, y) != symbolic_func("g", 2)(x, y)
    assert len({f, symbolic_func("f"), g, h, symbolic_func("f", 2)}) == 4


def test_mixed_derivatives_are_equal_in_every_order():
    a, b = h.derivative(1).derivative(2)(x, y), h.derivative(2).derivative(1)(x, y)
    assert a == b
    assert (a != b) is False
    assert hash(a) == hash(b)
    assert a - b == 0
    assert sympy.sin(a) * x + h.derivative(2)(x, y) == sympy.sin(b) * x + h.derivative(2)(x, y)
    assert len({a, b}) == 1
    assert h.derivative(1).derivative(2)(x, x) != h.derivative(2).derivative(1)(y, x)
    assert h.derivative(1).derivative(1)(x, y) != h.derivative(1).derivative(2)(x, y)


def test_a_hessian_of_unknown_functions_is_symmetric():
    matrix = sympy.Matrix(hessian(lambda p: h(p[0] * p[1], f(p[0])))((x, y)))
    assert matrix.is_symmetric()
    expected = sympy.hessian(h(x * y, f(x)), (x, y))
    assert sympy.simplify(matrix - expected) == sympy.zeros(2, 2)


@pytest.mark.parametrize(
    "thing", [f, h.derivative(2).derivative(1), f(x), h.derivative(2).derivative(1)(x, y) + x], ids=str
)
def test_pickle_and_copy(thing):
    for other in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
        assert other == thing
        assert str(other) == str(thing)
        assert hash(other) == hash(thing)


# In SymPy


@pytest.mark.parametrize("order", range(5))
@pytest.mark.parametrize(
    "function",
    [
        f,
        lambda x: f(x) ** 2,
        lambda x: g(f(x)),
        lambda x: f(sympy.exp(x)) if isinstance(x, sympy.Basic) else f(x.exp()),
        lambda x: x * f(x * x),
        lambda x: h(x, x * x),
        lambda x: h(f(x), g(x)) / x,
    ],
    ids=["f(x)", "f(x)²", "g(f(x))", "f(eˣ)", "x f(x²)", "h(x, x²)", "h(f(x), g(x))/x"],
)
def test_both_ways_to_differentiate_agree(function, order):
    assert sympy.expand(nth_derivative(function, order)(x) - sympy.diff(function(x), x, order)) == 0


def test_they_are_functions_of_sympy():
    assert f(x).has(f)
    assert f(x).subs(x, y) == f(y)
    assert str(h.derivative(2).derivative(1)(x, y).subs(x, 3)) == "h'_2'_1(3, y)"
    assert (x * h.derivative(2).derivative(1)(x, y)).subs(h.derivative(1).derivative(2)(x, y), z) == x * z
    assert f(x).free_symbols == {x}
    assert sympy.diff(f(x) ** 2, f(x)) == 2 * f(x)
    assert f(x).series(x, 0, 2).removeO() == f(0) + x * f.derivative()(0)
    assert (f(x) + f(x)).replace(f, sympy.sin) == 2 * sympy.sin(x)
    with pytest.raises(sympy.core.function.ArgumentIndexError):
        f(x).fdiff(2)


# Values


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (2, "f(2)"),
        (2.5, "f(2.5)"),
        (Fraction(1, 3), "f(1/3)"),
        (1 + 2j, "f(1.0 + 2.0*I)"),
        (np.float64(2.5), "f(2.5)"),
        (np.int64(3), "f(3)"),
        (mpmath.mpf("0.5"), "f(0.5)"),
        (decimal.Decimal("0.5"), "f(0.5)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_of_a_number_it_stays_symbolic(value, printed):
    applied = f(value)
    assert isinstance(applied, sympy.Expr)
    assert sympy.sstr(applied, full_prec=False) == printed
    assert sympy.sstr(simple_derivative(f)(value), full_prec=False) == printed.replace("f", "f'")


def test_a_name_that_sympy_knows_is_still_an_unknown_function():
    gamma = symbolic_func("gamma")
    assert gamma(0.5).func is gamma
    assert sympy.latex(gamma(x)) == r"\gamma{\left(x \right)}"
    assert symbolic_func("exp")(1.0) != sympy.exp(1.0)


def test_arrays_go_element_by_element():
    points = np.array([x, y], object)
    assert list(f(points)) == [f(x), f(y)]
    assert list(h(np.array([1.0, 2.0]), x)) == [h(1.0, x), h(2.0, x)]
    assert list(simple_derivative(f)(points)) == [f.derivative()(x), f.derivative()(y)]
    rows, columns = np.array([[x], [y]], object), np.array([1, 2, 3])
    by_first, by_second = grad(lambda a, b: h(a, b).sum(), argnums=(0, 1))(rows, columns)
    assert by_first[1, 0] == sum(h.derivative(1)(y, n) for n in (1, 2, 3))
    assert by_second[2] == h.derivative(2)(x, 3) + h.derivative(2)(y, 3)


def test_an_array_that_is_changed_afterwards_does_not_matter():
    a = np.array([x, y], object)

    def spoiled(t):
        result = (h(t, a)).sum()
        a[0] = z
        return result

    assert simple_derivative(spoiled)(z) == h.derivative(1)(z, x) + h.derivative(1)(z, y)


@pytest.mark.parametrize(
    ("mixed", "expected"),
    [
        (lambda r: h(r, 2), h.derivative(1)(x, 2)),
        (lambda r: h(2.0, r), h.derivative(2)(2.0, x)),
        (lambda r: h(y, r), h.derivative(2)(y, x)),
        (lambda r: h(r, y) + h(y, r), h.derivative(1)(x, y) + h.derivative(2)(y, x)),
        (lambda r: h(r, r), h.derivative(1)(x, x) + h.derivative(2)(x, x)),
        (lambda r: f(y) * r, f(y)),
    ],
    ids=["h(r, 2)", "h(2.0, r)", "h(y, r)", "h(r, y) + h(y, r)", "h(r, r)", "f(y)*r"],
)
def test_revdiffs_mix_with_numbers_and_expressions(mixed, expected):
    assert simple_derivative(mixed)(x) == expected


def test_layers_of_different_derivatives_mix():
    def outer(x):
        return simple_derivative(lambda y: h(x, y) * x)(x)

    assert sympy.expand(simple_derivative(outer)(x) - sympy.diff(h.derivative(2)(x, x) * x, x)) == 0


def test_a_revdiff_can_be_pickled():
    r = f(init_diff(x))
    again = pickle.loads(pickle.dumps(r))
    assert isinstance(again, RevDiff)
    assert again.backprop(sympy.Integer(1)) == f.derivative()(x)


def test_functions_of_other_values_stay_exact():
    assert simple_derivative(exp2)(f(x)) == 2 ** f(x) * sympy.log(2)
    assert simple_derivative(lambda x: sin(f(x)))(x) == sympy.cos(f(x)) * f.derivative()(x)


def test_a_number_system_of_the_user_may_have_the_function():
    class Name(str):
        __slots__ = ()

    register_number_system(Name, {"f": lambda name: Name(f"f of {name}")}, zero=Name, one=Name)
    assert f(Name("a")) == "f of a"
    with pytest.raises(UnsupportedValueError, match=r"^g is not available for values of type Name"):
        g(Name("a"))


# Errors


@pytest.mark.parametrize("value", ["x", None, [1], {}], ids=repr)
def test_other_values_are_refused_and_never_evaluated(value):
    with pytest.raises(UnsupportedValueError, match=r"^f of a value of type \w+: revdiff knows no such number"):
        f(value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: f(x, y), r"^f takes 1 argument; it was given 2$"),
        (lambda: h.derivative(1)(x), r"^h'_1 takes 2 arguments; it was given 1$"),
        (f, r"^f takes 1 argument; it was given 0$"),
        (lambda: h.derivative(3), r"^h has no argument 3: it takes 2, counted from 1$"),
        (lambda: f.derivative(0), r"^f has no argument 0"),
        (lambda: symbolic_func("f'"), r"(?s)without primes.*met \"f'\".*symbolic_func\('f'\)\.derivative\(\)"),
        (lambda: symbolic_func(""), r"^a symbolic function is called by a name"),
        (lambda: symbolic_func(x), r"met a Symbol"),
        (lambda: symbolic_func("f", 0), r"has 1, 2, … arguments; met 0"),
        (lambda: symbolic_func("f", True), r"met True"),
    ],
)
def test_wrong_arguments(wrong, says):
    with pytest.raises(ArgumentError, match=says):
        wrong()


# Another function in its place


def test_subs_puts_another_function_in_its_place_and_differentiates_it():
    expr = f.derivative()(x) * g.derivative()(f(x)) + f.derivative().derivative()(x**2)
    assert expr.subs(f, sympy.sin) == sympy.cos(x) * g.derivative()(sympy.sin(x)) - sympy.sin(x**2)
    assert expr.subs({f: sympy.sin, g: sympy.exp}) == sympy.cos(x) * sympy.exp(sympy.sin(x)) - sympy.sin(x**2)
    assert expr.subs(f, sympy.Lambda(z, z**3)) == 3 * x**2 * g.derivative()(x**3) + 6 * x**2
    assert expr.subs(f, g) == g.derivative()(x) * g.derivative()(g(x)) + g.derivative().derivative()(x**2)
    assert from_sympy_derivative(expr.subs(f, sympy.Function("f"))) == expr


@pytest.mark.parametrize("integrand", [f(x), f.derivative()(x), x * f(x), f(x) ** 2, h(x, y), sympy.sin(f(x))], ids=str)
def test_sympy_does_not_integrate_what_it_does_not_know(integrand):
    assert sympy.integrate(integrand, x) == sympy.Integral(integrand, x)
    assert sympy.integrate(f(x) * f.derivative()(x), x) == f(x) ** 2 / 2


def test_a_symbol_in_the_place_of_a_value_does_not_make_its_derivative_zero():
    c = sympy.Symbol("c")
    hidden = (f(x) + f.derivative()(x)).subs(f(x), c)
    assert hidden == c + sympy.Derivative(c, x)
    assert hidden.subs(c, sympy.sin(x)).doit() == sympy.sin(x) + sympy.cos(x)


def test_subs_of_several_arguments_and_of_a_derivative_itself():
    mixed = h.derivative(2).derivative(1)(x**2, f(y))
    assert mixed.subs(h, sympy.Lambda((x, y), x**2 * y**3)) == 6 * x**2 * f(y) ** 2
    assert mixed.subs(h.derivative(1), sympy.Lambda((x, y), x * y)) == x**2
    assert mixed.subs(h.derivative(1).derivative(1), sympy.Lambda((x, y), 1)) == mixed
    slope = sympy.diff(sympy.atan2(x, y), x, y).subs({x: x**2, y: sympy.sin(y)}, simultaneous=True)
    assert sympy.simplify(mixed.subs({h: sympy.atan2, f: sympy.sin}) - slope) == 0
    assert f.derivative()(x).subs(f.derivative().derivative(), sympy.sin) == f.derivative()(x)
    expr = f.derivative()(x) + f(y) * h.derivative(1)(x, y) + f.derivative()(y)
    assert expr.subs({f(x): sympy.sin(x), h(x, y): x**2 * y}) == sympy.cos(x) + 2 * x * y * f(y) + f.derivative()(y)
    assert f.derivative()(x).subs(f, 3) == f.derivative()(x)
    assert f.derivative()(x).subs(x, f(x)) == f.derivative()(f(x))


# Operators

star = symbolic_func("-*-", 2)


def test_S1_an_operator_is_written_between_its_arguments():
    assert str(star(f(x), f(x))) == "f(x)-*-f(x)"
    assert str(2 * star(x + 1, y) ** 2) == "2*((x + 1)-*-y)**2"
    assert str(star(star(x, y), -z)) == "(x-*-y)-*-(-z)"
    assert str(sympy.sin(star(x, 1))) == "sin(x-*-1)"
    assert str(sympy.diff(star(x, y), y)) == "(-*-)'_2(x, y)"
    assert sympy.pretty(2 * star(x + 1, y), use_unicode=False) == "2*((x + 1) -*- y)"
    assert sympy.latex(star(x + 1, y)) == r"\left(x + 1\right) \mathbin{\text{-*-}} y"
    assert sympy.latex(star(x, y) ** 2) == r"\left(x \mathbin{\text{-*-}} y\right)^{2}"
    assert sympy.latex(star.derivative(1)(x, y)) == r"(\text{-*-})^{\prime}_{1}{\left(x,y \right)}"
    assert str(symbolic_func("-*-", 3)(x, y, z)) == "-*-(x, y, z)"


def test_S1_what_an_expression_depends_on_are_its_args():
    assert set((x + y * z).args) == {x, y * z}


def test_S2_one_step_of_simplification_builds_the_outermost_application_anew():
    plus = lambda a, b: sympy.Add(a, b, evaluate=False)
    nested = plus(0, plus(0, plus(0, 10)))
    assert str(nested) == "0 + (0 + (0 + 10))"
    assert str(nested.func(*nested.args)) == "0 + (0 + 10)"
    power = sympy.Pow(10, 1, evaluate=False)
    product = sympy.Mul(1, plus(0, power), evaluate=False)
    assert str(product.func(*product.args)) == "0 + 10**1"


# SymPy's notation

F, G, H = map(sympy.Function, "fgh")
PAIRS = [
    (f(x), F(x)),
    (f(2 * x), F(2 * x)),
    (g(f(x)), G(F(x))),
    (f(x**2), F(x**2)),
    (h(x, y), H(x, y)),
    (h(x**2, y), H(x**2, y)),
    (h(x, x), H(x, x)),
    (h(x, x * y), H(x, x * y)),
    (f(2) * f(x), F(2) * F(x)),
]


@pytest.mark.parametrize("by", [(), (x,), (x, x), (x, y), (y, x), (x, x, x)], ids=str)
@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=str)
def test_to_and_from_sympys_derivative(ours, theirs, by):
    ours, theirs = (sympy.diff(e, *by) if by else e for e in (ours, theirs))
    assert sympy.expand(from_sympy_derivative(theirs) - ours) == 0
    assert sympy.expand(from_sympy_derivative(to_sympy_derivative(ours)) - ours) == 0
    assert not to_sympy_derivative(ours).has(f, g, h)


K = sympy.Function("k")
k = symbolic_func("k", 3)


@st.composite
def expressions(draw, depth=2):
    """Return an expression of unknown functions of one to three arguments, differentiated or not, nested or not."""
    kind = draw(st.integers(0, 4 if depth else 0))
    if kind == 0:
        return draw(st.sampled_from([x, y, x * y, x**2, sympy.sin(y), sympy.Integer(2)]))
    if kind == 4:
        operation = draw(st.sampled_from([sympy.Add, sympy.Mul]))
        return operation(draw(expressions(depth=depth - 1)), draw(expressions(depth=depth - 1)))
    function = (f, h, k)[kind - 1]
    for i in draw(st.lists(st.integers(1, kind), max_size=3)):
        function = function.derivative(i)
    return function(*(draw(expressions(depth=depth - 1)) for _ in range(kind)))


@settings(max_examples=60, deadline=None)
@given(expressions())
def test_the_round_trip_is_the_identity(expr):
    theirs = to_sympy_derivative(expr)
    assert not theirs.has(f, g, h, k)
    assert from_sympy_derivative(theirs) == expr


@settings(max_examples=40, deadline=None)
@given(expressions(), st.sampled_from([x, y]))
def test_derivatives_agree_with_sympys_of_what_the_functions_are(expr, by):
    values = {"f": lambda a: a**3, "h": lambda a, b: a**2 * b**3 + a * b, "k": lambda a, b, c: a * b**2 * c**3 + b}
    known = {F: values["f"], H: values["h"], K: values["k"]}
    expected = sympy.sympify(from_sympy(expr, (x, y), functions=known)(x, y)).diff(by)
    for slope in (expr.diff(by), to_sympy_derivative(expr.diff(by))):
        assert sympy.expand(from_sympy(slope, (x, y), functions=known)(x, y) - expected) == 0


def test_a_substitution_of_sympys_is_done_in_all_places_at_once():
    unknown = sympy.Function("h")
    swapped = sympy.Subs(sympy.Derivative(unknown(x, y), x, y), (x, y), (y, x))
    assert from_sympy_derivative(swapped) == h.derivative(1).derivative(2)(y, x)
    assert from_sympy_derivative(sympy.Subs(sympy.Derivative(unknown(x, y), x), (x, y), (y, 0))) == h.derivative(1)(
        y, 0
    )


def test_mixed_derivatives_become_the_same_derivative_of_sympy():
    a, b = h.derivative(1).derivative(2)(x, y), h.derivative(2).derivative(1)(x, y)
    assert str(to_sympy_derivative(a)) == str(to_sympy_derivative(b)) == "Derivative(h(x, y), x, y)"
    assert to_sympy_derivative(a) == H(x, y).diff(x, y)


def test_a_differential_equation_can_be_solved():
    equation = to_sympy_derivative(nth_derivative(f, 2)(x) + f(x))
    solution = from_sympy_derivative(sympy.dsolve(equation, F(x)).rhs)
    assert sympy.simplify(solution.diff(x, 2) + solution) == 0


def test_the_conversion_goes_through_structures():
    assert to_sympy_derivative((f(x).diff(x), [1.5])) == (F(x).diff(x), [1.5])
    assert from_sympy_derivative(sympy.Integral(x, x)) == sympy.Integral(x, x)
    assert from_sympy_derivative(sympy.Derivative(x**2, x)) == sympy.Derivative(x**2, x)


def test_primal_of_what_it_returns_is_the_plain_application():
    assert primal(f(init_diff(init_diff(x)))) == f(x)
