"""The graph of expressions: each subexpression once, with arcs from what it is made of.

Imports SymPy, the errors, the structures, and graphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, final

import numpy as np
import sympy
from sympy.core.function import AppliedUndef

from revdiff.core.errors import InfiniteError, RevDiffError, UnsupportedValueError, describe, describe_form
from revdiff.core.structure import CARRIERS, MAPS, STRUCTURES
from revdiff.plotting.draft import MAX_NODES, Draft
from revdiff.plotting.graph import Graph
from revdiff.plotting.nodes import Arc, Kind, Node
from revdiff.plotting.wording import typeset, written

LABEL, ABRIDGED, TEXT = 44, 24, 200
"""So many characters of an expression stand in its box, if it is there as a whole, if it is not, and appear when one
points at it."""
LARGEST_LATEX = 200

Operand = tuple[Any, str]
"""A part of an expression, and as what it stands there: "−" for a term that is subtracted."""


def expression_graph(x: Any, /, *, max_nodes: int = MAX_NODES) -> Graph:
    """Return the graph of a SymPy expression, or of a structure of them.

    Each subexpression is one node, however often it occurs, and arcs lead to it from the variables and the
    subexpressions that it is made of. Numbers stand in the labels.

    x may be a tuple, list, dictionary, record, array or matrix, nested as you like, such as a derivative returns;
    the keys of a dictionary name the results.

    >>> import sympy
    >>> from revdiff import simple_derivative, symbolic_func
    >>> f, g = symbolic_func("f"), symbolic_func("g")
    >>> graph = expression_graph(simple_derivative(lambda x: g(f(x)))(sympy.Symbol("x")))
    >>> for node in graph.nodes:
    ...     print(node.label, "from", graph.sources(node.key))
    x from ()
    f′(x) from ('x',)
    f(x) from ('x',)
    g′(f(x)) from ('f(x)',)
    f′(x)·g′(f(x)) from ("f'(x)", "g'(f(x))")

    Raises `UnsupportedValueError` for what is no expression, and `PlotError` if there are more than ``max_nodes``.
    """
    builder = _Builder(Draft(max_nodes))
    roots = list(_expressions(x, ""))
    if not roots:
        msg = f"there is no expression in {describe_form(x)}, so there is nothing to draw"
        raise UnsupportedValueError(msg)
    for name, root in roots:
        builder.add(name, root)
    single = roots[0][1] if len(roots) == 1 else None
    return builder.graph(single)


def _expressions(x: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Walk through a structure to the expressions in it, each with its name."""
    if isinstance(x, np.ndarray):
        for place, part in np.ndenumerate(x):
            yield from _expressions(part, f"{name}{list(place)}" if name else "")
        return
    if type(x) in CARRIERS:
        msg = (
            "a RevDiff cannot be drawn: it exists only inside of the function that is differentiated.\n"
            "  Its value:       expression_graph(revdiff.primal(r))\n"
            "  The derivative:  expression_graph(revdiff.simple_derivative(f)(x)), with a symbol x"
        )
        raise UnsupportedValueError(msg)
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        for key, part in structure.parts(x).items():
            try:
                yield from _expressions(part, _inside(name, x, key, structure.step(x, key)))
            except RevDiffError as error:
                error.inside(structure.step(x, key))
                raise
        return
    if MAPS.find(type(x)) is not None:
        msg = f"{describe(x)} has no end, and a picture has.\n  To draw its beginning:  expression_graph(s.take(5))"
        raise InfiniteError(msg)
    yield name, _number(x)


def _inside(name: str, x: Any, key: Any, step: str) -> str:
    """Return the name of a part: keys and fields are names, places in a list or a matrix are not by themselves."""
    if name:
        return name + step
    return "" if step.startswith("[") and not isinstance(x, Mapping) else str(key)


def _number(x: Any) -> Any:
    try:
        return sympy.sympify(x, strict=True)
    except sympy.SympifyError:
        pass
    if callable(x):
        name = getattr(x, "__name__", "")
        name = name if name.isidentifier() else "f"
        msg = (
            f"{name} is a function, and this picture shows an expression.\n"
            f"  Apply it to a symbol:      expression_graph({name}(sympy.Symbol('x')))\n"
            f"  To draw what it computes:  computation_graph({name}, 0.5)"
        )
        raise UnsupportedValueError(msg)
    msg = (
        f"expression_graph draws expressions of SymPy, and structures of them; met {describe(x)}.\n"
        "  For a formula in a text:  expression_graph(revdiff.parse_expression(text))"
    )
    raise UnsupportedValueError(msg)


