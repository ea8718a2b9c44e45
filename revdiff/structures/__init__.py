"""Descriptors: how structured arguments and values are differentiated, one module a shape.

Those of streams, vectors and manifolds are imported when somebody needs them.
"""

from importlib import import_module

from revdiff.core.structure import OPENERS
from revdiff.structures import array, auto, mapping, optional, product, protocol, record, scalar, sequence, tuple

__all__ = ["array", "auto", "mapping", "optional", "product", "protocol", "record", "scalar", "sequence", "tuple"]


def _load_streams() -> None:
    import_module("revdiff.structures.finite_support_stream")  # and with it that of infinite ones


for _registry in (auto.auto_arg, auto.auto_val, OPENERS):
    _registry.register_lazily("revdiff.streams", _load_streams)
