"""Assignment: what NumPy's meaning of ``out[i] = r`` gives, views included, and its derivatives of every order."""

from __future__ import annotations

import copy
import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import AssignmentError, grad, hessian, init_diff, jacobian, primal, value_and_grad
from tests.oracles import slope

SHAPE = (2, 3)


VIEWS = [
    lambda a: a[0],
    lambda a: a[..., 1:],
    lambda a: a[::-1],
    lambda a: a.T,
    lambda a: a.reshape(-1),
    lambda a: np.expand_dims(a, 0),
    lambda a: a[None, ..., ::2],
    lambda a: np.swapaxes(a, 0, -1),
    np.atleast_2d,
    lambda a: a.ravel(),
    lambda a: next(iter(a)) if a.ndim > 1 else a,
    np.flip,
    lambda a: np.rot90(np.atleast_2d(a)),
    lambda a: a[..., :2],
    lambda a: a.reshape(-1)[::2],
    lambda a: a.real,
    lambda a: a.conj(),
    lambda a: a.astype(np.float64, copy=False),
    lambda a: a.ravel("K"),
    lambda a: a.reshape(-1, order="F"),
    lambda a: np.nan_to_num(a, copy=False),
    lambda a: np.einsum("...->...", a),
    lambda a: np.split(a, [1])[0],
]
READ_ONLY = [
    lambda a: np.broadcast_to(a, (2, *a.shape)),
    lambda a: np.diagonal(np.atleast_2d(a)),
    lambda a: np.diag(a.reshape(len(a), -1)),
    lambda a: np.lib.stride_tricks.sliding_window_view(a, 1, axis=0),
]
COPIES = [
    lambda a: a * 2,
    lambda a: np.exp(a / 4),
    lambda a: a.copy(),
    lambda a: a.flatten(),
    np.zeros_like,
    lambda a: a[[0, -1, 0]],
    lambda a: a[a > 0.1],
    lambda a: np.concatenate([a, a]),
    lambda a: np.full_like(a, a.ravel()[0]),
    lambda a: np.array(a * 1, copy=True) if type(a) is np.ndarray else np.copy(a * 1),
    lambda a: +a,
    np.conjugate,
    copy.copy,
    copy.deepcopy,
    lambda a: np.copy(a, order="F"),
    lambda a: np.roll(a, 1),
    lambda a: np.tile(a, 2),
    lambda a: a[..., [0, -1]],
    lambda a: np.meshgrid(a, a)[0],
    lambda a: a.T.copy("K").T,
]
WRITES = {
    "an element": lambda a, v: a.__setitem__((0,) * a.ndim, v),
    "the last": lambda a, v: a.__setitem__((-1,) * a.ndim, v * v),
    "a number, named as an array": lambda a, v: a.__setitem__((*(0,) * a.ndim, ...), v),
    "the rest from the first": lambda a, v: a.__setitem__(slice(1, None), a[:-1]),
    "backwards": lambda a, v: a.__setitem__(..., a[::-1]),
    "one after the other": lambda a, v: [a.__setitem__(-1, row * v) for row in a],
    "each row": lambda a, v: [row.__iadd__(v) for row in a] if a.ndim > 1 else None,
    "flat": lambda a, v: a.flat.__setitem__(-1, v),
    "flat, by slice": lambda a, v: a.flat.__setitem__(slice(None, None, 2), v * v),
    "flat =": lambda a, v: setattr(a, "flat", [v, v * v, 0.5]),
    "real =": lambda a, v: setattr(a, "real", v * a[::-1]),
    "log where there is one": lambda a, v: np.log(a, out=a, where=primal(a) > 0.3),
    "a row": lambda a, v: a.__setitem__(0, v),
    "all": lambda a, v: a.__setitem__(..., v),
    "a slice": lambda a, v: a.__setitem__((..., slice(1, None)), v * a[..., 1:]),
    "by list, twice": lambda a, v: a.__setitem__([0, -1, 0], v),
    "by mask": lambda a, v: a.__setitem__(primal(a) > 0.2, v),
    "by mask of its own": lambda a, v: a.__setitem__(a < 0.5, v),
    "by places": lambda a, v: a.__setitem__(np.nonzero(primal(a) > -0.3), v),
    "+=": lambda a, v: a.__iadd__(v),
    "*= of itself": lambda a, v: a.__imul__(a),
    "part +=": lambda a, v: a[..., 0].__iadd__(v) if a.ndim > 1 else None,
    "-= by list": lambda a, v: a.__setitem__([-1, 0], a[[0, -1]] - v),
    "out=": lambda a, v: np.multiply(a, v, out=a),
    "out= and where=": lambda a, v: np.add(a, v, out=a, where=primal(a) > 0),
    "add.at": lambda a, v: np.add.at(a, [0, 0, -1], v),
    "multiply.at": lambda a, v: np.multiply.at(a, np.array([0, -1, 0]), v),
    "copyto": lambda a, v: np.copyto(a, v, where=primal(a) < 0),
    "put": lambda a, v: np.put(a, [0, 2, 1], [v, v * v], mode="wrap"),
    "putmask": lambda a, v: np.putmask(a, primal(a) > 0, [v, 1.0]),
    "place": lambda a, v: np.place(a, primal(a) > 0, [1.0, v]),
    "put_along_axis": lambda a, v: np.put_along_axis(a, np.zeros_like(primal(a), int)[..., :1], v, -1),
    "fill_diagonal": lambda a, v: np.fill_diagonal(a, v) if a.ndim == 2 else None,
    "fill": lambda a, v: a.fill(v) if type(a) is not np.ndarray or type(v) is not np.ndarray else None,
    "sort": lambda a, v: a.sort(),
}


