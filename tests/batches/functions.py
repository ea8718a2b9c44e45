"""Functions of arrays to try on batches, and shapes of samples to try them on."""

from __future__ import annotations

import operator

import numpy as np
import pytest


def numbers(shape, seed=0, dtype=float):
    drawn = np.random.default_rng(seed).uniform(0.5, 2.0, shape)
    if np.dtype(dtype).kind == "c":
        return (drawn + 1j * np.random.default_rng(seed + 1).uniform(0.5, 2.0, shape)).astype(dtype)
    return drawn.astype(dtype)


def case(name, function, *shapes, rules=()):
    """Name a function of arrays, the shapes of samples that it is tried on, and the rules that it must be served by."""
    return pytest.param(function, shapes, rules, id=name)


def ops():
    for name in ("add", "sub", "mul", "truediv", "pow", "mod", "floordiv"):
        for shapes in (((), ()), ((3,), ()), ((), (3,)), ((3,), (2, 3)), ((2, 1), (3,)), ((2, 3), (2, 3)), ((0,), ())):
            yield case(f"{name}{shapes}", getattr(operator, name), *shapes)
    for name in ("lt", "le", "gt", "ge", "eq", "ne"):
        yield case(name, getattr(operator, name), (3,), (2, 3))
    for name in ("neg", "pos", "abs"):
        yield case(name, getattr(operator, name), (2, 3))
    yield case("divmod", divmod, (3,), ())
    yield case("with a number", lambda x: 2.0 * x + 1 - x / 3.0, (2, 3))
    yield case("with a number of NumPy", lambda x: np.float64(2.0) * x + x * np.float32(3.0), (2,))
    yield case("with a list", lambda x: x * [1.0, 2.0] + [3.0, 4.0], (2,))
    yield case("with an array", lambda x: np.arange(6.0).reshape(2, 3) * x - x * np.arange(3.0), (3,))
    yield case("matmul operator", lambda a, b: a @ b, (2, 3), (3,))
    yield case("matmul with an array", lambda a: np.ones((2, 3)) @ a @ np.ones((2, 2)), (3, 2))


def ufuncs():
    for ufunc in (np.sin, np.exp, np.sqrt, np.conjugate, np.isnan, np.sign, np.square):
        yield case(ufunc.__name__, ufunc, (2, 3))
    for ufunc in (np.maximum, np.hypot, np.arctan2, np.copysign, np.power, np.multiply):
        yield case(ufunc.__name__, ufunc, (3,), (2, 1))
    yield case("two results", np.modf, (3,))
    yield case("where=", lambda x: np.add.reduce(x, axis=0, where=np.array([True, False])), (2,))
    yield case("add.reduce", np.add.reduce, (2, 3))
    yield case("add.reduce over all", lambda x: np.add.reduce(x, axis=None), (2, 3))
    yield case("add.accumulate", lambda x: np.add.accumulate(x, axis=-1), (2, 3))
    yield case("multiply.outer", np.multiply.outer, (2,), (3,))
    yield case("frompyfunc", lambda x: np.frompyfunc(lambda t: t + 1, 1, 1)(x).astype(float), (3,))


