"""Differentiable functions in other forms: lenses, Van Laarhoven forms, profunctor optics, and back.

Imports the operators and `primitive`. A differentiable function f is at once

    a function on RevDiffs      RevDiff of x ↦ RevDiff of y
    value and pullback          x ↦ (y, ȳ ↦ x̄)
    a lens                      get: x ↦ y,  set: (x, ȳ) ↦ x̄
    a Van Laarhoven form        (y ↦ F ȳ) ↦ (x ↦ F x̄), for every functor F
    a profunctor optic          P(x̄, x) ↦ P(ȳ, y), for every costrong profunctor P

and each module turns one of these forms into the first and back. Nothing is lost on the way, at any order.
"""

from revdiff.optics.lens import Lens as Lens
from revdiff.optics.lens import from_lens as from_lens
from revdiff.optics.lens import from_lens_ops as from_lens_ops
from revdiff.optics.lens import to_lens as to_lens
from revdiff.optics.lens import to_lens_ops as to_lens_ops
from revdiff.optics.profunctor import Costrong as Costrong
from revdiff.optics.profunctor import from_profunctor as from_profunctor
from revdiff.optics.profunctor import to_profunctor as to_profunctor
from revdiff.optics.store import Store as Store
from revdiff.optics.van_laarhoven import Const as Const
from revdiff.optics.van_laarhoven import Functor as Functor
from revdiff.optics.van_laarhoven import Identity as Identity
from revdiff.optics.van_laarhoven import Many as Many
from revdiff.optics.van_laarhoven import from_van_laarhoven as from_van_laarhoven
from revdiff.optics.van_laarhoven import to_van_laarhoven as to_van_laarhoven
