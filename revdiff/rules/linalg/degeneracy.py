"""Values that are equal, or zero, to rounding, and what has a derivative there.

Imports rules of arrays and the errors. Eigenvectors and singular vectors turn by what a cotangent asks,
divided by the differences of the values. Vectors of equal values may be turned among each other at will, so

    a function that does not depend on how they are turned asks for 0 there, and 0/0 is taken to be 0;
    any other function has no derivative, and `DegenerateError` says so.

A cotangent does not tell how a function of vectors *and* values goes on where equal values part: in V f(Λ) Vᴴ
the limit of 0/0 is not 0. Where both are used, less is therefore allowed: among equal values and their vectors,
the cotangent must be that of a function to which they are all the same. One case passes unseen. Where f(λ) is 0,
V f(Λ) Vᴴ may ask for nothing at all, just as a function does that leaves these vectors unused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.core.errors import RevDiffError
from revdiff.core.revdiff import primal
from revdiff.functions.of_arrays import rule
from revdiff.rules.linalg.matrices import Rule, on_diagonal


class DegenerateError(RevDiffError, np.linalg.LinAlgError):
    """A factor of a matrix was differentiated where it is not a smooth function of the matrix."""

    @classmethod
    def of_vectors(cls, vectors: str, values: str) -> DegenerateError:
        """Return the error for a function that depends on which vectors of equal values were chosen."""
        return cls(
            f"some {values} are equal, and any basis of the space of their {vectors} would do: this derivative "
            "depends on the basis, or on how the values part.\n"
            f"  Without such a choice are:   symmetric functions of the {values}, projections on whole spaces\n"
            "  For a function of a matrix:  write it with products, powers and inverses of the matrix"
        )

    @classmethod
    def of_phase(cls, vectors: str) -> DegenerateError:
        """Return the error for a function that depends on the phases of complex vectors."""
        return cls(
            f"complex {vectors} are defined up to factors of modulus 1, and this derivative depends on those.\n"
            "  Write a function that does not: of abs(v), or of products like v @ conj(v).T"
        )

    @classmethod
    def of_defective(cls) -> DegenerateError:
        """Return the error for a matrix without enough eigenvectors."""
        return cls(
            "this matrix is defective: it has fewer eigenvectors than rows, and its eigenvalues have no derivative.\n"
            "  For symmetric functions of them:  numpy.linalg.det(a), numpy.trace(a), traces of powers of a"
        )

    @classmethod
    def of_columns(cls) -> DegenerateError:
        """Return the error for a matrix whose columns depend on each other."""
        return cls(
            "numpy.linalg.qr has no derivative here: the leading columns of the matrix depend on each other, "
            "and its factors are not unique."
        )


def rounding(values: Any, n: int) -> Any:
    """Return how far apart values may be and still be equal: n units of rounding of the largest, and 10 at least."""
    plain = np.abs(primal(values))
    return max(n, 10) * np.finfo(plain.dtype).eps * np.max(plain, axis=-1, keepdims=True, initial=0)


def equal(values: Any, n: int) -> Any:
    """Return the mask of pairs of values that are equal to rounding, each of them and itself among them."""
    plain = primal(values)
    return np.abs(plain[..., None, :] - plain[..., :, None]) <= rounding(plain, n)[..., None]


def gaps(values: Any) -> Any:
    """Return the differences valueⱼ - valueᵢ."""
    return values[..., None, :] - values[..., :, None]


def size(*arrays: Any) -> Any:
    """Return the largest modulus in matrices that belong together: rounding errors are small beside it."""
    return np.max([np.max(np.abs(primal(a)), axis=(-2, -1), keepdims=True, initial=0) for a in arrays], axis=0)


def require_none(x: Any, where: Any, beside: Any, error: DegenerateError) -> None:
    """Raise an error unless x is zero under a mask, to rounding beside a size.

    A cotangent may be nothing but rounding errors, of sums that cancel. Those are small beside 1.
    """
    x = np.abs(primal(x))
    eps = np.finfo(x.dtype).eps
    if np.any(where & (x > np.maximum(eps ** (2 / 3) * beside, 100 * eps))):
        raise error


def require_independent(columns: Any, error: DegenerateError) -> None:
    """Raise an error where the columns of a plain matrix depend on each other, to rounding."""
    s = np.linalg.svd(columns, compute_uv=False)
    if np.any(s <= rounding(s, s.shape[-1])):
        raise error


def require_alike(values_bar: Any, same: Any, error: DegenerateError) -> None:
    """Raise an error unless the cotangents of equal values are equal."""
    require_none(gaps(primal(values_bar)), same, size(primal(values_bar)[..., None]), error)


def between(same: Any) -> Any:
    """Return a mask of pairs without those of each and itself."""
    return same & ~on_diagonal(same.shape[-1])


def divided(x: Any, by: Any, dead: Any, *, strictly: tuple[str, str] | None = None) -> Any:
    """Return x / by, and 0 under a mask, where x is 0.

    ``strictly`` asks the same of cotangents, which are tangents there. A tangent with numbers under the mask
    makes equal values part. That is of no consequence to a function of vectors alone, or of values alone;
    what it means to a function of both, which are named, nobody knows.
    """
    quotient = np.where(dead, 0, x / np.where(dead, 1, by))
    return quotient if strictly is None else _undivided(quotient, dead=dead, names=strictly)


@rule()
def _undivided(x: Any, /, *, dead: Any, names: tuple[str, str]) -> Rule:
    def undivided_pullback(x_bar: Any) -> Any:
        require_none(x_bar, dead, size(x_bar), DegenerateError.of_vectors(*names))
        return _undivided(x_bar, dead=dead, names=names)

    return x, undivided_pullback