@final
class _Builder:
    """Collects the nodes of several expressions, what is equal once."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._keys: dict[Any, str] = {}
        self._constant: dict[Any, bool] = {}
        self._sizes: dict[Any, int] = {}

    def add(self, name: str, root: Any) -> None:
        """Add an expression as a result."""
        self._add_all(root)
        node = self._draft.nodes[self._keys[root]]
        note = ", ".join(filter(None, (node.note, name)))
        self._draft.nodes[node.key] = replace(node, kind="input" if node.kind == "input" else "result", note=note)

    def graph(self, single: Any) -> Graph:
        """Return the graph, which shows its formula if it is a single one and not long."""
        nodes = self._draft.nodes.values()
        results = [node.label for node in nodes if node.kind == "result"] or [node.label for node in nodes]
        title = f"The graph of {', '.join(results)}" if len(results) < 4 else f"The graph of {len(results)} expressions"
        is_short = single is not None and self._sizes[single] <= LARGEST_LATEX
        return self._draft.graph(title, latex=sympy.latex(single) if is_short else "")

    def _add_all(self, root: Any) -> None:
        """Add an expression after what it is made of: by a stack, for it may be nested deeply."""
        stack = [root]
        while stack:
            x = stack[-1]
            operands = [] if x in self._keys else self._operands(x)
            missing = [part for part, _ in operands if part not in self._keys]
            stack += reversed(missing)
            if not missing:
                stack.pop()
                if x not in self._keys:
                    self._add_one(x, operands)

    def _add_one(self, x: Any, operands: list[Operand]) -> None:
        text, is_whole = written(x, TEXT)
        is_whole = is_whole and len(text) <= LABEL
        label = text if is_whole else written(x, ABRIDGED)[0]
        kind: Kind = "operation" if operands else "input"
        self._keys[x] = key = self._draft.add(Node(text, typeset(label), kind, text=typeset(text)))
        self._sizes[x] = 1 + sum(self._sizes[part] for part, _ in operands)
        for part, role in operands:
            self._draft.join(Arc(self._keys[part], key, "" if is_whole else role))

    def _operands(self, x: Any) -> list[Operand]:
        """Return the parts of an expression that vary."""
        return [(part, role) for part, role in _parts(x) if not self._is_constant(part)]

    def _is_constant(self, x: Any) -> bool:
        """Tell whether there is nothing in x but numbers, without walking through any part of it twice."""
        stack = [] if x in self._constant else [x]
        while stack:
            y = stack[-1]
            args = () if _is_leaf(y) else y.args
            unknown = [arg for arg in args if arg not in self._constant]
            stack += unknown
            if not unknown:
                stack.pop()
                known = all(self._constant[arg] for arg in args) if args else not getattr(y, "free_symbols", ())
                self._constant[y] = known and not isinstance(y, AppliedUndef)
        return self._constant[x]


def _is_leaf(x: Any) -> bool:
    return not x.args or bool(getattr(x, "is_symbol", False))


def _parts(x: Any) -> Iterator[Operand]:
    """Yield what an expression is made of, as one reads it: x - y is made of x and y."""
    if _is_leaf(x):
        return
    if getattr(x, "bound_symbols", None):  # of an integral from 0 to x of t² dt only x is known outside of it
        yield from ((symbol, "") for symbol in sorted(x.free_symbols, key=str))
    elif x.is_Add:
        yield from map(_term, x.args)
    elif x.is_Mul:
        for factor in x.args:
            yield _factor(factor) if factor is not sympy.S.NegativeOne else (factor, "")
    elif x.is_Pow:
        yield x.base, ""
        yield x.exp, "^"
    else:
        args = list(_flat(x.args))
        numbered = len(args) > 1 and x.is_Function and not isinstance(x, sympy.Max | sympy.Min | sympy.Piecewise)
        yield from ((arg, str(i) if numbered else "") for i, arg in enumerate(args, start=1))


def _term(term: Any) -> Operand:
    coefficient, rest = term.as_coeff_Mul()
    if coefficient is sympy.S.NegativeOne:
        return rest, "−"
    return (-term, "−") if coefficient.is_negative and rest is not sympy.S.One else (term, "")


def _factor(factor: Any) -> Operand:
    """Return x for a division by x."""
    if factor.is_Pow and factor.exp.is_Rational and factor.exp.is_negative:
        return factor.base**-factor.exp, "÷"
    return factor, ""


def _flat(args: tuple[Any, ...]) -> Iterator[Any]:
    for arg in args:
        if isinstance(arg, sympy.Tuple) or type(arg).__name__ == "ExprCondPair":
            yield from _flat(arg.args)
        else:
            yield arg
