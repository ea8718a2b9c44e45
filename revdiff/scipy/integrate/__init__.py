"""`scipy.integrate` with derivatives: by limits, points, times and starting values, and by all that the function uses.

SciPy integrates plain numbers, so values and options are SciPy's. Parameters are ``args`` and whatever the integrand,
or the differential equation, closes over.
"""

from typing import Any

from scipy import integrate as _scipys

from revdiff.scipy.integrate.odes import odeint as odeint
from revdiff.scipy.integrate.odes import solve_ivp as solve_ivp
from revdiff.scipy.integrate.quadrature import dblquad as dblquad
from revdiff.scipy.integrate.quadrature import fixed_quad as fixed_quad
from revdiff.scipy.integrate.quadrature import quad as quad
from revdiff.scipy.integrate.quadrature import tplquad as tplquad
from revdiff.scipy.integrate.samples import cumulative_simpson as cumulative_simpson
from revdiff.scipy.integrate.samples import cumulative_trapezoid as cumulative_trapezoid
from revdiff.scipy.integrate.samples import romb as romb
from revdiff.scipy.integrate.samples import simpson as simpson
from revdiff.scipy.integrate.samples import trapezoid as trapezoid

__all__ = [
    "cumulative_simpson",
    "cumulative_trapezoid",
    "dblquad",
    "fixed_quad",
    "odeint",
    "quad",
    "romb",
    "simpson",
    "solve_ivp",
    "tplquad",
    "trapezoid",
]

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


def __getattr__(name: str) -> Any:
    there = "is not differentiated" if hasattr(_scipys, name) else "does not exist"
    msg = f"scipy.integrate.{name} {there}. {_INSTEAD.get(name, '')}\n  Here are:  {', '.join(__all__)}."
    raise AttributeError(msg, name=name)
