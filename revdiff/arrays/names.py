"""NumPy's functions by their names, as far as the installed NumPy has them.

Imports NumPy alone. Some functions are new in NumPy 2, and others are gone since.
"""

from __future__ import annotations

from contextlib import suppress
from operator import attrgetter
from typing import Any

import numpy as np


def of_numpy(names: str) -> list[Any]:
    """Return the functions with these names, without those that the installed NumPy does not have, or not any more.

    >>> of_numpy("sum linalg.norm telepathy") == [np.sum, np.linalg.norm]
    True
    """
    found = []
    for name in names.split():
        with suppress(AttributeError):
            found.append(attrgetter(name)(np))
    return found
