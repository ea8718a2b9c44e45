"""Formulas of SymPy: when two are the same, and how one prints."""

from __future__ import annotations

import numpy as np
import sympy


def equal(a, b):
    """Whether two expressions, or structures of them, are equal."""
    if isinstance(b, tuple | list | np.ndarray):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b))
    return sympy.simplify(a - b) == 0


def text(expression):
    """How an expression prints, without spaces."""
    return str(expression).replace(" ", "")
