"""The arguments of an operator: which of them to differentiate by, and what goes with them.

Imports the core, the number systems and the derivative operators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from revdiff.core.errors import ArgnumsError, ArgumentError, RevDiffError, describe, listed
from revdiff.core.revdiff import primal, shape_of
from revdiff.core.structure import STRUCTURES
from revdiff.derivatives.operators import require_varying
from revdiff.structures.differentiation import Function
from revdiff.systems import is_complex, is_number

Argnums: TypeAlias = int | str | tuple[int | str, ...]


def require_function(operator: str, f: Any) -> None:
    """Raise an error where an operator was given a value instead of a function."""
    if not callable(f):
        msg = f"{operator} takes a function; met {describe(f)}.\n  Write {operator}(f), not {operator}(f(x))."
        raise ArgumentError(msg)


def chosen(
    f: Function, argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, Callable[[Any], Any]]:
    """Return the chosen arguments as one structure, and f as a function of that structure.

    The attribute ``chosen`` of that function, (f, their positions and names, whether there are several), is for who asks
    what they are called.
    """
    several = isinstance(argnums, tuple)
    keys = [_key(argnum, args, kwargs) for argnum in (argnums if isinstance(argnums, tuple) else (argnums,))]
    if len(set(keys)) < len(keys):
        msg = f"argnums={argnums!r} names an argument twice"
        raise ArgnumsError(msg)
    values = tuple(args[key] if isinstance(key, int) else kwargs[key] for key in keys)
    if several:
        require_varying(values)

    def of_chosen(x: Any) -> Any:
        new_args, new_kwargs = list(args), dict(kwargs)
        for key, value in zip(keys, x if several else (x,), strict=True):
            if isinstance(key, int):
                new_args[key] = value
            else:
                new_kwargs[key] = value
        return f(*new_args, **new_kwargs)

    vars(of_chosen)["chosen"] = f, keys, several
    return values if several else values[0], of_chosen


def _key(argnum: int | str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | str:
    if isinstance(argnum, str):
        if argnum in kwargs:
            return argnum
        names = f"; its keyword arguments are {listed(kwargs)}" if kwargs else ", which had none by keyword"
        msg = f"argnums names the keyword argument {argnum!r}, which is not in this call{names}"
        raise ArgnumsError(msg)
    if isinstance(argnum, bool) or not isinstance(argnum, int | np.integer):
        msg = f"argnums is a position, a keyword name, or a tuple of these; met {describe(argnum)}"
        raise ArgnumsError(msg)
    if not -len(args) <= argnum < len(args):
        many = f"{len(args)} positional argument{'' if len(args) == 1 else 's'}"
        msg = f"argnums={argnum}, but the function was called with {many}"
        raise ArgnumsError(msg)
    return int(argnum) % len(args)


def together(operator: str, f: Function, args: tuple[Any, ...]) -> tuple[Any, Callable[[Any], Any]]:
    """Return all arguments as one value, a tuple if there are several, and f as a function of it."""
    require_function(operator, f)
    if not args:
        msg = f"there is nothing to differentiate: give the function's arguments, {operator}(f, x, …)"
        raise ArgumentError(msg)
    if len(args) == 1:
        return args[0], f
    require_varying(args)

    def of_all(x: Any) -> Any:
        return f(*x)

    vars(of_all)["chosen"] = f, range(len(args)), True
    return args, of_all


def pairs(primals: Any, tangents: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the arguments and their tangents, as tuples of one length."""
    if type(primals) is not tuple:  # a named tuple is one argument, as every record
        primals, tangents = (primals,), (tangents,)
    if not isinstance(tangents, tuple) or len(tangents) != len(primals):
        many = f" of {len(tangents)}" if isinstance(tangents, tuple) else ""
        msg = f"give a tangent for each argument: {len(primals)} in a tuple; met {describe(tangents)}{many}"
        raise ArgumentError(msg)
    return primals, tangents


def require_beside(x: Any, v: Any, called: str) -> None:
    """Raise an error where v, a tangent or a cotangent of x, has other shapes, or complex numbers beside real ones.

    What is built differently is left to the descriptors: they know what the tangents of a manifold look like.
    """
    try:
        _require_beside(x, v, called)
    except RevDiffError as error:
        error.inside_of(called)
        raise


def _require_beside(x: Any, v: Any, called: str) -> None:
    structure = STRUCTURES.find(type(x))
    if structure is not None and type(v) is type(x):
        beside = structure.parts(v)
        for key, part in structure.parts(x).items():
            try:
                if key in beside:
                    _require_beside(part, beside[key], called)
            except RevDiffError as error:
                error.inside(structure.step(x, key))
                raise
    elif is_number(primal(x)) and is_number(primal(v)):
        shape, met = shape_of(x), shape_of(v)
        if shape != met:
            array, number = f"the {called} of an array has its shape {shape}", f"the {called} of a number is a number"
            msg = f"{array}; met {met}" if shape else f"{number}; met {describe(primal(v))} and shape {met}"
            raise ArgumentError(msg)
        if is_complex(v) and not is_complex(x):
            msg = (
                f"the {called} of a real number is real; met {describe(primal(v))}.\n"
                "  Take its real and its imaginary part, one after the other."
            )
            raise ArgumentError(msg)
