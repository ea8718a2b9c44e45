"""What all descriptors have in common: how they are written, printed and compared, and what they say of a misfit."""

from __future__ import annotations

import pydoc

import numpy as np
import pytest

import revdiff as rd
from revdiff import ArgumentError
from revdiff.structures.protocol import Argument, Value

PLAIN = ["auto", "scalar", "array"]
WITH_PARTS = ["vector", "tuple", "sequence", "mapping", "record", "optional", "stream", "finite_support_stream"]
SIDES = {"arg": (Argument, rd.scalar_arg), "val": (Value, rd.scalar_val)}
sides = pytest.mark.parametrize("side", SIDES)


@sides
@pytest.mark.parametrize("name", PLAIN + WITH_PARTS)
def test_it_may_be_written_with_or_without_parentheses_and_prints_as_it_is_written(name, side):
    descriptor = getattr(rd, f"{name}_{side}")
    assert isinstance(descriptor, SIDES[side][0])
    assert descriptor() is descriptor
    assert repr(descriptor) == f"{name}_{side}"


@sides
@pytest.mark.parametrize("name", WITH_PARTS)
def test_it_is_composed_by_calling_it_or_by_the_function_that_makes_it(name, side):
    descriptor, make, part = getattr(rd, f"{name}_{side}"), getattr(rd, f"mk_{name}_{side}"), SIDES[side][1]
    composed = descriptor(part)
    assert repr(composed) == f"{name}_{side}({part!r})"
    assert repr(descriptor(composed)) == f"{name}_{side}({composed!r})"
    assert composed == make(part)
    assert hash(composed) == hash(make(part))
    assert composed() is composed
    assert len({descriptor, composed, descriptor(composed)}) == 3
    assert composed != descriptor
    assert (composed == part) is False


@sides
@pytest.mark.parametrize("name", ["mapping", "record"])
def test_parts_may_be_named(name, side):
    descriptor, make, part = getattr(rd, f"{name}_{side}"), getattr(rd, f"mk_{name}_{side}"), SIDES[side][1]
    assert descriptor(part, w=descriptor) == make(part, w=descriptor) != descriptor(part, v=descriptor)
    assert hash(descriptor(w=part)) == hash(make(w=part))
    assert repr(make(part, w=descriptor)) == f"{name}_{side}({part!r}, w={name}_{side})"


@pytest.mark.parametrize("descriptor", [rd.sequence_arg, rd.sequence_val, rd.mapping_arg, rd.mapping_val], ids=repr)
def test_one_descriptor_serves_all_parts_of_what_may_have_any_number(descriptor):
    with pytest.raises(ArgumentError, match=f"^{descriptor!r} takes one descriptor, for all parts alike; met 2$"):
        descriptor(descriptor, descriptor)


MISFITS = [
    ("array", "a NumPy array", [1.0, (1.0,), None, [1.0]]),
    ("vector", "an array or a sequence", [1.0, {"a": 1.0}, None]),
    ("tuple", "a tuple", [1.0, np.ones(2), [1.0, 2.0], None]),
    ("sequence", "a list or another sequence", [1.0, {"a": 1.0}]),
    ("mapping", "a dictionary", [1.0, [1.0], (2.0,)]),
    ("record", "a dataclass, a named tuple or a registered class", [1.0, {"a": 1.0}, (1.0,), [1.0]]),
    ("stream", "a Stream", [1.0, [1.0], rd.FiniteSupportStream([1.0])]),
    ("finite_support_stream", "a FiniteSupportStream", [1.0, [1.0], rd.Stream.repeat(1.0)]),
]


@pytest.mark.parametrize(("name", "what", "wrong"), [(n, what, x) for n, what, each in MISFITS for x in each], ids=str)
def test_what_it_does_not_describe_is_refused_by_name(name, what, wrong):
    with pytest.raises(ArgumentError, match=f"^{name}_arg describes {what}; the argument is "):
        rd.custom_arg_derivative(getattr(rd, f"{name}_arg"), lambda x: 1.0)(wrong)
    with pytest.raises(ArgumentError, match=f"^{name}_val describes {what}; the function returned "):
        rd.custom_val_derivative(getattr(rd, f"{name}_val"), lambda x: wrong)(1.0)
    if name != "array":
        with pytest.raises(ArgumentError, match=f"^{name}_val describes {what}; the function returned "):
            list(getattr(rd, f"{name}_val").seeds(wrong, wrong))


@sides
@pytest.mark.parametrize("name", PLAIN + [f"{mk}{name}" for mk in ("", "mk_") for name in WITH_PARTS])
def test_help_says_what_goes_in_what_comes_back_what_is_refused_and_shows_it(name, side):
    text = pydoc.plain(pydoc.render_doc(getattr(rd, f"{name}_{side}")))
    for said in ("value  ", "cotangent  ", "Raises ", ">>> ", {"arg": "pairing  ", "val": "derivative  "}[side]):
        assert said in text
