"""Linear equations with banded matrices, which are stored as their diagonals: ab[u + i - j, j] = Aᵢⱼ.

Imports rules of arrays, and the eigenvalue problems and Cholesky's factorization of this package. The parameter is the
diagonals, so the cotangent has their shape; what stands in their corners, outside the matrix, has the cotangent 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.matrices import adjoint
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.linalg.solves import solution
from revdiff.scipy.linalg.spectra import hermitian_of


@namesake(scipy.linalg.solve_banded, nested="l_and_u")
def solve_banded(l_and_u: Any, ab: Any, b: Any, /) -> Any:
    """Return the solution of A X = B for a matrix with l diagonals below and u above the main one.

        B̄ = A⁻ᵀ X̄,      āb[u + i - j, j] = -Σₖ B̄ᵢₖ Xⱼₖ

    >>> from revdiff import grad
    >>> ab = np.array([[0.0, 1.0, 1.0], [2.0, 2.0, 2.0], [1.0, 1.0, 0.0]])
    >>> grad(lambda b: solve_banded((1, 1), ab, b)[0])(np.ones(3))        # the first row of the inverse
    array([ 0.75, -0.5 ,  0.25])
    """
    below, above = (int(primal(count)) for count in l_and_u)
    return _banded(ab, b, below=below, above=above)


@rule()
def _banded(ab: Any, b: Any, /, below: int, above: int) -> tuple[Any, ...]:
    offsets = range(above, -below - 1, -1)

    def back(x_bar: Any) -> Any:
        across = np.stack([shifted(ab[..., k, :], offset) for k, offset in enumerate(offsets)][::-1], axis=-2)
        return solve_banded((above, below), across, x_bar)

    def of_entries(left: Any, right: Any) -> Any:
        return np.stack([np.sum(_rows_shifted(left, -offset) * right, axis=-1) for offset in offsets], axis=-2)

    return solution(solve_banded((below, above), ab, b), b, back, of_entries)


def shifted(x: Any, by: int) -> Any:
    """Return yⱼ = xⱼ₊ₖ along the last axis, and 0 where there is none."""
    n = shape_of(x)[-1]
    by = max(-n, min(n, by))
    wide = [(0, 0)] * (len(shape_of(x)) - 1)
    return np.pad(x[..., max(by, 0) : n + min(by, 0)], [*wide, (max(-by, 0), max(by, 0))])


def _rows_shifted(x: Any, by: int) -> Any:
    return np.swapaxes(shifted(np.swapaxes(x, -1, -2), by), -1, -2)


@namesake(scipy.linalg.solveh_banded)
def solveh_banded(ab: Any, b: Any, /, lower: bool = False) -> Any:
    """Return the solution of A X = B for a Hermitian positive definite matrix, of which the upper or lower bands are given.

        B̄ = conj(A)⁻¹ X̄,      āb[k, j] = -Σ (B̄ⱼ₊ₖ Xⱼ + conj(B̄ⱼ Xⱼ₊ₖ)) for the lower bands, and -Σ Re(B̄ⱼ Xⱼ) where k = 0

    A band has the cotangent of a parameter: an element of it stands for two entries of A, which are not told apart.
    """
    return _hermitian_banded(ab, b, lower=bool(lower))


@rule()
def _hermitian_banded(ab: Any, b: Any, /, lower: bool) -> tuple[Any, ...]:
    def of_entries(left: Any, right: Any) -> Any:
        def band(k: int) -> Any:
            if k == 0:
                return np.real(np.sum(left * right, axis=-1))
            below = np.sum(_rows_shifted(left, k) * right + conjugate(left * _rows_shifted(right, k)), axis=-1)
            return below if lower else shifted(conjugate(below), -k)

        bands = [band(k) for k in range(shape_of(ab)[-2])]
        return np.stack(bands if lower else bands[::-1], axis=-2)

    x = solveh_banded(ab, b, lower=lower)
    return solution(x, b, lambda x_bar: solveh_banded(conjugate(ab), x_bar, lower=lower), of_entries)


@namesake(scipy.linalg.cholesky_banded)
def cholesky_banded(ab: Any, /, lower: bool = False) -> Any:
    """Return the bands of the factor of `cholesky`; the corners stay as they are. The derivative takes the whole matrix."""
    factor = np.linalg.cholesky(hermitian_of(ab, lower))
    u, n = shape_of(ab)[-2] - 1, shape_of(ab)[-1]
    band, column = np.indices((u + 1, n))
    row = column + (band if lower else band - u)
    inside = (row >= 0) & (row < n)
    return np.where(inside, (factor if lower else adjoint(factor))[..., np.where(inside, row, 0), column], ab)


@namesake(scipy.linalg.cho_solve_banded, nested="cb_and_lower")
def cho_solve_banded(cb_and_lower: Any, b: Any, /) -> Any:
    """Return the solution of A X = B from the bands that `cholesky_banded` gives, and which triangle they are of."""
    bands, lower = cb_and_lower
    u = shape_of(bands)[-2] - 1
    offsets = range(u, -1, -1) if not lower else range(0, -u - 1, -1)
    across = conjugate(np.stack([shifted(bands[..., k, :], d) for k, d in enumerate(offsets)][::-1], axis=-2))
    if lower:
        return solve_banded((0, u), across, solve_banded((u, 0), bands, b))
    return solve_banded((0, u), bands, solve_banded((u, 0), across, b))
