"""Checks of the laws that revdiff relies on, for types, descriptors, functions and lenses of your own.

Imports everything. Put them into your tests; each raises `revdiff.LawError` and says what is wrong and where:

>>> from dataclasses import dataclass
>>> from revdiff.testing import check_descriptor
>>> @dataclass
... class Circle:
...     radius: float
>>> check_descriptor(Circle(2.0))
"""

from revdiff.testing.descriptor import check_descriptor as check_descriptor
from revdiff.testing.monoid import check_monoid as check_monoid
