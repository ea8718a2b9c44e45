"""`Path`: how one writes a way into a structure, and how it prints.

Imports the steps. A path has no structure in it and follows nothing; `verbs` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, final

from revdiff.paths.items import Item
from revdiff.paths.products import Product, factors, written
from revdiff.paths.steps import TAKEN, Each, Field, Iso, Lens, Prism, Step, is_instance, is_present, meets


@final
@dataclass(frozen=True, repr=False)
class Path:
    """A way into a structure: fields, items and other steps, in the order in which they are taken.

        path                  the structure itself; the same as Path()
        p.bias                the field of a record
        p[2], p["w"], p[1:3]  an element, an entry, a slice; of an array, with NumPy's kinds of index
        p / q                 first p and then q
        p & q                 the tuple of what is at p and at q; p & q & r the triple

    A path is an immutable value: it can be compared, hashed and pickled, and prints as it is written. To join paths
    is associative, ``(p / q) / r == p / (q / r)``, and the empty path is neutral.

    The names of its own are ``each``, ``present``, ``where``, ``instance``, ``lens``, ``iso`` and ``field``. A field
    that is called so, or whose name begins with an underscore, is ``p.field("each")``.

    >>> from revdiff import path, replace, view
    >>> bias = path["layers"][-1]["bias"]
    >>> bias, bias == path["layers"] / path[-1]["bias"]
    (path["layers"][-1]["bias"], True)
    >>> model = {"layers": [{"bias": 1.0}, {"bias": 2.0}]}
    >>> view(bias, model), replace(bias, model, 5.0)
    (2.0, {'layers': [{'bias': 1.0}, {'bias': 5.0}]})
    """

    _steps: tuple[Step, ...] = ()

    __iter__: ClassVar[None] = None
    __contains__: ClassVar[None] = None

    def field(self, name: str, /) -> Path:
        """Return the path to the field of that name, whatever the name is."""
        return self._then(Field(name))

    @property
    def each(self) -> Path:
        """To every part: all elements, entries or fields that can vary; of an array, along its first axis."""
        return self._then(Each())

    @property
    def present(self) -> Path:
        """On, unless None is there."""
        return self._then(Prism("present", is_present))

    def instance(self, kind: type, /, *others: type) -> Path:
        """Return the path that goes on where an instance of one of these classes stands."""
        return self._then(Prism("instance", is_instance, (kind, *others)))

    def where(self, predicate: Callable[[Any], Any], /) -> Path:
        """Return the path that goes on where the predicate holds.

        A change that makes it fail is made; but then two changes in a row are not one.
        """
        return self._then(Prism("where", meets, (predicate,)))

    def lens(self, get: Callable[[Any], Any], set: Callable[[Any, Any], Any], /) -> Path:  # noqa: A002
        """Return the path to a place that two functions define.

            get(set(x, v)) = v,     set(x, get(x)) = x,     set(set(x, v), w) = set(x, w)

        They take trees of RevDiffs, as functions under `grad` do, and are written with functions that
        have derivatives.

        >>> from revdiff import over, path
        >>> mean = path.lens(lambda xs: sum(xs) / len(xs), lambda xs, m: [x + m - sum(xs) / len(xs) for x in xs])
        >>> over(mean, [1.0, 2.0, 6.0], lambda m: 0.0)
        [-2.0, -1.0, 3.0]
        """
        return self._then(Lens(get, set))

    def iso(self, there: Callable[[Any], Any], back: Callable[[Any], Any], /) -> Path:
        """Return the path to the same value in another form.     back(there(x)) = x,  there(back(y)) = y.

        `check_iso` tells at some values whether that is so.

        >>> import revdiff as rd
        >>> rd.over(rd.path["rate"].iso(rd.log, rd.exp), {"rate": 10.0}, lambda u: u + rd.log(2.0))
        {'rate': 20.0...}
        """
        return self._then(Iso(there, back))

    def __getattr__(self, name: str) -> Path:
        if name.startswith("_"):
            msg = f"a path has no attribute {name!r}; for a field of that name write .field({name!r})"
            raise AttributeError(msg, name=name, obj=self)
        return self._then(Field(name))

    def __getitem__(self, index: Any) -> Path:
        return self._then(Item.of(index))

    def __truediv__(self, other: object) -> Path:
        return Path(self._steps + other._steps) if isinstance(other, Path) else NotImplemented

    def __and__(self, other: object) -> Path:
        if not isinstance(other, Path):
            return NotImplemented
        return Path((Product((*(factors(self._steps) or (self._steps,)), other._steps)),))

    def _then(self, step: Step) -> Path:
        return Path((*self._steps, step))

    def __repr__(self) -> str:
        return written(self._steps)


TAKEN.update(name for name in vars(Path) if not name.startswith("_"))

path = Path()
"""The empty path, from which others grow."""
