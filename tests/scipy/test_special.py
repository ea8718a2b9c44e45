"""Elementwise functions of scipy.special: each has a place, and each rule agrees with differences of SciPy's values."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy
from scipy import special

import revdiff
from revdiff import MissingRuleError, grad, init_diff, jvp, simple_derivative
from revdiff.arrays.numpy_protocol import CONSTANT, DECLINED, UFUNCS
from revdiff.scipy import special as ours
from tests.oracles import assert_array_rule
from tests.scipy.special_points import POINTS
from tests.scipy.special_points import UFUNCS as INSTALLED

RULED = {name: f for name, f in INSTALLED.items() if f in UFUNCS and f not in CONSTANT}


INACCURATE = {"pro_rad2", "pro_rad2_cv", "obl_rad2", "obl_rad2_cv", "ncfdtrinc"}
"""SciPy's values of these are not exact enough for differences: a test of its own compares them with what they solve."""
if tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 14):
    INACCURATE |= {"ncfdtr", "ncfdtri"}


def varying(name):
    """Return the places of the arguments in which a function has a derivative."""
    places = []
    for i, x in enumerate(POINTS[name]):
        try:
            INSTALLED[name](*POINTS[name][:i], init_diff(float(x)), *POINTS[name][i + 1 :])
        except MissingRuleError:
            continue
        places.append(i)
    return places


def partial(name, result=None):
    """Return a function of the arguments that can vary, and these arguments."""
    point, places, f = POINTS[name], varying(name), INSTALLED[name]
    places = [i for i in places if not isinstance(point[i], int)]

    def of_varying(*xs):
        args = list(point)
        for i, x in zip(places, xs, strict=True):
            args[i] = x
        y = f(*args)
        return y if result is None else y[result]

    return of_varying, [point[i] for i in places]


@pytest.mark.parametrize("name", sorted(INSTALLED))
def test_every_elementwise_function_is_ruled_or_constant_or_declined(name):
    f = INSTALLED[name]
    ruled, constant, declined = f in UFUNCS and f not in CONSTANT, f in CONSTANT, f in DECLINED
    assert ruled + constant + declined == 1
    assert declined or hasattr(ours, name)


def test_every_rule_has_a_point_in_the_table():
    assert RULED.keys() - POINTS.keys() == set()


CASES = [
    (name, i if RULED[name].nout > 1 else None)
    for name in POINTS
    if name in RULED and name not in INACCURATE
    for i in range(RULED[name].nout)
]


@pytest.mark.parametrize(("name", "result"), CASES, ids=[f"{n}-{i}" if i is not None else n for n, i in CASES])
def test_derivatives_of_orders_one_and_two_agree_with_differences_and_broadcast(name, result):
    f, points = partial(name, result)
    shapes = [(2, 1), (3,), (), (1,)]
    args = [
        x * (1 + 0.02 * np.arange(np.prod(shape, dtype=int)).reshape(shape))
        for x, shape in zip(points, shapes, strict=False)
    ]
    assert_array_rule(f, *args, wide=float, order=2)


@pytest.mark.parametrize(("name", "result"), CASES, ids=[f"{n}-{i}" if i is not None else n for n, i in CASES])
def test_the_third_derivative_agrees_with_differences_of_the_second(name, result):
    f, points = partial(name, result)
    for i, x in enumerate(points):

        def along(t, i=i):
            y = f(*points[:i], t, *points[i + 1 :])
            return y.real + 2 * y.imag if np.iscomplexobj(revdiff.primal(y)) else y

        second = simple_derivative(simple_derivative(along))
        h = 1e-3 * max(abs(x), 0.1)
        expected = (second(x - 2 * h) - 8 * second(x - h) + 8 * second(x + h) - second(x + 2 * h)) / (12 * h)
        assert simple_derivative(second)(x) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@pytest.mark.filterwarnings("ignore:non-integer arg n is deprecated")
