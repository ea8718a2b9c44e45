"""Whether an isomorphism is one, at some values.

Imports the core, paths and their steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revdiff.core.errors import ArgumentError, LawError
from revdiff.core.structure import STRUCTURES, varies
from revdiff.paths.steps import Iso
from revdiff.paths.syntax import Path


def check_iso(p: Path, /, *samples: Any) -> None:
    """Raise `LawError` unless p leads there and back again:     back(there(x)) = x for each sample x.

    p is made of isomorphisms, one or several. Numbers may differ by rounding.

    >>> from revdiff import exp, log, path
    >>> check_iso(path.iso(log, exp), 0.5, 2.0)
    >>> check_iso(path.iso(exp, exp), 2.0)
    Traceback (most recent call last):
        ...
    revdiff.core.errors.LawError: path.iso(exp, exp) is an isomorphism: back(there(x)) = x. Here that is not so:
      x:               2.0
      there(x):        7.38905609893065
      back(there(x)):  1618.1779919126539
    """
    for step in p._steps:
        if not isinstance(step, Iso):
            msg = f"check_iso checks paths of isomorphisms, path.iso(there, back); {p!r} has {str(step)!r}"
            raise ArgumentError(msg)
    isos = [step for step in p._steps if isinstance(step, Iso)]
    for x in samples:
        y = x
        for iso in isos:
            y = iso.there(y)
        again = y
        for iso in reversed(isos):
            again = iso.back(again)
        if not _agree(x, again):
            law = f"{p!r} is an isomorphism: back(there(x)) = x"
            raise LawError.of(law, ("x", x), ("there(x)", y), ("back(there(x))", again))


def _agree(x: Any, y: Any) -> bool:
    structure = STRUCTURES.find(type(x))
    if structure is not None:
        if type(x) is not type(y):
            return False
        of_x, of_y = structure.parts(x), structure.parts(y)
        return of_x.keys() == of_y.keys() and all(_agree(part, of_y[key]) for key, part in of_x.items())
    if not varies(x):
        return bool(x == y)
    if STRUCTURES.find(type(y)) is not None or np.shape(x) != np.shape(y):
        return False
    difference = x - y
    if hasattr(difference, "equals"):
        return bool(difference.equals(0))
    digits = 10**3 if str(getattr(x, "dtype", "")) in _SINGLE else 10**9
    return bool(np.all(abs(difference) * 1000 * digits <= 1000 * abs(x) + 1))


_SINGLE = frozenset({"float16", "float32", "complex64"})
