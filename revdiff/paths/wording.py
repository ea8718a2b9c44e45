"""What there is in a value, in the words in which paths are written.

Imports the core.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np

from revdiff.core.errors import listed
from revdiff.core.parts import is_structure, structure_of
from revdiff.core.structure import NO_NAMES, Parts

SEQUENCES = (tuple, list, deque)
SHOWN = 12
"""So many names at most are listed in a message."""


def quoted(index: Any) -> str:
    """Return an index as one writes it.

    >>> quoted("w"), quoted(slice(1, 3)), quoted(np.array([0, 2]))
    ('"w"', '1:3', '[0, 2]')
    """
    if isinstance(index, slice):
        start, stop, step = ("" if bound is None else repr(bound) for bound in (index.start, index.stop, index.step))
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    if index is ...:
        return "..."
    if isinstance(index, np.ndarray):
        return repr(index.tolist())
    text = repr(index)
    return f'"{text[1:-1]}"' if type(index) is str and text[0] == "'" and '"' not in text else text


def names_of(plain: Any) -> Parts:
    """Return the keys of a structure by name; those of parts without names are called by their keys."""
    if not is_structure(plain):
        return NO_NAMES
    structure = structure_of(plain)
    if structure.keys or isinstance(plain, SEQUENCES):
        return structure.keys
    return {str(key): key for key in structure.parts(plain)}


def what_there_is(plain: Any) -> str:
    """Say which ways lead on."""
    if not is_structure(plain):
        return "it has no parts"
    if isinstance(plain, dict):
        return f"its entries are {_some((f'[{quoted(key)}]' for key in plain), len(plain))}" if plain else "it is empty"
    names = names_of(plain)
    if isinstance(plain, SEQUENCES) and not names:
        return f"its elements are [0] to [{len(plain) - 1}]" if plain else "it is empty"
    return f"its fields are {_some(names, len(names))}" if names else "it has no fields"


def _some(names: Iterable[str], count: int) -> str:
    shown = listed(name for name, _ in zip(names, range(SHOWN), strict=False))
    return f"{shown} and {count - SHOWN} more" if count > SHOWN else shown
