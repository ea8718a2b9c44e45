"""revdiff: a value, and the way back from it.

Closure-based reverse-mode automatic differentiation of any order, over any kind of value.

>>> import revdiff
>>> f = lambda x: revdiff.log(x**2 + x**3)
>>> revdiff.simple_derivative(f)(1.0)
2.5
"""

import typing as _typing
from importlib import import_module as _import_module

from revdiff import systems as _systems
from revdiff.arrays import numpy_protocol as _numpy_protocol
from revdiff.core import cotangents as _cotangents
from revdiff.core import revdiff as _revdiff
from revdiff.core import structure as _structure

# isort: split
# Core
from revdiff.core.pullback import Pullback as Pullback
from revdiff.core.revdiff import RevDiff as RevDiff
from revdiff.core.revdiff import const_diff as const_diff
from revdiff.core.revdiff import init_diff as init_diff
from revdiff.core.revdiff import primal as primal
from revdiff.derivatives.operators import derivative_op as derivative_op
from revdiff.primitives import Chain as Chain
from revdiff.primitives import DifferentiableFunc as DifferentiableFunc
from revdiff.primitives import Primitive as Primitive
from revdiff.primitives import call as call
from revdiff.primitives import chain as chain
from revdiff.primitives import constant as constant
from revdiff.primitives import custom_vjp as custom_vjp
from revdiff.primitives import from_derivative as from_derivative
from revdiff.primitives import iso as iso
from revdiff.primitives import no_gradient as no_gradient
from revdiff.primitives import primitive as primitive
from revdiff.primitives import stop_diff as stop_diff
from revdiff.primitives import stop_gradient as stop_gradient

# isort: split
# Derivative operators
from revdiff.derivatives.gradients import grad as grad
from revdiff.derivatives.gradients import hessian as hessian
from revdiff.derivatives.gradients import hvp as hvp
from revdiff.derivatives.gradients import jacobian as jacobian
from revdiff.derivatives.gradients import jvp as jvp
from revdiff.derivatives.gradients import linearize as linearize
from revdiff.derivatives.gradients import value_and_grad as value_and_grad
from revdiff.derivatives.gradients import value_grad_hessian as value_grad_hessian
from revdiff.derivatives.gradients import vjp as vjp
from revdiff.derivatives.operators import args_derivative as args_derivative
from revdiff.derivatives.operators import custom_arg_derivative as custom_arg_derivative
from revdiff.derivatives.operators import custom_arg_val_derivative as custom_arg_val_derivative
from revdiff.derivatives.operators import custom_val_derivative as custom_val_derivative
from revdiff.derivatives.operators import nth_derivative as nth_derivative
from revdiff.derivatives.operators import partial_derivative as partial_derivative
from revdiff.derivatives.operators import scalar_arg_derivative as scalar_arg_derivative
from revdiff.derivatives.operators import scalar_val_derivative as scalar_val_derivative
from revdiff.derivatives.operators import simple_derivative as simple_derivative
from revdiff.derivatives.operators import simple_value_and_derivative as simple_value_and_derivative
from revdiff.derivatives.operators import three_args_derivative as three_args_derivative
from revdiff.derivatives.operators import three_args_derivative_over_x as three_args_derivative_over_x
from revdiff.derivatives.operators import three_args_derivative_over_y as three_args_derivative_over_y
from revdiff.derivatives.operators import three_args_derivative_over_z as three_args_derivative_over_z
from revdiff.derivatives.operators import two_args_derivative as two_args_derivative
from revdiff.derivatives.operators import two_args_derivative_over_x as two_args_derivative_over_x
from revdiff.derivatives.operators import two_args_derivative_over_y as two_args_derivative_over_y

