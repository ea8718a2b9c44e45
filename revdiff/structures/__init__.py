"""Descriptors: how structured arguments and values are differentiated, one module a shape."""

from revdiff.structures import array, auto, protocol, scalar, tuple

__all__ = ["array", "auto", "protocol", "scalar", "tuple"]