def reductions():
    for name in ("sum", "prod", "mean", "std", "var", "max", "min", "nansum", "nanmax", "nanprod"):
        function = getattr(np, name)
        for shape, axes in (((), (None,)), ((3,), (None, 0, -1)), ((2, 3, 2), (None, 0, 1, -1, -2, (0, 2), (-1, 0)))):
            for axis in axes:
                yield case(f"{name}{shape}{axis}", lambda x, f=function, a=axis: f(x, axis=a), shape, rules=(function,))
        yield case(f"{name} keepdims", lambda x, f=function: f(x, axis=-1, keepdims=True), (2, 3), rules=(function,))
    yield case("any", lambda x: np.any(x > 1.0, axis=0), (2, 3))
    yield case("sum method", lambda x: x.sum() + x.sum(axis=0) + x.mean(axis=-1).sum(), (2, 3))
    yield case("sum by position", lambda x: np.sum(x, 0, None), (2, 3))
    yield case("sum of a number along 0", lambda x: np.sum(x, axis=0), ())
    yield case("sum under a mask", lambda x: np.sum(x, where=np.array([True, False, True])), (2, 3))
    for axis in (None, 0, -1):
        yield case(f"median{axis}", lambda x, a=axis: np.median(x, axis=a), (2, 3), rules=(np.median,))
        yield case(f"quantile{axis}", lambda x, a=axis: np.quantile(x, 0.3, axis=a), (2, 3), rules=(np.quantile,))
        yield case(
            f"percentiles{axis}", lambda x, a=axis: np.percentile(x, [10, 60], axis=a), (2, 3), rules=(np.percentile,)
        )
    for axis in (0, -1):
        yield case(f"partition{axis}", lambda x, a=axis: np.partition(x, 1, axis=a), (2, 3), rules=(np.partition,))
        yield case(
            f"accumulate{axis}", lambda x, a=axis: np.multiply.accumulate(x, a), (2, 3), rules=(np.multiply.accumulate,)
        )
    yield case("ptp", lambda x: np.ptp(x, axis=1), (2, 3), rules=(np.ptp,))
    if hasattr(np.linalg, "vector_norm"):
        yield case("vector_norm", np.linalg.vector_norm, (2, 3), rules=(np.linalg.vector_norm,))
        yield case("matrix_norm", np.linalg.matrix_norm, (4, 2, 3), rules=(np.linalg.matrix_norm,))
    for name in ("cumsum", "cumprod", "argmax"):
        function = getattr(np, name)
        for axis in (None, 0, -1):
            yield case(f"{name}{axis}", lambda x, f=function, a=axis: f(x, axis=a), (2, 3), rules=(function,))
    for name in ("sort", "argsort"):
        function = getattr(np, name)
        for axis in (0, -1, 1):
            yield case(f"{name}{axis}", lambda x, f=function, a=axis: f(x, axis=a), (2, 3), rules=(function,))
    yield case("sort of all", lambda x: np.sort(x, axis=None), (2, 3))
    for how in ({}, {"axis": 0}, {"axis": (0, 1)}, {"ord": 1}, {"ord": 1, "axis": -1}, {"axis": 1, "keepdims": True}):
        yield case(f"norm{how}", lambda x, how=how: np.linalg.norm(x, **how), (2, 3), rules=(np.linalg.norm,))
    yield case("norm of a vector", lambda x: np.linalg.norm(x, 1), (3,), rules=(np.linalg.norm,))


