"""Sums of products over chosen axes: tensordot, einsum, kron, cross products, traces, chains of matrices.

Imports rules of arrays, NumPy's protocol, and the families of products and shapes. Each function is linear
in every operand, so the cotangent of one is a contraction of ȳ with the others: the adjoint of an einsum is
an einsum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from math import prod
from typing import Any

import numpy as np

from revdiff.arrays.memory import viewed
from revdiff.arrays.names import of_numpy
from revdiff.arrays.numpy_protocol import constant, method_of, stands_for
from revdiff.batches.shapes import summed_axes
from revdiff.core.revdiff import primal, shape_of
from revdiff.functions.of_arrays import rule
from revdiff.rules.products import Product, dot, matmul
from revdiff.rules.shape import gather, moveaxis, reshape

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""NumPy's names for the labels 0 to 51 of an einsum."""

MUCH = 50_000
"""From so many products on, an adjoint is worth the search for a good order of contraction."""


@rule(np.tensordot, *of_numpy("linalg.tensordot"))
def tensordot(a: Any, b: Any, /, axes: Any = 2) -> Product:
    """Return the sum of products over pairs of axes; the other axes of a, then those of b, remain.

    With a and b as matrices, remaining × summed and summed × remaining:  c = a b,  ā = c̄ bᵀ,  b̄ = aᵀ c̄.
    """
    m, n = np.ndim(primal(a)), np.ndim(primal(b))
    of_a, of_b = summed_axes(axes, m, n)
    rest_of_a = [i for i in range(m) if i not in of_a]
    rest_of_b = [j for j in range(n) if j not in of_b]
    rows = len(rest_of_a)

    def a_pullback(c_bar: Any) -> Any:
        a_bar = np.tensordot(c_bar, b, ([*range(rows, rows + len(rest_of_b))], rest_of_b))
        return _in_order(a_bar, [*rest_of_a, *[i for _, i in sorted(zip(of_b, of_a, strict=True))]])

    def b_pullback(c_bar: Any) -> Any:
        b_bar = np.tensordot(a, c_bar, (rest_of_a, [*range(rows)]))
        return _in_order(b_bar, [*[j for _, j in sorted(zip(of_a, of_b, strict=True))], *rest_of_b])

    return np.tensordot(a, b, axes), a_pullback, b_pullback


def _in_order(x: Any, axes: list[int]) -> Any:
    """Return x, whose axes are those of these numbers, with its axes in the order of the numbers."""
    return x if axes == sorted(axes) else np.transpose(x, sorted(range(len(axes)), key=axes.__getitem__))


