"""SciPy's Fourier, cosine, sine and Hankel transforms, with derivatives.

Every function has the name and the signature of SciPy's, and of plain arrays it is SciPy's. ``overwrite_x`` is a
permission that is not used where there is a derivative: the operand stays as it is.

>>> import numpy as np
>>> import revdiff.scipy.fft
>>> from revdiff import jacobian
>>> jacobian(lambda x: revdiff.scipy.fft.dct(x, type=1))(np.ones(3))
array([[ 1.,  2.,  1.],
       [ 1.,  0., -1.],
       [ 1., -2.,  1.]])
"""

import scipy.fft as _scipy_fft
from scipy.fft import fftfreq as fftfreq
from scipy.fft import fhtoffset as fhtoffset
from scipy.fft import get_workers as get_workers
from scipy.fft import next_fast_len as next_fast_len
from scipy.fft import register_backend as register_backend
from scipy.fft import rfftfreq as rfftfreq
from scipy.fft import set_backend as set_backend
from scipy.fft import set_global_backend as set_global_backend
from scipy.fft import set_workers as set_workers
from scipy.fft import skip_backend as skip_backend

from revdiff.scipy.fft.fourier import fft as fft
from revdiff.scipy.fft.fourier import fft2 as fft2
from revdiff.scipy.fft.fourier import fftn as fftn
from revdiff.scipy.fft.fourier import fftshift as fftshift
from revdiff.scipy.fft.fourier import hfft as hfft
from revdiff.scipy.fft.fourier import hfft2 as hfft2
from revdiff.scipy.fft.fourier import hfftn as hfftn
from revdiff.scipy.fft.fourier import ifft as ifft
from revdiff.scipy.fft.fourier import ifft2 as ifft2
from revdiff.scipy.fft.fourier import ifftn as ifftn
from revdiff.scipy.fft.fourier import ifftshift as ifftshift
from revdiff.scipy.fft.fourier import ihfft as ihfft
from revdiff.scipy.fft.fourier import ihfft2 as ihfft2
from revdiff.scipy.fft.fourier import ihfftn as ihfftn
from revdiff.scipy.fft.fourier import irfft as irfft
from revdiff.scipy.fft.fourier import irfft2 as irfft2
from revdiff.scipy.fft.fourier import irfftn as irfftn
from revdiff.scipy.fft.fourier import rfft as rfft
from revdiff.scipy.fft.fourier import rfft2 as rfft2
from revdiff.scipy.fft.fourier import rfftn as rfftn
from revdiff.scipy.fft.hankel import fht as fht
from revdiff.scipy.fft.hankel import ifht as ifht
from revdiff.scipy.fft.trigonometric import dct as dct
from revdiff.scipy.fft.trigonometric import dctn as dctn
from revdiff.scipy.fft.trigonometric import dst as dst
from revdiff.scipy.fft.trigonometric import dstn as dstn
from revdiff.scipy.fft.trigonometric import idct as idct
from revdiff.scipy.fft.trigonometric import idctn as idctn
from revdiff.scipy.fft.trigonometric import idst as idst
from revdiff.scipy.fft.trigonometric import idstn as idstn

if hasattr(_scipy_fft, "prev_fast_len"):  # since SciPy 1.14
    prev_fast_len = _scipy_fft.prev_fast_len
