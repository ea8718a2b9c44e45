"""Rules for numpy.linalg: inverses, factorizations, spectra, norms, of single matrices and of stacks."""

from revdiff.rules.linalg import (  # noqa: F401
    determinants,
    factorizations,
    inverses,
    namesakes,
    norms,
    singular_values,
    solves,
    spectra,
)
