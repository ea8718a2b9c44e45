"""Rules for numpy.linalg: inverses, factorizations, spectra, norms, of single matrices and of stacks."""

from revdiff.rules.linalg import (
    determinants,
    factorizations,
    inverses,
    namesakes,
    norms,
    singular_values,
    solves,
    spectra,
)

__all__ = [
    "determinants",
    "factorizations",
    "inverses",
    "namesakes",
    "norms",
    "singular_values",
    "solves",
    "spectra",
]
