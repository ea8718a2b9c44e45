"""Containers without an end: an infinite lazy stream, and a stored prefix with zeros after it."""

from revdiff.streams import cells, endless, finite, once, space, stream, zeros

__all__ = ["cells", "endless", "finite", "once", "space", "stream", "zeros"]
