"""Matrices to test with."""

from __future__ import annotations

import numpy as np
import pytest

SINCE_2 = pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="NumPy 2 does this otherwise")
BOTH = pytest.mark.parametrize("dtype", [float, complex], ids=["real", "complex"])


def random(*shape, dtype=float):
    """Return random numbers, the same ones for the same shape."""
    rng = np.random.default_rng(shape)
    real = rng.normal(size=shape)
    return (real + 1j * rng.normal(size=shape)).astype(dtype) if np.dtype(dtype).kind == "c" else real.astype(dtype)


def regular(*shape, dtype=float):
    """Return random matrices that are well conditioned."""
    return random(*shape, dtype=dtype) / 3 + 2 * np.eye(shape[-1])


def adjoint(a):
    """Return aᴴ."""
    return np.conj(np.swapaxes(a, -1, -2))


def hermitian(a):
    """Return the Hermitian part of a."""
    return (a + adjoint(a)) / 2


def orthogonal(n):
    """Return an orthogonal matrix."""
    return np.linalg.qr(random(n, n))[0]


def with_eigenvalues(*values):
    """Return a symmetric matrix with these eigenvalues, and no axis among its eigenvectors."""
    q = orthogonal(len(values))
    return q @ np.diag(values) @ q.T


def differences(f, a, step=1e-5):
    """Return the central differences of a function of symmetric matrices: a symmetric gradient."""
    out = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        e = np.zeros_like(a)
        e[index] = step
        out[index] = (f(hermitian(a + e)) - f(hermitian(a - e))) / (2 * step)
    return out