# isort: split
# Descriptors
from revdiff.structures.array import array_arg as array_arg
from revdiff.structures.array import array_val as array_val
from revdiff.structures.auto import auto_arg as auto_arg
from revdiff.structures.auto import auto_val as auto_val
from revdiff.structures.mapping import mapping_arg as mapping_arg
from revdiff.structures.mapping import mapping_val as mapping_val
from revdiff.structures.mapping import mk_mapping_arg as mk_mapping_arg
from revdiff.structures.mapping import mk_mapping_val as mk_mapping_val
from revdiff.structures.optional import mk_optional_arg as mk_optional_arg
from revdiff.structures.optional import mk_optional_val as mk_optional_val
from revdiff.structures.optional import optional_arg as optional_arg
from revdiff.structures.optional import optional_val as optional_val
from revdiff.structures.record import mk_record_arg as mk_record_arg
from revdiff.structures.record import mk_record_val as mk_record_val
from revdiff.structures.record import record_arg as record_arg
from revdiff.structures.record import record_val as record_val
from revdiff.structures.scalar import scalar_arg as scalar_arg
from revdiff.structures.scalar import scalar_val as scalar_val
from revdiff.structures.sequence import mk_sequence_arg as mk_sequence_arg
from revdiff.structures.sequence import mk_sequence_val as mk_sequence_val
from revdiff.structures.sequence import sequence_arg as sequence_arg
from revdiff.structures.sequence import sequence_val as sequence_val
from revdiff.structures.tuple import mk_tuple_arg as mk_tuple_arg
from revdiff.structures.tuple import mk_tuple_val as mk_tuple_val
from revdiff.structures.tuple import tuple_arg as tuple_arg
from revdiff.structures.tuple import tuple_val as tuple_val

# isort: split
# Spaces
from revdiff.core.cotangents import add as add
from revdiff.core.cotangents import one_like as one_like
from revdiff.core.cotangents import register_monoid as register_monoid
from revdiff.core.cotangents import zero_like as zero_like

# isort: split
# Structures and paths
from revdiff.core.parts import join as join
from revdiff.core.parts import split as split
from revdiff.core.structure import register_structure as register_structure

# isort: split
# Functions
from revdiff.rules.arithmetic import float_power as float_power
from revdiff.rules.arithmetic import power as power
from revdiff.rules.complex import absolute as absolute
from revdiff.rules.complex import angle as angle
from revdiff.rules.complex import conjugate as conjugate
from revdiff.rules.complex import fabs as fabs
from revdiff.rules.complex import imag as imag
from revdiff.rules.complex import nan_to_num as nan_to_num
from revdiff.rules.complex import real as real
from revdiff.rules.complex import real_if_close as real_if_close
from revdiff.rules.complex import sign as sign
from revdiff.rules.elementary import acos as acos
from revdiff.rules.elementary import acosh as acosh
from revdiff.rules.elementary import asin as asin
from revdiff.rules.elementary import asinh as asinh
from revdiff.rules.elementary import atan as atan
from revdiff.rules.elementary import atan2 as atan2
from revdiff.rules.elementary import atanh as atanh
from revdiff.rules.elementary import cbrt as cbrt
from revdiff.rules.elementary import cos as cos
from revdiff.rules.elementary import cosh as cosh
from revdiff.rules.elementary import deg2rad as deg2rad
from revdiff.rules.elementary import exp as exp
from revdiff.rules.elementary import exp2 as exp2
from revdiff.rules.elementary import expm1 as expm1
from revdiff.rules.elementary import hypot as hypot
from revdiff.rules.elementary import log as log
from revdiff.rules.elementary import log1p as log1p
from revdiff.rules.elementary import log2 as log2
from revdiff.rules.elementary import log10 as log10
from revdiff.rules.elementary import log_base as log_base
from revdiff.rules.elementary import logaddexp as logaddexp
from revdiff.rules.elementary import logaddexp2 as logaddexp2
from revdiff.rules.elementary import rad2deg as rad2deg
from revdiff.rules.elementary import reciprocal as reciprocal
from revdiff.rules.elementary import sigmoid as sigmoid
from revdiff.rules.elementary import sin as sin
from revdiff.rules.elementary import sinh as sinh
from revdiff.rules.elementary import softplus as softplus
from revdiff.rules.elementary import sqrt as sqrt
from revdiff.rules.elementary import square as square
from revdiff.rules.elementary import tan as tan
from revdiff.rules.elementary import tanh as tanh
from revdiff.rules.selection import clip as clip
from revdiff.rules.selection import fmax as fmax
from revdiff.rules.selection import fmin as fmin
from revdiff.rules.selection import maximum as maximum
from revdiff.rules.selection import minimum as minimum
from revdiff.rules.selection import where as where
from revdiff.rules.special import digamma as digamma
from revdiff.rules.special import erf as erf
from revdiff.rules.special import erfc as erfc
from revdiff.rules.special import gamma as gamma
from revdiff.rules.special import lgamma as lgamma
from revdiff.rules.special import polygamma as polygamma
from revdiff.rules.special import sinc as sinc
from revdiff.rules.steps import ceil as ceil
from revdiff.rules.steps import copysign as copysign
from revdiff.rules.steps import floor as floor
from revdiff.rules.steps import fmod as fmod
from revdiff.rules.steps import frexp as frexp
from revdiff.rules.steps import heaviside as heaviside
from revdiff.rules.steps import ldexp as ldexp
from revdiff.rules.steps import modf as modf
from revdiff.rules.steps import remainder as remainder
from revdiff.rules.steps import rint as rint
from revdiff.rules.steps import trunc as trunc
from revdiff.systems import register_number_system as register_number_system

