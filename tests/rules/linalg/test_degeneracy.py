"""Where eigenvalues or singular values are equal or zero: the right number, or an error where there is none."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import grad, hessian, jacobian, jvp, vjp
from revdiff.rules.linalg.degeneracy import DegenerateError
from tests.rules.linalg.matrices import differences, hermitian, orthogonal, random, with_eigenvalues

EQUAL = {
    "the identity": np.eye(3),
    "two of three": with_eigenvalues(1.0, 1.0, 3.0),
    "zeros": with_eigenvalues(0.0, 0.0, 2.0),
    "two pairs": with_eigenvalues(1.0, 1.0, 3.0, 3.0),
}
CASES = pytest.mark.parametrize("a", EQUAL.values(), ids=EQUAL)


@CASES
@pytest.mark.parametrize("values", [np.linalg.eigvalsh, lambda a: np.linalg.eigh(a)[0], np.linalg.eigvals])
def test_symmetric_functions_of_eigenvalues_are_right(values, a):
    np.testing.assert_allclose(grad(lambda a: np.real(values(a)).sum())(a), np.eye(len(a)), atol=1e-12)
    np.testing.assert_allclose(grad(lambda a: np.real(values(a) ** 3).sum())(a), 3 * (a @ a).T, atol=1e-11)
    if values is np.linalg.eigvalsh:
        assert not np.any(np.abs(hessian(lambda a: values(a).sum())(a)) > 1e-12)


@pytest.mark.parametrize("a", [2 * np.eye(3), 2 * orthogonal(3)], ids=["identity", "orthogonal"])
def test_symmetric_functions_of_singular_values_are_right(a):
    np.testing.assert_allclose(grad(lambda a: (np.linalg.svd(a, compute_uv=False) ** 2).sum())(a), 2 * a)
    np.testing.assert_allclose(grad(lambda a: np.linalg.norm(a, "nuc"))(a), a / 2)


@pytest.mark.parametrize("a", [2 * np.eye(3), 2 * orthogonal(3)], ids=["identity", "orthogonal"])
def test_the_norm_of_a_matrix_rebuilt_from_its_factors_is_right(a):
    def by_svd(a):
        u, s, vh = np.linalg.svd(a)
        return np.linalg.norm(u * s @ vh)

    np.testing.assert_allclose(grad(by_svd)(a), a / np.linalg.norm(a))

    def by_eigh(a):
        w, v = np.linalg.eigh(a)
        return np.linalg.norm(v * w @ v.T)

    np.testing.assert_allclose(grad(by_eigh)(2 * np.eye(3)), np.eye(3) / np.sqrt(3))


def test_vectors_of_other_values_are_right_and_so_is_the_projection_on_the_whole_space():
    a, weights = EQUAL["two of three"], random(3, 3)

    def of_largest(a):
        w, v = np.linalg.eigh(a)
        return np.sum(weights * np.outer(v[:, 2], v[:, 2])) * w[2]

    def on_space(a):
        v = np.linalg.eigh(a)[1][:, :2]
        return np.sum(weights * (v @ v.T))

    for f in (of_largest, on_space):
        np.testing.assert_allclose(grad(f)(a), differences(f, a), atol=1e-8)
    v = hermitian(weights)
    assert jvp(on_space, a, v)[1] == pytest.approx(np.sum(differences(on_space, a) * v), abs=1e-8)


def test_a_low_rank_matrix_has_the_derivatives_of_its_leading_singular_vectors():
    a, weights = random(4, 2) @ random(2, 3), random(4, 3)

    def leading(a):
        u, s, vh = np.linalg.svd(a, full_matrices=False)
        return np.sum(weights * np.outer(u[:, 0], vh[0])) * s[0]

    expected = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        e = np.zeros_like(a)
        e[index] = 1e-5
        expected[index] = (leading(a + e) - leading(a - e)) / 2e-5
    np.testing.assert_allclose(grad(leading)(a), expected, atol=1e-8)


def test_the_unitary_part_of_a_matrix_with_equal_singular_values_is_right():
    def unitary_part(a):
        u, _, vh = np.linalg.svd(a)
        return u @ vh

    expected = np.zeros((2, 2, 2, 2))
    expected[0, 1, 0, 1] = expected[1, 0, 1, 0] = 0.25
    expected[0, 1, 1, 0] = expected[1, 0, 0, 1] = -0.25
    np.testing.assert_allclose(jacobian(unitary_part)(2 * np.eye(2)), expected, atol=1e-15)


def test_eigenvalues_that_meet_have_the_derivatives_of_numpys_basis():
    np.testing.assert_array_equal(grad(lambda a: np.linalg.eigvalsh(a)[0])(np.eye(2)), [[1, 0], [0, 0]])


def test_a_singular_value_has_a_corner_at_zero_and_derivative_zero_there():
    np.testing.assert_allclose(grad(lambda a: np.linalg.svd(a, compute_uv=False)[1])(np.ones((2, 2))), np.zeros((2, 2)))


WEIGHTS = random(3, 3)
AT = EQUAL["two of three"]
RANK_2 = random(4, 2) @ random(2, 3)


def rebuilt(factors, f, inverse):
    """Return the sum of the weighted elements of a function of a matrix, by its eigenvalues."""

    def of_matrix(a):
        w, v = factors(a)
        return np.sum(np.real(WEIGHTS * (v * f(w) @ inverse(v))))

    return of_matrix


def by_svd(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(random(*a.shape) * (u * np.exp(s) @ vh))


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda a: np.linalg.eigh(a)[1][1, 0], AT),
        (rebuilt(np.linalg.eigh, np.exp, np.transpose), AT),
        (rebuilt(np.linalg.eigh, np.exp, np.transpose), np.eye(3)),
        (rebuilt(np.linalg.eigh, np.log, np.transpose), np.eye(3)),
        (rebuilt(np.linalg.eig, np.exp, np.linalg.inv), np.eye(3)),
        (rebuilt(np.linalg.eig, np.exp, np.linalg.inv), AT),
        (lambda a: np.abs(np.linalg.eig(a)[1][1, 0]), AT),
        (lambda a: grad(lambda a: (np.linalg.eigvalsh(a) ** 2).sum())(a)[0, 1], AT),
        (lambda a: np.linalg.svd(a)[0][0, 0], 2 * orthogonal(3)),
        (lambda a: np.linalg.svd(a)[0][0, 3], random(4, 2)),
        (lambda a: np.linalg.svd(a)[2][3, 0], random(2, 4)),
        (lambda a: np.linalg.svd(a, full_matrices=False)[0][0, 2], RANK_2),
        (lambda a: np.linalg.svd(a, full_matrices=False)[2][2, 0], RANK_2.T),
        (by_svd, 2 * orthogonal(3)),
        (by_svd, RANK_2),
        (by_svd, RANK_2.T),
    ],
)
def test_what_depends_on_the_choice_of_a_basis_is_an_error(f, at):
    with pytest.raises(DegenerateError, match=r"some (eigen|singular )values are equal"):
        grad(f)(at)


def test_a_tangent_that_parts_equal_values_is_an_error_where_both_vectors_and_values_are_used():
    f = rebuilt(np.linalg.eigh, np.exp, np.transpose)
    with pytest.raises(DegenerateError, match="or on how the values part"):
        jvp(f, np.eye(3), np.ones((3, 3)))
    value, tangent = jvp(f, np.eye(3), np.eye(3))
    assert tangent == pytest.approx(value)
    with pytest.raises(DegenerateError, match="or on how the values part"):
        jvp(by_svd, np.eye(3), np.ones((3, 3)))


@pytest.mark.parametrize(
    "f",
    [
        lambda a: np.real(np.linalg.eigh(a)[1]).sum(),
        lambda a: np.imag(np.linalg.svd(a)[0]).sum(),
        lambda a: np.real(np.linalg.svd(a)[2]).sum(),
    ],
)
def test_what_depends_on_the_phases_of_complex_vectors_is_an_error(f):
    with pytest.raises(DegenerateError, match="defined up to factors of modulus 1"):
        grad(f)(random(3, 3, dtype=complex))


@pytest.mark.parametrize("a", [np.array([[1.0, 1.0], [0.0, 1.0]]), np.eye(3, k=1)])
def test_a_defective_matrix_is_an_error(a):
    with pytest.raises(DegenerateError, match="fewer eigenvectors than rows"):
        grad(lambda a: np.real(np.linalg.eigvals(a)).sum())(a)


def test_the_error_is_one_of_revdiff_and_one_of_numpy():
    assert issubclass(DegenerateError, revdiff.RevDiffError)
    assert issubclass(DegenerateError, np.linalg.LinAlgError)


@pytest.mark.parametrize("f", [np.linalg.eigh, np.linalg.svd, np.linalg.eig], ids=lambda f: f.__name__)
def test_only_the_matrices_with_equal_values_of_a_stack_are_concerned(f):
    stack = np.stack([np.diag([1.0, 2.0]), np.eye(2)])
    vectors = 0 if f is np.linalg.svd else 1
    _, pullback = vjp(lambda a: f(a)[vectors], stack)
    weights = np.zeros((2, 2, 2))
    weights[0] = [[1.0, 2.0], [3.0, 4.0]]
    assert np.all(np.isfinite(pullback(weights)))
    with pytest.raises(DegenerateError):
        pullback(weights[::-1])


def test_single_precision_has_its_own_rounding():
    a = with_eigenvalues(1.0, 1.0, 3.0).astype(np.float32)
    np.testing.assert_allclose(grad(lambda a: np.linalg.eigvalsh(a).sum())(a), np.eye(3), atol=1e-6)
    with pytest.raises(DegenerateError):
        grad(lambda a: np.linalg.eigh(a)[1][1, 0])(a)


def test_values_that_differ_by_little_are_not_equal():
    a = np.diag([1.0, 1.0 + 1e-6])
    assert grad(lambda a: np.linalg.eigh(a)[1][0, 1])(a)[0, 1] == pytest.approx(0.5e6, rel=1e-6)
