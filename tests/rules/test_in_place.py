"""What writes into an array by a function: an assignment where there is room for derivatives, refused elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

import revdiff
from revdiff import RevDiff, init_diff, simple_derivative
from revdiff.rules.in_place import BYTES, UNCHANGEABLE

WRITES = {
    "copyto": np.copyto,
    "copyto where": lambda a, v: np.copyto(a, v, where=[True, False, True, False]),
    "put": lambda a, v: np.put(a, [0, 2], v),
    "put one": lambda a, v: np.put(a, -1, v, mode="wrap"),
    "putmask": lambda a, v: np.putmask(a, np.array([True, False, True, True]), v),
    "place": lambda a, v: np.place(a, [True, False, True, True], v),
    "put_along_axis": lambda a, v: np.put_along_axis(a, np.array([3, 1]), v, 0),
    "fill_diagonal": lambda a, v: np.fill_diagonal(a.reshape(2, 2), v),
}
each = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


@each
def test_an_argument_does_not_change(write):
    with pytest.raises(revdiff.AssignmentError, match="Write into a copy"):
        write(init_diff(np.ones(4)), 2.0)


@each
def test_an_array_of_the_function_takes_revdiffs_in(write):
    weights = np.array([1.0, 10.0, 100.0, 1000.0])

    def f(x):
        target = np.array([1.0, 2.0, 3.0, 4.0], like=x)
        write(target, x * x)
        return np.sum(target * weights)

    expected = np.array([1.0, 2.0, 3.0, 4.0])
    write(expected, 9.0)
    assert simple_derivative(f)(3.0) == 6.0 * np.sum(weights[expected == 9.0])


@each
def test_an_array_of_numbers_cannot_take_a_revdiff_in(write):
    target = np.ones(4)
    with pytest.raises((revdiff.ConversionError, ValueError)) as error:
        write(target, init_diff(2.0))
    text = "would drop its derivative"
    assert text in str(error.value) or text in str(error.value.__cause__)
    assert target.tolist() == [1] * 4


@each
def test_an_array_of_objects_takes_revdiffs_in(write):
    def f(x):
        target = np.array([1.0, 2.0, 3.0, 4.0], object)
        write(target, x * x)
        return np.sum(target * np.array([1.0, 10.0, 100.0, 1000.0]))

    expected = np.ones(4)
    write(expected, 9.0)
    weights = np.array([1.0, 10.0, 100.0, 1000.0])
    assert simple_derivative(f)(3.0) == 6.0 * np.sum(weights[expected == 9.0])


def test_arrays_of_revdiffs_are_written_element_by_element():
    target = np.zeros(4, object)
    np.put(target, [1, 2], init_diff(np.array([5.0, 7.0])) * 2)
    assert target[0] == target[3] == 0
    assert (target[1] * target[2]).backprop(1.0).tolist() == [2 * 14, 2 * 10]


def test_where_to_write_may_be_a_revdiff():
    target = np.zeros(4)
    np.put(target, init_diff(2), 5.0)
    np.putmask(target, init_diff(np.array([1, 0, 0, 0])), 3.0)
    assert target.tolist() == [3, 0, 5, 0]


@pytest.mark.parametrize("name", UNCHANGEABLE)
def test_methods_that_change_more_than_elements_say_what_to_write_instead(name):
    with pytest.raises(revdiff.MissingRuleError) as error:
        getattr(init_diff(np.ones(3)), name)(1)
    assert str(error.value) == f"r.{name}() would change more of r than its elements.\n  Write {UNCHANGEABLE[name]}."


@pytest.mark.parametrize("name", BYTES)
def test_bytes_would_drop_the_derivative(name):
    with pytest.raises(revdiff.ConversionError, match=rf"^{name}\(\) of a RevDiff would drop its derivative\."):
        getattr(init_diff(np.ones(3)), name)()


def test_every_method_of_an_array_is_there_or_has_a_reason_not_to_be():
    not_of_values = {"ptp", "base", "strides", "ctypes", "data", "device", "to_device", "newbyteorder", "tostring"}
    not_of_values |= {"itemset"}  # a method before NumPy 2
    methods = {name for name in dir(np.ndarray) if not name.startswith("_")}
    assert methods - {name for name in dir(RevDiff) if not name.startswith("_")} <= not_of_values
