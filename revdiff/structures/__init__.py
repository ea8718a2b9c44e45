"""Descriptors: how structured arguments and values are differentiated, one module a shape."""

from revdiff.structures import array, auto, mapping, optional, product, protocol, record, scalar, sequence, tuple

__all__ = ["array", "auto", "mapping", "optional", "product", "protocol", "record", "scalar", "sequence", "tuple"]
