"""`scipy.optimize` with derivatives: what solves an equation, or minimizes a function, as a function of its parameters.

    f(x, θ) = 0   ⟹   dx/dθ = -(∂f/∂x)⁻¹ ∂f/∂θ

SciPy finds the solution with plain numbers, so values and options are SciPy's. Parameters are ``args`` and whatever the
function closes over. For a solver that is not here, give its result to `implicit_function`.
"""

from typing import Any

from scipy import optimize as _scipys

from revdiff.core.errors import ConvergenceError as ConvergenceError
from revdiff.scipy.optimize.implicit import implicit_function as implicit_function
from revdiff.scipy.optimize.minima import curve_fit as curve_fit
from revdiff.scipy.optimize.minima import least_squares as least_squares
from revdiff.scipy.optimize.minima import linear_sum_assignment as linear_sum_assignment
from revdiff.scipy.optimize.minima import minimize as minimize
from revdiff.scipy.optimize.minima import minimize_scalar as minimize_scalar
from revdiff.scipy.optimize.roots import bisect as bisect
from revdiff.scipy.optimize.roots import brenth as brenth
from revdiff.scipy.optimize.roots import brentq as brentq
from revdiff.scipy.optimize.roots import fixed_point as fixed_point
from revdiff.scipy.optimize.roots import newton as newton
from revdiff.scipy.optimize.roots import ridder as ridder
from revdiff.scipy.optimize.roots import root as root
from revdiff.scipy.optimize.roots import root_scalar as root_scalar
from revdiff.scipy.optimize.roots import toms748 as toms748
from revdiff.scipy.optimize.rosenbrock import rosen as rosen
from revdiff.scipy.optimize.rosenbrock import rosen_der as rosen_der
from revdiff.scipy.optimize.rosenbrock import rosen_hess as rosen_hess
from revdiff.scipy.optimize.rosenbrock import rosen_hess_prod as rosen_hess_prod

__all__ = [
    "ConvergenceError",
    "bisect",
    "brenth",
    "brentq",
    "curve_fit",
    "fixed_point",
    "implicit_function",
    "least_squares",
    "linear_sum_assignment",
    "minimize",
    "minimize_scalar",
    "newton",
    "ridder",
    "root",
    "root_scalar",
    "rosen",
    "rosen_der",
    "rosen_hess",
    "rosen_hess_prod",
    "toms748",
]


def __getattr__(name: str) -> Any:
    known = f"\n  Here are:  {', '.join(__all__)}.\n  To differentiate another solver's result x:  implicit_function(grad(f), x)"
    there = "is not differentiated" if hasattr(_scipys, name) else "does not exist"
    msg = f"scipy.optimize.{name} {there}.{known}"
    raise AttributeError(msg, name=name)