KINDS = {
    "view": range(len(VIEWS)),
    "read-only": range(len(READ_ONLY)),
    "copy": range(len(COPIES)),
    "write": sorted(WRITES),
    "write again": sorted(WRITES),
    "read": [0],
}


@st.composite
def programs(draw):
    """A few arrays made of each other, as views or as copies, and written into in between."""
    steps = []
    for _ in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        steps.append((kind, draw(st.integers(0, 20)), draw(st.sampled_from(KINDS[kind])), draw(st.integers(0, 5))))
    return steps


def run(program, x):
    """Run a program, and return a number that depends on all that it made."""
    arrays, shown = [x * 1.5], []
    total = x[0, 0] * 0
    for kind, which, how, what in program:
        a = arrays[which % len(arrays)]
        value = x.reshape(-1)[what] * 0.75
        if kind == "view":
            arrays.append(VIEWS[how](a))
        elif kind == "copy":
            arrays.append(COPIES[how](a))
        elif kind == "read-only":
            shown.append(READ_ONLY[how](a))
        elif kind.startswith("write") and a.size:
            WRITES[how](a, value)
        elif kind == "read":
            total = total + np.sum(np.sin(a) * np.arange(1.0, a.size + 1).reshape(a.shape))
        arrays = [a for a in arrays if a.ndim and a.size] or arrays[:1]
    for k, a in enumerate(arrays + shown):
        total = total + np.sum(np.cos(a + k) * np.arange(1.0, a.size + 1).reshape(a.shape))
    return total


@given(programs(), st.integers(0, 2**32 - 1))
def test_programs_that_write_give_what_numpy_gives_with_derivatives(program, seed):
    x = np.random.default_rng(seed).uniform(-1, 1, SHAPE)
    f = lambda x: run(program, x)
    expected = f(x.copy())
    value, gradient = value_and_grad(f)(x)
    np.testing.assert_allclose(value, expected, rtol=1e-13)
    direction = np.random.default_rng(seed + 1).normal(size=SHAPE)
    np.testing.assert_allclose(
        np.sum(gradient * direction), slope(lambda t: f(x + t * direction), 1e-6), rtol=2e-5, atol=1e-6
    )
    curvature = slope(lambda t: grad(f)(x + t * direction), 1e-6)
    np.testing.assert_allclose(np.sum(hessian(f)(x) * direction, axis=(-1, -2)), curvature, rtol=2e-5, atol=1e-5)


