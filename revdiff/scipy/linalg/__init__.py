"""SciPy's linear algebra with derivatives: functions of matrices, equations, factorizations, spectra.

Everything that `scipy.linalg` offers is here under its own name. What has no derivative works on plain values, and says
why it does not on RevDiffs; what is constant is applied to the plain values.

>>> import numpy as np
>>> from revdiff import grad
>>> from revdiff.scipy import linalg
>>> grad(lambda a: np.trace(linalg.expm(a)))(np.zeros((2, 2)))
array([[1., 0.],
       [0., 1.]])
"""

import scipy.linalg as _scipy_linalg
from scipy.linalg import LinAlgError as LinAlgError
from scipy.linalg import LinAlgWarning as LinAlgWarning

from revdiff.scipy._namesakes import remaining as _remaining
from revdiff.scipy.linalg.banded import cho_solve_banded as cho_solve_banded
from revdiff.scipy.linalg.banded import cholesky_banded as cholesky_banded
from revdiff.scipy.linalg.banded import solve_banded as solve_banded
from revdiff.scipy.linalg.banded import solveh_banded as solveh_banded
from revdiff.scipy.linalg.equations import solve_continuous_are as solve_continuous_are
from revdiff.scipy.linalg.equations import solve_continuous_lyapunov as solve_continuous_lyapunov
from revdiff.scipy.linalg.equations import solve_discrete_are as solve_discrete_are
from revdiff.scipy.linalg.equations import solve_discrete_lyapunov as solve_discrete_lyapunov
from revdiff.scipy.linalg.equations import solve_sylvester as solve_sylvester
from revdiff.scipy.linalg.factorizations import cho_factor as cho_factor
from revdiff.scipy.linalg.factorizations import cholesky as cholesky
from revdiff.scipy.linalg.factorizations import lu as lu
from revdiff.scipy.linalg.factorizations import lu_factor as lu_factor
from revdiff.scipy.linalg.factorizations import orthogonal_procrustes as orthogonal_procrustes
from revdiff.scipy.linalg.factorizations import polar as polar
from revdiff.scipy.linalg.factorizations import qr as qr
from revdiff.scipy.linalg.factorizations import rq as rq
from revdiff.scipy.linalg.functions import coshm as coshm
from revdiff.scipy.linalg.functions import cosm as cosm
from revdiff.scipy.linalg.functions import expm as expm
from revdiff.scipy.linalg.functions import expm_frechet as expm_frechet
from revdiff.scipy.linalg.functions import fractional_matrix_power as fractional_matrix_power
from revdiff.scipy.linalg.functions import logm as logm
from revdiff.scipy.linalg.functions import signm as signm
from revdiff.scipy.linalg.functions import sinhm as sinhm
from revdiff.scipy.linalg.functions import sinm as sinm
from revdiff.scipy.linalg.functions import sqrtm as sqrtm
from revdiff.scipy.linalg.functions import tanhm as tanhm
from revdiff.scipy.linalg.functions import tanm as tanm
from revdiff.scipy.linalg.solves import cho_solve as cho_solve
from revdiff.scipy.linalg.solves import det as det
from revdiff.scipy.linalg.solves import inv as inv
from revdiff.scipy.linalg.solves import lstsq as lstsq
from revdiff.scipy.linalg.solves import lu_solve as lu_solve
from revdiff.scipy.linalg.solves import matmul_toeplitz as matmul_toeplitz
from revdiff.scipy.linalg.solves import pinv as pinv
from revdiff.scipy.linalg.solves import pinvh as pinvh
from revdiff.scipy.linalg.solves import solve as solve
from revdiff.scipy.linalg.solves import solve_circulant as solve_circulant
from revdiff.scipy.linalg.solves import solve_toeplitz as solve_toeplitz
from revdiff.scipy.linalg.solves import solve_triangular as solve_triangular
from revdiff.scipy.linalg.special_matrices import block_diag as block_diag
from revdiff.scipy.linalg.special_matrices import circulant as circulant
from revdiff.scipy.linalg.special_matrices import companion as companion
from revdiff.scipy.linalg.special_matrices import convolution_matrix as convolution_matrix
from revdiff.scipy.linalg.special_matrices import diagsvd as diagsvd
from revdiff.scipy.linalg.special_matrices import fiedler as fiedler
from revdiff.scipy.linalg.special_matrices import fiedler_companion as fiedler_companion
from revdiff.scipy.linalg.special_matrices import hankel as hankel
from revdiff.scipy.linalg.special_matrices import khatri_rao as khatri_rao
from revdiff.scipy.linalg.special_matrices import leslie as leslie
from revdiff.scipy.linalg.special_matrices import toeplitz as toeplitz
from revdiff.scipy.linalg.spectra import eig as eig
from revdiff.scipy.linalg.spectra import eig_banded as eig_banded
from revdiff.scipy.linalg.spectra import eigh as eigh
from revdiff.scipy.linalg.spectra import eigh_tridiagonal as eigh_tridiagonal
from revdiff.scipy.linalg.spectra import eigvals as eigvals
from revdiff.scipy.linalg.spectra import eigvals_banded as eigvals_banded
from revdiff.scipy.linalg.spectra import eigvalsh as eigvalsh
from revdiff.scipy.linalg.spectra import eigvalsh_tridiagonal as eigvalsh_tridiagonal
from revdiff.scipy.linalg.spectra import norm as norm
from revdiff.scipy.linalg.spectra import subspace_angles as subspace_angles
from revdiff.scipy.linalg.spectra import svd as svd
from revdiff.scipy.linalg.spectra import svdvals as svdvals

solve_lyapunov = solve_continuous_lyapunov

CONSTANT = """
    bandwidth dft find_best_blas_type get_blas_funcs get_lapack_funcs hadamard helmert hilbert invhilbert invpascal
    ishermitian issymmetric pascal
"""
"""Functions whose derivative is zero."""

_REASONS = {
    "Any basis of that space would do. Write with the projection on it, a @ pinv(a).": "null_space orth",
    "Its triangular factor is defined up to a choice. Write with eig, eigh or qr.":
        "cdf2rdf hessenberg ordqz qz rsf2csf schur",
    "Its blocks are a choice. Write with lu, or with cholesky for a positive definite matrix.": "ldl",
    "Its factors are a choice. Write with svd of the blocks.": "cossin",
    "Write qr of the new matrix.": "qr_delete qr_insert qr_update",
    "Write q, r = qr(a, mode='economic'), and q @ c or c @ q.": "qr_multiply",
    "It has only the value of its function, not the derivative. Write with expm, logm, sqrtm, powers, or with eig.": "funm",
    "Its value is the norm of a derivative, found by iteration. Write with expm_frechet.": "expm_cond",
    "Its scaling is a choice by powers of two.": "matrix_balance",
    "It is NumPy's. Write with numpy.kron, numpy.tri, numpy.tril or numpy.triu.": "kron tri tril triu",
    "Its random matrix is drawn anew. Draw one, and write s @ a.": "clarkson_woodruff_transform",
}  # fmt: skip
DECLINED = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Functions for plain values only, and why."""

__getattr__ = _remaining(_scipy_linalg, CONSTANT, DECLINED)