def shapes():
    yield case("reshape", lambda x: np.reshape(x, (3, -1)), (2, 3), rules=(np.reshape,))
    yield case("reshape method", lambda x: x.reshape(3, 2) + x.reshape((3, 2)), (2, 3), rules=(np.reshape,))
    yield case("reshape of a number", lambda x: np.reshape(x, (1, 1)), ())
    yield case("to a number", lambda x: np.reshape(x, ()), (1,))
    yield case("reshape F", lambda x: np.reshape(x, (3, 2), "F"), (2, 3))
    yield case("ravel", lambda x: x.ravel() + np.ravel(x) + x.flatten(), (2, 3), rules=(np.ravel,))
    yield case("ravel F", lambda x: np.ravel(x, order="F"), (2, 3))
    yield case("squeeze", np.squeeze, (1, 3, 1), rules=(np.squeeze,))
    yield case("squeeze axis", lambda x: np.squeeze(x, -1), (1, 3, 1), rules=(np.squeeze,))
    for axis in (0, -1, 1, (0, -1), (1, 2)):
        yield case(f"expand_dims{axis}", lambda x, a=axis: np.expand_dims(x, a), (2, 3), rules=(np.expand_dims,))
    yield case("atleast", lambda x: np.atleast_3d(x) + np.atleast_2d(x)[..., None], (2,))
    yield case("transpose", lambda x: np.transpose(x) + x.T, (2, 3, 2), rules=(np.transpose,))
    yield case("transpose axes", lambda x: np.transpose(x, (-1, 0, 1)), (2, 3, 4), rules=(np.transpose,))
    yield case("transpose method", lambda x: x.transpose(1, 0, 2) + x.transpose((1, 0, 2)), (2, 3, 2))
    yield case("swapaxes", lambda x: np.swapaxes(x, 0, -1) + x.swapaxes(0, 2), (2, 3, 4), rules=(np.swapaxes,))
    yield case("mT", lambda x: np.swapaxes(x, -1, -2), (2, 3, 4))
    yield case("moveaxis", lambda x: np.moveaxis(x, [0, -1], [-1, 0]), (2, 3, 4), rules=(np.moveaxis,))
    yield case("rollaxis", lambda x: np.rollaxis(x, 2), (2, 3, 4), rules=(np.rollaxis,))
    yield case("broadcast_to", lambda x: np.broadcast_to(x, (2, 4, 3)), (3,), rules=(np.broadcast_to,))
    yield case("broadcast_to of a number", lambda x: np.broadcast_to(x, 4), ())
    for axis in (None, 0, -1, (0, 1)):
        yield case(f"flip{axis}", lambda x, a=axis: np.flip(x, a), (2, 3), rules=(np.flip,))
    for axis in (None, 0, -1):
        yield case(f"roll{axis}", lambda x, a=axis: np.roll(x, 1, a), (2, 3), rules=(np.roll,))
        yield case(f"repeat{axis}", lambda x, a=axis: np.repeat(x, 2, a), (2, 3), rules=(np.repeat,))
    yield case("repeat each", lambda x: np.repeat(x, [1, 2], 0), (2, 3), rules=(np.repeat,))
    yield case("tile", lambda x: np.tile(x, (2, 1)), (2, 3), rules=(np.tile,))
    yield case("resize", lambda x: np.resize(x, (3, 3)), (2, 3), rules=(np.resize,))
    yield case("delete", lambda x: np.delete(x, 1, axis=-1), (2, 3), rules=(np.delete,))
    yield case("fliplr and flipud", lambda x: np.fliplr(x) + np.flipud(x), (2, 3), rules=(np.fliplr, np.flipud))
    yield case("fftshift", np.fft.fftshift, (2, 3), rules=(np.fft.fftshift,))
    yield case("windows", lambda x: np.lib.stride_tricks.sliding_window_view(x, 2), (4,))
    yield case("diagflat", np.diagflat, (2, 2), rules=(np.diagflat,))
    for mode in ("edge", "reflect", "symmetric", "wrap"):
        yield case(f"pad {mode}", lambda x, m=mode: np.pad(x, ((1, 0), (2, 1)), m), (2, 3), rules=(np.pad,))
    yield case("full_like a batch", lambda x: np.full_like(x, x[0, 0]), (2, 3), rules=(np.full_like,))
    yield case("isclose", np.isclose, (2, 1), (3,), rules=(np.isclose,))
    yield case("select", lambda x, y: np.select([x > 1.5, x > y], [x, 2.0 * y], 7.0), (2, 3), (3,), rules=(np.select,))
    yield case("interp", lambda x: np.interp(x, [0.5, 1.0, 2.0], [1.0, 0.0, 5.0]), (2, 3), rules=(np.interp,))
    yield case("digitize", lambda x: np.digitize(x, [0.7, 1.2]), (2, 3), rules=(np.digitize,))
    yield case("pad", lambda x: np.pad(x, 1), (2, 3), rules=(np.pad,))
    yield case("pad with ones", lambda x: np.pad(x, ((0, 1), (2, 0)), constant_values=1.0), (2, 3), rules=(np.pad,))
    yield case("diff", lambda x: np.diff(x, axis=0), (3, 2), rules=(np.diff,))
    yield case("second diff", lambda x: np.diff(x, 2), (2, 4), rules=(np.diff,))
    yield case("trace", np.trace, (3, 3), rules=(np.trace,))
    yield case("trace of others", lambda x: np.trace(x, 1, -1, 0), (3, 2, 3), rules=(np.trace,))
    yield case("diagonal", lambda x: np.diagonal(x, -1, 2, 0), (3, 2, 3), rules=(np.diagonal,))
    yield case("diag", lambda x: np.diag(x, 1), (3,), rules=(np.diag,))
    yield case("diag of a matrix", np.diag, (2, 3), rules=(np.diag,))
    yield case("tril", np.tril, (2, 3), rules=(np.tril,))
    yield case("tril of a vector", np.tril, (3,))
    yield case("rot90", np.rot90, (2, 3), rules=(np.rot90,))
    yield case("rot90 of others", lambda x: np.rot90(x, 3, (-1, 0)), (2, 3, 4), rules=(np.rot90,))
    yield case("zeros_like", np.zeros_like, (2, 3))
    yield case("full_like", lambda x: np.full_like(x, 7.0), (2, 3))
    yield case("real and imag", lambda x: np.real(x) + np.imag(x) + x.real - x.imag, (2, 3))
    yield case("clip", lambda x: np.clip(x, 0.7, None) + np.clip(x, None, 1.2) + x.clip(0.7, 1.2), (2, 3))
    yield case("where", lambda x, y: np.where(np.array([True, False, True]), x, y), (2, 3), (), rules=(np.where,))
    yield case("where it is larger", lambda x, y: np.where(x > y, x, 0.0), (2, 1), (3,), rules=(np.where,))
    yield case("astype", lambda x: x.astype(np.complex128), (2,))
    yield case("copy", lambda x: x.copy() + np.copy(x), (2,))
    yield case("round", lambda x: np.round(x, 1), (2,))


