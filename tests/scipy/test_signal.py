"""Signal processing of SciPy's: convolutions, filters, spectra, responses, designs, windows, peaks."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import scipy.signal

import revdiff
from revdiff import MissingRuleError, grad, init_diff, jacobian, vjp
from revdiff.scipy import signal
from revdiff.scipy.signal import windows
from tests.rules.linalg.matrices import random
from tests.scipy.battery import assert_derivatives, case, each, part

B, A = random(3), np.array([2.0, 0.5, 0.3])
SECTIONS = np.array([[1, 0.4, 0.2, 1, 0.3, 0.1], [1, 0.1, 0.3, 1, -0.2, 0.2]])


def monic(sections):
    """Return sections with 1 in the place of a₀, which SciPy asks for."""
    return np.concatenate([sections[:, :3], np.ones((len(sections), 1)), sections[:, 4:]], axis=1)


def convolutions(dtype):
    """Return convolutions and correlations of vectors and matrices, of every mode."""
    shapes = [((7,), (3,)), ((3,), (6,)), ((4,), (4,)), ((5, 4), (2, 3)), ((4, 5), (3, 2))]
    for m, n in shapes:
        a, v = random(*m, dtype=dtype), random(*n, dtype=dtype)
        for mode in ("full", "same", "valid"):
            for name in ("convolve", "correlate", "fftconvolve", "oaconvolve"):
                order = 3 if (m, mode, name) == ((7,), "same", "convolve") else 2 if m == (7,) else 1
                yield case(f"{name} {mode} {m} {n}", partial(getattr(signal, name), mode=mode), a, v, order=order)
            yield case(
                f"correlate fft {mode} {m} {n}", partial(signal.correlate, mode=mode, method="fft"), a, v, order=1
            )
            for boundary in ("fill", "wrap", "symm") if len(m) == 2 else ():
                for name in ("convolve2d", "correlate2d"):
                    f = partial(getattr(signal, name), mode=mode, boundary=boundary, fillvalue=0.5)
                    yield case(f"{name} {mode} {boundary} {m}", f, a, v, order=1)
    wide, narrow = random(3, 5, dtype=dtype), random(1, 3, dtype=dtype)
    yield case("fftconvolve along axes", partial(signal.fftconvolve, mode="same", axes=1), wide, narrow)
    yield case("oaconvolve along axes", partial(signal.oaconvolve, mode="valid", axes=-1), wide[:1], wide[:, :3])
    for up, down in ((1, 1), (2, 3), (3, 2)):
        f = partial(signal.upfirdn, up=up, down=down, axis=0)
        yield case(f"upfirdn {up} {down}", f, random(4, dtype=dtype), random(6, 2, dtype=dtype))


def filters(dtype):
    """Return filters."""
    b, a, x = B.astype(dtype), A.astype(dtype), random(2, 9, dtype=dtype)
    yield case("lfilter", signal.lfilter, b, a, x, order=3)
    yield case("lfilter along axis 0", partial(signal.lfilter, axis=0), b, a, x)
    yield case("lfilter without feedback", lambda b, x: signal.lfilter(b, [1.0], x), b, x)
    yield case("lfilter of a short signal", signal.lfilter, b, a, x[:, :2])
    for numerator, denominator in ((b, a), (b[:2], a), (b, a[:2]), (b[:1], a), (b, a[:1])):
        state = random(2, max(len(numerator), len(denominator)) - 1, dtype=dtype)
        for i in (0, 1):
            f = lambda b, a, x, zi, i=i: signal.lfilter(b, a, x, zi=zi)[i]
            name = f"lfilter {i} from a state {len(numerator)} {len(denominator)}"
            yield case(name, f, numerator, denominator, x, state)
            yield case(f"{name} of one element", f, numerator, denominator, x[0, :1], state[0], order=1)
    yield case("lfilter_zi", signal.lfilter_zi, b, a)
    if scipy.signal.lfiltic([1.0], [2.0, 1.0], [1.0]) == -0.5:  # older ones forgot to divide by a[0]
        yield case("lfiltic", signal.lfiltic, b, a, x[0, :2], x[1, :3])
        yield case("lfiltic of outputs", signal.lfiltic, b, a, x[0, :2])
    for padtype in ("odd", "even", "constant", None):
        yield case(f"filtfilt {padtype}", partial(signal.filtfilt, padtype=padtype, padlen=5), b, a, x)
    for kind in ("linear", "constant"):
        yield case(f"detrend {kind}", partial(signal.detrend, axis=0, type=kind, bp=[3]), x.T.copy())
    for up, down in ((2, 1), (3, 2), (2, 3), (1, 1)):
        for padtype in ("constant", "mean", *(("maximum", "median") if dtype is float else ())):
            f = partial(signal.resample_poly, up=up, down=down, axis=1, padtype=padtype)
            yield case(f"resample_poly {up} {down} {padtype}", f, x, order=1)
    for m in (None, 4, 12):
        yield case(f"czt {m}", partial(signal.czt, m=m), x)
        f = partial(signal.czt, m=m, w=0.9 * np.exp(0.3j), a=0.8 + 0.1j, axis=0)
        yield case(f"czt of a spiral {m}", f, x)
    yield case("zoom_fft", partial(signal.zoom_fft, fn=[0.2, 0.5], m=5), x)
    for n in (7, 8):
        for num in (4, 5, n, 10, 13):
            yield case(f"resample {n} {num}", partial(signal.resample, num=num), random(n, dtype=dtype), order=1)
            f = partial(signal.resample, num=num, window="hamming", axis=1)
            yield case(f"resample {n} {num} in a window", f, random(2, n, dtype=dtype), order=1)


def real_filters():
    """Return filters of real signals, or with real coefficients."""
    x = random(2, 9)
    yield case("sosfilt", lambda s, x: signal.sosfilt(monic(s), x), SECTIONS, x)
    for i in (0, 1):
        f = lambda s, x, zi, i=i: signal.sosfilt(monic(s), x, zi=zi)[i]
        yield case(f"sosfilt {i} from a state", f, SECTIONS, x, random(2, 2, 2))
        yield case(f"deconvolve {i}", part(signal.deconvolve, i), random(6), random(3) + 3)
    yield case("sosfiltfilt", lambda s, x: signal.sosfiltfilt(monic(s), x, padlen=4), SECTIONS, x)
    yield case("sosfilt_zi", lambda s: signal.sosfilt_zi(monic(s)), SECTIONS)
    for mode in ("interp", "mirror", "nearest", "constant", "wrap"):
        for length in (3, 4, 5):
            f = partial(signal.savgol_filter, window_length=length, polyorder=2, mode=mode, cval=0.3)
            yield case(f"savgol_filter {mode} {length}", f, x, order=1)
            yield case(
                f"savgol_filter slope {mode} {length}", partial(f, deriv=1, delta=0.5, axis=0), random(8, 2), order=1
            )
    for ftype in ("iir", "fir"):
        for zero_phase in (True, False):
            f = partial(signal.decimate, q=3, ftype=ftype, n=4, zero_phase=zero_phase)
            yield case(f"decimate {ftype} {zero_phase}", f, random(2, 40), order=1)
    yield case("medfilt", signal.medfilt, random(7))
    yield case("medfilt of a matrix", partial(signal.medfilt, kernel_size=[3, 1]), random(4, 5))
    yield case("medfilt2d", signal.medfilt2d, random(4, 5))
    cross = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
    yield case("order_filter", lambda x: signal.order_filter(x, cross, 3), random(4, 5))
    for n in (6, 7):
        yield case(f"hilbert {n}", signal.hilbert, random(2, n))
        yield case(f"hilbert cut {n}", partial(signal.hilbert, N=5, axis=0), random(n, 2))
        yield case(f"hilbert2 {n}", signal.hilbert2, random(n, 4))
    yield case("lombscargle", signal.lombscargle, np.sort(random(8)), random(8), np.array([1.0, 2.0, 3.0]))
    x = random(11)
    yield case("peaks", lambda x: signal.find_peaks(x, height=-5, threshold=0)[1]["peak_heights"], x)
    yield case("thresholds", lambda x: signal.find_peaks(x, threshold=0)[1]["left_thresholds"], x)
    yield case("prominences", lambda x: signal.find_peaks(x, prominence=0)[1]["prominences"], x)
    peaks = scipy.signal.find_peaks(x)[0]
    yield case("peak_prominences", lambda x: signal.peak_prominences(x, peaks)[0], x)


def spectra(dtype):
    """Return power spectra and transforms of segments."""
    x, y = random(40, dtype=dtype), random(41, dtype=dtype)[1:]
    sides = {"return_onesided": dtype is float}
    settings = [
        {"nperseg": 40},
        {"nperseg": 8},
        {"nperseg": 9, "detrend": "linear", "scaling": "spectrum"},
        {"nperseg": 8, "nfft": 11, "noverlap": 2, "detrend": False, "window": "blackman"},
    ]
    for i, setting in enumerate(settings):
        how = setting | sides
        yield case(f"welch {i}", part(partial(signal.welch, **how), 1), x)
        yield case(f"csd {i}", part(partial(signal.csd, **how), 1), x, y)
        yield case(
            f"stft {i}", part(partial(signal.stft, **(how | {"scaling": "psd" if i == 2 else "spectrum"})), 2), x
        )
        for mode in ("psd", "complex", "magnitude"):
            yield case(f"spectrogram {mode} {i}", part(partial(signal.spectrogram, mode=mode, **how), 2), x, order=1)
    yield case(
        "stft of columns", part(partial(signal.stft, nperseg=8, axis=0, boundary="even", **sides), 2), x.reshape(20, 2)
    )
    for mode in ("angle", "phase"):
        f = partial(signal.spectrogram, mode=mode, nperseg=8, detrend=False, **sides)
        yield case(f"spectrogram {mode}", part(f, 2), x, order=1)
    f = partial(signal.welch, nperseg=8, detrend=lambda pieces: pieces - pieces[..., :1], **sides)
    yield case("welch with a trend of its own", part(f, 1), x)
    f = partial(signal.stft, nperseg=8, boundary=None, padded=False, **sides)
    yield case("stft without border", part(f, 2), x.reshape(2, 20))
    for n in (None, 20, 50):
        yield case(f"periodogram {n}", part(partial(signal.periodogram, nfft=n, **sides), 1), x)
    z = scipy.signal.stft(x.reshape(2, 20), nperseg=8, **sides)[2]
    options = {"nperseg": 8, "input_onesided": dtype is float}
    yield case("istft", part(partial(signal.istft, **options), 1), z)
    f = partial(signal.istft, time_axis=0, freq_axis=2, boundary=False, scaling="psd", window="boxcar", **options)
    yield case("istft of axes", part(f, 1), np.moveaxis(z, (-1, -2), (0, 2)).copy())
    if dtype is float:
        yield case("welch by medians", part(partial(signal.welch, nperseg=8, average="median"), 1), x)
        yield case("coherence", part(partial(signal.coherence, nperseg=8), 1), x, y)


def responses():
    """Return responses of filters, and what substitutions make of them."""
    z, p, k = random(2, dtype=complex), random(3, dtype=complex), 1.5
    yield case("freqz", part(partial(signal.freqz, worN=16), 1), B, A)
    yield case("freqz with Nyquist's", lambda b: signal.freqz(b, 1, 16, include_nyquist=True)[1], B)
    yield case("freqz of the whole circle", lambda b: signal.freqz(b, 1, 16, whole=True, fs=100)[1], B)
    yield case("freqz at frequencies", lambda b, a, w: signal.freqz(b, a, w, fs=20.0)[1], B, A, np.array([1.0, 2.0]))
    yield case("freqz of several", lambda b: signal.freqz(b.T[..., None], 1, 16)[1], random(2, 5))
    w = np.array([0.3, 0.7])
    for name, f in (("freqz_zpk", signal.freqz_zpk), ("freqs_zpk", signal.freqs_zpk)):
        yield case(name, part(f, 1), z, p, k, w)
    yield case("freqs", part(signal.freqs, 1), B, A, w)
    if hasattr(scipy.signal, "freqz_sos"):
        yield case("freqz_sos", lambda s: signal.freqz_sos(monic(s), 8)[1], SECTIONS)
    yield case("group_delay", lambda b, a: signal.group_delay((b, a), 8)[1], B[:2], A)
    for i in (0, 1):
        for b, a in ((B, A), (B[:2], A), (B, A[:2])):
            yield case(f"bilinear {i} {len(b)} {len(a)}", part(signal.bilinear, i), b, a, 2.0, order=1)
            yield case(f"normalize {i} {len(b)} {len(a)}", part(signal.normalize, i), b, a)
            for name in ("lp2lp", "lp2hp"):
                yield case(f"{name} {i} {len(b)} {len(a)}", part(getattr(signal, name), i), b, a, 1.5, order=1)
        for b in (B, B[:2], B[:1]):
            for name in ("lp2bp", "lp2bs"):
                yield case(f"{name} {i} {len(b)}", part(getattr(signal, name), i), b, A, 1.5, 0.7, order=1)
        yield case(f"zpk2tf {i}", part(signal.zpk2tf, i), z, p, k, order=1)
        yield case(f"sos2tf {i}", lambda s, i=i: signal.sos2tf(monic(s))[i], SECTIONS)
    for i in (0, 1, 2):
        yield case(f"bilinear_zpk {i}", part(signal.bilinear_zpk, i), z, p, k, 2.0, order=1)
        for name in ("lp2lp_zpk", "lp2hp_zpk"):
            yield case(f"{name} {i}", part(getattr(signal, name), i), z, p, k, 1.5, order=1)
        for name in ("lp2bp_zpk", "lp2bs_zpk"):
            yield case(f"{name} {i}", part(getattr(signal, name), i), z, p, k, 1.5, 0.6, order=1)
        yield case(f"tf2zpk {i}", part(signal.tf2zpk, i), np.array([3.0, 0.5, -1.0, 0.7]), np.array([1.0, 0.2, -0.5]))
        yield case(f"sos2zpk {i}", lambda s, i=i: signal.sos2zpk(monic(s))[i], SECTIONS, order=1)


def designs():
    """Return filters by their cutoff frequencies, and waves."""
    makers = {
        "butter": signal.butter,
        "cheby1": lambda n, w, **how: signal.cheby1(n, 1.0, w, **how),
        "cheby2": lambda n, w, **how: signal.cheby2(n, 20.0, w, **how),
        "ellip": lambda n, w, **how: signal.ellip(n, 1.0, 20.0, w, **how),
        "bessel": signal.bessel,
        "iirfilter": signal.iirfilter,
    }
    both = np.array([0.2, 0.5])
    for btype, w in (("low", 0.3), ("high", 0.3), ("band", both), ("bandstop", both)):
        for analog in (False, True):
            for name, maker in makers.items():
                f = partial(maker, 3, btype=btype, analog=analog)
                order = 2 if name == "butter" else 1
                for i in (0, 1):
                    yield case(f"{name} {btype} {analog} {i}", lambda w, f=f, i=i: f(w)[i], w, order=order)
                for i in (1, 2):
                    g = lambda w, f=f, i=i: f(w, output="zpk")[i]
                    yield case(f"{name} {btype} {analog} zpk {i}", g, w, order=1)
    yield case("butter at a rate", lambda w: signal.butter(3, w, fs=10.0)[0], 2.0)
    for i, (cutoff, pass_zero, n) in enumerate(
        [(0.3, True, 7), (0.3, False, 7), (0.3, "lowpass", 8), (both, False, 8), (both, True, 7)]
    ):
        yield case(f"firwin {i}", lambda c, n=n, z=pass_zero: signal.firwin(n, c, pass_zero=z), cutoff)
        f = partial(signal.firwin, 7, pass_zero=pass_zero, scale=False, window="hann")
        yield case(f"firwin {i} as it is", lambda c, f=f: f(cutoff=c), cutoff)
    t = np.linspace(0.1, 1, 6)
    for method in ("linear", "quadratic", "logarithmic", "hyperbolic"):
        for vertex in (True, False):
            f = lambda t, f0, t1, f1, phi, m=method, v=vertex: signal.chirp(t, f0, t1, f1, m, phi, v)
            yield case(f"chirp {method} {vertex}", f, t, 1.0, 2.0, 3.0, 20.0)
    yield case("gausspulse", signal.gausspulse, t, 3.0, 0.4, -5.0)
    yield case("gausspulse cutoff", lambda fc, bw: signal.gausspulse("cutoff", fc, bw), 3.0, 0.4)
    for i in (0, 1, 2):
        yield case(f"gausspulse {i}", lambda t, fc, i=i: signal.gausspulse(t, fc, retquad=True, retenv=True)[i], t, 3.0)
    yield case("sawtooth", signal.sawtooth, 9 * t, 0.3)
    for width in (0, 1):
        yield case(f"sawtooth {width}", partial(signal.sawtooth, width=width), 9 * t)
    yield case("sweep_poly", signal.sweep_poly, t, random(3), 10.0)
    for i in (0, 1):
        yield case(f"vectorstrength {i}", part(signal.vectorstrength, i), t, 0.7)
        yield case(f"vectorstrength {i} of periods", part(signal.vectorstrength, i), t, np.array([0.7, 0.9]))
    yield from (case(f"kaiser_beta {a}", signal.kaiser_beta, a) for a in (10.0, 30.0, 60.0))
    yield case("kaiser_atten", lambda w: signal.kaiser_atten(9, w), 0.1)
    yield case("czt_points", lambda w, a: signal.czt_points(4, w, a), 0.9 + 0.1j, 1.1 + 0j)
    by_parameters = {
        "gaussian": (1.5,), "general_gaussian": (1.5, 2.0), "kaiser": (1.5,), "tukey": (0.53,), "general_cosine": (random(3),),
        "general_hamming": (0.6,),
    }  # fmt: skip
    for m in (1, 2, 7, 8):
        for sym in (True, False):
            for name, parameters in by_parameters.items():
                yield case(f"{name} {m} {sym}", partial(getattr(windows, name), m, sym=sym), *parameters)
            yield from (case(f"tukey {a} {m} {sym}", partial(windows.tukey, m, sym=sym), a) for a in (-0.5, 1.5))
            yield case(f"exponential {m} {sym}", partial(windows.exponential, m, None, sym=sym), 1.5)


def of_both(dtype):
    """Return everything that takes real and complex signals."""
    return [*convolutions(dtype), *filters(dtype), *spectra(dtype)]


@each([*of_both(float), *real_filters(), *responses(), *designs()])
def test_functions_of_real_signals_have_scipys_values_and_all_derivatives(case):
    assert_derivatives(case.function, *case.operands, order=case.order)


@each(of_both(complex))
def test_functions_of_complex_signals_have_scipys_values_and_derivatives(case):
    assert_derivatives(case.function, *case.operands, order=1)


def test_options_without_a_rule_are_named():
    b, x = init_diff(B), random(20)
    with pytest.raises(MissingRuleError, match=r"no derivative rule for scipy\.signal\.filtfilt with method='gust'"):
        signal.filtfilt(b, A, x, method="gust")
    with pytest.raises(MissingRuleError, match=r"with mode='reflect'\. Without that option there is one"):
        signal.upfirdn(b, x, mode="reflect")
    with pytest.raises(MissingRuleError, match=r"scipy\.signal\.cheby1 by its option rp="):
        signal.cheby1(2, init_diff(1.0), 0.3)
    with pytest.raises(MissingRuleError, match=r"output='sos'\. Its sections pair zeros and poles by choice"):
        signal.butter(2, init_diff(0.3), output="sos")
    with pytest.raises(MissingRuleError, match=r"width=\. Select peaks by height"):
        signal.find_peaks(init_diff(x), width=1)


def test_plain_arrays_are_handed_to_scipy():
    x = random(30)
    np.testing.assert_array_equal(
        signal.filtfilt(B, A, x, method="gust"), scipy.signal.filtfilt(B, A, x, method="gust")
    )
    np.testing.assert_array_equal(signal.hilbert(x), scipy.signal.hilbert(x))
    np.testing.assert_array_equal(signal.butter(3, 0.2, output="sos"), scipy.signal.butter(3, 0.2, output="sos"))
    np.testing.assert_array_equal(windows.hann(5), scipy.signal.windows.hann(5))


def test_where_peaks_are_is_constant():
    x = np.array([0.0, 2.0, 1.0, 3.0, 0.0])
    assert signal.argrelmax(init_diff(x))[0].tolist() == [1, 3]
    peaks, properties = signal.find_peaks(init_diff(x), plateau_size=1)
    assert peaks.tolist() == [1, 3]
    assert properties["plateau_sizes"].tolist() == [1, 1]


def test_the_jacobian_of_a_filter_is_its_impulse_response():
    n = 6
    response = scipy.signal.lfilter(B, A, np.eye(n)[0])
    expected = scipy.linalg.toeplitz(response, np.zeros(n))
    np.testing.assert_allclose(jacobian(lambda x: signal.lfilter(B, A, x))(np.zeros(n)), expected, atol=1e-14)


def test_a_filter_in_two_pieces_is_the_filter():
    def halves(b, a, x):
        first, state = signal.lfilter(b, a, x[:4], zi=np.zeros(2))
        second, _ = signal.lfilter(b, a, x[4:], zi=state)
        return np.concatenate([first, second])

    x, weights = random(9), random(9)[::-1]
    at_once = grad(lambda *args: weights @ signal.lfilter(*args), (0, 1, 2))(B, A, x)
    in_pieces = grad(lambda *args: weights @ halves(*args), (0, 1, 2))(B, A, x)
    for one, other in zip(at_once, in_pieces, strict=True):
        np.testing.assert_allclose(one, other)


def test_a_period_of_parseval():
    x = random(16)
    np.testing.assert_allclose(grad(lambda x: signal.periodogram(x, detrend=False)[1].sum())(x), 2 * x)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: signal.lfilter(B.astype(np.float32), A.astype(np.float32), x), lambda x: signal.convolve(x, x[:3]),
        lambda x: signal.savgol_filter(x, 3, 1), lambda x: signal.fftconvolve(x, x), signal.detrend,
        lambda x: signal.resample_poly(x, 2, 1), lambda b: signal.freqz(b, b + 1, 8)[1], lambda x: signal.stft(x, nperseg=4)[2], lambda x: signal.welch(x, nperseg=4)[1], signal.hilbert, signal.medfilt,
    ],
)  # fmt: skip
def test_single_precision_stays(f):
    x = random(9).astype(np.float32)
    value, pullback = vjp(f, x)
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":  # before, NumPy's transforms were of double precision
        assert value.dtype == f(x).dtype
    assert pullback(np.ones_like(value)).dtype == np.float32


def test_what_scipy_refuses_is_refused():
    x = init_diff(random(5))
    for f in (
        lambda: signal.filtfilt(B, A, x),
        lambda: signal.savgol_filter(x, 7, 2),
        lambda: signal.hilbert(1j * x),
        lambda: signal.hilbert2(1j * x[None]),
        lambda: signal.detrend(x, bp=[9]),
        lambda: signal.butter(2, x[0] * 0 + 1.5),
        lambda: signal.chirp(x, -1.0, 1.0, 2.0, "logarithmic"),
        lambda: signal.chirp(x, 1.0, 1.0, 2.0, "none"),
        lambda: signal.lp2lp_zpk(x, [1.0], 1.0),
        lambda: signal.welch(x, nperseg=4, noverlap=4),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 (each in its own words)
            f()


def test_a_divisor_that_is_longer_leaves_everything():
    x = random(2)
    quotient, remainder = signal.deconvolve(init_diff(x), random(3))
    assert quotient.size == 0
    np.testing.assert_array_equal(revdiff.primal(remainder), x)


def test_a_filter_without_memory_has_no_state():
    assert signal.lfiltic(init_diff(B[:1]), A[:1], random(2)).size == 0


def test_frequencies_that_scipy_chooses_are_constant():
    w, _ = scipy.signal.freqs(B, A)
    chosen, given = (jacobian(lambda b, w=w: np.abs(signal.freqs(b, A, w)[1]))(B) for w in (None, w))
    np.testing.assert_array_equal(chosen, given)


def test_numbers_are_convolved_by_multiplying():
    assert grad(lambda x: signal.convolve(x, np.array(3.0)))(np.array(2.0)) == 3.0


def test_whole_numbers_are_filtered_forwards_and_backwards():
    b, a, x = np.array([1, 2]), np.array([2, 1]), np.arange(12) ** 2 % 7
    value, pullback = vjp(lambda x: signal.filtfilt(b, a, x), x)
    np.testing.assert_allclose(value, scipy.signal.filtfilt(b, a, x), rtol=1e-12)
    expected = vjp(lambda x: signal.filtfilt(b, a, x), x.astype(float))[1](np.ones(12))
    np.testing.assert_allclose(pullback(np.ones(12)), expected)
    single = x.astype(np.float32)
    f = lambda x: signal.filtfilt(b.astype(np.float32), a.astype(np.float32), x)
    assert vjp(f, single)[0].dtype == f(single).dtype == np.float32