def test_third_derivatives_go_through_assignments():
    def f(x):
        out = np.zeros_like(x)
        for i in range(x.size):
            out[i] = x[i] ** 3 if i == 0 else out[i - 1] * x[i] ** 2
        return out[-1]

    x = np.array([1.1, 0.7])  # x₀³ x₁²
    third = jacobian(hessian(f))(x)
    np.testing.assert_allclose(third[0, 0], [6 * 0.7**2, 6 * 1.1 * 2 * 0.7])
    np.testing.assert_allclose(third[1, 1], [3 * 1.1**2 * 2, 0], atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_an_array_keeps_its_dtype_and_so_do_cotangents(dtype):
    def f(x):
        out = np.zeros_like(x)
        out[1:] = x[:-1]
        out[0] = 2.0
        assert out.dtype == dtype
        return np.sum(np.abs(out) ** 2)

    gradient = grad(f)(np.array([1, 2, 3], dtype))
    assert gradient.dtype == dtype
    np.testing.assert_allclose(gradient, [2, 4, 0])


def test_numbers_are_converted_to_the_dtype_of_the_array():
    def f(x):
        out = np.zeros(2, np.float32, like=x)
        out[0] = x * x
        assert out.dtype == np.float32
        return out[0]

    assert grad(f)(3.0) == 6.0
    assert type(grad(f)(3.0)) is float


def test_arrays_are_made_like_a_revdiff():
    r = init_diff(2.0)
    for make in (
        lambda: np.zeros(3, like=r),
        lambda: np.ones((3,), like=r),
        lambda: np.empty(3, like=r),
        lambda: np.full(3, 7.0, like=r),
        lambda: np.array([1.0, 2, 3], like=r),
        lambda: np.asarray([1.0, 2, 3], like=r),
        lambda: np.eye(3, like=r)[0],
        lambda: np.arange(3.0, like=r),
        lambda: np.array([r, 1.0, 2.0], like=r),
        lambda: np.full(3, r * r, like=r),
    ):
        out = make().copy()
        out[1] = r * r
        assert out[1].backprop(1.0) == 4.0
        assert primal(out).shape == (3,)
    assert type(np.zeros(3, int, like=r)) is np.ndarray


def test_whole_numbers_have_no_room_for_a_derivative():
    out = np.zeros_like(init_diff(np.arange(3)))
    assert type(out) is np.ndarray
    y = init_diff(np.arange(3)) * 2
    with pytest.raises(AssignmentError, match="an array of int64 would drop the derivative of what is written into it"):
        y[0] = init_diff(1.5)
    y[0] = 7
    assert primal(y).tolist() == [7, 2, 4]


def test_a_complex_number_does_not_fit_into_an_array_of_floats():
    y = init_diff(np.ones(3)) * 2
    with pytest.raises(AssignmentError, match="complex128 does not fit into an array of float64"):
        y[0] = init_diff(1j)


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x[1:].__setitem__(0, 1.0),
        lambda x: x.T.reshape(-1).__setitem__(0, 1.0),
        lambda x: x.__iadd__(1.0),
        lambda x: x.sort(),
        lambda x: np.put(x, [0], 1.0),
        lambda x: np.add(x, 1, out=x),
    ],
)
def test_an_argument_is_not_changed(write):
    x = np.array([3.0, 1.0, 2.0])
    with pytest.raises(AssignmentError, match=r"copy"):
        grad(lambda x: (write(x), x.sum())[1])(x)
    with pytest.raises(AssignmentError, match=r"copy"):
        grad(lambda d: (write(d["a"]), d["a"].sum())[1])({"a": x})
    assert x.tolist() == [3, 1, 2]


def test_the_errors_say_what_to_write():
    with pytest.raises(AssignmentError) as error:
        init_diff(np.ones(2))[0] = 1.0
    assert str(error.value) == (
        "this would change an argument of the function that is differentiated.\n"
        "  Write into a copy:  x = x.copy(); x[i] = v.      A new value:  x = x + 1 instead of x += 1."
    )
    with pytest.raises(AssignmentError) as error:
        np.broadcast_to(init_diff(1.0) * 2, 3)[0] = 1.0
    assert str(error.value) == (
        "this array is read-only, or shares its numbers with another one, which would change as well.\n"
        "  Write into a copy:  y = y.copy(); y[i] = v."
    )
    with pytest.raises(AssignmentError, match=r"this RevDiff holds a list, and only arrays can be written into"):
        init_diff([1.0, 2.0])[0] = 1.0


def test_numbers_make_way_for_others():
    def f(x):
        y = x
        y += x * x
        y *= 2
        return x + y

    assert grad(f)(3.0) == 1 + 2 * (1 + 6)


def test_two_names_of_one_array_see_the_same():
    def f(x):
        a = x * 1
        b = a
        a += 1
        a[0] *= 2
        return np.sum(a * b)

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(grad(f)(x), [2 * 4 * 2, 2 * 3])


