"""What a pullback written by hand returns: a look at whether it can be the cotangent of the arguments.

Imports the core and the number systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import is_
from typing import Any

import numpy as np

from revdiff.core.cotangents import one_like
from revdiff.core.errors import MismatchError, PullbackError, describe
from revdiff.core.lifting import bare
from revdiff.core.revdiff import RevDiff, primal
from revdiff.core.structure import OUTERMOST, leaves, leaves_beside, map_leaves
from revdiff.systems import is_complex, is_number

_REAL = (float, int, np.generic, np.ndarray)
"""Types of which the complex numbers among them say so. Of an expression nobody knows."""


def for_each_argument(name: str, count: int, returned: Any) -> tuple[Any, ...]:
    """Return what a pullback returned as a tuple with one cotangent for each argument."""
    if count == 1:
        if returned is None:
            raise PullbackError.forgetful()
        return (returned,)
    if not isinstance(returned, tuple) or len(returned) != count:
        many = f" of {len(returned)}" if isinstance(returned, tuple) else ""
        msg = (
            f"the pullback of {name} returned {describe(returned)}{many}; "
            f"with {count} arguments it must return a tuple of {count} cotangents, None where there is none"
        )
        raise PullbackError(msg)
    return returned


def of_leaves(name: str, args: tuple[Any, ...], inside: list[Any], cotangents: tuple[Any, ...]) -> list[Any]:
    """List the cotangents of ``inside``, the leaves of all arguments.

    Raises `PullbackError` for what cannot be one: another structure or shape, or no number.
    """
    if len(args) == len(inside) and all(map(is_, args, inside)):  # there is no structure among them
        sent = list(cotangents)
    else:
        try:
            sent = leaves_beside(args, cotangents)
        except MismatchError as error:
            msg = f"the pullback of {name} returned what is no cotangent of its arguments: {error}"
            raise PullbackError(msg) from error
    for leaf, part in zip(inside, sent, strict=True):
        if type(part) is np.ndarray is type(leaf) and part.dtype is leaf.dtype and part.shape == leaf.shape:
            continue
        plain = primal(leaf)
        if _form(part) != _form(plain):
            _require_cotangent(name, plain, part)
    return sent


def _form(x: Any) -> tuple[Any, ...]:
    return type(x), getattr(x, "shape", None), getattr(x, "dtype", None)


def _require_cotangent(name: str, leaf: Any, part: Any) -> None:
    """Raise `PullbackError` where a part of what came back can be no cotangent of that number or array."""
    if part is None or not is_number(leaf):
        return
    met, instead = primal(part), ""
    shape = getattr(met, "shape", ())
    if type(met) not in OUTERMOST and not is_number(met):
        returned = describe(met)
        if isinstance(met, tuple):
            instead = (
                ".\n  One cotangent, and no tuple, belongs to one argument; keyword arguments are static and have none."
            )
    elif shape and shape != np.shape(leaf):
        returned = f"an array of shape {shape}"
    elif isinstance(leaf, _REAL) and is_complex(met) and not is_complex(leaf):
        returned = "a complex number" if not shape else "an array of complex numbers"
        instead = ".\n  The cotangent of what is real is real:  revdiff.real(…)"
    else:
        return
    needed = f"an array of shape {np.shape(leaf)}" if np.shape(leaf) else describe(leaf)
    msg = f"the pullback of {name} returned {returned} as the cotangent of {needed}{instead}"
    raise PullbackError(msg)


def refuse_dropped(name: str, ct: Any, sent: Sequence[Any], pullback: Callable[[Any], Any]) -> None:
    """Raise `PullbackError` where a cotangent carries a derivative, and what a pullback made of it does not.

    What is linear in ȳ and not zero depends on ȳ. Where ȳ = 0, as in `jvp`, so is all that is linear in it, and another
    one is tried.
    """
    if type(ct) is np.ndarray or type(ct) is float:
        return
    arrived = list(leaves(ct))
    if not any(map(_carries, arrived)) or any(map(_may_carry, sent)):
        return
    if _any_nonzero(part for part in arrived if not _carries(part)):
        return  # it may depend on that part alone
    if not _any_nonzero(sent):
        if _any_nonzero(map(primal, arrived)):
            return
        sent = list(leaves(pullback(map_leaves(lambda leaf: one_like(primal(leaf)), ct))))
    if _any_nonzero(sent):
        msg = (
            f"the pullback of {name} met a cotangent that carries a derivative, and returned plain numbers: "
            "second and forward derivatives would be wrong.\n"
            "  Compute with the cotangent as it is, without primal(ct).\n"
            "  If there are to be first derivatives only:  @primitive(order=1)"
        )
        raise PullbackError(msg)


def _carries(ct: Any) -> bool:
    ct = bare(ct)
    return type(ct) is RevDiff and ct._node[1] != 0


def _may_carry(x_bar: Any) -> bool:
    kind = type(x_bar)
    return kind is RevDiff or kind in OUTERMOST or (kind is np.ndarray and x_bar.dtype == object)


def _any_nonzero(numbers: Iterable[Any]) -> bool:
    return any(x is not None and bool(np.any(x != 0)) for x in numbers)
