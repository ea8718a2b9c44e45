"""One way to look things up by type: through the bases of a type, open to new types, lazy for large packages.

Imports nothing of revdiff.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Entry = TypeVar("Entry")


class TypeRegistry(Generic[Entry]):
    """Entries by type. A type without an entry of its own takes that of its nearest base.

    >>> names = TypeRegistry()
    >>> names.register(int, "whole number")
    >>> names.find(bool), names.find(str)
    ('whole number', None)
    """

    def __init__(self) -> None:
        self._entries: dict[type, Entry | None] = {}
        self._recognizers: list[Callable[[type], Entry | None]] = []
        self._loaders: dict[str, Callable[[], None]] = {}
        self._found: dict[type, Entry | None] = {}
        self._followers: list[TypeRegistry[Any]] = []
        self.met: set[type] = set()
        """The types that were looked up and had an entry, for a quick look."""

    def follow(self, other: TypeRegistry[Any]) -> None:
        """Look types up afresh when something is registered with ``other``, which a recognizer of this one asks."""
        other._followers.append(self)

    def _forget(self) -> None:
        self._found.clear()
        for follower in self._followers:
            follower._forget()

    def register(self, kind: type, entry: Entry | None) -> None:
        """Let values of ``kind``, and of its subclasses, have this entry; None says that they have none."""
        self._entries[kind] = entry
        if entry is None:
            self.met.discard(kind)
        self._forget()

    def register_recognizer(self, recognize: Callable[[type], Entry | None]) -> None:
        """Ask ``recognize`` about types without an entry: dataclasses, say, have no base in common."""
        self._recognizers.append(recognize)
        self._forget()

    def register_lazily(self, package: str, loader: Callable[[], None]) -> None:
        """Call ``loader``, once, when a type defined in ``package`` is met for the first time.

        The package is imported by then, or there would be no such type: so revdiff knows SymPy's
        values without importing SymPy.
        """
        self._loaders[package] = loader

    def find(self, kind: type) -> Entry | None:
        """Return the entry of ``kind``, or None."""
        try:
            return self._found[kind]
        except KeyError:
            pass
        for base in kind.__mro__:
            self._load(base.__module__ or "")
        entry = None
        for base in kind.__mro__:
            if base in self._entries:
                entry = self._entries[base]
                break
            entry = next((found for recognize in self._recognizers if (found := recognize(base)) is not None), None)
            if entry is not None:
                break
        self._found[kind] = entry
        if entry is not None:
            self.met.add(kind)
        return entry

    def _load(self, module: str) -> None:
        while module:
            loader = self._loaders.pop(module, None)
            if loader is not None:
                loader()
            module = module.rpartition(".")[0]
