"""Complex values of real arguments: a derivative has a real and an imaginary part.

Imports the core, the number systems, the rule for complex numbers and what joins rows. The cotangent of a real number is
real, so the seed 1 brings back Re ∂f only:

    df = Re(ȳ f′ dx)        x̄ = Re f′ for ȳ = 1,    x̄ = Im f′ for ȳ = -i

For a complex argument of a holomorphic function the seed 1 brings back f′ as a whole.
"""

from __future__ import annotations

from typing import Any

from revdiff.core.errors import UnsupportedValueError, describe
from revdiff.core.masks import Masked
from revdiff.core.revdiff import primal
from revdiff.core.structure import MAPS, leaves
from revdiff.rules.complex import complex_from
from revdiff.structures.protocol import Pull
from revdiff.structures.rows import joined
from revdiff.systems import is_complex, is_number


def whole_derivatives(pull: Pull, /) -> Pull:
    """Return ``pull`` for derivatives: of a complex value it brings back both parts to what is real in the argument.

    >>> from revdiff import init_diff
    >>> x = init_diff(2.0)
    >>> whole_derivatives(lambda y, y_bar: y.backprop(y_bar))(x * (3 + 4j), 1)
    (3+4j)
    """

    def pulled(y: Any, y_bar: Any) -> Any:
        x_bar = pull(y, y_bar)
        if not is_complex(y) or all(map(is_complex, leaves(x_bar))):
            return x_bar
        turned = Masked(y_bar.value * -1j, y_bar.mask, y_bar.firm) if type(y_bar) is Masked else y_bar * -1j
        return joined(_of_both_parts, [x_bar, pull(y, turned)])

    return pulled


def _of_both_parts(parts: list[Any]) -> Any:
    re, im = parts
    if MAPS.find(type(re)) is not None:
        msg = f"the derivative of a complex value by the real numbers in {describe(re)} is not supported"
        raise UnsupportedValueError(msg)
    return re if is_complex(re) or not is_number(primal(re)) else complex_from(re, im)