def test_what_a_write_took_away_is_absent():
    def f(x):
        y = np.sqrt(x)
        y[x <= 0] = 0.0
        return np.sum(y)

    x = np.array([0.0, 4.0, -1.0])
    with np.errstate(invalid="ignore"):
        assert grad(f)(x).tolist() == [0, 0.25, 0]
        np.testing.assert_allclose(hessian(f)(x), np.diag([0, -1 / 32, 0]))


def test_what_was_read_before_a_write_is_what_it_was():
    def f(x):
        y = x * 1
        before = y * y
        first = y[0]
        y[0] = 10.0
        y[1] = x[0]
        return np.sum(before) + first + np.sum(y * y)

    np.testing.assert_allclose(grad(f)(np.array([2.0, 3.0])), [2 * 2 + 1 + 2 * 2, 2 * 3])


def test_layers_of_derivatives_meet_in_one_array():
    def f(x):
        out = np.zeros_like(x)
        out[0] = x[0] ** 2

        def g(y):
            inner = np.copy(out)
            inner[1] = y * y * out[0]
            return np.sum(inner)

        return grad(g)(x[1])  # 2 x₁ x₀²

    np.testing.assert_allclose(grad(f)(np.array([3.0, 5.0])), [2 * 5 * 2 * 3, 2 * 9])


def test_a_hand_made_pullback_meets_no_other_in_an_array():
    y = init_diff(np.ones(2)) * 2
    with pytest.raises(revdiff.MixedLayersError):
        y[0] = revdiff.RevDiff(1.0, lambda ct: ct)


def test_filling_an_array_costs_what_it_has_elements():
    def f(x):
        out = np.zeros(4 * n, like=x)
        for i in range(n):
            out[i] = out[i - 1] + x
        return out[n - 1]

    peaks = []
    for n in (200, 400, 800):
        tracemalloc.start()
        assert grad(f)(1.0) == n
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < 3 * (peaks[1] - peaks[0])  # copies of the array would be four times as much


def test_numbers_are_written_in_place_where_nobody_else_holds_them():
    out = np.zeros(1000, like=init_diff(1.0))
    out[0] = init_diff(1.0)
    buffer = primal(out)
    held = weakref.ref(buffer)
    del buffer
    for i in range(10):
        out[i] = out[i - 1] * 2
    assert held() is primal(out)
    square = out * out  # its way back needs the numbers
    out[0] = 1.0
    assert held() is not primal(out)
    assert primal(square)[0] == 0


def test_an_array_and_its_views_leave_no_cycles():
    gc.collect()
    gc.disable()
    try:
        y = init_diff(np.ones(3)) * 2
        view = y[1:]
        view[0] = 3.0
        watched = weakref.ref(y)
        del y, view
        assert watched() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("index", [(..., 0), (0, ...), (0,), ([0],), (slice(0, 1),), ([True, False, False],)], ids=str)
def test_what_comes_back_to_an_element_is_not_lost_when_its_place_is_cleared(index):
    def f(x):
        y = x * 1
        y[index] = x[1] * 2
        return np.sum(y) + np.sum(y[index] * y[1])

    np.testing.assert_allclose(grad(f)(np.array([1.0, 3.0, 5.0])), [0, 2 + 1 + 4 * 3, 1])


def test_an_array_without_axes_is_written_by_a_truth_value():
    def f(x):
        y = np.zeros((), like=x)
        y[True] = x[0]
        y[False] = x[1]
        y[y > 0] = y * x[1]
        return y

    np.testing.assert_allclose(grad(f)(np.array([2.0, 3.0])), [3, 2])


def test_what_was_read_twice_before_a_write_comes_back_though_one_of_the_reads_was_not_taken():
    def f(x):
        y = x * 1
        twice = np.where([True, False], y[[0, 0]], 0.0)
        y[0] = x[1]
        return np.sum(twice) + np.sum(y)

    assert grad(f)(np.array([2.0, 3.0])).tolist() == [1, 2]


def test_rows_of_a_jacobian_that_were_overwritten_are_zero():
    def f(x):
        y = x[[0, 1]]
        y[0] = x[1]
        return y * y

    np.testing.assert_allclose(jacobian(f)(np.array([1.0, 2.0, 3.0])), [[0, 4, 0], [0, 4, 0]])


def test_a_zero_that_came_from_an_overflow_stays_absent_through_a_write():
    def f(x):
        y = 1 + np.exp(x)
        y[1] = x[1]
        return np.sum(1 / y)

    def read_before(x):
        y = 1 + np.exp(x)
        first = y[:1] * 1
        y[1] = x[1]
        return np.sum(1 / first) + y[1]

    with np.errstate(over="ignore"):
        assert grad(f)(np.array([1000.0, 2.0])).tolist() == [0, -1 / 4]
        assert grad(read_before)(np.array([1000.0, 2.0])).tolist() == [0, 1]


