"""SciPy's Fourier, cosine, sine and Hankel transforms."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft

import revdiff
import revdiff.scipy.fft
from revdiff import const_diff, init_diff, jacobian, jvp, nth_derivative, simple_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array
from tests.scipy.battery import SCIPY

RNG = np.random.default_rng(3)
X = RNG.normal(size=(3, 4, 5))
Z = X + 1j * RNG.normal(size=(3, 4, 5))
ALONG_ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
ALONG_SEVERAL = ["fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn"]
ALONG_TWO = ["fft2", "ifft2", "rfft2", "irfft2", "hfft2", "ihfft2"]
OF_REALS = ["dct", "idct", "dst", "idst"]
OF_REALS_ALONG_SEVERAL = ["dctn", "idctn", "dstn", "idstn"]
LINEAR = [*ALONG_ONE, *ALONG_SEVERAL, *ALONG_TWO, *OF_REALS, *OF_REALS_ALONG_SEVERAL, "fftshift", "ifftshift"]
NORMS = ["backward", "ortho", "forward"]


def ours(name):
    return getattr(revdiff.scipy.fft, name)


def kinds(name):
    """Return the operands that SciPy gives to a transform: of real numbers only, or complex ones as well."""
    return [X] if name.rstrip("2n") in ("rfft", "ihfft") else [X, Z]


OPTIONS = {
    "one": [{"n": n, "axis": axis, "norm": norm} for n in (None, 1, 2, 3, 6, 7) for axis in (1, -1) for norm in NORMS],
    "several": [
        {}, {"axes": (2, 0)}, {"axes": 1}, {"s": 4, "axes": -1}, {"s": (3, 6)}, {"workers": 2}, {"s": (-1, 3), "axes": (2, 1)},
        {"s": (5, 2), "axes": (0, -1), "norm": "ortho"}, {"s": (2, 3, 8), "axes": [1, 2, 0], "norm": "forward"},
    ],
    "two": [{}, {"s": (3, 6)}, {"axes": (0, 1), "norm": "ortho"}],
}  # fmt: skip
TRANSFORMS = [
    (name, options)
    for names, along in ((ALONG_ONE, "one"), (ALONG_SEVERAL, "several"), (ALONG_TWO, "two"))
    for name in names
    for options in OPTIONS[along]
]


@pytest.mark.parametrize(("name", "options"), TRANSFORMS, ids=str)
def test_a_transform_and_its_pullback(name, options):
    for x in kinds(name):
        assert_array_rule(lambda x: ours(name)(x, **options), x[:2], order=1)


SINE = scipy.fft.dst(np.eye(3), 2, norm="ortho")
needs_orthogonal_sines = pytest.mark.skipif(
    not np.allclose(SINE @ SINE.T, np.eye(3)), reason="the sine transforms of the installed SciPy are not orthogonal"
)


@pytest.mark.skipif(np.allclose(SINE @ SINE.T, np.eye(3)), reason="the installed SciPy is right")
def test_sine_transforms_that_ought_to_be_orthogonal_and_are_not_are_refused():
    for name in ("dst", "idstn"):
        with pytest.raises(revdiff.MissingRuleError, match="That of the installed SciPy is not orthogonal"):
            ours(name)(init_diff(X), norm="ortho")


@needs_orthogonal_sines
@pytest.mark.parametrize("name", OF_REALS)
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("norm", NORMS)
def test_cosine_and_sine_transforms_and_their_pullbacks(name, kind, norm):
    for orthogonalize in (None, True, False):
        for n in (None, 2, 3, 7):
            options = {"norm": norm, "orthogonalize": orthogonalize}
            assert_array_rule(lambda x: ours(name)(x, kind, n, **options), X[0, :2], order=1)  # noqa: B023
    if kind > 1:
        assert_array_rule(lambda x: ours(name)(x, kind, norm=norm), X[:, :1, 0].T, order=1)
        assert_array_rule(lambda x: ours(name)(x, kind, 1, norm=norm), X[0], order=1)
    assert_array_rule(lambda x: ours(name)(x, kind, axis=0, norm=norm), Z[:, 0], order=1)


@needs_orthogonal_sines
@pytest.mark.parametrize("name", OF_REALS_ALONG_SEVERAL)
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("orthogonalize", [None, True, False])
@pytest.mark.parametrize("options", [{}, {"axes": (2, 0)}, {"s": (3, 6), "norm": "ortho"}, {"axes": 1}], ids=str)
def test_cosine_and_sine_transforms_along_several_axes(name, kind, orthogonalize, options):
    assert_array_rule(lambda x: ours(name)(x, kind, orthogonalize=orthogonalize, **options), X, order=1)


@pytest.mark.parametrize("f", ["fht", "ifht"])
@pytest.mark.parametrize("n", [1, 4, 5])
@pytest.mark.parametrize("options", [{}, {"offset": 0.2}, {"bias": 0.3}, {"offset": -0.1, "bias": -0.2}], ids=str)
def test_hankel_transforms_and_their_pullbacks(f, n, options):
    assert_array_rule(lambda a: ours(f)(a, 0.1, 1.5, **options), X[0, :2, :n], wide=float, order=1)


CALLS = [(name, ()) for name in LINEAR] + [("fht", (0.1, 1.5)), ("ifht", (0.1, 1.5))]


@pytest.mark.parametrize(("name", "args"), CALLS, ids=[name for name, _ in CALLS])
def test_all_orders_agree_with_central_differences(name, args):
    wide = float if "fht" in name else np.longdouble
    assert_array_rule(lambda x: ours(name)(x, *args), X[0, :2, :4], wide=wide, order=2)
    slope = nth_derivative(lambda t: np.sum(np.abs(ours(name)(t**2 * X[0], *args)) ** 2), 3)(2.0)
    np.testing.assert_allclose(slope, 24 * 2.0 * np.sum(np.abs(ours(name)(X[0], *args)) ** 2))  # t⁴‴ = 24 t


@pytest.mark.parametrize(("name", "args"), CALLS, ids=[name for name, _ in CALLS])
def test_plain_arrays_and_lists_give_what_scipy_gives(name, args):
    expected = getattr(scipy.fft, name)(X, *args)
    # Older versions of SciPy ask a list for its shape.
    lists = X if SCIPY < (1, 14) and name in {"hfft2", "hfftn", "irfft2", "irfftn"} else X.tolist()
    for x in (X, lists, const_diff(X)):
        actual = ours(name)(x, *args)
        assert_same_array(revdiff.primal(actual), expected)
        assert isinstance(actual, np.ndarray) or x is not X
    actual = vjp(lambda x: ours(name)(x, *args), X)[0]
    assert_same_array(actual, expected)


@pytest.mark.parametrize(("name", "args"), CALLS, ids=[name for name, _ in CALLS])
def test_lists_of_revdiffs(name, args):
    value, slope = jvp(lambda t: ours(name)([[2 * t, t, 5 * t]], *args), (3.0,), (1.0,))
    expected = getattr(scipy.fft, name)(np.array([[2.0, 1.0, 5.0]]), *args)
    np.testing.assert_allclose(value, 3 * expected)
    np.testing.assert_allclose(slope, expected)


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("dtype", [np.float32, np.complex64, int])
def test_dtypes_are_scipys_and_the_cotangent_has_that_of_the_operand(name, dtype):
    if dtype is np.complex64 and len(kinds(name)) == 1:
        return
    x = (10 * X).astype(dtype)
    value, pullback = vjp(ours(name), x)
    expected = getattr(scipy.fft, name)(x)
    assert value.dtype == expected.dtype
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-3)
    assert pullback(np.ones_like(value)).dtype == (np.float64 if dtype is int else dtype)


@pytest.mark.parametrize("name", [name for name, _ in CALLS])
def test_names_are_scipys_and_there_is_help(name):
    assert ours(name).__name__ == name
    assert " = " in ours(name).__doc__


def test_every_public_name_of_scipy_is_there():
    assert {name for name in scipy.fft.__all__ if not hasattr(revdiff.scipy.fft, name)} == set()
    assert revdiff.scipy.fft.next_fast_len(97) == scipy.fft.next_fast_len(97)


def test_the_operand_is_not_overwritten_where_there_is_a_derivative():
    z = Z.copy()
    for name in ("fft", "fftn", "fft2", "dct", "dctn"):
        vjp(lambda z: ours(name)(z, overwrite_x=True), z)  # noqa: B023
    np.testing.assert_array_equal(z, Z)


def test_the_jacobian_of_an_orthogonal_transform_is_orthogonal():
    for kind in (1, 2, 3, 4):
        matrix = jacobian(lambda x: revdiff.scipy.fft.dct(x, kind, norm="ortho"))(X[0, 0])  # noqa: B023
        np.testing.assert_allclose(matrix @ matrix.T, np.eye(5), atol=1e-12)


def test_the_jacobian_of_the_cosine_transform_is_its_definition():
    k, n = np.arange(5)[:, None], np.arange(5)
    expected = 2 * np.cos(np.pi * k * (2 * n + 1) / 10)
    np.testing.assert_allclose(jacobian(revdiff.scipy.fft.dct)(X[0, 0]), expected, atol=1e-12)
    np.testing.assert_allclose(jacobian(revdiff.scipy.fft.idct)(X[0, 0]) @ expected, np.eye(5), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: ours("fft")(x, 0), ValueError, "number of data points"),
        (lambda x: ours("fft")(x, norm="loud"), ValueError, "norm value"),
        (lambda x: ours("fftn")(x, axes=(0, 0)), ValueError, "unique"),
        (lambda x: ours("dct")(x, 5), ValueError, "type"),
        (lambda x: ours("dct")(x, norm="loud"), ValueError, "norm value"),
        (lambda x: ours("fft")(x, plan=object()), NotImplementedError, "plan"),
    ],
)
def test_what_scipy_refuses_is_refused(call, kind, text):
    for x in (X, init_diff(X)):
        with pytest.raises(kind, match=text):
            call(x)


def test_an_orthogonal_transform_of_complex_numbers_is_refused_because_scipy_makes_another():
    with pytest.raises(revdiff.MissingRuleError) as error:
        ours("dct")(init_diff(Z), orthogonalize=True)
    assert str(error.value).startswith(
        "no derivative rule for scipy.fft.dct of complex numbers with orthogonalize=True. "
        "SciPy disregards it. Transform x.real and x.imag.\n"
    )


def test_a_parameter_of_a_hankel_transform_has_no_derivative():
    with pytest.raises(revdiff.MissingRuleError, match=r"scipy\.fft\.fht by its option mu="):
        simple_derivative(lambda mu: ours("fht")(X, 0.1, mu))(1.5)


@pytest.mark.parametrize("name", ["fftn", "dctn"])
def test_a_structure_is_no_operand(name):
    with pytest.raises(revdiff.UnsupportedValueError, match=rf"^scipy\.fft\.{name} of a RevDiff that holds a tuple"):
        ours(name)(init_diff((1.0, 2.0)))
