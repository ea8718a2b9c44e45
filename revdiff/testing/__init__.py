"""Checks of the laws that revdiff relies on, for types, descriptors, functions and lenses of your own.

Imports all floors. Put them into your tests. Each raises `revdiff.LawError`, which says what is wrong and where.

>>> from dataclasses import dataclass
>>> @dataclass
... class Circle:
...     radius: float
...     label: str
>>> check_descriptor(Circle(2.0, "small"))
>>> check_grads(lambda circle: 3.14 * circle.radius**2, Circle(2.0, "small"))
"""

from revdiff.testing.descriptor import check_descriptor as check_descriptor
from revdiff.testing.functions import check_grads as check_grads
from revdiff.testing.functions import check_lens as check_lens
from revdiff.testing.monoid import check_monoid as check_monoid
from revdiff.testing.motion import register_motion as register_motion
from revdiff.testing.primitive import check_primitive as check_primitive
