"""`scipy.optimize` with derivatives: what solves an equation, or minimizes a function, as a function of its parameters.

    f(x, θ) = 0   ⟹   dx/dθ = -(∂f/∂x)⁻¹ ∂f/∂θ

SciPy finds the solution with plain numbers, so values and options are SciPy's. Parameters are ``args`` and whatever the
function closes over. For a solver that is not here, give its result to `implicit_function`.
"""

# isort: off
# fmt: off
from scipy import optimize as _scipys

from revdiff.core.errors import ConvergenceError as ConvergenceError
from revdiff.scipy._namesakes import absent as _absent
from revdiff.scipy.optimize.implicit import implicit_function as implicit_function
from revdiff.scipy.optimize.minima import (
    curve_fit as curve_fit, least_squares as least_squares, linear_sum_assignment as linear_sum_assignment,
    minimize as minimize, minimize_scalar as minimize_scalar,
)
from revdiff.scipy.optimize.roots import (
    bisect as bisect, brenth as brenth, brentq as brentq, fixed_point as fixed_point, newton as newton,
    ridder as ridder, root as root, root_scalar as root_scalar, toms748 as toms748,
)
from revdiff.scipy.optimize.rosenbrock import (
    rosen as rosen, rosen_der as rosen_der, rosen_hess as rosen_hess, rosen_hess_prod as rosen_hess_prod,
)
# isort: on
# fmt: on

_HINT = "\n  To differentiate another solver's result x:  implicit_function(grad(f), x)"

__getattr__ = _absent(_scipys, globals(), hint=_HINT)
