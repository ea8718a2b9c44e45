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

# isort: off
# fmt: off
import scipy.fft as _scipy_fft
from scipy.fft import (
    fftfreq as fftfreq, fhtoffset as fhtoffset, get_workers as get_workers, next_fast_len as next_fast_len,
    register_backend as register_backend, rfftfreq as rfftfreq, set_backend as set_backend,
    set_global_backend as set_global_backend, set_workers as set_workers, skip_backend as skip_backend,
)

from revdiff.scipy.fft.fourier import (
    fft as fft, fft2 as fft2, fftn as fftn, fftshift as fftshift, hfft as hfft, hfft2 as hfft2, hfftn as hfftn,
    ifft as ifft, ifft2 as ifft2, ifftn as ifftn, ifftshift as ifftshift, ihfft as ihfft, ihfft2 as ihfft2,
    ihfftn as ihfftn, irfft as irfft, irfft2 as irfft2, irfftn as irfftn, rfft as rfft, rfft2 as rfft2, rfftn as rfftn,
)
from revdiff.scipy.fft.hankel import fht as fht, ifht as ifht
from revdiff.scipy.fft.trigonometric import (
    dct as dct, dctn as dctn, dst as dst, dstn as dstn, idct as idct, idctn as idctn, idst as idst, idstn as idstn,
)
# isort: on
# fmt: on

if hasattr(_scipy_fft, "prev_fast_len"):  # since SciPy 1.14
    prev_fast_len = _scipy_fft.prev_fast_len
