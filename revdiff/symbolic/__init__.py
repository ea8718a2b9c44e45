"""Working with SymPy: symbols, functions known by name only, expressions as functions, formulas from text."""

from revdiff.symbolic.evaluation.evaluate import from_sympy as from_sympy
from revdiff.symbolic.expressions import number as number
from revdiff.symbolic.expressions import simplify as simplify
from revdiff.symbolic.expressions import variable as variable
from revdiff.symbolic.functions import binary_symbolic_func as binary_symbolic_func
from revdiff.symbolic.functions import symbolic_func as symbolic_func
from revdiff.symbolic.functions import unary_symbolic_func as unary_symbolic_func
from revdiff.symbolic.matrices.matrix import matrix as matrix
from revdiff.symbolic.notation import from_sympy_derivative as from_sympy_derivative
from revdiff.symbolic.notation import to_sympy_derivative as to_sympy_derivative
from revdiff.symbolic.text.parse import parse_expression as parse_expression