@pytest.mark.parametrize("name", [name for name in POINTS if name in RULED and name[:4] not in ("obl_", "pro_")])
def test_single_precision_is_kept(name):  # of the spheroidal functions, some of SciPy's do not return
    f, points = partial(name)
    args = [np.full(2, x, np.float32) for x in points]
    with np.errstate(all="ignore"):
        expected = f(*args)
    value, pullback = revdiff.vjp(f, *args)
    for actual, y in zip(
        np.atleast_1d(value) if RULED[name].nout == 1 else value, np.atleast_1d(expected), strict=False
    ):
        assert actual.dtype == y.dtype
    ones = np.ones_like(value) if RULED[name].nout == 1 else tuple(np.ones_like(y) for y in value)
    cotangents = pullback(ones)
    for cotangent in cotangents if len(args) > 1 else [cotangents]:
        assert cotangent.dtype == np.float32


@pytest.mark.parametrize("name", [name for name in POINTS if name in RULED])
def test_an_argument_without_a_known_derivative_is_refused_by_name(name):
    for i in set(range(RULED[name].nin)) - set(varying(name)):
        args = [init_diff(x) if i == j else x for j, x in enumerate(POINTS[name])]
        with pytest.raises(MissingRuleError, match=rf"scipy\.special\.\w+ in \w+, its argument {i + 1}\.\n"):
            RULED[name](*args)
        if isinstance(POINTS[name][i], float):
            args[i] = revdiff.stop_gradient(args[i])
            assert np.all(np.asarray(RULED[name](*args)) == np.asarray(RULED[name](*POINTS[name])))


@pytest.mark.parametrize("name", [name for name, f in INSTALLED.items() if f in DECLINED])
def test_a_declined_function_says_why(name):
    f = INSTALLED[name]
    with pytest.raises(MissingRuleError) as error:
        f(*[init_diff(0.5)] * f.nin)
    assert str(error.value).startswith(f"no derivative rule for scipy.special.{name}. It {DECLINED[f]}.\n")


@pytest.mark.parametrize("name", [name for name, f in INSTALLED.items() if f in CONSTANT])
def test_a_constant_function_gives_plain_values(name):
    assert INSTALLED[name](init_diff(-1.5)) == INSTALLED[name](-1.5)
    assert grad(lambda x: x * getattr(ours, name)(x))(-1.5) == INSTALLED[name](-1.5)


@pytest.mark.parametrize("name", sorted(RULED))
def test_the_namesakes_give_scipys_plain_values(name):
    expected = RULED[name](*POINTS[name])
    actual = getattr(ours, name)(*POINTS[name])
    assert type(actual) is type(expected)
    assert repr(actual) == repr(expected)


@pytest.mark.parametrize("name", ["pro_rad2", "pro_rad2_cv", "obl_rad2", "obl_rad2_cv"])
def test_a_radial_function_of_the_second_kind_has_the_derivatives_that_scipy_gives_with_it(name):
    f, (x,) = partial(name)
    value, slope = f(x)
    assert simple_derivative(lambda x: f(x)[0])(x) == slope
    m, c2, s = 1, 0.49, -1 if name.startswith("obl") else 1
    eigenvalue = special.pro_cv(1, 2, 0.7) if s == 1 else special.obl_cv(1, 2, 0.7)
    u = x * x - s
    second = ((eigenvalue - c2 * x * x + s * m * m / u) * value - 2 * x * slope) / u
    assert simple_derivative(lambda x: f(x)[1])(x) == pytest.approx(second, rel=1e-12)


def test_an_inverse_that_scipy_approximates_has_the_reciprocal_derivative():
    nc = special.ncfdtrinc(3.0, 5.0, 0.3, 1.2)
    by_nc, by_f = grad(special.ncfdtr, argnums=(2, 3))(3.0, 5.0, nc, 1.2)
    by_p, by_x = grad(special.ncfdtrinc, argnums=(2, 3))(3.0, 5.0, 0.3, 1.2)
    assert (by_p, by_x) == pytest.approx((1 / by_nc, -by_f / by_nc), rel=1e-12)


