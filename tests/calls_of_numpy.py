"""A call or more for each function of NumPy that has a derivative, at points where it is smooth.

`tests.test_completeness` demands a row for each function, and compares the derivatives of each row with differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

RNG = np.random.default_rng(4)
V = np.array([0.7, -1.3, 0.4, 2.1, -0.6])
POSITIVE = np.array([[0.7, 1.3, 0.4], [2.1, 0.6, 1.7]])
A = RNG.normal(size=(3, 4))
B = RNG.normal(size=(3, 4))
T = RNG.normal(size=(2, 3, 4))
M = RNG.normal(size=(3, 3)) + 3 * np.eye(3)
S = M @ M.T / 5 + np.eye(3)
BATCH = np.stack([M, M.T - 0.3])
Z = A + 1j * B
HOLED = np.where(A > 1, np.nan, A)
UNIT = np.array([0.3, -0.5, 0.8])
ABOVE_ONE = np.array([1.5, 2.5, 4.0])


@dataclass(frozen=True)
class Call:
    """A function of NumPy, its operands, and how it is called with them."""

    name: str
    operands: tuple[Any, ...]
    how: Callable[..., Any]

    @property
    def function(self) -> Any:
        """The function, or None where the installed NumPy does not have it."""
        return reduce(lambda space, name: getattr(space, name, None), self.name.split("."), np)

    def __call__(self, *operands: Any) -> Any:
        """Return all the numbers of the results in one vector, real and imaginary parts apart."""
        results = self.how(self.function, *operands)
        parts = [np.ravel(part) for y in _flat(results) for part in _parts(y)]
        return np.concatenate(parts)


def _flat(results: Any) -> Any:
    for y in results if isinstance(results, tuple | list) else [results]:
        yield from _flat(y) if isinstance(y, tuple | list) else [y]


def _parts(y: Any) -> Any:
    return (np.real(y), np.imag(y)) if np.iscomplexobj(y) else (y,)


CALLS: list[Call] = []
OF_CONSTANTS: list[Call] = []
OF_DECLINED: list[Call] = []


def call(name: str, *operands: Any, how: Callable[..., Any] | None = None, **options: Any) -> None:
    """Note a call with these operands first, and options behind them, or as ``how`` does it."""
    CALLS.append(Call(name, operands, how or (lambda f, *xs: f(*xs, **options))))


def constant(name: str, *operands: Any, **options: Any) -> None:
    """Note a call of a function whose derivative is zero."""
    OF_CONSTANTS.append(Call(name, operands, lambda f, *xs: f(*xs, **options)))


def declined(name: str, how: Callable[..., Any] | None = None) -> None:
    """Note a call of a function that has no derivative."""
    OF_DECLINED.append(Call(name, (A,), how or (lambda f, x: f(x))))


def like(x: Any) -> dict[str, Any]:
    """Return the option that lets NumPy make an array into which RevDiffs can be written."""
    return {} if isinstance(x, np.ndarray | np.generic) else {"like": x}


def filled(array: Any, values: Any) -> Any:
    """Write into an array, one element after the other."""
    for i in range(len(values)):
        array[i] = values[i] * values[0]
    return array


def written(write: Any, x: Any, *args: Any) -> Any:
    """Return zeros like x, after something was written into them."""
    array = np.zeros_like(x)
    write(array, *args)
    return array


# Elementwise functions of one argument, and of two.
for name in (
    "absolute", "arctan", "arcsinh", "cbrt", "ceil", "conjugate", "cos", "cosh", "deg2rad", "degrees", "exp", "exp2",
    "expm1", "fabs", "floor", "modf", "negative", "positive", "rad2deg", "radians", "reciprocal", "rint", "sign", "sin",
    "sinc", "sinh", "square", "tan", "tanh", "trunc", "i0", "real", "imag", "real_if_close", "nan_to_num", "frexp",
):  # fmt: skip
    call(name, V)
for name in ("absolute", "angle", "conjugate", "exp", "real", "imag", "reciprocal", "sin", "square", "sqrt"):
    call(name, Z)
if np.lib.NumpyVersion(np.__version__) >= "2.0.0":  # before, the sign of a complex number was that of its real part
    call("sign", Z)
for name in ("log", "log10", "log1p", "log2", "sqrt", "reciprocal"):
    call(name, POSITIVE)
for name in ("arccos", "arcsin", "arctanh"):
    call(name, UNIT)
call("arccosh", ABOVE_ONE)
for name in (
    "add", "arctan2", "copysign", "divide", "fmax", "fmin", "heaviside", "hypot", "logaddexp", "logaddexp2", "maximum",
    "minimum", "multiply", "nextafter", "subtract",
):  # fmt: skip
    call(name, A, B[1])
    call(name, A[:, :1], B)
for name in ("float_power", "power"):
    call(name, POSITIVE, V[:3])
    call(name, POSITIVE, how=lambda f, x: f(x, 3))
for name in ("divmod", "floor_divide", "fmod", "remainder"):
    call(name, 10 * A, B + 3)
call("ldexp", A, how=lambda f, x: f(x, np.array([0, 1, -2, 5])))
call("clip", A, how=lambda f, x: f(x, -0.5, 0.6))
call("clip", A, A[0] - 0.9, B[0] + 1.1)
call("where", A, B, how=lambda f, x, y: f(x > y, x * y, y))

for name in ("sqrt", "log", "log2", "log10", "arccos", "arcsin", "arctanh"):
    call("emath." + name, 0.9 * UNIT)
    call("emath." + name, 9 * UNIT)
call("emath.logn", POSITIVE, UNIT)
call("emath.power", UNIT, V[:3])

# Reductions.
for name in ("sum", "prod", "mean", "var", "std", "max", "min", "amax", "amin", "median", "ptp", "cumsum", "cumprod"):
    call(name, A)
    call(name, T, axis=1)
for name in ("sum", "prod", "mean", "var", "std", "max", "min", "median", "ptp"):
    call(name, T, axis=(0, -1), keepdims=True)
for name in ("sum", "prod", "mean", "var", "std", "max", "min"):
    start = {"initial": 2.5} if name in ("sum", "prod", "max", "min") else {}
    start |= {"initial": -9.0} if name == "max" else {}
    call(name, A, where=A < 0.7, axis=1, **start)
for name in ("var", "std"):
    call(name, A, ddof=1, axis=0)
for name in (
    "nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin", "nanmedian", "nancumsum", "nancumprod",
):  # fmt: skip
    call(name, A, how=lambda f, x: f(np.where(HOLED == HOLED, x, np.nan), axis=1))
for name in ("quantile", "nanquantile"):
    call(name, A, how=lambda f, x: f(x, [0.1, 0.45, 1.0], axis=1))
    call(name, A, np.array([0.13, 0.6]))
for name in ("percentile", "nanpercentile"):
    call(name, A, how=lambda f, x: f(x, 37.0, axis=0, keepdims=True))
for name in ("cumulative_sum", "cumulative_prod"):
    call(name, A, axis=1, include_initial=True)
call("average", A, how=lambda f, x: f(x, axis=0))
call("average", A, POSITIVE.ravel()[:4], how=lambda f, x, w: f(x, axis=1, weights=w, returned=True))
call("cov", A)
call("cov", V, how=lambda f, x: f(x, x[::-1] ** 2, aweights=[1.0, 2.0, 1.0, 3.0, 1.0]))
call("corrcoef", A)
call("trapezoid", A, how=lambda f, y: f(y, dx=0.3))
call("trapezoid", A, np.array([0.0, 0.4, 1.1, 1.5]))

# Names that are gone since NumPy 2.
call("trapz", A, np.array([0.0, 0.4, 1.1, 1.5]))
for name in ("product", "cumproduct", "msort", "asfarray"):
    call(name, A)

# Differences.
call("diff", A, n=2, axis=0)
call("diff", A, B[:, :1], how=lambda f, x, p: f(x, prepend=p, append=1.5))
call("ediff1d", V, how=lambda f, x: f(x, to_end=[1.0, 2.0], to_begin=0.5))
call("gradient", A)
call("gradient", V, np.array([0.0, 0.5, 0.7, 1.5, 1.8]), how=lambda f, y, x: f(y, x, edge_order=2))
call("unwrap", 3 * V)
call("unwrap", 3 * A, axis=0, period=1.7)

# Products.
for name in ("dot", "inner", "outer", "kron", "vdot"):
    call(name, V, V[::-1] ** 2)
call("dot", A, B.T)
call("dot", T, A.T)
call("inner", A, B)
call("outer", A, V)
call("kron", A, M)
call("vdot", A, B)
call("vdot", Z, Z[::-1])
for name in ("matmul", "linalg.matmul"):
    call(name, BATCH, M)
call("matmul", M, UNIT)
call("matmul", UNIT, M)
call("tensordot", T, A, axes=([1, 2], [0, 1]))
call("linalg.tensordot", T, A.T, axes=1)
call("einsum", A, B, how=lambda f, x, y: f("ij,kj->ik", x, y))
call("einsum", M, how=lambda f, x: f("ii->i", x))
call("einsum", M, how=lambda f, x: f("ii", x))
call("einsum", BATCH, UNIT, how=lambda f, x, y: f("...ij,j", x, y))
call("einsum", A, B, how=lambda f, x, y: f(x, [0, 1], y, [0, 1], [1]))
for name in ("cross", "linalg.cross"):
    call(name, M, UNIT)
    call(name, A[:, :1], M[:, :1], axis=0)
for name in ("vecdot", "linalg.vecdot"):
    call(name, A, B)
    call(name, A, B, axis=0)
call("vecdot", Z, A + 2j * B[::-1])
call("matvec", BATCH, UNIT)
call("vecmat", UNIT, BATCH)
call("linalg.outer", V, UNIT)
call("linalg.multi_dot", A, B.T, M, how=lambda f, *xs: f(xs))
call("convolve", V, UNIT, mode="same")
call("correlate", V, UNIT, mode="full")

# Linear algebra.
call("linalg.cholesky", S, how=lambda f, x: f(x + x.T))
for name in ("det", "inv", "pinv", "slogdet", "svdvals", "cond", "eigvals"):
    call("linalg." + name, M)
for name in ("det", "inv", "slogdet", "svdvals"):
    call("linalg." + name, BATCH)
call("linalg.pinv", A)
call("linalg.tensorinv", RNG.normal(size=(2, 3, 6)))
call("linalg.tensorsolve", RNG.normal(size=(2, 3, 6)), RNG.normal(size=(2, 3)))
call("linalg.solve", M, UNIT)
call("linalg.solve", BATCH, T[:, :, :2])
call("linalg.lstsq", A.T, UNIT.repeat(2)[:4], how=lambda f, a, b: f(a, b, rcond=None)[:2])
call("linalg.eigh", S, how=lambda f, x: (f(x + x.T)[0], f(x + x.T)[1] ** 2))
call("linalg.eigvalsh", S, how=lambda f, x: f(x + x.T))
call("linalg.eig", M, how=lambda f, x: (f(x)[0], np.abs(f(x)[1]) ** 2))
call("linalg.svd", A, how=lambda f, x: [y**2 for y in f(x, full_matrices=False)])
call("linalg.svd", A, compute_uv=False)
call("linalg.qr", A.T)
call("linalg.qr", M, mode="r")
call("linalg.matrix_power", M, how=lambda f, x: (f(x, 3), f(x, -2), f(x, 0)))
for ord_ in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
    call("linalg.norm", A, ord=ord_)
for ord_ in (None, 0.5, 1, 2, 3, np.inf, -np.inf):
    call("linalg.norm", A + np.sign(A), ord=ord_, axis=1, keepdims=True)
call("linalg.vector_norm", T, axis=(0, 2), ord=3)
call("linalg.matrix_norm", T, ord="nuc", keepdims=True)
for name in ("diagonal", "trace"):
    call("linalg." + name, BATCH)
    call("linalg." + name, T, offset=-1)
    call(name, T, offset=-1, axis1=2, axis2=1)
call("linalg.matrix_transpose", T)

# Fourier transforms.
for name in ("fft", "ifft", "rfft", "ihfft", "irfft", "hfft"):
    call("fft." + name, A, n=5)
    call("fft." + name, A[:, :3], norm="ortho", axis=0)
for name in ("fft2", "ifft2", "fftn", "ifftn", "rfft2", "rfftn", "irfft2", "irfftn"):
    call("fft." + name, A, s=(3, 5), axes=(0, 1))
for name in ("fftshift", "ifftshift"):
    call("fft." + name, A)

# Shapes and places.
for name in ("ravel", "atleast_1d", "atleast_2d", "atleast_3d", "transpose", "copy", "flip", "flipud", "fliplr"):
    call(name, A)
for name in ("matrix_transpose", "permute_dims"):
    call(name, A)
call("reshape", A, how=lambda f, x: (f(x, (2, 6)), f(x, (2, -1), order="F")))
call("squeeze", A[None], axis=0)
call("expand_dims", A, axis=(0, 2))
call("swapaxes", T, axis1=0, axis2=2)
call("moveaxis", T, source=(0, 1), destination=(2, 0))
call("rollaxis", T, axis=2)
call("broadcast_to", A, shape=(2, 3, 4))
call("broadcast_arrays", A, B[:1])
call("astype", A, how=lambda f, x: f(x, np.complex128))
call("rot90", A, k=3)
call("roll", A, shift=(1, -2), axis=(0, 1))
call("repeat", A, repeats=[1, 0, 2], axis=0)
call("tile", A, reps=(2, 1, 2))
call("resize", A, new_shape=(3, 5))
call("diag", V, k=1)
call("diag", A, k=-1)
call("diagflat", A[:2, :2])
call("tril", A, k=-1)
call("triu", A)
call("delete", A, obj=[0, 2], axis=1)
call("insert", A, B[0], how=lambda f, x, v: f(x, 1, v, axis=0))
call("lib.stride_tricks.sliding_window_view", A, window_shape=(2, 2))
for name in ("concatenate", "vstack", "hstack", "stack", "column_stack", "dstack"):
    call(name, A, B, how=lambda f, *xs: f(xs))
call("block", A, B, how=lambda f, x, y: f([[x, y], [y, 2.0 * x]]))
call("append", A, B, axis=1)
for name in ("split", "array_split", "hsplit", "vsplit"):
    call(name, A[:2], how=lambda f, x: f(x, 2))
call("dsplit", T, how=lambda f, x: f(x, [1, 3]))
call("unstack", T, axis=1)
call("pad", A, pad_width=((1, 2), (0, 3)), mode="linear_ramp")
call("pad", A, B[0, 0], how=lambda f, x, c: f(c * x, 1, constant_values=c))
for mode in ("edge", "mean", "reflect", "symmetric", "wrap", "maximum"):
    call("pad", A, pad_width=2, mode=mode)

# Choosing, sorting, sets.
call("take", A, indices=[0, 2, 0], axis=1)
call("take_along_axis", A, how=lambda f, x: f(x, np.argsort(x, axis=0), axis=0))
call("compress", A, how=lambda f, x: f([True, False, True], x, axis=0))
call("extract", A, how=lambda f, x: f(x > 0, x))
call("choose", A, B, how=lambda f, x, y: f((A > 0).astype(int), [x, y]))
call("select", A, B, how=lambda f, x, y: f([x > 0.5, y > 0], [x * y, y], x))
call("piecewise", A, how=lambda f, x: f(x, [x < 0, x > 1], [lambda v: v**2, 3.0, np.sin]))
call("trim_zeros", V, how=lambda f, x: f(np.concatenate([np.zeros(2), x, np.zeros(1)])))
call("sort", A, axis=0)
call("sort_complex", V)
call("partition", A, kth=1)
for name in ("unique", "unique_values"):
    call(name, V)
call("unique_all", V, how=lambda f, x: f(x).values)
call("unique_counts", V, how=lambda f, x: f(x).values)
call("unique_inverse", V, how=lambda f, x: f(x).values)
for name in ("union1d", "setxor1d", "setdiff1d"):
    call(name, V, UNIT)
call("intersect1d", V, how=lambda f, x: f(x, x[1:4]))

# Making arrays like what varies, and writing into them.
for name in ("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray"):
    call(name, A, how=lambda f, x: f(x, **like(x)))
call("full", UNIT[0], how=lambda f, v: f((2, 3), v, **like(v)))
call("full_like", UNIT, how=lambda f, v: f(v, v * 2.0))
for name in ("zeros", "ones", "empty"):
    call(name, UNIT, how=lambda f, v: filled(f(3, **like(v)), v))
    call(name + "_like", UNIT, how=lambda f, v: filled(f(v), v))
for name in ("eye", "identity", "tri"):
    call(name, UNIT, how=lambda f, v: f(3, **like(v)) @ v)
call("arange", UNIT, how=lambda f, v: f(3, **like(v)) * v)
call("fromfunction", UNIT, how=lambda f, v: f(lambda i: i, (3,), **like(v)) * v)
call("copyto", UNIT, how=lambda f, v: written(f, v, v**2))
call("put", UNIT, how=lambda f, v: written(f, v, [2, 0], v[:2]))
call("place", UNIT, how=lambda f, v: written(f, v, [True, False, True], v[:2]))
call("putmask", UNIT, how=lambda f, v: written(f, v, [True, False, True], v**2))
call("put_along_axis", UNIT, how=lambda f, v: written(f, v, np.array([2, 0, 1]), v**2, 0))
call("fill_diagonal", M, how=lambda f, x: written(f, x, x[0]))
call("meshgrid", UNIT, V)
call("vander", V, N=4)
call("linspace", UNIT, V[:3], num=4)
call("logspace", UNIT, V[:3], num=4)
call("geomspace", POSITIVE, POSITIVE[::-1], num=3)

# Along axes, of polynomials, of samples.
call("apply_along_axis", A, how=lambda f, x: f(lambda v: v * np.sum(v), 0, x))
call("apply_over_axes", T, how=lambda f, x: f(np.sum, x**2, (0, 2)))
call("poly", V)
for name in ("polyadd", "polymul", "polysub", "polydiv"):
    call(name, V, UNIT)
call("polyder", V, m=2)
call("polyint", V, how=lambda f, x: f(x, 2, [1.0, 2.0]))
call("polyval", V, UNIT)
call("polyfit", V, np.array([1.0, -0.4, 0.5, 2.0, 0.1]), deg=2)
call("roots", V)
call("interp", np.array([0.25, 1.5, 2.75]), np.array([0.0, 1.0, 2.0, 3.0]), B[0])
call("bincount", V, how=lambda f, w: f([0, 3, 1, 0, 3], weights=w))
call("histogram", V, how=lambda f, w: f([0.1, 0.7, 0.2, 0.4, 0.9], bins=3, weights=w)[0])
call("histogram", V, how=lambda f, x: f(x, bins=3, density=True))
call("histogram_bin_edges", V, bins=4)
call("histogram2d", V, how=lambda f, w: f(np.arange(5.0), np.arange(5.0) ** 2, bins=2, weights=w)[0])
call("histogramdd", V, how=lambda f, w: f(np.arange(10.0).reshape(5, 2), bins=2, weights=w)[0])
call("i0", V[0])

# What NumPy does not hand on: its own code works.
call("kaiser", V[3], how=lambda f, beta: f(5, beta))
for name in ("fft.fftfreq", "fft.rfftfreq"):
    call(name, V[3], how=lambda f, d: f(5, d))
call("frompyfunc", V, how=lambda f, x: f(lambda a: a**2 if a > 0 else np.exp(a), 1, 1)(x) @ V)

# The methods of elementwise functions, and what a call may be told.
for name in ("add", "multiply", "maximum", "minimum", "fmax", "fmin", "logaddexp", "logaddexp2", "hypot", "subtract"):
    call(name, A, how=lambda f, x: (f.reduce(x, axis=1), f.accumulate(x), f.reduceat(x, [0, 2, 1], axis=1)))
    call(name, V, UNIT, how=lambda f, x, y: f.outer(x, y))
for name in ("divide", "arctan2"):
    call(name, A + 2 * np.sign(A), how=lambda f, x: (f.reduce(x), f.accumulate(x, axis=1)))
for name in ("add", "multiply", "maximum", "minimum", "logaddexp"):
    call(name, A, how=lambda f, x: f.reduce(x, axis=(0, 1), keepdims=True, where=A < 0.7, initial=0.2))

# Constants.
for name in (
    "all", "any", "argmax", "argmin", "argsort", "argwhere", "around", "array2string", "array_repr", "array_str",
    "common_type", "count_nonzero", "fix", "flatnonzero", "iscomplex", "iscomplexobj", "isfinite", "isinf", "isnan", "isneginf", "isposinf",
    "isreal", "isrealobj", "linalg.matrix_rank", "logical_not", "min_scalar_type", "nanargmax", "nanargmin", "ndim", "nonzero",
    "result_type", "round", "shape", "signbit", "size", "spacing",
):  # fmt: skip
    constant(name, A)
for name in ("diag_indices_from", "tril_indices_from", "triu_indices_from"):
    constant(name, M)
for name in (
    "allclose", "array_equal", "array_equiv", "equal", "greater", "greater_equal", "isclose", "isin", "less", "less_equal",
    "logical_and", "logical_or", "logical_xor", "not_equal",
):  # fmt: skip
    constant(name, A, A[::-1])
for name in ("may_share_memory", "shares_memory"):
    constant(name, A, B)
constant("argpartition", A, kth=1)
constant("can_cast", A, to=np.float32)
constant("digitize", A, np.array([-1.0, 0.0, 1.0]))
constant("einsum_path", "ij,jk", A, B.T)
constant("ix_", np.array([1, 0]), np.array([2, 1]))
constant("lexsort", A)
constant("ravel_multi_index", (np.array([1, 0]), np.array([2, 1])), dims=(2, 3))
constant("searchsorted", np.sort(V), A)
constant("unravel_index", np.array([1, 5]), shape=(2, 3))

constant("in1d", A, A[::-1])
for name in ("alltrue", "sometrue", "round_"):
    constant(name, A)

# What has no derivative.
for name in (
    "bitwise_count", "bitwise_not", "invert", "packbits", "unpackbits", "isnat", "is_busday", "datetime_as_string",
):  # fmt: skip
    declined(name)
for name in ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "gcd", "lcm"):
    declined(name, lambda f, x: f(x, 3))
for name in ("busday_count", "busday_offset"):
    declined(name, lambda f, x: f(x, x))
for name in ("save", "savez", "savez_compressed", "savetxt"):
    declined(name, lambda f, x: f("file", x))