# isort: split
# Errors
from revdiff.core.errors import ArgnumsError as ArgnumsError
from revdiff.core.errors import ArgumentError as ArgumentError
from revdiff.core.errors import AssignmentError as AssignmentError
from revdiff.core.errors import BatchError as BatchError
from revdiff.core.errors import ConvergenceError as ConvergenceError
from revdiff.core.errors import ConversionError as ConversionError
from revdiff.core.errors import InfiniteError as InfiniteError
from revdiff.core.errors import LawError as LawError
from revdiff.core.errors import MismatchError as MismatchError
from revdiff.core.errors import MissingRuleError as MissingRuleError
from revdiff.core.errors import MixedLayersError as MixedLayersError
from revdiff.core.errors import MutatedArrayError as MutatedArrayError
from revdiff.core.errors import ParseError as ParseError
from revdiff.core.errors import PullbackError as PullbackError
from revdiff.core.errors import ResultError as ResultError
from revdiff.core.errors import RevDiffError as RevDiffError
from revdiff.core.errors import StreamEndedError as StreamEndedError
from revdiff.core.errors import UnhashableError as UnhashableError
from revdiff.core.errors import UnknownTypeError as UnknownTypeError
from revdiff.core.errors import UnsupportedValueError as UnsupportedValueError
from revdiff.rules.linalg.degeneracy import DegenerateError as DegenerateError

# Second names, from the ancestors and from the rest of the field.
abs = absolute  # noqa: A001
degrees = rad2deg
radians = deg2rad
derivative = simple_derivative
extend_map = _structure.map_leaves
gradient = scalar_val_derivative
simple_differentiable_func = from_derivative

__version__ = "0.1.0"

# What belongs beside a part of SciPy, once that is imported or met.
_revdiff.ON_PACKAGES["scipy.sparse"] = lambda: _import_module("revdiff.scipy.sparse")
_numpy_protocol.ELSEWHERE["scipy.special"] = "revdiff.scipy.special"


def _at(x: RevDiff) -> _typing.Any:
    """Return the place from which fields and items lead into x: ``r.at[1:3].set(v)``."""
    return _import_module("revdiff.paths").at(x)


RevDiff.at = property(_at)  # type: ignore[attr-defined]


# What SymPy's matrices are, once SymPy's values are met.
def _meet_sympy() -> None:
    _import_module("revdiff.symbolic.matrices.values")


for _registry in (_structure.STRUCTURES, _structure.LEAVES, _cotangents.MONOIDS, _systems.SYSTEMS):
    for _package in ("sympy.core", "sympy.matrices"):
        _registry.register_lazily(_package, _meet_sympy)

