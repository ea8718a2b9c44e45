"""Eigenvalues, eigenvectors, singular values, and what is made of them.

Imports the rules of NumPy's matrices, and solves. Vectors are those of SciPy's routine: NumPy's, times a constant
unitary matrix that is diagonal where all values are distinct. Where values are equal, `DegenerateError` and the
conventions are NumPy's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.revdiff import primal, shape_of
from revdiff.rules.linalg.degeneracy import equal
from revdiff.rules.linalg.matrices import adjoint, hermitian_part
from revdiff.rules.shape import astype
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.linalg.solves import solve_triangular
from revdiff.scipy.linalg.special_matrices import diagonal


def turned_like(vectors: Any, like: Any, values: Any) -> Any:
    """Return vectors in the basis of others, which span the same spaces of equal values.

    To which of the spaces one of the others belongs is seen from where most of it is: its own value may be rounded otherwise.
    """
    plain = primal(vectors)
    turn = np.matmul(adjoint(plain), like)
    spaces = equal(primal(values), shape_of(values)[-1])
    mask = np.take_along_axis(spaces, np.argmax(np.abs(turn), axis=-2)[..., None, :], axis=-1)
    return np.matmul(vectors, np.where(mask, turn, 0).astype(plain.dtype))


def chosen(values: Any, some: Any) -> Any:
    """Return those of ascending eigenvalues that SciPy gave, a run of them."""
    n, k = shape_of(values)[-1], some.shape[-1]
    if k in (0, n):
        return values[..., :k]
    first = np.argmin(np.abs(primal(values) - some[..., :1]), axis=-1)
    return np.take_along_axis(values, np.minimum(first, n - k)[..., None] + np.arange(k), axis=-1)


@namesake(scipy.linalg.eigh)
def eigh(
    a: Any, b: Any, /, lower: bool = True, eigvals_only: bool = False, type: int = 1, **settings: Any  # noqa: A002 (SciPy's name)
) -> Any:  # fmt: skip
    """Return eigenvalues and eigenvectors of a Hermitian matrix, or of A v = λ B v with a positive definite B.

    With B = L Lᴴ that is the problem of the matrix L⁻¹ A L⁻ᴴ, with ``type=2``, A B v = λ v, and 3, B A v = λ v, that of
    Lᴴ A L. The pullbacks are those of `numpy.linalg.eigh` and `numpy.linalg.cholesky`: one triangle is read, and
    cotangents are Hermitian. Derivatives of a subset are those of all, with what was left out held as 0.

    >>> from revdiff import grad
    >>> b = np.array([[2.0, 0.0], [0.0, 1.0]])
    >>> grad(lambda a: eigh(a, b, eigvals_only=True)[0])(np.diag([2.0, 3.0]))        # λ = a₁₁/b₁₁
    array([[0.5, 0. ],
           [0. , 0. ]])
    """
    matrix = hermitian_part(a if lower else adjoint(a))
    factor = None if b is None else np.linalg.cholesky(b if lower else adjoint(b))
    if factor is not None and type == 1:
        matrix = _divided_by(factor, matrix)
    elif factor is not None:
        matrix = np.matmul(np.matmul(adjoint(factor), matrix), factor)
    w, y = np.linalg.eigh(matrix)
    its_w, its_v = scipy.linalg.eigh(primal(a), primal(b), lower=lower, type=type, **settings)
    if eigvals_only:
        return chosen(w, its_w)
    if factor is None:
        return chosen(w, its_w), turned_like(y, its_v, w)
    plain = primal(factor)
    its_y = np.linalg.solve(plain, its_v) if type == 3 else np.matmul(adjoint(plain), its_v)
    y = turned_like(y, its_y, w)
    v = np.matmul(factor, y) if type == 3 else solve_triangular(factor, y, lower=True, trans="C")
    return chosen(w, its_w), v


def _divided_by(factor: Any, a: Any) -> Any:
    """Return L⁻¹ A L⁻ᴴ of a Hermitian A."""
    return solve_triangular(factor, adjoint(solve_triangular(factor, a, lower=True)), lower=True)


@namesake(scipy.linalg.eigvalsh)
def eigvalsh(a: Any, b: Any, /, **options: Any) -> Any:
    """Return the eigenvalues that `eigh` returns."""
    return eigh(a, b, eigvals_only=True, **options)


@namesake(scipy.linalg.eigh_tridiagonal)
def eigh_tridiagonal(d: Any, e: Any, /, eigvals_only: bool = False, **how: Any) -> Any:
    """Return eigenvalues and eigenvectors of the symmetric matrix with d on its diagonal and e beside it."""
    beside, wide = diagonal(e), [(0, 0)] * (len(shape_of(d)) - 1)
    matrix = diagonal(d) + np.pad(beside, [*wide, (0, 1), (1, 0)]) + np.pad(beside, [*wide, (1, 0), (0, 1)])
    return _of_dense(matrix, eigvals_only, scipy.linalg.eigh_tridiagonal(primal(d), primal(e), **how))


@namesake(scipy.linalg.eigvalsh_tridiagonal)
def eigvalsh_tridiagonal(d: Any, e: Any, /, **options: Any) -> Any:
    """Return the eigenvalues that `eigh_tridiagonal` returns."""
    return eigh_tridiagonal(d, e, eigvals_only=True, **options)


@namesake(scipy.linalg.eig_banded)
def eig_banded(a_band: Any, /, lower: bool = False, eigvals_only: bool = False, **how: Any) -> Any:
    """Return eigenvalues and eigenvectors of a Hermitian matrix that is given by its bands, as for `solveh_banded`."""
    its = scipy.linalg.eig_banded(primal(a_band), lower=lower, **how)
    return _of_dense(hermitian_of(a_band, lower), eigvals_only, its)


@namesake(scipy.linalg.eigvals_banded)
def eigvals_banded(a_band: Any, /, **options: Any) -> Any:
    """Return the eigenvalues that `eig_banded` returns."""
    return eig_banded(a_band, eigvals_only=True, **options)


def _of_dense(matrix: Any, eigvals_only: bool, its: Any) -> Any:
    w, v = np.linalg.eigh(matrix)
    its_w, its_v = its
    return chosen(w, its_w) if eigvals_only else (chosen(w, its_w), turned_like(v, its_v, w))


def hermitian_of(bands: Any, lower: bool) -> Any:
    """Return the Hermitian matrix with these bands: below the diagonal, or above it."""
    u, n = shape_of(bands)[-2] - 1, shape_of(bands)[-1]
    i, j = np.indices((n, n))
    distance = abs(i - j)
    near = np.minimum(distance, u)
    entries = bands[..., near, np.minimum(i, j)] if lower else bands[..., u - near, np.maximum(i, j)]
    mirrored = np.where((i < j) if lower else (i > j), np.conjugate(entries), entries)
    return np.where(distance == 0, np.real(mirrored), np.where(distance <= u, mirrored, 0))


@namesake(scipy.linalg.eig)
def eig(a: Any, /, right: bool = True) -> Any:
    """Return the eigenvalues, as complex numbers, and eigenvectors of any square matrix; see `numpy.linalg.eig`."""
    w, v = np.linalg.eig(a)
    if not np.iscomplexobj(primal(a)) and not np.any(np.imag(primal(w))):
        v = np.real(v)  # as SciPy's; since NumPy 2.5 its own are always complex
    values = astype(w, np.result_type(primal(w), np.complex64))
    return (values, v) if right else values


@namesake(scipy.linalg.eigvals)
def eigvals(a: Any, /) -> Any:
    """Return the eigenvalues of any square matrix, as complex numbers.     Ā = V⁻ᵀ diag(λ̄) Vᵀ."""
    return eig(a, right=False)


@namesake(scipy.linalg.svd)
def svd(a: Any, /, full_matrices: bool = True, compute_uv: bool = True, lapack_driver: str = "gesdd") -> Any:
    """Return the singular value decomposition A = U diag(s) Vᴴ, or s alone with ``compute_uv=False``.

    The pullback is that of `numpy.linalg.svd`.
    """
    if not compute_uv:
        return np.linalg.svd(a, compute_uv=False)
    u, s, vh = np.linalg.svd(a, full_matrices)
    its_u, _, its_vh = scipy.linalg.svd(primal(a), full_matrices, lapack_driver=lapack_driver)
    return _like_svd(u, its_u, s), s, adjoint(_like_svd(adjoint(vh), adjoint(its_vh), s))


def _like_svd(vectors: Any, like: Any, s: Any) -> Any:
    """Return singular vectors turned like others. Those without a value have the value 0."""
    plain = primal(s)
    missing = like.shape[-1] - plain.shape[-1]
    values = np.concatenate([plain, np.zeros((*plain.shape[:-1], missing), plain.dtype)], axis=-1)
    return turned_like(vectors, like, values)


@namesake(scipy.linalg.svdvals)
def svdvals(a: Any, /) -> Any:
    """Return the singular values.     Ā = conj(U) diag(s̄) conj(Vᴴ)."""
    return np.linalg.svd(a, compute_uv=False)


@namesake(scipy.linalg.norm)
def norm(a: Any, /, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (SciPy's name)
    """Return the norm of a vector or a matrix. Its corners are those of `numpy.linalg.norm`."""
    return np.linalg.norm(a, ord, axis, keepdims)


@namesake(scipy.linalg.subspace_angles)
def subspace_angles(a: Any, b: Any, /) -> Any:
    """Return the angles between the spaces of the columns of A and B, which must be linearly independent.

    Their cosines are the singular values of Q_Aᴴ Q_B, their sines those of Q_B - Q_A Q_Aᴴ Q_B; each angle is taken from
    the smaller of the two (A. Knyazev, M. Argentati, *Principal angles between subspaces*, 2002).
    """
    first, second = (np.linalg.qr(x)[0] for x in (a, b))
    if shape_of(first)[-1] < shape_of(second)[-1]:
        first, second = second, first
    shared = np.matmul(adjoint(first), second)
    cosines = np.linalg.svd(shared, compute_uv=False)[..., ::-1]
    sines = np.linalg.svd(second - np.matmul(first, shared), compute_uv=False)
    is_small = primal(cosines) ** 2 >= 0.5
    of_sines = np.arcsin(np.where(is_small, sines, 0))
    return np.where(is_small, of_sines, np.arccos(np.where(is_small, 0, cosines)))