INDICES = [
    0, -1, slice(None, None, -1), (..., 0), (0, ...), None, (slice(None), None, 1), (1, 2, 0), (), ...,
    [0, 1, 1], np.array([[0, 1], [1, 0]]), (slice(None), [2, 0]), ([0, 1], [2, 1]), ([0, 1], slice(None), [1, 0]),
    (0, slice(None), [1, 0]), ([1, 0], 2), (np.array([True, False]),), (slice(None), np.array([True, False, True])),
    (..., [0, 0]), ([0, 1], None, [1, 2]), (np.array([[True, False, True], [False, True, False]]),), np.int64(1),
]  # fmt: skip


def indexing():
    for index in INDICES:
        yield case(f"[{index}]", lambda x, i=index: x[i], (2, 3, 4), rules=(operator.getitem,))
    yield case("[()] of a number", lambda x: x[()], ())
    yield case("[True] of a number", lambda x: x[True], ())
    yield case("rows", lambda x: sum(row * i for i, row in enumerate(x)), (3, 2))
    yield case("a batch as index", lambda x: x[np.argsort(x)], (3,), rules=(operator.getitem,))
    yield case("a batch along an axis", lambda x: np.take(x, np.argsort(x[0]), axis=1), (2, 3), rules=(np.take,))
    for axis in (None, 0, -1):
        yield case(f"take{axis}", lambda x, a=axis: np.take(x, [[0, 1], [1, 1]], a), (2, 3), rules=(np.take,))
    yield case(
        "take_along_axis", lambda x: np.take_along_axis(x, np.array([[0], [2]]), axis=-1), (2, 3),
        rules=(np.take_along_axis,),
    )  # fmt: skip
    yield case("take along all", lambda x: np.take_along_axis(x, np.array([5, 0]), axis=None), (2, 3))


