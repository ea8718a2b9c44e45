"""Matrix equations: Sylvester's, Lyapunov's, Riccati's.

Imports rules of arrays, of NumPy's matrices, and the operators. Each solution X of F(X, θ) = 0 has the derivative
F_X dX = -F_θ dθ, and so

    X̄  ↦  Λ with F_Xᵀ Λ = X̄,  and then  θ̄ = -F_θᵀ Λ :

one more equation of the same kind, and the pullback of F. Source: V. Simoncini, *Computational methods for linear
matrix equations*, 2016; T.-C. Kao, G. Hennequin, *Automatic differentiation of Sylvester, Lyapunov, and algebraic
Riccati equations*, 2020.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from revdiff.core.revdiff import shape_of
from revdiff.derivatives.gradients import vjp
from revdiff.functions.of_arrays import rule
from revdiff.rules.complex import conjugate
from revdiff.rules.linalg.matrices import adjoint, symmetrized
from revdiff.rules.products import transposed
from revdiff.scipy._namesakes import namesake


@namesake(scipy.linalg.solve_sylvester)
@rule()
def solve_sylvester(a: Any, b: Any, q: Any, /) -> tuple[Any, ...]:
    """Return the solution of A X + X B = Q.     Aᵀ Q̄ + Q̄ Bᵀ = X̄,  Ā = -Q̄ Xᵀ,  B̄ = -Xᵀ Q̄.

    >>> from revdiff import grad
    >>> grad(lambda q: solve_sylvester(np.diag([1.0, 2.0]), np.eye(2), q).sum())(np.ones((2, 2))).round(6)
    array([[0.5     , 0.5     ],
           [0.333333, 0.333333]])
    """
    x = solve_sylvester(a, b, q)

    def q_pullback(x_bar: Any) -> Any:
        return solve_sylvester(transposed(a), transposed(b), x_bar)

    def a_pullback(x_bar: Any) -> Any:
        return -np.matmul(q_pullback(x_bar), transposed(x))

    def b_pullback(x_bar: Any) -> Any:
        return -np.matmul(transposed(x), q_pullback(x_bar))

    return x, a_pullback, b_pullback, q_pullback


@namesake(scipy.linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov(a: Any, q: Any, /) -> Any:
    """Return the solution of A X + X Aᴴ = Q, a Sylvester equation."""
    return solve_sylvester(a, adjoint(a), q)


@namesake(scipy.linalg.solve_discrete_lyapunov)
@rule()
def solve_discrete_lyapunov(a: Any, q: Any, /, method: Any = None) -> tuple[Any, ...]:
    """Return the solution of A X Aᴴ - X + Q = 0.     Q̄ = Aᵀ Q̄ conj(A) + X̄,  Ā = Q̄ conj(A) Xᵀ + Q̄ᴴ conj(A) conj(X)."""
    x = solve_discrete_lyapunov(a, q, method=method)

    def q_pullback(x_bar: Any) -> Any:
        return solve_discrete_lyapunov(transposed(a), x_bar, method=method)

    def a_pullback(x_bar: Any) -> Any:
        q_bar, a_conj = q_pullback(x_bar), conjugate(a)
        return np.matmul(np.matmul(q_bar, a_conj), transposed(x)) + np.matmul(
            np.matmul(adjoint(q_bar), a_conj), conjugate(x)
        )

    return x, a_pullback, q_pullback


@namesake(scipy.linalg.solve_continuous_are)
def solve_continuous_are(a: Any, b: Any, q: Any, r: Any, e: Any, s: Any, /, balanced: bool = True) -> Any:
    """Return the stabilizing solution of Aᴴ X E + Eᴴ X A - Kᴴ R K + Q = 0, with R K = Bᴴ X E + Sᴴ; E = I and S = 0 if None.

    With C = A - B K, the closed loop:  conj(C) Λ Eᵀ + conj(E) Λ Cᵀ = X̄. The cotangents of the Hermitian Q and R are
    those of functions of their Hermitian parts.
    """
    return _riccati(solve_continuous_are, _continuous, (a, b, q, r, e, s), balanced)


@namesake(scipy.linalg.solve_discrete_are)
def solve_discrete_are(a: Any, b: Any, q: Any, r: Any, e: Any, s: Any, /, balanced: bool = True) -> Any:
    """Return the stabilizing solution of Aᴴ X A - Eᴴ X E - Kᴴ (R + Bᴴ X B) K + Q = 0, (R + Bᴴ X B) K = Bᴴ X A + Sᴴ.

    E = I and S = 0 if they are None. With C = A - B K, the closed loop:  conj(C) Λ Cᵀ - conj(E) Λ Eᵀ = X̄. The
    cotangents of the Hermitian Q and R are those of functions of their Hermitian parts.
    """
    return _riccati(solve_discrete_are, _discrete, (a, b, q, r, e, s), balanced)


def _continuous(x: Any, a: Any, b: Any, q: Any, r: Any, e: Any, s: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return what is left of the equation at X, and the map X̄ ↦ Λ."""
    coupling = np.matmul(adjoint(b), np.matmul(x, e)) + adjoint(s)
    gain = np.linalg.solve(r, coupling)
    half = np.matmul(adjoint(a), np.matmul(x, e))

    def multiplier(x_bar: Any) -> Any:
        closed, e_conj = a - np.matmul(b, gain), conjugate(e)
        left = np.linalg.solve(e_conj, conjugate(closed))
        right = transposed(np.linalg.solve(e, closed))
        return solve_sylvester(left, right, _between(e_conj, x_bar, e))

    return half + adjoint(half) - np.matmul(adjoint(coupling), gain) + q, multiplier