def test_a_loop_over_an_array_sees_what_was_written_meanwhile():
    def f(x):
        y = x * 1
        for i, value in enumerate(y[:-1]):
            y[i + 1] += value
        return y[-1]

    assert grad(f)(np.array([1.0, 2.0, 3.0])).tolist() == [1, 1, 1]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: +x, np.conjugate, np.copy])
def test_a_copy_of_an_argument_may_be_written_into(copied):
    def f(x):
        y = copied(x)
        y[0] = x[1]
        return np.sum(x * y)

    np.testing.assert_allclose(grad(f)(np.array([1.0, 2.0, 3.0])), [2, 1 + 4, 6])


@pytest.mark.parametrize(
    "make",
    [
        lambda x: np.tensordot(x, x, 0)[0],
        lambda x: np.tile(x, 2),
        lambda x: np.roll(x, 1),
        lambda x: np.linspace(x[0], x[1], 3),
        lambda x: np.meshgrid(x, x)[0][0],
        lambda x: np.outer(x, x)[:, [0, 1]][0],
        lambda x: np.flip(x.copy()),
        lambda x: np.cross(x, x[::-1]),
    ],
)
def test_what_a_function_made_may_be_written_into(make):
    def f(x):
        y = make(x)
        y[0] = x[2]
        return np.sum(y * y)

    x = np.array([1.0, 2.0, 4.0])
    v = np.array([0.3, -1.0, 0.5])
    np.testing.assert_allclose(grad(f)(x) @ v, slope(lambda t: f(x + t * v)), rtol=1e-6)


@pytest.mark.parametrize(
    "view", [np.diagonal, lambda y: np.broadcast_to(y, (2, 2, 2)), lambda y: np.broadcast_to(y, (2, 2, 2)).flat]
)
def test_a_view_that_cannot_be_written_through_says_so(view):
    y = init_diff(np.ones((2, 2))) * 2
    shown = view(y)
    with pytest.raises(AssignmentError, match="read-only, or shares its numbers"):
        shown[0] = 1.0


@pytest.mark.parametrize("part", ["real", "imag"])
def test_elements_of_a_part_of_complex_numbers_say_how_they_are_written(part):
    z = init_diff(np.ones(2)) * 1j
    with pytest.raises(AssignmentError, match=r"at once\.\n  Write all of the part, y\.real = v"):
        getattr(z, part)[0] = 1.0


def test_real_and_imaginary_parts_are_written_whole():
    def f(x):
        z = x * (2 - 1j)
        z.real = x**2
        w = z.copy()
        w.imag = x[::-1] ** 3
        return np.sum(np.abs(z) ** 2) + np.sum(np.abs(w) ** 2)  # Σ 2x⁴ + x² + x⁶

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(grad(f)(x), 8 * x**3 + 2 * x + 6 * x**5)
    np.testing.assert_allclose(jacobian(grad(f))(x), np.diag(24 * x**2 + 2 + 30 * x**4))


def test_an_infinite_part_stays_as_it_is_beside_the_one_that_is_written():
    def f(x):
        z = np.zeros_like(x, dtype=complex)
        z.imag = np.inf
        z.real = x
        return np.sum(z.real)

    value, gradient = value_and_grad(f)(np.array([2.0, 1.0]))
    assert (value, gradient.tolist()) == (3, [1, 1])


def test_what_cannot_be_a_part_of_complex_numbers_says_so():
    y = init_diff(np.ones(2)) * 2
    with pytest.raises(AssignmentError, match=r"has no imaginary part to write\.\n  A complex array .* y = y \+ 0j"):
        y.imag = 1.0
    with pytest.raises(AssignmentError, match="does not fit into an array of real numbers"):
        y.real = 1j


@pytest.mark.parametrize("name", ["flat", "real"])
def test_a_number_has_nothing_to_write_into(name):
    with pytest.raises(AssignmentError, match="holds a float, and only arrays can be written into"):
        setattr(init_diff(1.0) * 2, name, 2.0)


@pytest.mark.parametrize("name", ["flat", "real"])
def test_an_argument_is_not_written_by_an_attribute(name):
    x = init_diff(np.ones(3))
    with pytest.raises(AssignmentError, match="would change an argument of the function"):
        setattr(x, name, 2.0)


