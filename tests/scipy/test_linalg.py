"""Linear algebra of SciPy's: every function, real and complex, with its options, to several orders."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import scipy.linalg

import revdiff
from revdiff import MissingRuleError, grad, init_diff, jacobian, vjp
from revdiff.rules.linalg.degeneracy import DegenerateError
from revdiff.scipy import linalg
from tests.oracles import assert_dtypes_are_kept
from tests.rules.linalg.matrices import BOTH, adjoint, hermitian, random, regular
from tests.scipy.battery import SCIPY, assert_derivatives, case, each, part

BATCHES = SCIPY >= (1, 17)


def h(a):
    """Return the Hermitian part, by functions that RevDiffs go through."""
    return (a + np.conj(np.swapaxes(a, -1, -2))) / 2


def positive(a):
    """Return a aᴴ."""
    return np.matmul(a, np.conj(np.swapaxes(a, -1, -2)))


def projections(v):
    """Return a matrix that does not depend on the signs of the columns of v."""
    return np.matmul(v * np.arange(1.0, v.shape[-1] + 1) ** 2, np.conj(np.swapaxes(v, -1, -2)))


def real_row(ab, i):
    """Return bands with a real row."""
    return np.concatenate([ab[:i], np.real(ab[i : i + 1]), ab[i + 1 :]])


def of_matrices(dtype):
    """Return the functions of a square matrix."""
    a, b = regular(3, 3, dtype=dtype), random(3, 3, dtype=dtype) / 3
    names = ["expm", "logm", "sqrtm", "signm", "cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm"]
    yield from (case(name, getattr(linalg, name), a) for name in names)
    yield case("expm to order 3", linalg.expm, a / 2, order=3)
    yield case("sqrtm to order 3", linalg.sqrtm, a, order=3)
    yield case("signm of both signs", linalg.signm, a - 2.1 * np.eye(3) + 3 * b)
    yield case("expm_frechet", part(linalg.expm_frechet, 1), a, b)
    yield case("fractional_matrix_power", linalg.fractional_matrix_power, a, 0.3)
    yield case("det", linalg.det, a)
    yield case("det of a singular matrix", linalg.det, np.outer(a[0], b[1]))
    yield case("pinv", linalg.pinv, random(4, 3, dtype=dtype))
    yield case("pinv with rank", part(partial(linalg.pinv, return_rank=True), 0), random(4, 3, dtype=dtype))
    yield case("pinv with a bound", partial(linalg.pinv, rtol=1e-9), random(4, 3, dtype=dtype))
    yield case("pinvh", lambda a: linalg.pinvh(h(a), lower=False, atol=1e-9), a)
    for order in (None, 1, 2, "nuc", "fro", np.inf):
        yield case(f"norm {order}", partial(linalg.norm, ord=order), random(4, 3, dtype=dtype))
    if BATCHES and dtype is float:
        stack = np.stack([a, a + b / 4])
        yield from (
            case(f"{name} of a stack", getattr(linalg, name), stack, order=1) for name in names if name != "tanm"
        )


def of_equations(dtype):
    """Return the solutions of linear and of matrix equations."""
    a, b = regular(3, 3, dtype=dtype), random(3, 3, dtype=dtype)
    for right in (b, b[0])[: 2 if dtype is float else 1]:
        yield case(f"solve {right.ndim}", linalg.solve, a, right, order=3)
        for lower in (False, True):
            structures = ("upper triangular", "lower triangular", "diagonal", "tridiagonal", "banded")
            for assumed in ("gen", *(structures if SCIPY >= (1, 15) else ())):
                f = partial(linalg.solve, lower=lower, assume_a=assumed)
                yield case(f"solve {assumed} {lower} {right.ndim}", f, a, right, order=right.ndim)
            for assumed in ("her", "pos"):
                f = lambda a, b, o=assumed, w=lower: linalg.solve(h(a), b, assume_a=o, lower=w)
                yield case(f"solve {assumed} {lower} {right.ndim}", f, a, right, order=right.ndim)
            f = lambda a, b, w=lower: linalg.solve((a + a.T) / 2, b, assume_a="sym", lower=w)
            yield case(f"solve sym {lower} {right.ndim}", f, a, right)
        for trans in (0, "T", 2):
            for lower in (False, True):
                for unit in (False, True):
                    f = partial(linalg.solve_triangular, trans=trans, lower=lower, unit_diagonal=unit)
                    yield case(f"solve_triangular {trans} {lower} {unit} {right.ndim}", f, a, right, order=right.ndim)
            code = 1 if trans == "T" else trans
            f = lambda a, b, t=code: linalg.lu_solve(linalg.lu_factor(a), b, trans=t)
            yield case(f"lu_solve {trans} {right.ndim}", f, b, right + 1)
        for lower in (False, True):
            f = lambda a, b, w=lower: linalg.cho_solve(linalg.cho_factor(positive(a), lower=w), b)
            yield case(f"cho_solve {lower} {right.ndim}", f, a, right)
        for bands in ((1, 1), (2, 1), (0, 2), (1, 0), (0, 0), (1, 3)):
            ab = random(sum(bands) + 1, 5, dtype=dtype)
            ab[bands[1]] += 5
            five = random(5, 2, dtype=dtype)[:, 0 if right.ndim == 1 else slice(None)]
            yield case(
                f"solve_banded {bands} {right.ndim}", partial(linalg.solve_banded, bands), ab, five, order=right.ndim
            )
        for lower in (False, True):
            ab = np.concatenate([np.full((1, 4), 4.0), random(2, 4, dtype=dtype)])[:: 1 if lower else -1] / 2
            four, i = random(4, 2, dtype=dtype)[:, 0 if right.ndim == 1 else slice(None)], 0 if lower else 2
            f = lambda ab, b, w=lower, i=i: linalg.solveh_banded(real_row(ab, i), b, lower=w)
            yield case(f"solveh_banded {lower} {right.ndim}", f, ab, four)
            f = lambda ab, b, w=lower, i=i: linalg.cho_solve_banded(
                (linalg.cholesky_banded(real_row(ab, i), lower=w), w), b
            )
            yield case(f"cho_solve_banded {lower} {right.ndim}", f, ab, four)
        yield case(
            f"solve_toeplitz {right.ndim}", lambda c, r, b: linalg.solve_toeplitz((c, r), b), a[0] + 1, b[0], right
        )
        yield case(f"solve_toeplitz column {right.ndim}", linalg.solve_toeplitz, a[0] + 1, right)
    if dtype is float:
        yield case("solve transposed", partial(linalg.solve, transposed=True), a, b)
    yield case("inv", linalg.inv, a)
    yield case("solve_circulant", linalg.solve_circulant, a[0], b)
    yield case("matmul_toeplitz", lambda c, r, x: linalg.matmul_toeplitz((c, r), x), a[0], b[0], b)
    for i in (0, 1, 3):
        f = lambda a, b, i=i: (
            np.real(linalg.lstsq(a, b)[i]) if i == 1 else linalg.lstsq(a, b)[i]
        )  # complex since SciPy 1.18
        yield case(f"lstsq {i}", f, random(4, 2, dtype=dtype), random(4, dtype=dtype))
    yield case("solve_sylvester", linalg.solve_sylvester, a, a + b / 3, b, order=3)
    yield case("solve_continuous_lyapunov", linalg.solve_continuous_lyapunov, a, b)
    for method in ("direct", "bilinear", None):
        f = partial(linalg.solve_discrete_lyapunov, method=method)
        yield case(f"solve_discrete_lyapunov {method}", f, a / 3, b)
    c, q, r = b[:, :2] / 3, np.eye(3) + h(b) / 12, 2 * np.eye(2) + h(b[:2, :2]) / 24
    e, s = np.eye(3) + b / 12, b[:, 1:] / 12
    for name in ("solve_continuous_are", "solve_discrete_are"):
        f = getattr(linalg, name)
        yield case(name, lambda a, b, q, r, f=f: f(a, b, h(q), h(r)), a / 3, c, q, r)
        yield case(
            f"{name} e s", lambda a, b, q, r, e, s, f=f: f(a, b, h(q), h(r), e, s), a / 3, c, q, r, e, s, order=1
        )
    if BATCHES:
        yield case("solve a stack", linalg.solve, np.stack([a, b + 2 * a]), b[0])
        yield case("solve_triangular of a stack", linalg.solve_triangular, np.stack([a, b + 2 * a]), b)


def of_factors(dtype):
    """Return the factorizations and the spectra."""
    a, b = regular(3, 3, dtype=dtype), random(3, 3, dtype=dtype)
    shapes = {"square": b, "tall": random(4, 3, dtype=dtype), "wide": random(3, 4, dtype=dtype)}
    for lower in (False, True):
        yield case(f"cholesky {lower}", lambda a, w=lower: linalg.cholesky(positive(a), lower=w), a)
        yield case(f"cho_factor {lower}", lambda a, w=lower: linalg.cho_factor(positive(a), lower=w)[0], a)
        ab = np.concatenate([np.full((1, 4), 4.0), random(2, 4, dtype=dtype)])[:: 1 if lower else -1] / 2
        i = 0 if lower else 2
        yield case(
            f"cholesky_banded {lower}", lambda ab, w=lower, i=i: linalg.cholesky_banded(real_row(ab, i), lower=w), ab
        )
        yield case(f"eig_banded {lower}", part(partial(linalg.eig_banded, lower=lower), 0), ab)
        yield case(f"eigvals_banded {lower}", partial(linalg.eigvals_banded, lower=lower), ab)
        f = lambda ab, w=lower: projections(linalg.eig_banded(ab, lower=w)[1])
        yield case(f"vectors of eig_banded {lower}", f, ab, order=1)
    for shape, m in shapes.items():
        for i in (0, 1):
            yield case(f"lu {i + 1} {shape}", part(linalg.lu, i + 1), m)
            yield case(f"lu {i} permuted {shape}", part(partial(linalg.lu, permute_l=True), i), m)
            yield case(f"qr {i} {shape}", part(partial(linalg.qr, mode="economic"), i), m)
            yield case(f"qr {i} pivoting {shape}", part(partial(linalg.qr, mode="economic", pivoting=True), i), m)
            yield case(f"rq {i} {shape}", part(partial(linalg.rq, mode="economic"), i), m)
            yield case(f"polar {i} {shape}", part(linalg.polar, i), m, order=3 if shape == "tall" else 2)
            yield case(f"polar {i} left {shape}", part(partial(linalg.polar, side="left"), i), m)
        yield case(f"lu_factor {shape}", part(linalg.lu_factor, 0), m)
        yield case(f"qr r {shape}", part(partial(linalg.qr, mode="r"), 0), m)
        yield case(f"rq r {shape}", partial(linalg.rq, mode="r"), m)
        yield case(f"svdvals {shape}", linalg.svdvals, m)
        yield case(f"svd without vectors {shape}", partial(linalg.svd, compute_uv=False), m)
        for driver in ("gesdd", "gesvd"):
            f = partial(linalg.svd, full_matrices=False, lapack_driver=driver)
            yield case(f"svd u {driver} {shape}", lambda a, f=f: projections(f(a)[0]), m)
            yield case(f"svd v {driver} {shape}", lambda a, f=f: projections(np.conj(f(a)[2]).T), m)
    if BATCHES:
        yield from (
            case(f"lu {i} of a stack", part(partial(linalg.lu, permute_l=True), i), np.stack([a, b])) for i in (0, 1)
        )
    yield case("svd of functions", lambda a: _rebuilt(*linalg.svd(a)), shapes["tall"])
    if (
        dtype is float or scipy.linalg.orthogonal_procrustes(np.array([[1j]]), np.array([[1.0]]))[0] == -1j
    ):  # older ones forgot to conjugate
        for i in (0, 1):
            f = part(linalg.orthogonal_procrustes, i)
            yield case(f"procrustes {i}", f, shapes["tall"], random(5, 3, dtype=dtype)[:4])
    x, y = random(7, 3, dtype=dtype), random(7, 2, dtype=dtype)
    yield case("subspace_angles", linalg.subspace_angles, x, y)
    yield case("subspace_angles of the smaller first", linalg.subspace_angles, y, x)
    yield case("subspace_angles, small", linalg.subspace_angles, y, x[:, :2] + 10 * y)
    for name, options in {
        "": {}, "lower": {"lower": False}, "index": {"subset_by_index": [0, 1]}, "value": {"subset_by_value": [-0.5, 50]},
    }.items():  # fmt: skip
        f = partial(linalg.eigh, **options)
        yield case(f"eigh w {name}", lambda a, f=f: f(h(a))[0], b)
        yield case(f"eigvalsh {name}", lambda a, o=options: linalg.eigvalsh(h(a), **o), b)
        yield case(f"eigh v {name}", lambda a, f=f: projections(f(h(a))[1]), b)
        for kind in {"": (1, 2, 3), "index": (1,)}.get(name, ()):
            yield case(f"eigh w {name} {kind}", lambda a, b, f=f, k=kind: f(h(a), positive(b), type=k)[0], b, a)
            g = lambda a, b, f=f, k=kind: projections(f(h(a), positive(b), type=k)[1])
            yield case(f"eigh v {name} {kind}", g, b, a)
    for i in (0, 1):
        yield case(f"eig {i}", part(linalg.eig, i), b)
    yield case("eigvals", linalg.eigvals, b)
    d, e = np.real(b[0]), np.real(b[1, :2])
    yield case("eigh_tridiagonal", lambda d, e: projections(linalg.eigh_tridiagonal(d, e)[1]), d, e)
    f = partial(linalg.eigh_tridiagonal, select="i", select_range=(1, 2))
    yield case("eigh_tridiagonal selected", lambda d, e: projections(f(d, e)[1]), d, e)
    yield case("eigvalsh_tridiagonal", linalg.eigvalsh_tridiagonal, d, e)


def _rebuilt(u, s, vh):
    return u[:, : len(s)] @ np.diag(np.exp(s)) @ vh


def of_special_matrices(dtype):
    """Return the matrices that are made of fewer numbers."""
    a, b = random(3, 3, dtype=dtype), random(3, 2, dtype=dtype)
    yield case("toeplitz", linalg.toeplitz, a[0], b[:, 0])
    yield case("toeplitz column", linalg.toeplitz, a[0])
    yield case("hankel", linalg.hankel, a[0], a[1, :2])
    yield case("hankel column", linalg.hankel, a[0])
    five = random(5, dtype=dtype) + 2
    names = ("circulant", "companion", "fiedler", "fiedler_companion")
    yield from (case(name, getattr(linalg, name), five) for name in names)
    yield case("fiedler_companion of order 1", linalg.fiedler_companion, five[:2])
    yield case("leslie", linalg.leslie, five[:4], five[:3])
    for mode in ("full", "same", "valid"):
        for n in (3, 4):
            yield case(
                f"convolution_matrix {mode} {n}", partial(linalg.convolution_matrix, n=n, mode=mode), five[: 7 - n]
            )
    yield case("block_diag", linalg.block_diag, a, b, a[0])
    yield case("khatri_rao", linalg.khatri_rao, a, a[:2])
    yield case("diagsvd", lambda s: linalg.diagsvd(s, 3, 5), a[0])


TABLES = [of_matrices, of_equations, of_factors, of_special_matrices]


@each([c for table in TABLES for c in table(float)])
def test_functions_of_real_matrices_have_scipys_values_and_all_derivatives(case):
    assert_derivatives(case.function, *case.operands, order=case.order)


@each([c for table in TABLES for c in table(complex)])
def test_functions_of_complex_matrices_have_scipys_values_and_all_derivatives(case):
    assert_derivatives(case.function, *case.operands, order=1)


def test_plain_arrays_are_handed_to_scipy_with_all_options():
    a = positive(regular(3, 3))
    for actual, expected in (
        (linalg.eig(a, left=True), scipy.linalg.eig(a, left=True)),
        (linalg.qr(a, pivoting=True), scipy.linalg.qr(a, pivoting=True)),
        (linalg.schur(a), scipy.linalg.schur(a)),
        ((linalg.expm(a.tolist()),), (scipy.linalg.expm(a),)),
    ):
        for x, y in zip(actual, expected, strict=True):
            np.testing.assert_array_equal(x, y)


def test_options_without_a_rule_are_named():
    r = init_diff(regular(3, 3))
    with pytest.raises(MissingRuleError, match=r"no derivative rule for scipy\.linalg\.eig with left=True"):
        linalg.eig(r, left=True)
    with pytest.raises(MissingRuleError, match=r"with mode='full' of a matrix with more rows.*any basis"):
        linalg.qr(init_diff(random(4, 3)))
    with pytest.raises(MissingRuleError, match=r"with mode='full' of a matrix with more columns.*any basis"):
        linalg.rq(init_diff(random(3, 4)))
    with pytest.raises(MissingRuleError, match=r"no derivative rule for scipy\.linalg\.pinv by its option atol="):
        linalg.pinv(r, atol=r[0, 0])


def test_constants_are_applied_to_the_plain_values():
    a = np.diag([1.0, 2.0, 3.0])
    assert linalg.bandwidth(init_diff(a)) == (0, 0)
    assert linalg.issymmetric(init_diff(a)) is True
    assert linalg.LinAlgError is np.linalg.LinAlgError
    np.testing.assert_array_equal(linalg.hilbert(2), scipy.linalg.hilbert(2))


def test_permutations_and_pivots_are_scipys_and_constant():
    a = random(4, 4)
    for options in ({}, {"p_indices": True}):
        np.testing.assert_array_equal(linalg.lu(init_diff(a), **options)[0], scipy.linalg.lu(a, **options)[0])
    np.testing.assert_array_equal(linalg.lu_factor(init_diff(a))[1], scipy.linalg.lu_factor(a)[1])
    np.testing.assert_array_equal(linalg.qr(init_diff(a), pivoting=True)[2], scipy.linalg.qr(a, pivoting=True)[2])
    assert linalg.lstsq(init_diff(a), a[0])[2] == 4
    assert linalg.lstsq(init_diff(a), a[0], lapack_driver="gelsy")[3] is None


def test_rows_in_their_order_are_factorized_without_exchanges():
    lower, upper = linalg.factorizations._lu(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert (lower.tolist(), upper.tolist()) == ([[1.0, 0.0], [3.0, 1.0]], [[1.0, 2.0], [0.0, -2.0]])


def test_equal_pivots_are_exchanged_as_they_were():
    a = np.array([[1.0, 2.0, 5.0], [-1.0, 1.0, 1.0], [1.0, 0.5, 3.0]])

    def product(a):
        order, lower, upper = linalg.lu(a, p_indices=True)
        return lower[order] @ upper

    value, tangent = revdiff.jvp(product, a, a.T)
    np.testing.assert_allclose(value, a)
    np.testing.assert_allclose(tangent, a.T, atol=1e-14)


@BOTH
def test_the_derivative_of_the_exponential_is_scipys_frechet_derivative(dtype):
    a, e = random(3, 3, dtype=dtype), random(3, 3, dtype=dtype)[::-1].copy()
    _, tangent = revdiff.jvp(linalg.expm, a, e)
    np.testing.assert_allclose(tangent, scipy.linalg.expm_frechet(a, e)[1], rtol=1e-10, atol=1e-12)


def test_functions_of_commuting_matrices_are_those_of_numbers():
    a = np.array([[2.0, 1.0], [1.0, 2.0]])
    for f, slope in (
        (linalg.logm, np.linalg.inv),
        (linalg.cosm, lambda a: -linalg.sinm(a)),
        (linalg.sinhm, linalg.coshm),
    ):
        np.testing.assert_allclose(jacobian(lambda t, f=f: f(t * a))(1.0), slope(a) @ a, atol=1e-12)


def test_the_polar_factor_of_an_orthogonal_matrix_has_a_derivative():
    q = np.linalg.qr(random(3, 3))[0]
    assert_derivatives(lambda a: linalg.polar(a)[0], q)
    with pytest.raises(DegenerateError, match=r"scipy\.linalg\.polar has no derivative here: the matrix is singular"):
        grad(lambda a: linalg.polar(a)[0].sum())(np.diag([1.0, 0.0]))


ROOTS = [linalg.sqrtm, lambda a: linalg.fractional_matrix_power(a, 0.3), linalg.logm]


@pytest.mark.parametrize("f", ROOTS)
@pytest.mark.parametrize("dtype", [float, complex])
def test_where_roots_and_logarithms_jump_there_is_an_error(f, dtype):
    jumps = [np.array([[-1.0, 1.0], [0.0, -1.0]]), -np.eye(2)]
    for a in [*jumps, np.diag([-1.0, 2.0])] if dtype is complex else jumps:
        _, pullback = vjp(lambda a: np.real(f(a)).sum(), a.astype(dtype))
        with pytest.raises(DegenerateError, match="an eigenvalue is 0, or negative and real, where it jumps"):
            pullback(1.0)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("f", ROOTS[:2])
def test_roots_of_singular_matrices_have_no_derivative(f):
    _, pullback = vjp(lambda a: np.real(f(a)).sum(), np.array([[0.0, 1.0], [0.0, 0.0]]))
    with pytest.raises(DegenerateError, match="an eigenvalue is 0"):
        pullback(1.0)


@pytest.mark.parametrize("f", ROOTS)
def test_single_negative_eigenvalues_of_real_matrices_have_roots_and_logarithms(f):
    assert_derivatives(f, np.array([[-2.0, 1.0], [0.3, 3.0]]), order=1)


def test_whole_powers_of_singular_matrices_have_derivatives():
    assert_derivatives(lambda a: linalg.fractional_matrix_power(a, 2.0), np.array([[0.0, 1.0], [0.0, 0.0]]))


def test_equal_eigenvalues_are_treated_as_numpys_are():
    np.testing.assert_allclose(grad(lambda a: linalg.eigvalsh(a).sum())(np.eye(3)), np.eye(3), atol=1e-12)
    with pytest.raises(DegenerateError):
        grad(lambda a: linalg.eigh(a)[1][1, 0])(np.eye(3))


def test_symmetric_matrices_have_symmetric_cotangents():
    a, b = positive(regular(3, 3)), random(3)
    for options in ({"assume_a": "pos"}, {"assume_a": "sym", "lower": True}, {"assume_a": "her"}):
        gradient = grad(lambda a, o=options: linalg.solve(a, b, **o).sum())(a)
        np.testing.assert_allclose(gradient, gradient.T)
        full = grad(lambda a: linalg.solve(a, b, assume_a="gen").sum())(a)
        np.testing.assert_allclose(gradient, hermitian(full))


def test_corners_of_bands_are_not_read():
    ab, b = random(3, 4) + 3 * np.eye(3)[1][:, None], random(4)
    gradient = grad(lambda ab: linalg.solve_banded((1, 1), ab, b).sum())(ab)
    assert gradient[0, 0] == gradient[2, -1] == 0


def test_riccati_solutions_solve_their_equations_after_a_step():
    a, b, q, r = random(3, 3) / 3, random(3, 2), np.eye(3), np.eye(2)
    step, direction = 1e-6, hermitian(random(3, 3)[::-1])
    _, slope = revdiff.jvp(lambda q: linalg.solve_continuous_are(a, b, q, r), q, direction)
    moved = scipy.linalg.solve_continuous_are(a, b, q + step * direction, r)
    np.testing.assert_allclose(moved, scipy.linalg.solve_continuous_are(a, b, q, r) + step * slope, atol=1e-10)


@pytest.mark.parametrize(
    "f",
    [
        linalg.expm, linalg.det, linalg.inv, linalg.svdvals, linalg.toeplitz, linalg.cholesky,
        lambda a: linalg.solve(a, a[0]), lambda a: linalg.lu(a)[2], lambda a: linalg.polar(a)[1],
        lambda a: linalg.solve_sylvester(a, a, a), lambda a: linalg.solve_triangular(a, a[0]), linalg.eigvalsh,
    ],
)  # fmt: skip
def test_dtypes_are_kept(f):
    a = np.array([[4.0, 1.0], [1.0, 3.0]], np.float32)
    if f is linalg.toeplitz:
        a = a[0]
    value, pullback = vjp(f, a)
    assert value.dtype == f(a).dtype
    assert pullback(np.ones_like(value)).dtype == np.float32


def test_whole_numbers_have_gradients_of_floats():
    assert_dtypes_are_kept(linalg.inv, np.array([[2, 1], [1, 3]]), (int,))


def test_lists_and_numbers_among_revdiffs_are_operands():
    value = grad(lambda x: linalg.det([[x, 1.0], [2.0, x * x]]))(3.0)
    assert value == pytest.approx(27.0)
    assert linalg.solve([[2.0, 0.0], [0.0, 4.0]], init_diff(np.ones(2))).value.tolist() == [0.5, 0.25]
    np.testing.assert_allclose(adjoint(linalg.block_diag(init_diff(np.eye(2)), [[3.0]]).value), np.diag([1.0, 1, 3]))


def test_operands_by_keyword_and_options_by_position():
    a, b = regular(3, 3), random(3)
    by_name = grad(lambda a: linalg.solve_triangular(b=b, a=a, lower=True).sum())(a)
    by_place = grad(lambda a: linalg.solve_triangular(a, b, 0, True).sum())(a)
    np.testing.assert_array_equal(by_name, by_place)
    np.testing.assert_array_equal(
        grad(lambda a: linalg.inv(a, overwrite_a=True, check_finite=False).sum())(a),
        grad(lambda a: linalg.inv(a).sum())(a),
    )
    np.testing.assert_array_equal(linalg.eigvals(init_diff(a)).value, linalg.eig(init_diff(a), left=False)[0].value)
    with pytest.raises(TypeError):
        linalg.solve(init_diff(a))
    with pytest.raises(NotImplementedError, match="can currently not solve"):
        linalg.solve(init_diff(a + 0j), b, transposed=True)


def test_an_operand_that_is_constant_costs_nothing(monkeypatch):
    a, b = regular(3, 3), random(3)
    _, pullback = vjp(lambda b: linalg.solve(a, b), b)
    monkeypatch.setattr(np, "matmul", None)
    np.testing.assert_allclose(pullback(np.ones(3)), np.linalg.solve(a.T, np.ones(3)))


def test_eigenvectors_in_single_precision_are_scipys():
    d, e = np.array([1.0, 3.0, 2.0, 5.0], np.float32), np.array([0.3, -0.7, 0.2], np.float32)
    for kinds in ((np.float32, np.float32), (np.float64, np.float32), (np.float32, np.float64)):
        of_d, of_e = d.astype(kinds[0]), e.astype(kinds[1])
        expected = scipy.linalg.eigh_tridiagonal(of_d, of_e)
        values, vectors = linalg.eigh_tridiagonal(init_diff(of_d), of_e)
        np.testing.assert_allclose(values.value, expected[0], rtol=1e-5)
        np.testing.assert_allclose(vectors.value, expected[1], atol=1e-5)


@pytest.mark.parametrize("name", ["lu", "sqrtm", "inv", "lu_factor", "expm", "eigh", "svd"])
def test_bytes_in_the_other_order_are_put_in_order_before_compiled_code_sees_them(name):
    f, a = getattr(linalg, name), regular(3, 3)
    a = a @ a.T

    def first(a):
        results = f(a)
        return np.real(results[0] if name == "lu_factor" else results[1] if isinstance(results, tuple) else results)

    value, pullback = vjp(first, a)
    swapped, pullback_of_swapped = vjp(first, a.astype(">f8"))
    np.testing.assert_allclose(swapped, value, rtol=1e-12)
    y_bar = np.ones(np.shape(value))
    np.testing.assert_allclose(pullback_of_swapped(y_bar), pullback(y_bar), rtol=1e-9, atol=1e-12)
    assert pullback_of_swapped(y_bar).dtype == np.dtype(">f8")


def test_the_pseudo_inverse_of_whole_numbers_has_its_derivative():
    a = np.array([[1, 2], [3, 4], [5, 6]])
    value, pullback = vjp(linalg.pinv, a)
    np.testing.assert_allclose(value, scipy.linalg.pinv(a), rtol=1e-12)
    expected = vjp(linalg.pinv, a.astype(float))[1](np.ones((2, 3)))
    np.testing.assert_allclose(pullback(np.ones((2, 3))), expected)
