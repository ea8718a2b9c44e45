"""Derivatives written by hand, functions in a row, and constants.

Imports the core and the descriptors. A *primitive* brings its own pullback, in one of several forms:

    primitive           x ↦ (y, ȳ ↦ x̄)
    custom_vjp          x ↦ (y, what is kept) and (what is kept, ȳ) ↦ x̄
    from_derivative     x ↦ y and x ↦ dy/dx, of one number
    iso                 x ↦ y and y ↦ x, of a structure that is put in another form
    no_gradient         x ↦ y, and no way back

All of them are one class underneath. `stop_gradient` and its relatives say what is not differentiated.
"""

from revdiff.primitives.composition import Chain as Chain
from revdiff.primitives.composition import DifferentiableFunc as DifferentiableFunc
from revdiff.primitives.composition import chain as chain
from revdiff.primitives.constants import call as call
from revdiff.primitives.constants import constant as constant
from revdiff.primitives.constants import stop_diff as stop_diff
from revdiff.primitives.constants import stop_gradient as stop_gradient
from revdiff.primitives.forms import custom_vjp as custom_vjp
from revdiff.primitives.forms import from_derivative as from_derivative
from revdiff.primitives.forms import iso as iso
from revdiff.primitives.forms import no_gradient as no_gradient
from revdiff.primitives.primitive import Primitive as Primitive
from revdiff.primitives.primitive import primitive as primitive