# What needs SymPy or SciPy, and what few programs need, is imported when it is first asked for.
if _typing.TYPE_CHECKING:
    # Derivative operators
    from revdiff.checkpoints import checkpoint as checkpoint
    from revdiff.derivatives.elementwise import elementwise_derivative as elementwise_derivative
    from revdiff.derivatives.structured import array_arg_derivative as array_arg_derivative
    from revdiff.derivatives.structured import array_val_derivative as array_val_derivative
    from revdiff.derivatives.structured import (
        finite_support_stream_arg_derivative as finite_support_stream_arg_derivative,
    )
    from revdiff.derivatives.structured import (
        finite_support_stream_val_derivative as finite_support_stream_val_derivative,
    )
    from revdiff.derivatives.structured import mapping_arg_derivative as mapping_arg_derivative
    from revdiff.derivatives.structured import mapping_val_derivative as mapping_val_derivative
    from revdiff.derivatives.structured import optional_arg_derivative as optional_arg_derivative
    from revdiff.derivatives.structured import optional_val_derivative as optional_val_derivative
    from revdiff.derivatives.structured import record_arg_derivative as record_arg_derivative
    from revdiff.derivatives.structured import record_val_derivative as record_val_derivative
    from revdiff.derivatives.structured import sequence_arg_derivative as sequence_arg_derivative
    from revdiff.derivatives.structured import sequence_val_derivative as sequence_val_derivative
    from revdiff.derivatives.structured import stream_arg_derivative as stream_arg_derivative
    from revdiff.derivatives.structured import stream_val_derivative as stream_val_derivative
    from revdiff.derivatives.structured import tuple_arg_derivative as tuple_arg_derivative
    from revdiff.derivatives.structured import tuple_val_derivative as tuple_val_derivative
    from revdiff.derivatives.structured import vector_arg_derivative as vector_arg_derivative
    from revdiff.derivatives.structured import vector_val_derivative as vector_val_derivative
    from revdiff.vectorization import vectorize as vectorize

    # isort: split
    # Descriptors
    from revdiff.structures.finite_support_stream import finite_support_stream_arg as finite_support_stream_arg
    from revdiff.structures.finite_support_stream import finite_support_stream_val as finite_support_stream_val
    from revdiff.structures.finite_support_stream import mk_finite_support_stream_arg as mk_finite_support_stream_arg
    from revdiff.structures.finite_support_stream import mk_finite_support_stream_val as mk_finite_support_stream_val
    from revdiff.structures.stream import mk_stream_arg as mk_stream_arg
    from revdiff.structures.stream import mk_stream_val as mk_stream_val
    from revdiff.structures.stream import stream_arg as stream_arg
    from revdiff.structures.stream import stream_val as stream_val
    from revdiff.structures.vector import mk_vector_arg as mk_vector_arg
    from revdiff.structures.vector import mk_vector_val as mk_vector_val
    from revdiff.structures.vector import vector_arg as vector_arg
    from revdiff.structures.vector import vector_val as vector_val

    # isort: split
    # Spaces
    from revdiff.spaces import cotangent_type as cotangent_type
    from revdiff.spaces import dual_type as dual_type
    from revdiff.spaces import register_dual_type as register_dual_type
    from revdiff.spaces import register_tangent_type as register_tangent_type
    from revdiff.spaces import tangent_type as tangent_type
    from revdiff.streams.finite import FiniteSupportStream as FiniteSupportStream
    from revdiff.streams.stream import Stream as Stream
    from revdiff.structures.manifold import UnitVector as UnitVector
    from revdiff.structures.manifold import register_manifold as register_manifold

    # isort: split
    # Structures and paths
    from revdiff.paths import At as At
    from revdiff.paths import Path as Path
    from revdiff.paths import PathError as PathError
    from revdiff.paths import at as at
    from revdiff.paths import check_iso as check_iso
    from revdiff.paths import over as over
    from revdiff.paths import path as path
    from revdiff.paths import preview as preview
    from revdiff.paths import replace as replace
    from revdiff.paths import set as set  # noqa: A004
    from revdiff.paths import targets as targets
    from revdiff.paths import view as view

    # isort: split
    # Representations
    from revdiff import optics as optics
    from revdiff.optics import Lens as Lens
    from revdiff.optics import from_lens as from_lens
    from revdiff.optics import from_lens_ops as from_lens_ops
    from revdiff.optics import from_profunctor as from_profunctor
    from revdiff.optics import from_van_laarhoven as from_van_laarhoven
    from revdiff.optics import to_lens as to_lens
    from revdiff.optics import to_lens_ops as to_lens_ops
    from revdiff.optics import to_profunctor as to_profunctor
    from revdiff.optics import to_van_laarhoven as to_van_laarhoven

    # isort: split
    # Symbolic
    from revdiff.symbolic import binary_symbolic_func as binary_symbolic_func
    from revdiff.symbolic import from_sympy as from_sympy
    from revdiff.symbolic import from_sympy_derivative as from_sympy_derivative
    from revdiff.symbolic import matrix as matrix
    from revdiff.symbolic import number as number
    from revdiff.symbolic import parse_expression as parse_expression
    from revdiff.symbolic import simplify as simplify
    from revdiff.symbolic import symbolic_func as symbolic_func
    from revdiff.symbolic import to_sympy_derivative as to_sympy_derivative
    from revdiff.symbolic import unary_symbolic_func as unary_symbolic_func
    from revdiff.symbolic import variable as variable

    # isort: split
    # Tracing
    from revdiff import tracing as tracing
    from revdiff.tracing import Event as Event
    from revdiff.tracing import Profile as Profile
    from revdiff.tracing import Trace as Trace
    from revdiff.tracing import Traced as Traced
    from revdiff.tracing import add_trace as add_trace
    from revdiff.tracing import profile as profile
    from revdiff.tracing import shared as shared
    from revdiff.tracing import trace as trace
    from revdiff.tracing import trace_show as trace_show
    from revdiff.tracing import traced as traced
    from revdiff.tracing import untraced as untraced
    from revdiff.tracing import with_trace as with_trace

    # isort: split
    # Pictures
    from revdiff import plotting as plotting
    from revdiff.plotting import Graph as Graph
    from revdiff.plotting import PlotError as PlotError
    from revdiff.plotting import computation_graph as computation_graph
    from revdiff.plotting import expression_graph as expression_graph
    from revdiff.plotting import plot_expr as plot_expr
    from revdiff.plotting import plot_graph as plot_graph
    from revdiff.plotting import to_dot as to_dot

    # isort: split
    # Training and fitting
    from revdiff import optimize as optimize

    # isort: split
    # SciPy
    from revdiff import scipy as scipy

    # isort: split
    # Testing your own functions and types
    from revdiff import testing as testing

