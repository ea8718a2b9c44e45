"""The derivative of a function that works element by element, after a look at whether it does.

Imports the core, the number systems, the descriptors and the arguments of operators. Of such a function the Jacobian
is diagonal, and one backward pass brings its whole diagonal back. A second one shows that nothing else is there:

    x̄ = Jᵀ 1 is the diagonal, if J is diagonal
    Jᵀ s = s ∘ Jᵀ 1 for all s, if and only if J is diagonal

Weights s of which no two are alike decide it: an element Jᵢⱼ beside the diagonal adds Jᵢⱼ (sᵢ - sⱼ) to the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from revdiff.core.cotangents import one_like
from revdiff.core.errors import ArgumentError, ResultError, describe
from revdiff.core.revdiff import primal
from revdiff.derivatives.arguments import require_function
from revdiff.structures.auto import auto_arg
from revdiff.structures.complex_values import whole_derivatives
from revdiff.structures.differentiation import Differentiation, Function
from revdiff.systems import is_number


def elementwise_derivative(f: Function, /) -> Callable[[Any], Any]:
    """Return x ↦ f′(x), element by element, of a function that works on arrays element by element.

    It costs two backward passes, whatever the size of the array; `jacobian` would make a matrix of n² numbers. The
    second pass shows whether each element of the value depends on its own element of x only. Raises `ResultError` where
    it does not, or where the value has another shape.

    >>> import numpy as np
    >>> elementwise_derivative(elementwise_derivative(lambda x: x**3))(np.array([1.0, 2.0, 3.0]))
    array([ 6., 12., 18.])
    >>> elementwise_derivative(lambda x: x / x.sum())(np.array([1.0, 3.0]))
    Traceback (most recent call last):
        ...
    revdiff.core.errors.ResultError: elementwise_derivative needs a function that works element by element; here other
    elements of the result depend on x[0].
      For all partial derivatives: jacobian(f).
    """
    require_function("elementwise_derivative", f)

    def derived(x: Any, /) -> Any:
        plain = primal(x)
        if not is_number(plain) or (isinstance(plain, np.ndarray) and plain.dtype.kind == "O"):
            msg = f"elementwise_derivative takes a number, or an array of numbers; met {describe(plain)}"
            raise ArgumentError(msg)
        differentiation = Differentiation(x)
        y = differentiation.run(f, auto_arg)
        _require_shape(plain, primal(y))
        pull = whole_derivatives(differentiation.pull)
        slopes = pull(y, one_like(y))
        if np.shape(plain):
            _require_diagonal(y, primal(slopes), pull)
        return slopes

    return derived


def _require_shape(x: Any, y: Any) -> None:
    if not is_number(y) or np.shape(y) != np.shape(x):
        operator = "elementwise_derivative"
        needed = f"an array of the shape {np.shape(x)} of its argument" if np.shape(x) else "one number"
        raise ResultError.of(operator, needed, y, f" It has shape {np.shape(y)}." if is_number(y) else "")


def _require_diagonal(y: Any, slopes: Any, pull: Callable[[Any, Any], Any]) -> None:
    weights = np.random.default_rng(0).uniform(1.0, 2.0, slopes.shape)
    weighted = primal(pull(y, one_like(y) * weights.astype(one_like(primal(y)).dtype)))
    with np.errstate(all="ignore"):
        foreign = weighted - weights.astype(slopes.real.dtype) * slopes
        tolerance = np.sqrt(np.finfo(slopes.dtype).eps) * abs(slopes)
        wrong = np.isfinite(foreign) & (abs(foreign) > tolerance)
    if np.any(wrong):
        first = tuple(map(int, np.argwhere(wrong)[0]))
        msg = (
            "elementwise_derivative needs a function that works element by element; here other elements of the result "
            f"depend on x[{', '.join(map(str, first))}].\n  For all partial derivatives: jacobian(f)."
        )
        raise ResultError(msg)