def _discrete(x: Any, a: Any, b: Any, q: Any, r: Any, e: Any, s: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return what is left of the equation at X, and the map X̄ ↦ Λ."""
    of_a = np.matmul(x, a)
    coupling = np.matmul(adjoint(b), of_a) + adjoint(s)
    gain = np.linalg.solve(r + np.matmul(adjoint(b), np.matmul(x, b)), coupling)
    remains = np.matmul(adjoint(a), of_a) - np.matmul(adjoint(e), np.matmul(x, e)) - np.matmul(adjoint(coupling), gain)

    def multiplier(x_bar: Any) -> Any:
        e_conj = conjugate(e)
        loop = np.linalg.solve(e_conj, conjugate(a - np.matmul(b, gain)))
        return solve_discrete_lyapunov(loop, -_between(e_conj, x_bar, e))

    return remains + q, multiplier


def _between(left: Any, x: Any, right: Any) -> Any:
    """Return left⁻¹ X right⁻ᵀ."""
    return transposed(np.linalg.solve(right, transposed(np.linalg.solve(left, x))))


def _riccati(
    solver: Callable[..., Any], equation: Callable[..., Any], operands: tuple[Any, ...], balanced: bool
) -> Any:
    a, b, q, r, e, s = operands
    how = solver, equation, e is not None, s is not None, balanced
    return _solution(
        a, b, q, r, np.eye(shape_of(a)[-1]) if e is None else e, np.zeros(shape_of(b)) if s is None else s, how=how
    )


@rule()
def _solution(a: Any, b: Any, q: Any, r: Any, e: Any, s: Any, /, how: Any) -> tuple[Any, ...]:
    solver, equation, has_e, has_s, balanced = how
    q, r = symmetrized(q), symmetrized(r)
    operands = a, b, q, r, e, s
    x = solver(a, b, q, r, e if has_e else None, s if has_s else None, balanced)

    def cotangent_of(i: int) -> Callable[[Any], Any]:
        def pullback(x_bar: Any) -> Any:
            _, multiplier = equation(x, *operands)

            def remains(operand: Any) -> Any:
                return equation(x, *operands[:i], operand, *operands[i + 1 :])[0]

            theta_bar = vjp(remains, operands[i])[1](-multiplier(symmetrized(x_bar)))
            return symmetrized(theta_bar) if i in (2, 3) else theta_bar

        return pullback

    return x, *map(cotangent_of, range(len(operands)))
