"""SciPy's signal processing with derivatives: convolutions, filters, spectra, designs of filters, windows.

Everything that `scipy.signal` offers is here under its own name, its windows in `revdiff.scipy.signal.windows`. What has
no derivative works on plain values, and says why it does not on RevDiffs; what is constant is applied to the plain values.

>>> from revdiff import grad
>>> from revdiff.scipy import signal
>>> step = [0.0, 1.0, 1.0, 1.0, 1.0]
>>> grad(lambda r: signal.lfilter([1.0 - r], [1.0, -r], step)[2])(0.5)        # of 1 - r²
-1.0
"""

# isort: off
# fmt: off
import scipy.signal as _scipy_signal
from scipy.signal import BadCoefficients as BadCoefficients

from revdiff.scipy._namesakes import remaining as _remaining
from revdiff.scipy.signal import windows as windows
from revdiff.scipy.signal.convolution import (
    convolve as convolve, convolve2d as convolve2d, correlate as correlate, correlate2d as correlate2d,
    fftconvolve as fftconvolve, oaconvolve as oaconvolve, upfirdn as upfirdn,
)
from revdiff.scipy.signal.design import (
    bessel as bessel, butter as butter, cheby1 as cheby1, cheby2 as cheby2, ellip as ellip, firwin as firwin,
    iirfilter as iirfilter, kaiser_atten as kaiser_atten, kaiser_beta as kaiser_beta,
)
from revdiff.scipy.signal.filters import (
    decimate as decimate, deconvolve as deconvolve, detrend as detrend, filtfilt as filtfilt, lfilter as lfilter,
    lfilter_zi as lfilter_zi, lfiltic as lfiltic, medfilt as medfilt, medfilt2d as medfilt2d,
    order_filter as order_filter, resample_poly as resample_poly, savgol_filter as savgol_filter, sosfilt as sosfilt,
    sosfilt_zi as sosfilt_zi, sosfiltfilt as sosfiltfilt,
)
from revdiff.scipy.signal.peaks import find_peaks as find_peaks, peak_prominences as peak_prominences
from revdiff.scipy.signal.responses import (
    bilinear as bilinear, bilinear_zpk as bilinear_zpk, freqs as freqs, freqs_zpk as freqs_zpk, freqz as freqz,
    freqz_sos as freqz_sos, freqz_zpk as freqz_zpk, group_delay as group_delay, lp2bp as lp2bp, lp2bp_zpk as lp2bp_zpk, lp2bs as lp2bs,
    lp2bs_zpk as lp2bs_zpk, lp2hp as lp2hp, lp2hp_zpk as lp2hp_zpk, lp2lp as lp2lp, lp2lp_zpk as lp2lp_zpk,
    normalize as normalize, sos2tf as sos2tf, sos2zpk as sos2zpk, tf2zpk as tf2zpk, zpk2tf as zpk2tf,
)
from revdiff.scipy.signal.spectra import (
    coherence as coherence, csd as csd, istft as istft, lombscargle as lombscargle, periodogram as periodogram,
    spectrogram as spectrogram, stft as stft, vectorstrength as vectorstrength, welch as welch,
)
from revdiff.scipy.signal.transforms import (
    czt as czt, czt_points as czt_points, hilbert as hilbert, hilbert2 as hilbert2, resample as resample,
    zoom_fft as zoom_fft,
)
from revdiff.scipy.signal.waves import (
    chirp as chirp, gausspulse as gausspulse, sawtooth as sawtooth, sweep_poly as sweep_poly,
)
# isort: on
# fmt: on

CONSTANT = """
    argrelextrema argrelmax argrelmin besselap buttap check_COLA check_NOLA choose_conv_method correlation_lags
    find_peaks_cwt max_len_seq square unit_impulse
"""
"""Functions whose derivative is zero."""

_REASONS = {
    "Linear systems as objects are for plain values. Write with lfilter, freqz, or revdiff.scipy.integrate.":
        "StateSpace TransferFunction ZerosPolesGain dlti lti abcd_normalize bode dbode dfreqresp dimpulse dlsim dstep "
        "freqresp impulse lsim step place_poles ss2tf ss2zpk tf2ss zpk2ss cont2discrete",
    "Objects that transform are for plain values. Write with stft, istft, czt or zoom_fft.":
        "CZT ZoomFFT ShortTimeFFT closest_STFT_dual_window",
    "It pairs zeros and poles, or collects equal ones, by choice. Write with zpk2tf, tf2zpk or sos2tf.":
        "tf2sos zpk2sos unique_roots residue residuez invres invresz",
    "Its design is found by a search, or for constants. Write with firwin, butter or iirfilter.":
        "band_stop_obj buttord cheb1ap cheb1ord cheb2ap cheb2ord ellipap ellipord findfreqs firls firwin2 firwin_2d "
        "gammatone iircomb iirdesign iirnotch iirpeak kaiserord minimum_phase remez",
    "Its parameters are constants here. Write with the functions of revdiff.scipy.signal.windows.": "get_window",
    "Its parameters are constants. Divide by powers of delta.": "savgol_coeffs",
    "Widths are found between elements. Write with find_peaks and peak_prominences.": "peak_widths",
    "Splines are in revdiff.scipy.interpolate.":
        "cspline1d cspline1d_eval cspline2d gauss_spline qspline1d qspline1d_eval qspline2d sepfir2d spline_filter "
        "symiirorder1 symiirorder2",
    "Write with hilbert and abs.": "envelope",
    "Write with convolve, for local means and variances.": "wiener",
    "Write with freqz_sos.": "sosfreqz",
    "SciPy has given it up since.":
        "bspline cascade cmplx_sort cubic cwt daub impulse2 lsim2 morlet morlet2 qmf quadratic ricker step2",
    "Its solution is that of a banded system. Write with revdiff.scipy.linalg.solveh_banded.": "whittaker_henderson",
}  # fmt: skip
DECLINED = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Functions and classes for plain values only, and why."""

__getattr__ = _remaining(_scipy_signal, CONSTANT, DECLINED)