_MODULES = ("optics", "optimize", "plotting", "scipy", "testing", "tracing")
_LATER = {
    # Derivative operators
    "revdiff.derivatives.elementwise": ("elementwise_derivative",),
    "revdiff.checkpoints": ("checkpoint",),
    "revdiff.derivatives.structured": (
        "array_arg_derivative", "array_val_derivative", "finite_support_stream_arg_derivative",
        "finite_support_stream_val_derivative", "mapping_arg_derivative", "mapping_val_derivative",
        "optional_arg_derivative", "optional_val_derivative", "record_arg_derivative", "record_val_derivative",
        "sequence_arg_derivative", "sequence_val_derivative", "stream_arg_derivative", "stream_val_derivative",
        "tuple_arg_derivative", "tuple_val_derivative", "vector_arg_derivative", "vector_val_derivative",
    ),
    "revdiff.vectorization": ("vectorize",),
    # Descriptors
    "revdiff.structures.finite_support_stream": (
        "finite_support_stream_arg", "finite_support_stream_val", "mk_finite_support_stream_arg",
        "mk_finite_support_stream_val",
    ),
    "revdiff.structures.stream": ("mk_stream_arg", "mk_stream_val", "stream_arg", "stream_val"),
    "revdiff.structures.vector": ("mk_vector_arg", "mk_vector_val", "vector_arg", "vector_val"),
    # Spaces
    "revdiff.spaces": ("cotangent_type", "dual_type", "register_dual_type", "register_tangent_type", "tangent_type"),
    "revdiff.streams.finite": ("FiniteSupportStream",),
    "revdiff.streams.stream": ("Stream",),
    "revdiff.structures.manifold": ("UnitVector", "register_manifold"),
    # Structures and paths
    "revdiff.paths": (
        "At", "Path", "PathError", "at", "check_iso", "over", "path", "preview", "replace", "set", "targets",
        "view",
    ),
    # Representations
    "revdiff.optics": (
        "Lens", "from_lens", "from_lens_ops", "from_profunctor", "from_van_laarhoven", "to_lens", "to_lens_ops",
        "to_profunctor", "to_van_laarhoven",
    ),
    # Symbolic
    "revdiff.symbolic": (
        "binary_symbolic_func", "from_sympy", "from_sympy_derivative", "matrix", "number", "parse_expression",
        "simplify", "symbolic_func", "to_sympy_derivative", "unary_symbolic_func", "variable",
    ),
    # Tracing
    "revdiff.tracing": (
        "Event", "Profile", "Trace", "Traced", "add_trace", "profile", "shared", "trace", "trace_show", "traced",
        "untraced", "with_trace",
    ),
    # Pictures
    "revdiff.plotting": (
        "Graph", "PlotError", "computation_graph", "expression_graph", "plot_expr", "plot_graph", "to_dot",
    ),
}  # fmt: skip
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> _typing.Any:
    if name in _MODULES:
        return _import_module(f"revdiff.{name}")
    if name not in _HOME:
        msg = f"module 'revdiff' has no attribute {name!r}"
        raise AttributeError(msg, name=name)
    globals()[name] = thing = getattr(_import_module(_HOME[name]), name)
    return thing


def __dir__() -> list[str]:
    # help() gets whatever is listed, also where there is no SciPy.
    names = {name for name, thing in globals().items() if not isinstance(thing, type(_typing))}
    return sorted({*names, *_MODULES, *_HOME})