def joining():
    for axis in (0, 1, -1, None):
        yield case(
            f"concatenate{axis}", lambda x, y, a=axis: np.concatenate([x, y], axis=a), (2, 3), (2, 3),
            rules=(np.concatenate,),
        )  # fmt: skip
    for axis in (0, 1, -1):
        yield case(f"stack{axis}", lambda x, y, a=axis: np.stack([x, y, y], axis=a), (2,), (2,), rules=(np.stack,))
    yield case("stack of numbers", lambda x, y: np.stack([x, y]), (), (), rules=(np.stack,))
    for name in ("hstack", "vstack", "dstack", "column_stack"):
        function = getattr(np, name)
        yield case(name, lambda x, y, f=function: f((x, y)), (3,), (3,), rules=(function, np.concatenate))
    yield case("block", lambda x, y: np.block([[x, y], [y, x]]), (2, 3), (2, 3), rules=(np.block,))
    yield case("append", np.append, (2, 3), (2,), rules=(np.append,))
    yield case("linspace", lambda x, y: np.linspace(x, y, 4), (2,), (), rules=(np.linspace,))
    yield case("split", lambda x: np.split(x, 3, axis=-1), (2, 3), rules=(np.split,))
    yield case("split in uneven parts", lambda x: np.array_split(x, [1], axis=0), (3,), rules=(np.array_split,))
    yield case(
        "broadcast_arrays", lambda x, y: tuple(np.broadcast_arrays(x, y)), (2, 1), (3,), rules=(np.broadcast_arrays,)
    )


