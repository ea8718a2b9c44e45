"""Number systems: the kinds of numbers there are, and where their functions come from. The set is open."""

from revdiff.systems.numbers import exact as exact
from revdiff.systems.numbers import is_complex as is_complex
from revdiff.systems.numbers import is_masked as is_masked
from revdiff.systems.numbers import is_number as is_number
from revdiff.systems.numbers import mpmath as mpmath
from revdiff.systems.numbers import pi_of as pi_of
from revdiff.systems.numbers import require_number as require_number
from revdiff.systems.numbers import sympy as sympy
from revdiff.systems.numbers import system_of as system_of
from revdiff.systems.registration import enter as enter
from revdiff.systems.registration import from_module as from_module
from revdiff.systems.registration import register_number_system as register_number_system
from revdiff.systems.registry import ARRAY_RANK as ARRAY_RANK
from revdiff.systems.registry import IMPLEMENTATIONS as IMPLEMENTATIONS
from revdiff.systems.registry import SYSTEMS as SYSTEMS
from revdiff.systems.registry import NumberSystem as NumberSystem
from revdiff.systems.registry import applied as applied
from revdiff.systems.registry import implementation as implementation
from revdiff.systems.registry import noted as noted
