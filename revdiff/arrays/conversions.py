"""Who converts a RevDiff to a number or an array: a function of SciPy, perhaps, which would drop its derivative.

Imports RevDiff and errors. SciPy's functions written in Python ask nobody before they convert what they are given. NumPy looks for
``__array_interface__`` when they do, and that is where they are met: the stack of calls says which function it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from os import sep
from sys import _getframe
from types import CodeType, FrameType, FunctionType
from typing import Any

import numpy as np

from revdiff.core.errors import ConversionError
from revdiff.core.revdiff import ON_CONVERSION, ON_PACKAGES, RevDiff

_NO_ARRAY = np.empty((), object)

_OF_A_LIBRARY = f"py{sep}"  # in the paths of files of NumPy and SciPy, and of few others

_TRANSPARENT = frozenset({"numpy", "functools", "contextlib"})
"""Packages through which a function of SciPy may go on its way."""


def array_interface(r: Any) -> Any:
    """Refuse to be converted by a function of SciPy; to anybody else, not be there.

    A product with a sparse matrix asks in order to see whether the other operand is an array. It is told that it is none,
    and lets that operand multiply.
    """
    if _OF_A_LIBRARY in _getframe(1).f_code.co_filename:
        return _answer(_getframe(1))
    raise AttributeError


def _answer(frame: FrameType) -> Any:
    """Return the array that the conversion in this frame is to see, or raise what it is to end in."""
    before = frame.f_back
    if frame.f_code.co_name in _PRODUCTS and before is not None and before.f_code.co_name in _AT:
        return _NO_ARRAY.__array_interface__
    refuse_in_scipy(frame, "a conversion to an array")
    raise AttributeError


_PRODUCTS = frozenset({"_matmul_dispatch", "_mul_dispatch"})
_AT = frozenset({"__matmul__", "__rmatmul__"})


def refuse_in_scipy(frame: FrameType | None, conversion: str) -> None:
    """Raise `ConversionError` with the name of the function of SciPy that this frame belongs to, if it does."""
    chain = list(_in_scipy(frame))
    if chain:
        name = _public_name(chain)
        raise ConversionError.by(name, conversion, _stand_in(name))


def _in_scipy(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield the frames of SciPy, from inside to outside, up to the one that was called by somebody else."""
    held: list[FrameType] = []
    while frame is not None:
        package = _module(frame).partition(".")[0]
        if package == "scipy":
            yield from (*held, frame)
            held = []
        elif package in _TRANSPARENT:
            held.append(frame)
        else:
            return
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _public_name(chain: list[FrameType]) -> str:
    """Return the name under which a caller knows the outermost of these frames.

    It may be that of a decorator, which many functions share; then a function that it holds, or the next frame, tells.
    """
    for frame in reversed(chain):
        for space in _public_spaces(_module(frame)):
            name = _name_of_method(space, frame) or _name_of_function(space, frame)
            if name:
                return f"{space.__name__}.{name}"
        for held in frame.f_locals.values():
            for space in _public_spaces(str(getattr(held, "__module__", ""))):
                name = getattr(held, "__name__", "")
                if _is_public(space, name):
                    return f"{space.__name__}.{name}"
    outermost = chain[-1]
    return f"{_module(outermost).partition('._')[0]}.{outermost.f_code.co_name}"


def _public_spaces(module: str) -> list[Any]:
    """Return the public modules around a private one, from the inside: scipy.linalg for scipy.linalg._basic."""
    parts = module.split(".")
    count = next((i for i, part in enumerate(parts) if part.startswith("_")), len(parts))
    names = [".".join(parts[:i]) for i in range(count, 1, -1)] if parts[0] == "scipy" else []
    return [sys.modules[name] for name in names if name in sys.modules]


def _is_public(space: Any, name: Any) -> bool:
    return isinstance(name, str) and not name.startswith("_") and callable(vars(space).get(name))


def _name_of_method(space: Any, frame: FrameType) -> str:
    """Return "norm.pdf" for a method of what is public as ``norm``, and "CubicSpline" where one is made."""
    code = frame.f_code
    if code.co_varnames[:1] != ("self",) or "self" not in frame.f_locals:
        return ""
    owner = frame.f_locals["self"]
    kind = type(owner)
    public: list[str] = [
        name for name, thing in vars(space).items() if type(thing) is kind and not name.startswith("_")
    ]
    if len(public) != 1:
        public = [base.__name__ for base in kind.__mro__ if _is_public(space, base.__name__)]
    if not public:
        return ""
    return public[0] if code.co_name in ("__init__", "__new__", "__call__") else f"{public[0]}.{code.co_name}"


def _name_of_function(space: Any, frame: FrameType) -> str:
    """Return the public name of the function that a frame runs."""
    runs: list[str] = [
        name for name, thing in vars(space).items() if frame.f_code in _codes(thing) and not name.startswith("_")
    ]
    return runs[0] if len(runs) == 1 else ""


def _codes(thing: Any) -> list[CodeType]:
    """Return the code of a function, and of what its decorators hold."""
    codes = []
    while isinstance(thing, FunctionType):
        codes.append(thing.__code__)
        thing = vars(thing).get("__wrapped__")
    return codes


def _stand_in(name: str) -> str:
    """Return the function of revdiff.scipy that has derivatives, "" if there is none."""
    package, _, rest = name.removeprefix("scipy.").partition(".")
    if name.count(".") < 2:
        return ""
    try:
        ours: Any = import_module(f"revdiff.scipy.{package}")
        scipys: Any = sys.modules[f"scipy.{package}"]
    except (ImportError, KeyError):
        return ""
    for part in rest.split("."):
        ours, scipys = getattr(ours, part, None), getattr(scipys, part, None)
    return "" if ours is None or ours is scipys else f"revdiff.{name}"


def _meet_conversions() -> None:
    RevDiff.__array_interface__ = property(array_interface)


ON_CONVERSION.append(refuse_in_scipy)
ON_PACKAGES["scipy"] = _meet_conversions  # not before: arrays of RevDiffs are made faster without this
