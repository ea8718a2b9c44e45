"""`scipy.integrate` with derivatives: by limits, points, times and starting values, and by all that the function uses.

SciPy integrates plain numbers, so values and options are SciPy's. Parameters are ``args`` and whatever the integrand,
or the differential equation, closes over.
"""

# isort: off
# fmt: off
from scipy import integrate as _scipys

from revdiff.scipy._namesakes import absent as _absent
from revdiff.scipy.integrate.odes import odeint as odeint, solve_ivp as solve_ivp
from revdiff.scipy.integrate.quadrature import (
    dblquad as dblquad, fixed_quad as fixed_quad, quad as quad, tplquad as tplquad,
)
from revdiff.scipy.integrate.samples import (
    cumulative_simpson as cumulative_simpson, cumulative_trapezoid as cumulative_trapezoid, romb as romb,
    simpson as simpson, trapezoid as trapezoid,
)
# isort: on
# fmt: on

_INSTEAD = {
    "nquad": "Write quad within quad.",
    "quad_vec": "Use quad for each component, or fixed_quad for all.",
    "cubature": "Write quad within quad.",
    "qmc_quad": "Take the mean of the function at fixed points.",
    "tanhsinh": "Use quad.",
    "nsum": "Sum up to a fixed number of terms.",
    "solve_bvp": "Use solve_ivp, and revdiff.scipy.optimize.root for the missing starting values.",
    "newton_cotes": "It returns constants: use scipy.integrate.newton_cotes.",
    **dict.fromkeys(("ode", "complex_ode", "RK23", "RK45", "DOP853", "Radau", "BDF", "LSODA"), "Use solve_ivp."),
}

__getattr__ = _absent(_scipys, globals(), instead=_INSTEAD)