@stands_for(np.einsum)
def einsum(*operands: Any, optimize: Any = False) -> Any:
    """Return a sum of products, written with labels: ``einsum("ij,jk->ik", a, b)`` is a @ b.

    The cotangent of an operand is the einsum of ȳ and the other operands,

        y = einsum("i…,x,…->y")      x̄ = einsum("y,i…,…->x"),

    repeated along labels that stand nowhere else, and put on the diagonal of labels that x repeats.

    >>> from revdiff import grad
    >>> grad(lambda a: np.einsum("ii,i", a, np.array([1.0, 10.0])))(np.ones((2, 2)))
    array([[ 1.,  0.],
           [ 0., 10.]])
    """
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0], operands[1:]
    else:
        subscripts, arrays = _as_text(operands), operands[: len(operands) // 2 * 2 : 2]
    arrays = tuple(map(gather, arrays))
    explicit = _explicit(subscripts, tuple(np.ndim(primal(x)) for x in arrays))
    y = _einsum(*arrays, subscripts=explicit, optimize=optimize)
    return viewed(arrays[0], y, lambda x: np.einsum(explicit, x)) if len(arrays) == 1 else y


@rule()
def _einsum(*operands: Any, subscripts: str, optimize: Any) -> tuple[Any, ...]:
    y = np.einsum(subscripts, *operands, optimize=optimize)
    inputs, _, output = subscripts.partition("->")
    terms = inputs.split(",")
    lengths: dict[str, int] = {}
    for term, x in zip(terms, operands, strict=True):
        for label, length in zip(term, shape_of(x), strict=True):
            if length != 1 or label not in lengths:
                lengths[label] = length
    how = (optimize if isinstance(optimize, bool | str) else True) or prod(lengths.values()) > MUCH

    def pullback_to(place: int) -> Callable[[Any], Any]:
        def operand_pullback(y_bar: Any) -> Any:
            term, shape = terms[place], shape_of(operands[place])
            others = [output, *terms[:place], *terms[place + 1 :]]
            own = dict(zip(term, shape, strict=True))
            kept = "".join(label for label in own if own[label] == lengths[label] and any(label in t for t in others))
            rest = operands[:place] + operands[place + 1 :]
            x_bar = np.einsum(f"{','.join(others)}->{kept}", y_bar, *rest, optimize=how)
            return x_bar if kept == term and shape_of(x_bar) == shape else _spread(x_bar, kept, term, shape)

        return operand_pullback

    return y, *map(pullback_to, range(len(operands)))


def _spread(x_bar: Any, kept: str, term: str, shape: tuple[int, ...]) -> Any:
    """Give a cotangent with the axes ``kept`` those of an operand: new ones repeat it, repeated ones are a diagonal."""
    known = dict(zip(kept, shape_of(x_bar), strict=True))
    is_first = [term.index(label) == i for i, label in enumerate(term)]
    x_bar = np.reshape(
        x_bar, [known.get(label, 1) if first else 1 for label, first in zip(term, is_first, strict=True)]
    )
    if not all(is_first):
        index = np.indices(shape, sparse=True)
        on_diagonal = [index[i] == index[term.index(label)] for i, label in enumerate(term)]
        x_bar = np.where(np.all(np.broadcast_arrays(*on_diagonal), axis=0), x_bar, 0)
    return np.broadcast_to(x_bar, shape)


def _as_text(operands: Sequence[Any]) -> str:
    """Return the subscripts of ``einsum(x, [0, 1], y, [1, 2], [0, 2])`` as text."""
    lists = [*operands[1::2], *operands[-1:]] if len(operands) % 2 else operands[1::2]
    texts = ["".join("..." if label is ... else _letter(label) for label in labels) for labels in lists]
    return "->".join((",".join(texts[:-1]), texts[-1])) if len(operands) % 2 else ",".join(texts)


def _letter(label: int) -> str:
    if not 0 <= label < len(LETTERS):
        msg = f"a label of einsum is a whole number from 0 to {len(LETTERS) - 1}; met {label}"
        raise ValueError(msg)
    return LETTERS[label]


@lru_cache(maxsize=1024)
def _explicit(subscripts: str, dimensions: tuple[int, ...]) -> str:
    """Return subscripts with an output, and with labels in place of ellipses, for operands of so many dimensions."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    hidden = [n - len(term) + 3 if "..." in term else 0 for term, n in zip(terms, dimensions, strict=False)]
    new = [letter for letter in LETTERS if letter not in subscripts][: max(hidden, default=0)]
    if not arrow:
        labels = inputs.replace(",", "").replace(".", "")
        output = "..." + "".join(sorted(label for label in set(labels) if labels.count(label) == 1))
    for i, n in enumerate(hidden):
        terms[i] = terms[i].replace("...", "".join(new[len(new) - n :]))
    return f"{','.join(terms)}->{output.replace('...', ''.join(new))}"


@stands_for(np.kron)
def kron(a: Any, b: Any, /) -> Any:
    """Return the Kronecker product: a with each element aᵢ replaced by the block aᵢ b."""
    a, b = gather(a), gather(b)
    shape_a, shape_b = shape_of(a), shape_of(b)
    n = max(len(shape_a), len(shape_b))
    if n == 0:
        return a * b
    shape_a, shape_b = (1,) * (n - len(shape_a)) + shape_a, (1,) * (n - len(shape_b)) + shape_b
    blocks = reshape(a, [k for i in shape_a for k in (i, 1)]) * reshape(b, [k for j in shape_b for k in (1, j)])
    return reshape(blocks, [i * j for i, j in zip(shape_a, shape_b, strict=True)])


@stands_for(np.cross)
def cross(a: Any, b: Any, /, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """Return the cross products of vectors of three components.     ā = b × c̄,  b̄ = c̄ × a.

    Both are cyclic permutations of the triple product c̄ · (a × b). A vector of two components has a third
    one, which is 0; of two such vectors the result is the third component alone.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(gather(a), axisa, -1), moveaxis(gather(b), axisb, -1)
    if shape_of(a)[-1] == 2 == shape_of(b)[-1]:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return moveaxis(_cross(_in_space(a), _in_space(b)), -1, axisc)


def _in_space(a: Any) -> Any:
    if shape_of(a)[-1] != 2:
        return a
    return np.concatenate([a, np.zeros_like(primal(a)[..., :1])], axis=-1)


@rule()
def _cross(a: Any, b: Any, /) -> Product:
    def a_pullback(c_bar: Any) -> Any:
        return np.cross(b, c_bar)

    def b_pullback(c_bar: Any) -> Any:
        return np.cross(c_bar, a)

    return np.cross(a, b), a_pullback, b_pullback


@rule(np.trace, linear=True)
def trace(a: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1) -> tuple[Any, Callable[[Any], Any]]:
    """Return the sums along diagonals of two axes.     ā = ȳ on those diagonals and 0 elsewhere."""
    shape = shape_of(a)

    def trace_pullback(y_bar: Any) -> Any:
        on_diagonal = np.eye(shape[axis1], shape[axis2], offset, dtype=bool)
        return np.moveaxis(np.where(on_diagonal, np.expand_dims(y_bar, (-2, -1)), 0), (-2, -1), (axis1, axis2))

    return np.trace(a, offset, axis1, axis2), trace_pullback


@stands_for(np.linalg.multi_dot)
def multi_dot(arrays: Sequence[Any], /) -> Any:
    """Return the product of a chain of matrices in the order that takes the fewest multiplications.

    The first may be a row, and the last a column, of one dimension.
    """
    chain = [gather(x) for x in arrays]
    shapes = [shape_of(x) for x in chain]
    if len(chain) < 2:
        msg = f"multi_dot takes two arrays at least; met {len(chain)}"
        raise ValueError(msg)
    if len(chain) == 2:
        return dot(*chain)
    bad = next(
        (s for i, s in enumerate(shapes) if len(s) != 2 and not (len(s) == 1 and i in (0, len(shapes) - 1))), None
    )
    if bad is not None:
        msg = f"multi_dot takes matrices, and vectors at its ends; met an array of shape {bad}"
        raise np.linalg.LinAlgError(msg)
    rows = shapes[0][0] if len(shapes[0]) == 2 else 1
    columns = [s[-1] if len(s) == 2 else 1 for s in shapes[1:]]

    def product(tree: Any) -> Any:
        return matmul(product(tree[0]), product(tree[1])) if isinstance(tree, tuple) else chain[tree]

    return product(_cheapest(rows, shapes[0][-1], *columns))


@lru_cache(maxsize=256)
def _cheapest(*lengths: int) -> Any:
    """Return in pairs of pairs in which order to multiply matrices of shapes (n₀, n₁), (n₁, n₂), …"""

    @cache
    def best(first: int, last: int) -> tuple[int, Any]:
        if first == last:
            return 0, first
        plans = [(best(first, k), best(k + 1, last), lengths[k + 1]) for k in range(first, last)]
        around = lengths[first] * lengths[last + 1]
        costs = [left[0] + right[0] + around * inner for left, right, inner in plans]
        left, right, _ = plans[costs.index(min(costs))]
        return min(costs), (left[1], right[1])

    return best(0, len(lengths) - 2)[1]


constant(np.einsum_path)
method_of(np.trace)
