"""Functions that have derivatives: what makes them, of a row of mathematics or of a function of arrays."""

from revdiff.functions.elementwise import binary as binary
from revdiff.functions.elementwise import unary as unary
from revdiff.functions.of_arrays import rule as rule
