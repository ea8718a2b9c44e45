"""SciPy's signal processing with derivatives: convolutions, filters, spectra, designs of filters, windows.

Everything that `scipy.signal` offers is here under its own name, its windows in `revdiff.scipy.signal.windows`. What has
no derivative works on plain values, and says why it does not on RevDiffs; what is constant is applied to the plain values.

>>> from revdiff import grad
>>> from revdiff.scipy import signal
>>> step = [0.0, 1.0, 1.0, 1.0, 1.0]
>>> grad(lambda r: signal.lfilter([1.0 - r], [1.0, -r], step)[2])(0.5)        # of 1 - r²
-1.0
"""

import scipy.signal as _scipy_signal
from scipy.signal import BadCoefficients as BadCoefficients

from revdiff.scipy._namesakes import remaining as _remaining
from revdiff.scipy.signal import windows as windows
from revdiff.scipy.signal.convolution import convolve as convolve
from revdiff.scipy.signal.convolution import convolve2d as convolve2d
from revdiff.scipy.signal.convolution import correlate as correlate
from revdiff.scipy.signal.convolution import correlate2d as correlate2d
from revdiff.scipy.signal.convolution import fftconvolve as fftconvolve
from revdiff.scipy.signal.convolution import oaconvolve as oaconvolve
from revdiff.scipy.signal.convolution import upfirdn as upfirdn
from revdiff.scipy.signal.design import bessel as bessel
from revdiff.scipy.signal.design import butter as butter
from revdiff.scipy.signal.design import cheby1 as cheby1
from revdiff.scipy.signal.design import cheby2 as cheby2
from revdiff.scipy.signal.design import ellip as ellip
from revdiff.scipy.signal.design import firwin as firwin
from revdiff.scipy.signal.design import iirfilter as iirfilter
from revdiff.scipy.signal.design import kaiser_atten as kaiser_atten
from revdiff.scipy.signal.design import kaiser_beta as kaiser_beta
from revdiff.scipy.signal.filters import decimate as decimate
from revdiff.scipy.signal.filters import deconvolve as deconvolve
from revdiff.scipy.signal.filters import detrend as detrend
from revdiff.scipy.signal.filters import filtfilt as filtfilt
from revdiff.scipy.signal.filters import lfilter as lfilter
from revdiff.scipy.signal.filters import lfilter_zi as lfilter_zi
from revdiff.scipy.signal.filters import lfiltic as lfiltic
from revdiff.scipy.signal.filters import medfilt as medfilt
from revdiff.scipy.signal.filters import medfilt2d as medfilt2d
from revdiff.scipy.signal.filters import order_filter as order_filter
from revdiff.scipy.signal.filters import resample_poly as resample_poly
from revdiff.scipy.signal.filters import savgol_filter as savgol_filter
from revdiff.scipy.signal.filters import sosfilt as sosfilt
from revdiff.scipy.signal.filters import sosfilt_zi as sosfilt_zi
from revdiff.scipy.signal.filters import sosfiltfilt as sosfiltfilt
from revdiff.scipy.signal.peaks import find_peaks as find_peaks
from revdiff.scipy.signal.peaks import peak_prominences as peak_prominences
from revdiff.scipy.signal.responses import bilinear as bilinear
from revdiff.scipy.signal.responses import bilinear_zpk as bilinear_zpk
from revdiff.scipy.signal.responses import freqs as freqs
from revdiff.scipy.signal.responses import freqs_zpk as freqs_zpk
from revdiff.scipy.signal.responses import freqz as freqz
from revdiff.scipy.signal.responses import freqz_zpk as freqz_zpk
from revdiff.scipy.signal.responses import group_delay as group_delay
from revdiff.scipy.signal.responses import lp2bp as lp2bp
from revdiff.scipy.signal.responses import lp2bp_zpk as lp2bp_zpk
from revdiff.scipy.signal.responses import lp2bs as lp2bs
from revdiff.scipy.signal.responses import lp2bs_zpk as lp2bs_zpk
from revdiff.scipy.signal.responses import lp2hp as lp2hp
from revdiff.scipy.signal.responses import lp2hp_zpk as lp2hp_zpk
from revdiff.scipy.signal.responses import lp2lp as lp2lp
from revdiff.scipy.signal.responses import lp2lp_zpk as lp2lp_zpk
from revdiff.scipy.signal.responses import normalize as normalize
from revdiff.scipy.signal.responses import sos2tf as sos2tf
from revdiff.scipy.signal.responses import sos2zpk as sos2zpk
from revdiff.scipy.signal.responses import tf2zpk as tf2zpk
from revdiff.scipy.signal.responses import zpk2tf as zpk2tf
from revdiff.scipy.signal.spectra import coherence as coherence
from revdiff.scipy.signal.spectra import csd as csd
from revdiff.scipy.signal.spectra import istft as istft
from revdiff.scipy.signal.spectra import lombscargle as lombscargle
from revdiff.scipy.signal.spectra import periodogram as periodogram
from revdiff.scipy.signal.spectra import spectrogram as spectrogram
from revdiff.scipy.signal.spectra import stft as stft
from revdiff.scipy.signal.spectra import vectorstrength as vectorstrength
from revdiff.scipy.signal.spectra import welch as welch
from revdiff.scipy.signal.transforms import czt as czt
from revdiff.scipy.signal.transforms import czt_points as czt_points
from revdiff.scipy.signal.transforms import hilbert as hilbert
from revdiff.scipy.signal.transforms import hilbert2 as hilbert2
from revdiff.scipy.signal.transforms import resample as resample
from revdiff.scipy.signal.transforms import zoom_fft as zoom_fft
from revdiff.scipy.signal.waves import chirp as chirp
from revdiff.scipy.signal.waves import gausspulse as gausspulse
from revdiff.scipy.signal.waves import sawtooth as sawtooth
from revdiff.scipy.signal.waves import sweep_poly as sweep_poly

if hasattr(_scipy_signal, "freqz_sos"):  # since SciPy 1.15
    from revdiff.scipy.signal.responses import freqz_sos as freqz_sos

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