def test_the_real_part_of_a_complex_array_follows_it():
    def f(x):
        z = x * 1j
        real, imaginary = z.real, z.imag
        z[0] = (2 + 3j) * x[1]
        return np.sum(real) + np.sum(imaginary)

    assert grad(f)(np.array([1.0, 2.0])).tolist() == [0, 5 + 1]


@pytest.mark.parametrize(
    "use",
    [
        lambda t, y: t * y,
        lambda t, y: np.outer(t, y) @ y,
        lambda t, y: np.sin(t) * y + np.maximum(t, y),
        lambda t, y: np.concatenate([t, y]) ** 2,
        lambda t, y: revdiff.primitive(lambda t: (t * t, lambda ct: ct * 2 * t))(t) * y,
    ],
)
@pytest.mark.parametrize("at", ["beside", "itself"])
def test_an_inner_derivative_takes_an_array_for_what_it_was(use, at):
    def f(x, writes):
        y = x * 2.0

        def inner(t):
            z = use(t, y)
            if writes:
                y[0] = 100.0 * x[1]
            return np.sum(z)

        return np.sum(grad(inner)(np.ones(3) if at == "beside" else y) * x)

    x = np.array([1.5, 2.5, 3.5])
    value, gradient = value_and_grad(lambda x: f(x, True))(x)
    expected = value_and_grad(lambda x: f(x, False))(x)
    np.testing.assert_allclose(value, expected[0])
    np.testing.assert_allclose(gradient, expected[1])


def test_results_of_an_inner_derivative_may_be_written_into():
    def twice(x):
        y = np.exp(x)
        return y, y

    def f(x):
        value, pullback, aux = revdiff.vjp(twice, x * 1, has_aux=True)
        value *= 0
        aux[...] = 0
        seed = x * 2
        first = revdiff.vjp(lambda t: t, x)[1](seed)
        first[0] = 0
        both = grad(lambda p: np.sum((p[0] + p[1]) * x))((np.ones(2), np.ones(2)))
        both[0][0] = 0
        return np.sum(pullback(seed) * both[1]) + np.sum(value)

    x = np.array([0.5, -1.0])
    np.testing.assert_allclose(grad(f)(x), np.exp(x) * (2 * x**2 + 4 * x))
    seed = np.ones(2)
    _, pullback, aux = revdiff.vjp(twice, x, has_aux=True)
    aux[...] = 0
    np.testing.assert_allclose(pullback(seed), np.exp(x))


def test_the_memory_of_an_array_stays_in_its_order():
    def f(x):
        y = np.zeros((2, 2), order="F", like=x)
        y[0] = x
        square = y * y
        y[1] = x  # copies the numbers, which the square needs
        flat = y.ravel()  # in Fortran's order, so this is a copy in C's
        flat[0] = 7.0
        return np.sum(y * square) + np.sum(flat)

    np.testing.assert_allclose(grad(f)(np.array([2.0, 3.0])), [3 * 4 + 1, 3 * 9 + 2])


@pytest.mark.parametrize("order", ["C", "A", "K", "F"])
def test_a_view_with_gaps_is_flattened_into_a_copy_though_it_was_written(order):
    def f(x):
        y = np.outer(x, x)
        view = y[:, :2]
        view[0, 0] = 1.0
        flat = view.ravel(order)
        flat[0] = 5.0
        return np.sum(y) + 10 * flat[1]

    x = np.array([2.0, 3.0, 4.0])
    v = np.array([0.3, -1.0, 0.5])
    np.testing.assert_allclose(value_and_grad(f)(x)[0], f(x))
    np.testing.assert_allclose(grad(f)(x) @ v, slope(lambda t: f(x + t * v)), rtol=1e-6)


def test_a_view_outlives_its_array():
    def f(x):
        view = (x * 2)[1:]
        view[0] = x[0] * 5
        return np.sum(view)

    assert grad(f)(np.ones(3)).tolist() == [5, 0, 2]


def test_empty_and_zero_dimensional_arrays():
    def f(x):
        empty = np.zeros_like(x[:0])
        empty[...] = 1.0
        point = np.zeros((), like=x)
        point[...] = x[0] * x[1]
        point[()] += 1.0
        return point + np.sum(empty)

    assert grad(f)(np.array([2.0, 3.0])).tolist() == [3, 2]