def products():
    for a, b in (
        ((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((2, 3), (3, 2)), ((4, 2, 3), (3,)), ((4, 2, 3), (3, 2)),
        ((3,), (4, 3, 2)), ((2, 3), (4, 3, 2)), ((4, 2, 3), (4, 3, 2)), ((4, 1, 2, 3), (2, 3, 2)),
    ):  # fmt: skip
        yield case(f"matmul{a}{b}", np.matmul, a, b, rules=(np.matmul,))
        yield case(f"dot{a}{b}", np.dot, a, b, rules=(np.dot,))
    yield case("dot of a number", np.dot, (), (2, 3), rules=(np.dot,))
    yield case("dot method", lambda a: a.dot(np.ones((3, 3))) + a.dot(a), (3, 3))
    yield case("inner", np.inner, (2, 3), (4, 3), rules=(np.inner,))
    yield case("inner of a number", np.inner, (), (3,), rules=(np.inner,))
    yield case("outer", np.outer, (2, 2), (3,), rules=(np.outer,))
    yield case("outer of numbers", np.outer, (), (), rules=(np.outer,))
    yield case("vdot", np.vdot, (2, 3), (2, 3), rules=(np.vdot,))
    yield case("kron", np.kron, (2, 2), (2,), rules=(np.kron,))
    for mode in ("full", "same", "valid"):
        for m, n in ((5, 3), (5, 2), (4, 3), (3, 3), (1, 1)):
            yield case(
                f"convolve {mode}{m}{n}", lambda a, v, m=mode: np.convolve(a, v, m), (m,), (n,), rules=(np.convolve,)
            )
            yield case(
                f"correlate {mode}{m}{n}", lambda a, v, m=mode: np.correlate(a, v, m), (m,), (n,), rules=(np.correlate,)
            )
    yield case("convolve with a longer one", np.convolve, (2,), (5,), rules=(np.convolve,))
    yield case("trapezoid", lambda x, y: np.trapezoid(y, x) if hasattr(np, "trapezoid") else x @ y, (4,), (4,))
    yield case("cov", np.cov, (2, 4), rules=(np.cov,))
    yield case("average", lambda x, y: np.average(x, axis=0, weights=y), (3, 2), (3,))
    yield case("cross", np.cross, (4, 3), (3,), rules=(np.cross,))
    for axes in (0, 1, 2, ([0, 1], [1, 0]), (-1, 0), ([], [])):
        fits = {0: (2, 3), 1: (3, 2), 2: (2, 3)}.get(axes, (3, 2)) if isinstance(axes, int) else (3, 2)
        yield case(f"tensordot{axes}", lambda a, b, x=axes: np.tensordot(a, b, x), (2, 3), fits, rules=(np.tensordot,))
    for text, *operands in (
        ("ij,jk->ik", (2, 3), (3, 4)), ("ij,j->", (2, 3), (3,)), ("ii->i", (3, 3)), ("ij,ij->j", (2, 3), (2, 3)),
        ("...i,i->...", (2, 3), (3,)), (",i->i", (), (3,)), ("i,j,k->kji", (2,), (3,), (2,)),
    ):  # fmt: skip
        yield case(f"einsum {text}", lambda *xs, t=text: np.einsum(t, *xs), *operands, rules=(np.einsum,))
    yield case("einsum without an output", lambda a, b: np.einsum("ij,jk", a, b), (2, 3), (3, 4))
    yield case("einsum optimized", lambda a, b: np.einsum("ij,jk->ik", a, b, optimize=True), (2, 3), (3, 4))
    if hasattr(np, "vecdot"):
        yield case("vecdot", np.vecdot, (2, 3), (3,), rules=(np.vecdot,))
    if hasattr(np, "matvec"):
        yield case("matvec", np.matvec, (2, 3), (3,), rules=(np.matvec,))
        yield case("vecmat", np.vecmat, (4, 2), (2, 3), rules=(np.vecmat,))


def well(x):
    """Return matrices that are far from singular."""
    return x + 4 * np.eye(3)


def linalg():
    for name in ("inv", "det", "slogdet", "pinv", "eigvalsh"):
        function = getattr(np.linalg, name)
        for shape in ((3, 3), (2, 3, 3)):
            yield case(f"{name}{shape}", lambda x, f=function: f(well(x)), shape, rules=(function,))
    yield case("cholesky", lambda x: np.linalg.cholesky(x @ np.conj(np.swapaxes(x, -1, -2)) + 4 * np.eye(3)), (3, 3))
    yield case("matrix_power", lambda x: np.linalg.matrix_power(x, 3), (3, 3), rules=(np.linalg.matrix_power,))
    of_stacks = ((2, 3, 3), (3, 2)) if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else ((3, 3, 3), (3, 3))
    for a, b in (((3, 3), (3,)), ((3, 3), (3, 2)), of_stacks, ((3, 3), (2, 3, 2)), ((2, 3, 3), (2, 3, 2))):
        yield case(f"solve{a}{b}", lambda x, y: np.linalg.solve(well(x), y), a, b, rules=(np.linalg.solve,))
    yield case("lstsq", lambda x, y: np.linalg.lstsq(x, y, rcond=None)[0], (4, 2), (4,))


def transforms():
    for name in ("fft", "ifft", "rfft"):
        function = getattr(np.fft, name)
        for how in ({}, {"axis": 0}, {"n": 5}, {"norm": "ortho"}):
            yield case(f"{name}{how}", lambda x, f=function, how=how: f(x, **how), (4, 3), rules=(function,))
    yield case("fft2", np.fft.fft2, (2, 4, 3), rules=(np.fft.fft2,))
    for how in ({}, {"axes": (0,)}, {"s": (2, 2), "axes": (-1, 0)}):
        yield case(f"fftn{how}", lambda x, how=how: np.fft.fftn(x, **how), (4, 3), rules=(np.fft.fftn,))
    yield case("interp through samples", lambda x: np.interp(x, [0.0, 1.0, 2.0], [1.0, 0.0, 5.0]), (4,))


FAMILIES = (ops, ufuncs, reductions, shapes, indexing, joining, products, linalg, transforms)
CASES = [one for family in FAMILIES for one in family()]
