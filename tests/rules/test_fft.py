"""Discrete Fourier transforms along one axis and along several."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import const_diff, grad, init_diff, jacobian, jvp, nth_derivative, vjp
from tests.oracles import assert_array_rule, assert_same_array, assert_vjp

BEFORE_2 = np.lib.NumpyVersion(np.__version__) < "2.0.0"
RNG = np.random.default_rng(2)
X = RNG.normal(size=(3, 4, 5))
Z = X + 1j * RNG.normal(size=(3, 4, 5))
OF_COMPLEX = [np.fft.fft, np.fft.ifft]
OF_REAL = [np.fft.rfft, np.fft.ihfft]
TO_REAL = [np.fft.irfft, np.fft.hfft]
ALONG_ONE = [*OF_COMPLEX, *OF_REAL, *TO_REAL]
ALONG_SEVERAL = [np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn]
ALONG_TWO = [np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2]
NORMS = [None, "backward", "ortho", "forward"]


def name(f):
    return f.__name__


def kinds(f):
    """Return the operands that NumPy gives to a transform: of real numbers only, or complex ones as well."""
    return [X] if name(f) in ("rfft", "ihfft", "rfftn", "rfft2") else [X, Z]


@pytest.mark.parametrize("f", ALONG_ONE, ids=name)
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("n", [None, 1, 2, 3, 4, 6, 7, 9])
def test_a_transform_of_any_length_is_numpys_and_its_pullback_agrees_with_central_differences(f, n, norm):
    for x in kinds(f):
        for part in (x[0, :2, :4], x[0, :2]):
            assert_array_rule(lambda x: f(x, n, norm=norm), part, order=1)


@pytest.mark.parametrize("f", ALONG_ONE, ids=name)
@pytest.mark.parametrize("options", [{}, {"n": 3, "axis": 0, "norm": "ortho"}, {"n": 7, "axis": -2}], ids=str)
def test_all_orders_agree_with_central_differences(f, options):
    for x in kinds(f):
        assert_array_rule(lambda x: f(x, **options), x[0, :, :4], order=3 if not options and x is X else 2)


@pytest.mark.parametrize("f", ALONG_SEVERAL, ids=name)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"axes": (2, 0)},
        {"axes": [1]},
        {"s": (5, 2), "axes": (0, -1)},
        {"s": (2, 7), "axes": (-1, 1), "norm": "ortho"},
        {"s": (4, 4, 4), "axes": (0, 1, 2), "norm": "forward"},
        {"axes": (1, 1)},
        {"s": (6, 3), "axes": (1, 1)},
        {"s": (3, 2, 6), "axes": (2, 0, 2)},
    ],
    ids=str,
)
def test_transforms_along_any_axes_even_repeated_ones(f, options):
    for x in kinds(f):
        assert_array_rule(lambda x: f(x, **options), x, order=2 if options == {"axes": (2, 0)} else 1)


@pytest.mark.parametrize("f", ALONG_TWO, ids=name)
@pytest.mark.parametrize("options", [{}, {"axes": (0, 1)}, {"s": (3, 6)}, {"s": (5, 2), "norm": "ortho"}], ids=str)
def test_transforms_along_two_axes(f, options):
    for x in kinds(f):
        assert_array_rule(lambda x: f(x, **options), x, order=2 if options == {"s": (3, 6)} else 1)


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="-1 means the length of the axis since NumPy 2"
)
@pytest.mark.parametrize("f", ALONG_SEVERAL, ids=name)
def test_a_length_of_minus_one_is_that_of_the_axis(f):
    for x in kinds(f):
        assert_array_rule(lambda x: f(x, s=(-1, 3, -1), axes=(0, 1, 2)), x, order=1)


@pytest.mark.parametrize("f", [np.fft.fftshift, np.fft.ifftshift], ids=name)
@pytest.mark.parametrize("axes", [None, 0, -1, (0, 1), [2, 1], (1, 1), ()], ids=str)
def test_shifts(f, axes):
    assert_array_rule(lambda x: f(x, axes), X, order=2 if axes == 0 else 1)
    assert_array_rule(lambda x: f(x, axes=axes), Z, order=1)


def matrix(n, sign=-1):
    """Return ωʲᵏ."""
    return np.exp(sign * 2j * np.pi * np.outer(np.arange(n), np.arange(n)) / n)


@pytest.mark.parametrize("n", [1, 4, 5])
def test_the_jacobians_are_the_matrices_of_the_definitions(n):
    z = Z.ravel()[:n]
    np.testing.assert_allclose(jacobian(np.fft.fft)(z), matrix(n), atol=1e-12)
    np.testing.assert_allclose(jacobian(np.fft.ifft)(z), matrix(n, 1) / n, atol=1e-12)
    np.testing.assert_allclose(jacobian(lambda z: np.fft.fft(z, norm="ortho"))(z), matrix(n) / np.sqrt(n), atol=1e-12)
    half = matrix(n)[: n // 2 + 1]
    tangents = np.eye(n)
    forward = np.stack([jvp(np.fft.rfft, z.real, tangent)[1] for tangent in tangents], axis=1)
    np.testing.assert_allclose(forward, half, atol=1e-12)


def test_parsevals_theorem_at_every_order():
    def power(x):
        return np.sum(np.abs(np.fft.fft(x)) ** 2)

    x = X[0, 0]
    np.testing.assert_allclose(grad(power)(x), 2 * 5 * x)
    np.testing.assert_allclose(jacobian(grad(power))(x), 10 * np.eye(5), atol=1e-12)
    halves = np.array([1, 2, 2])
    np.testing.assert_allclose(grad(lambda x: np.sum(halves * np.abs(np.fft.rfft(x)) ** 2))(x), 2 * 5 * x)


def test_the_convolution_theorem():
    a, b = X[0, 0], X[0, 1]

    def circular(a, b):
        return np.fft.irfft(np.fft.rfft(a) * np.fft.rfft(b), 5)

    expected = np.array([[b[(i - j) % 5] for j in range(5)] for i in range(5)])
    np.testing.assert_allclose(jacobian(circular)(a, b), expected, atol=1e-12)
    assert_array_rule(circular, a, b)


def test_derivatives_by_a_scalar_of_orders_one_to_three():
    def f(t):
        return np.fft.fft(np.stack([t, t * t, t**3]))[1]

    w = np.exp(-2j * np.pi / 3)
    for order, (a, b, c) in enumerate([(1, 4, 12), (0, 2, 12), (0, 0, 6)], 1):
        expected = a + b * w + c * w * w
        real = nth_derivative(lambda t: np.real(f(t)), order)(2.0)
        imaginary = nth_derivative(lambda t: np.imag(f(t)), order)(2.0)
        np.testing.assert_allclose([real, imaginary], [expected.real, expected.imag], atol=1e-12)


def test_what_lies_beyond_half_of_a_spectrum_and_the_imaginary_parts_of_its_ends_do_not_count():
    # y₀ + … = Re z₀ + 2 Re z₁ + Re z₂ and so on: Σₖ yₖ = n Re z₀ for hfft
    z_bar = grad(lambda z: np.sum(np.fft.hfft(z, 4)))(Z[0, 0])
    np.testing.assert_allclose(z_bar, [4, 0, 0, 0, 0], atol=1e-12)
    z = Z[0, 0, :3]
    assert abs(grad(lambda z: np.fft.irfft(z, 4)[1])(z)[2].imag) == 0


@pytest.mark.parametrize("f", [np.fft.fft, np.fft.rfft], ids=name)
def test_elements_that_are_cut_off_are_absent(f):
    x = np.array([4.0, 9.0, 0.0])  # at 0 the slope of √x is infinite
    assert grad(lambda x: np.real(f(np.sqrt(x), 2)[0]))(x).tolist() == [1 / 4, 1 / 6, 0]


@pytest.mark.parametrize("f", [*ALONG_ONE, *ALONG_SEVERAL, *ALONG_TWO, np.fft.fftshift], ids=name)
def test_operands_by_name_and_constant_ones(f):
    operand = "x" if f is np.fft.fftshift else "a"
    assert_same_array(f(const_diff(X)).value, f(X))
    assert_same_array(f(**{operand: init_diff(X)}).value, f(X))


@pytest.mark.parametrize("f", ALONG_ONE, ids=name)
@given(m=st.integers(1, 6), n=st.none() | st.integers(1, 9), norm=st.sampled_from(NORMS), batch=st.integers(0, 2))
def test_the_pullback_of_any_length_is_the_transpose(f, m, n, norm, batch):
    if n is None and m == 1 and f in TO_REAL:
        return  # of no numbers NumPy makes no transform
    x = RNG.normal(size=(m, batch))
    value, pullback = vjp(lambda x: f(x, n, 0, norm), x)
    y_bar = RNG.normal(size=value.shape)
    np.testing.assert_allclose(np.real(np.sum(y_bar * value)), np.sum(pullback(y_bar) * x), atol=1e-9)


def test_the_frequencies_of_a_spacing_that_varies():
    assert_vjp(lambda d: np.fft.fftfreq(5, d), 0.3)
    assert_vjp(lambda d: np.fft.rfftfreq(4, d), 0.3)
    np.testing.assert_allclose(nth_derivative(lambda d: np.fft.fftfreq(5, d)[1], 2)(0.5), 2 / 5 / 0.5**3)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x: np.fft.fft(x, 0), ValueError),
        (lambda x: np.fft.fft(x, -2), ValueError),
        (lambda x: np.fft.rfft(x, norm="loud"), ValueError),
        (lambda x: np.fft.irfft(x, 4, norm="loud"), ValueError),
        (lambda x: np.fft.fft(x, axis=7), IndexError),
        (lambda x: np.fft.fftn(x, axes=(0, 7)), IndexError),
        (lambda x: np.fft.fftn(x, s=(2, 2), axes=(0,)), ValueError),
        (lambda x: np.fft.fftshift(x, axes=7), IndexError),
    ],
)
def test_what_numpy_refuses_is_refused(call, kind):
    for x in (X, init_diff(X)):
        with pytest.raises(kind):
            call(x)


def test_a_length_for_each_axis():
    with pytest.raises(ValueError, match=r"a length for each axis; met 2 lengths, s=, and 1 axes"):
        np.fft.fftn(init_diff(X), s=(2, 2), axes=(0,))


@pytest.mark.skipif(BEFORE_2, reason="NumPy 1 drops the imaginary part with a warning")
def test_real_transforms_of_complex_numbers_are_numpys_error():
    with pytest.raises(TypeError):
        np.fft.rfft(init_diff(Z))


@pytest.mark.skipif(BEFORE_2, reason="there is no out= before NumPy 2")
def test_writing_into_an_array_is_refused():
    with pytest.raises(revdiff.RevDiffError):
        np.fft.fft(init_diff(X), out=np.zeros(X.shape, complex))


def test_a_structure_is_no_operand():
    with pytest.raises(revdiff.UnsupportedValueError, match=r"^numpy\.fft\.fft of a RevDiff that holds a tuple"):
        np.fft.fft(init_diff((1.0, 2.0)))


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
def test_an_axis_that_is_not_there_is_numpys_error(name):
    for shape, axis in (((), -1), ((3,), 1), ((3, 3), -3)):
        with pytest.raises(np.exceptions.AxisError, match=f"axis {axis} is out of bounds"):
            getattr(np.fft, name)(init_diff(np.ones(shape)), axis=axis)
