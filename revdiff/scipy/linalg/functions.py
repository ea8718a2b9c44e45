"""Functions of matrices: the exponential, logarithms, powers, the trigonometric functions, the sign.

Imports rules of arrays, of NumPy's matrices, and the equations of this package. For a power series f the derivative at A
in the direction E is the upper right block of

    f ⎡A E⎤ = ⎡f(A) L(A, E)⎤
      ⎣0 A⎦   ⎣0      f(A) ⎦

(R. Mathias, *A chain rule for matrix functions and applications*, 1996), and since tr(F̄ᵀ L(A, E)) = tr(L(Aᵀ, F̄)ᵀ E), the
pullback is Ā = L(Aᵀ, F̄), a function of a matrix again: there are derivatives of all orders. N. Higham, *Functions of
matrices*, 2008, has the functions that are the solutions of equations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.revdiff import RevDiff, primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.linalg.degeneracy import DegenerateError, rounding
from revdiff.rules.linalg.matrices import Rule, on_diagonal
from revdiff.rules.products import transposed
from revdiff.scipy._namesakes import namesake
from revdiff.scipy.linalg.equations import solve_sylvester


def in_block(f: Callable[[Any], Any], a: Any, e: Any) -> Any:
    """Return f of the matrix of the blocks A, E, 0, A."""
    return f(np.block([[a, e], [np.zeros(shape_of(e), primal(e).dtype), a]]))


@namesake(scipy.linalg.expm)
@rule()
def expm(a: Any, /) -> Rule:
    """Return the exponential I + A + A²/2 + … of a matrix, or of each of a stack.     Ā = L(Aᵀ, F̄).

    >>> from revdiff import grad
    >>> grad(lambda t: expm(t * np.array([[0.0, -1.0], [1.0, 0.0]]))[1, 0])(np.pi)      # sin′(π)
    -1.0
    """

    def expm_pullback(f_bar: Any) -> Any:
        return expm_frechet(transposed(a), f_bar, compute_expm=False)

    return expm(a), expm_pullback


@namesake(scipy.linalg.expm_frechet)
def expm_frechet(a: Any, e: Any, /, compute_expm: bool = True) -> Any:
    """Return exp(A) and L(A, E), or L(A, E) alone with ``compute_expm=False``, by the block matrix above."""
    n = shape_of(a)[-1]
    derivative = in_block(expm, a, e)[..., :n, n:]
    return (expm(a), derivative) if compute_expm else derivative


@namesake(scipy.linalg.logm)
def logm(a: Any, /) -> Any:
    """Return the principal logarithm of a matrix.     Ā = L(Aᵀ, F̄).

    An eigenvalue 0 has no logarithm, and at the negative half of the real axis the logarithm jumps: `DegenerateError`.
    A single negative eigenvalue of a real matrix is no harm, because it stays real.
    """
    return _logm(a, is_block=False)


@rule()
def _logm(a: Any, /, is_block: bool) -> Rule:
    f = _logm(a, is_block=is_block) if type(a) is RevDiff else scipy.linalg.logm(a)

    def logm_pullback(f_bar: Any) -> Any:
        return _derivative(lambda block: _logm(block, is_block=True), a, f, f_bar, is_block)

    return f, logm_pullback


@namesake(scipy.linalg.fractional_matrix_power)
def fractional_matrix_power(a: Any, t: Any, /) -> Any:
    """Return the principal power Aᵗ = exp(t log A) for a real t.     Ā = L(Aᵀ, F̄),  t̄ = tr(F̄ᵀ log(A) Aᵗ).

    A whole number t is an ordinary power. For others, `DegenerateError` as for `logm`.
    """
    if type(t) is not RevDiff and float(t).is_integer():
        return np.linalg.matrix_power(a, int(t))
    return _power(a, t, is_block=False)


@rule()
def _power(a: Any, t: Any, /, is_block: bool) -> tuple[Any, ...]:
    is_plain = type(a) is not RevDiff and type(t) is not RevDiff
    f = scipy.linalg.fractional_matrix_power(a, t) if is_plain else _power(a, t, is_block=is_block)

    def a_pullback(f_bar: Any) -> Any:
        return _derivative(lambda block: _power(block, t, is_block=True), a, f, f_bar, is_block)

    def t_pullback(f_bar: Any) -> Any:
        return np.sum(f_bar * np.matmul(_logm(a, is_block=is_block), f))

    return f, a_pullback, t_pullback


def _derivative(f: Callable[[Any], Any], a: Any, y: Any, y_bar: Any, is_block: bool) -> Any:
    """Return L(Aᵀ, Ȳ) of a function with a branch cut, after a look at f(Aᵀ), which the block matrix gives too.

    In a block matrix every eigenvalue is there twice, and that is no harm if it is none to the matrix that it is made of.
    """
    if not is_block:
        _require_off_the_cut(primal(a))
    n = shape_of(a)[-1]
    of_block = in_block(f, transposed(a), y_bar)
    plain, block = primal(transposed(y)), primal(of_block)
    tolerance = np.finfo(plain.dtype).eps ** 0.25 * np.max(np.abs(plain), axis=(-2, -1), keepdims=True, initial=0)
    for corner in (block[..., :n, :n], block[..., n:, n:]):
        if not np.all(np.abs(corner - plain) <= tolerance):
            raise _jumps()
    return of_block[..., :n, n:]


def _require_off_the_cut(a: Any) -> None:
    """Raise an error where logarithms and roots of matrices near a are not near those of a.

    A single negative eigenvalue of a real matrix stays real while the matrix does. Two that are equal may become a pair.
    """
    eigenvalues, s = np.linalg.eigvals(a), np.linalg.svd(a, compute_uv=False)
    n, eps = a.shape[-1], np.finfo(s.dtype).eps
    near = 100 * n * eps if np.iscomplexobj(a) else np.sqrt(eps)
    is_on_cut = (eigenvalues.real < 0) & (np.abs(eigenvalues.imag) <= near * np.abs(eigenvalues))
    if not np.iscomplexobj(a):
        distance = np.where(on_diagonal(n), np.inf, np.abs(eigenvalues[..., :, None] - eigenvalues[..., None, :]))
        is_on_cut &= np.min(distance, axis=-1, initial=np.inf) <= np.sqrt(eps) * np.max(s, axis=-1, keepdims=True)
    if np.any(is_on_cut) or np.any(s <= rounding(s, n)):
        raise _jumps()


def _jumps() -> DegenerateError:
    return DegenerateError(
        "this function of matrices has no derivative here: an eigenvalue is 0, or negative and real, where it jumps.\n"
        "  A real matrix may have negative eigenvalues, but no two that are equal."
    )


@namesake(scipy.linalg.sqrtm)
@rule()
def sqrtm(a: Any, /) -> Rule:
    """Return the principal square root X of a matrix, X X = A.     Xᵀ Ā + Ā Xᵀ = X̄.

    From dX X + X dX = dA, a Sylvester equation. `DegenerateError` as for `logm`.

    >>> from revdiff import grad
    >>> grad(lambda a: np.trace(sqrtm(a)))(np.diag([4.0, 9.0])).round(6)        # half of the inverse of the root
    array([[0.25    , 0.      ],
           [0.      , 0.166667]])
    """
    x = sqrtm(a)

    def sqrtm_pullback(x_bar: Any) -> Any:
        _require_off_the_cut(primal(a))
        root = transposed(x)
        return solve_sylvester(root, root, x_bar)

    return x, sqrtm_pullback


@namesake(scipy.linalg.signm)
@rule()
def signm(a: Any, /) -> Rule:
    """Return the matrix S with the eigenvectors of A and the signs of its eigenvalues' real parts.

    Nᵀ Y + Y Nᵀ = S̄ with N = A S, the root of A², and Ā = Y - Sᵀ Y Sᵀ.  From N dS + dS N = dA - S dA S
    (C. Kenney, A. Laub, *Polar decomposition and matrix sign function condition estimates*, 1991).
    """
    s = signm(a)

    def signm_pullback(s_bar: Any) -> Any:
        root, st = transposed(np.matmul(a, s)), transposed(s)
        y = solve_sylvester(root, root, s_bar)
        return y - np.matmul(np.matmul(st, y), st)

    return s, signm_pullback


@namesake(scipy.linalg.cosm)
def cosm(a: Any, /) -> Any:
    """Return the cosine of a matrix, (exp(iA) + exp(-iA))/2."""
    return (expm(1j * a) + expm(-1j * a)) / 2 if _is_complex(a) else np.real(expm(1j * a))


@namesake(scipy.linalg.sinm)
def sinm(a: Any, /) -> Any:
    """Return the sine of a matrix, (exp(iA) - exp(-iA))/2i."""
    return (expm(1j * a) - expm(-1j * a)) / 2j if _is_complex(a) else np.imag(expm(1j * a))


@namesake(scipy.linalg.tanm)
def tanm(a: Any, /) -> Any:
    """Return the tangent of a matrix, cos(A)⁻¹ sin(A)."""
    return np.linalg.solve(cosm(a), sinm(a))


@namesake(scipy.linalg.coshm)
def coshm(a: Any, /) -> Any:
    """Return the hyperbolic cosine of a matrix, (exp(A) + exp(-A))/2."""
    return (expm(a) + expm(-a)) / 2


@namesake(scipy.linalg.sinhm)
def sinhm(a: Any, /) -> Any:
    """Return the hyperbolic sine of a matrix, (exp(A) - exp(-A))/2."""
    return (expm(a) - expm(-a)) / 2


@namesake(scipy.linalg.tanhm)
def tanhm(a: Any, /) -> Any:
    """Return the hyperbolic tangent of a matrix, cosh(A)⁻¹ sinh(A)."""
    return np.linalg.solve(coshm(a), sinhm(a))


def _is_complex(a: Any) -> bool:
    return np.iscomplexobj(primal(a))