# ----------------------------------------------------------------------------- how they are called


def test_scipys_functions_load_their_rules_when_one_is_first_met():
    code = (
        "import sys, revdiff, scipy.special\n"
        "assert 'revdiff.scipy.special' not in sys.modules\n"
        "print(revdiff.grad(lambda x: scipy.special.j0(x))(0.0), 'revdiff.scipy.special' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["-0.0", "True"]


def test_lists_and_arrays_of_revdiffs_are_operands_too():
    expected = [-special.j1(1.0), -special.j1(2.0)]
    assert grad(lambda x, y: ours.jv(0, [x, y]).sum(), argnums=(0, 1))(1.0, 2.0) == pytest.approx(expected)
    assert grad(lambda x, y: ours.jv(0, np.array([x, y])).sum(), argnums=(0, 1))(1.0, 2.0) == pytest.approx(expected)
    assert grad(lambda x, y: ours.erf([x, y]).sum(), argnums=(0, 1))(0.0, 0.0) == pytest.approx(
        [2 / np.sqrt(np.pi)] * 2
    )


def test_options_of_an_elementwise_call_are_numpys():
    x = np.array([1.0, 2.0])
    assert grad(lambda x: special.jv(0, x, dtype=np.float64).sum())(x) == pytest.approx(-special.j1(x))
    with pytest.raises(MissingRuleError, match=r"scipy\.special\.jv with where="):
        special.jv(0, init_diff(x), where=x > 1)
    out = np.empty(2)
    assert ours.jv(0, x, out=out) is out
    assert grad(lambda x: special.xlogy.outer(x, [1.0, 2.0]).sum())(x) == pytest.approx([np.log(2)] * 2)


def test_a_large_array_that_is_changed_before_the_way_back_is_noticed():
    order, x = np.zeros(2000), np.linspace(1, 2, 2000)
    y = special.jv(order, init_diff(x))
    order[:] = 1
    with pytest.raises(revdiff.MutatedArrayError):
        y.backprop(np.ones(2000))


@pytest.mark.parametrize(
    "name", ["jv", "jve", "yve", "ive", "kve", "hankel1e", "hankel2e", "wofz", "erf", "gamma", "loggamma"]
)
def test_complex_arguments_have_complex_derivatives(name):
    def f(z):
        return getattr(special, name)(*([1.5] if special.__dict__[name].nin == 2 else []), z)

    for z in (0.7 + 0.4j, -0.3 - 1.2j, 1.2 + 0.1j):
        for weight in (1.0, 1j):
            g = grad(lambda z, weight=weight: (weight * f(z)).real)(z)
            h = 1e-5
            along_x = (weight * (f(z + h) - f(z - h))).real / (2 * h)
            along_y = (weight * (f(z + 1j * h) - f(z - 1j * h))).real / (2 * h)
            assert g == pytest.approx(along_x - 1j * along_y, rel=1e-7, abs=1e-9)


def test_tangents_are_carried_forward_through_several_results():
    values, tangents = jvp(special.ellipj, (0.7, 0.4), (1.0, 0.0))
    sn, cn, dn, _ = values
    assert tangents == pytest.approx((cn * dn, -sn * dn, -0.4 * sn * cn, dn))


def test_an_absent_element_is_not_multiplied_by_an_infinite_slope():
    x = np.array([0.0, 1.0])
    assert grad(lambda x: np.where(x > 0, special.xlogy(x, x), 0).sum())(x).tolist() == [0.0, 1.0]
    assert grad(lambda x: np.where(x > 0, special.ndtri(x / 2), 0).sum())(x)[0] == 0.0


def test_a_number_of_another_kind_is_refused_by_scipy_and_differentiated_where_revdiff_knows_the_function():
    mpmath = pytest.importorskip("mpmath")
    assert simple_derivative(special.erf)(mpmath.mpf(0)) == pytest.approx(2 / np.sqrt(np.pi))
    with pytest.raises(TypeError, match="jv"):
        special.jv(0, init_diff(mpmath.mpf(1)))
