"""SciPy's interpolation with derivatives: by places, by values and by the points themselves.

Everything that `scipy.interpolate` offers is here under its own name. What has no derivative works on plain values, and
says why it does not on RevDiffs.

>>> import numpy as np
>>> from revdiff import grad
>>> from revdiff.scipy import interpolate
>>> x = np.linspace(0.0, 3.0, 7)
>>> round(grad(interpolate.CubicSpline(x, x**3))(2.0), 6)
12.0
"""

# isort: off
# fmt: off
import scipy.interpolate as _scipy_interpolate

from revdiff.scipy._namesakes import remaining as _remaining
from revdiff.scipy.interpolate.bsplines import (
    BSpline as BSpline, make_interp_spline as make_interp_spline, splantider as splantider, splder as splder,
    splev as splev, splint as splint, splrep as splrep,
)
from revdiff.scipy.interpolate.cubics import (
    Akima1DInterpolator as Akima1DInterpolator, CubicHermiteSpline as CubicHermiteSpline, CubicSpline as CubicSpline,
    PchipInterpolator as PchipInterpolator, pchip_interpolate as pchip_interpolate,
)
from revdiff.scipy.interpolate.grids import (
    RegularGridInterpolator as RegularGridInterpolator, interp1d as interp1d, interpn as interpn,
)
from revdiff.scipy.interpolate.piecewise import PPoly as PPoly
from revdiff.scipy.interpolate.polynomials import (
    BarycentricInterpolator as BarycentricInterpolator, KroghInterpolator as KroghInterpolator,
    RBFInterpolator as RBFInterpolator, barycentric_interpolate as barycentric_interpolate,
    krogh_interpolate as krogh_interpolate,
)
# isort: on
# fmt: on

pchip = PchipInterpolator

_REASONS = {
    "Its knots are found by a search. Write with make_interp_spline or splrep(x, y), which interpolate.":
        "UnivariateSpline LSQUnivariateSpline InterpolatedUnivariateSpline generate_knots make_lsq_spline make_splprep "
        "make_splrep make_smoothing_spline splprep",
    "Surfaces have derivatives on grids only. Write with RegularGridInterpolator or RBFInterpolator.":
        "BivariateSpline CloughTocher2DInterpolator LSQBivariateSpline LSQSphereBivariateSpline LinearNDInterpolator "
        "NdBSpline NdPPoly NearestNDInterpolator Rbf RectBivariateSpline RectSphereBivariateSpline SmoothBivariateSpline "
        "SmoothSphereBivariateSpline bisplev bisplrep griddata interp2d",
    "Its poles are found by a search, or by a choice. Write with BarycentricInterpolator.":
        "AAA FloaterHormannInterpolator pade",
    "It gives a numpy.poly1d, which holds plain numbers. Write with BarycentricInterpolator.":
        "approximate_taylor_polynomial lagrange",
    "Write with PPoly.": "BPoly",
    "Write with BSpline.": "insert spalde sproot",
}  # fmt: skip
DECLINED = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Functions and classes for plain values only, and why."""

__getattr__ = _remaining(_scipy_interpolate, "", DECLINED)
