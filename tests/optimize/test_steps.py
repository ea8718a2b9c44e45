"""SGD and Adam: their formulas, on every kind of leaf."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import revdiff as rd
from revdiff.optimize import SGD, Adam, clip_by_global_norm, cosine_decay, exponential_decay, global_norm, warmup


@dataclass(frozen=True)
class Model:
    weight: object
    layers: list
    name: str = "m"


def quadratic(x):
    return 0.5 * x @ (np.array([1.0, 10.0]) * x)


def run(optimizer, f, x, steps):
    state = optimizer.init(x)
    for _ in range(steps):
        x, state = optimizer.step(x, rd.grad(f)(x), state)
    return x, state


def test_descent_without_momentum_is_a_geometric_sequence():
    x, state = run(SGD(0.05), quadratic, np.array([1.0, 1.0]), 7)
    assert x == pytest.approx([0.95**7, 0.5**7], rel=1e-12)
    assert state.step == 7
    assert state.velocity is None


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_obeys_the_recurrence_of_the_textbook(nesterov):
    rate, momentum, curvature = 0.05, 0.8, np.array([1.0, 10.0])
    x, _ = run(SGD(rate, momentum=momentum, nesterov=nesterov), quadratic, np.array([1.0, 1.0]), 9)
    # with y = x + μ (x - x′), and the step from y against the gradient at x, or at y
    now, before = np.ones(2), np.ones(2)
    if nesterov:  # in the variables of Sutskever et al., 2013: the parameters are the points looked ahead to
        theta, v = np.ones(2), np.zeros(2)
        for _ in range(9):
            v = momentum * v - rate * curvature * theta
            theta = theta + momentum * v - rate * curvature * theta
        now = theta
    else:
        for _ in range(9):
            now, before = now + momentum * (now - before) - rate * curvature * now, now
    assert x == pytest.approx(now, rel=1e-12)


def adam_by_hand(x, gradient, steps, rate=0.1, b1=0.9, b2=0.999, eps=1e-8, decay=0.0):
    m = s = 0.0
    for t in range(1, steps + 1):
        g = gradient(x)
        m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
        x = x - rate * (m / (1 - b1**t) / ((s / (1 - b2**t)) ** 0.5 + eps) + decay * x)
    return x


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_adam_is_the_algorithm_of_the_paper_number_by_number(decay):
    f = lambda p: p["a"] ** 4 + 100 * (p["b"] - 2) ** 2
    p, _ = run(Adam(0.1, weight_decay=decay), f, {"a": 1.5, "b": 0.0}, 25)
    assert p["a"] == pytest.approx(adam_by_hand(1.5, lambda a: 4 * a**3, 25, decay=decay), rel=1e-12)
    assert p["b"] == pytest.approx(adam_by_hand(0.0, lambda b: 200 * (b - 2), 25, decay=decay), rel=1e-12)


def test_the_first_step_of_adam_is_as_large_as_the_rate_whatever_the_gradient():
    x, _ = run(Adam(0.5), lambda x: (x * np.array([1e-3, -1e3])).sum(), np.zeros(2), 1)
    assert x == pytest.approx([-0.5, 0.5], rel=1e-4)


OPTIMIZERS = [
    SGD(0.05),
    SGD(0.02, momentum=0.7),
    SGD(0.02, momentum=0.7, nesterov=True),
    Adam(0.05),
    Adam(cosine_decay(0.1, 400)),
]
IDS = ["SGD", "momentum", "Nesterov", "Adam", "Adam with a schedule"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=IDS)
def test_complex_numbers_descend_to_a_root(optimizer):
    start = {"z": np.array([-0.5 + 0.5j, 1j], np.complex64), "c": 0.9 - 0.2j}
    p, _ = run(optimizer, lambda p: (abs(p["z"] ** 3 - 1) ** 2).sum() + abs(p["c"] ** 3 - 1) ** 2, start, 400)
    assert p["z"].dtype == np.complex64
    assert p["z"] == pytest.approx(np.exp(2j * np.pi / 3), abs=1e-3)
    assert p["c"] == pytest.approx(1, abs=1e-3)
    assert type(p["c"]) is complex


def test_adam_turns_with_the_complex_plane():
    turn = np.exp(0.7j)
    f = lambda z: abs(z - (2 + 1j)) ** 2 + 3 * abs(z) ** 4
    g = lambda z: f(z / turn)
    straight, _ = run(Adam(0.05), f, 1 - 1j, 20)
    turned, _ = run(Adam(0.05), g, (1 - 1j) * turn, 20)
    assert turned == pytest.approx(straight * turn, rel=1e-9)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=IDS)
def test_unit_vectors_stay_on_the_sphere_and_find_the_eigenvector(optimizer):
    A = np.array([[2.0, -1, 0], [-1, 2, -1], [0, -1, 2]])
    start = Model(rd.UnitVector([1.0, 0.0, 0.1]), [1.0])
    p, state = run(optimizer, lambda p: p.weight @ (A @ p.weight) + p.layers[0] ** 2, start, 600)
    assert isinstance(p.weight, rd.UnitVector)
    assert np.linalg.norm(p.weight) == pytest.approx(1, abs=1e-12)
    assert abs(np.asarray(p.weight) @ [0.5, np.sqrt(0.5), 0.5]) == pytest.approx(1, abs=1e-4)
    assert p.layers[0] == pytest.approx(0, abs=1e-3)
    assert rd.zero_like(p).weight.shape == (3,)
    assert state.step == 600


def test_steps_on_the_sphere_turn_with_the_sphere():
    A = np.diag([1.0, 2.0, 4.0])
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    start = np.array([1.0, 1.0, 1.0])
    for optimizer in (SGD(0.1, momentum=0.5), Adam(0.1)):
        u, _ = run(optimizer, lambda u: u @ (A @ u), rd.UnitVector(start), 15)
        v, _ = run(optimizer, lambda v: (turn.T @ v) @ (A @ (turn.T @ v)), rd.UnitVector(turn @ start), 15)
        assert turn @ np.asarray(u) == pytest.approx(np.asarray(v), abs=1e-12)


def test_a_point_that_does_not_know_how_to_move_is_refused():
    @dataclass(frozen=True)
    class Angle:
        vector: np.ndarray

    rd.register_manifold(Angle, "vector", lambda a, v: v - (v * a.vector).sum() * a.vector)
    a = Angle(np.array([1.0, 0.0]))
    with pytest.raises(rd.ArgumentError, match=r"(?s)nothing says how it moves.*a method moved\(step\).*in \['a'\]"):
        SGD(0.1).step({"a": a}, {"a": np.ones(2)}, SGD(0.1).init({"a": a}))


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, Adam(np.float64(0.01), weight_decay=0.1)], ids=[*IDS, "AdamW"])
def test_every_leaf_keeps_its_kind_and_precision(optimizer):
    start = {
        "w": np.ones((2, 3), np.float32),
        "s": np.float32(2),
        "h": np.ones(2, np.float16),
        "o": np.array(5.0),
        "k": 3,
        "i": np.array([1, 2]),
        "mask": np.array([True]),
        "empty": np.zeros((0, 2), np.float32),
    }
    f = lambda p: sum((p[k] ** 2).sum() for k in ("w", "h", "i", "empty")) + p["s"] ** 2 + p["k"] ** 2 + p["o"] ** 2
    p, state = run(optimizer, f, start, 3)
    kinds = {name: (type(value), getattr(value, "dtype", None), np.shape(value)) for name, value in p.items()}
    assert kinds == {
        "w": (np.ndarray, np.float32, (2, 3)),
        "s": (np.float32, np.float32, ()),
        "h": (np.ndarray, np.float16, (2,)),
        "o": (np.ndarray, np.float64, ()),
        "k": (float, None, ()),
        "i": (np.ndarray, np.float64, (2,)),
        "mask": (np.ndarray, np.bool_, (1,)),
        "empty": (np.ndarray, np.float32, (0, 2)),
    }
    for memory in (vars(state) | {"step": None}).values():
        assert memory is None or memory["w"].dtype == np.float32
    assert start["w"].tolist() == [[1, 1, 1], [1, 1, 1]]  # what the caller has is not written to


def test_the_step_can_be_differentiated_by_the_settings():
    start = {"x": 0.0, "y": np.array([1.0, -2.0])}
    f = lambda p: (p["x"] - 3) ** 2 + 10 * (p["y"] ** 2).sum()
    makes = (
        lambda r, m: SGD(r, momentum=m),
        lambda r, m: SGD(r, momentum=m, nesterov=True),
        lambda r, m: Adam(r, beta1=m),
    )
    for make in makes:
        after = lambda settings, make=make: f(run(make(*settings), f, start, 5)[0])
        slopes = rd.grad(after)((0.02, 0.6))
        h = 1e-6
        assert slopes[0] == pytest.approx((after((0.02 + h, 0.6)) - after((0.02 - h, 0.6))) / (2 * h), rel=1e-6)
        assert slopes[1] == pytest.approx((after((0.02, 0.6 + h)) - after((0.02, 0.6 - h))) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.1, momentum=0.5), Adam(0.1)], ids=["SGD", "momentum", "Adam"])
def test_gradients_of_another_form_are_refused_with_their_place(optimizer):
    params = Model(np.ones(3), [np.ones(2)])
    state = optimizer.init(params)
    with pytest.raises(rd.MismatchError, match=r"(?s)a gradient has the form of its value.*shape \(3,\).*in \.weight"):
        optimizer.step(params, Model(np.ones(1), [np.ones(2)]), state)
    with pytest.raises(rd.MismatchError, match=r"(?s)a list of 1 is needed here; met a list of 2"):
        optimizer.step(params, Model(np.ones(3), [np.ones(2), 1.0]), state)
    with pytest.raises(rd.MismatchError):
        optimizer.step(params, {"weight": np.ones(3)}, state)
    with pytest.raises(rd.MismatchError, match=r"in \.layers\[0\]"):
        optimizer.step(params, Model(np.ones(3), [np.ones(2) * 1j]), state)


def test_a_state_of_another_optimizer_is_refused():
    with pytest.raises(
        rd.ArgumentError, match=r"a step of SGD needs the state that SGD\(…\)\.init .* met an AdamState"
    ):
        SGD(0.1).step(1.0, 1.0, Adam(0.1).init(1.0))
    with pytest.raises(rd.ArgumentError, match=r"a step of Adam needs .* met None"):
        Adam(0.1).step(1.0, 1.0, None)
    with pytest.raises(rd.ArgumentError, match=r"not made by SGD\(rate=0.1, momentum=0.5.*\.init: it has no velocity"):
        SGD(0.1, momentum=0.5).step(1.0, 1.0, SGD(0.1).init(1.0))
    with pytest.raises(rd.ArgumentError, match=r"it has a velocity"):
        SGD(0.1).step(1.0, 1.0, SGD(0.1, momentum=0.5).init(1.0))


def test_large_gradients_do_not_overflow_in_complex_numbers_either():
    for gradient in (1e200, 1e200 + 0j):
        with np.errstate(over="ignore"):
            after, _ = Adam(0.1).step(1j if isinstance(gradient, complex) else 1.0, gradient, Adam(0.1).init(gradient))
        assert abs(after) == 1


@pytest.mark.parametrize("optimizer", [SGD(0.5), SGD(0.5, momentum=0.9), Adam(0.5)])
def test_a_gradient_of_more_precision_changes_that_of_no_parameter(optimizer):
    x = np.ones(2, np.float32)
    state = optimizer.init(x)
    for _ in range(2):
        x, state = optimizer.step(x, np.ones(2), state)
        assert x.dtype == np.float32


def test_none_stands_for_a_gradient_of_zero():
    params = {"a": 1.0, "b": [np.ones(2, np.float32)]}
    after, _ = SGD(0.5).step(params, {"a": 1.0, "b": None}, SGD(0.5).init(params))
    assert after["a"] == 0.5
    assert after["b"][0].tolist() == [1, 1]
    assert after["b"][0].dtype == np.float32


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(-0.1), "a rate is a number that is not negative, or a function of the number of steps; met -0.1"),
        (lambda: SGD("fast"), "a rate is a number"),
        (lambda: Adam(float("nan")), "a rate is a number"),
        (lambda: SGD(0.1, momentum=1.0), "momentum is a number from 0 to below 1; met 1.0"),
        (lambda: Adam(0.1, beta2=1.5), "beta2 is a number from 0 to below 1; met 1.5"),
        (lambda: Adam(0.1, weight_decay=-1), "weight_decay is a number that is not negative; met -1"),
        (lambda: cosine_decay(0.1, 0), "a schedule takes at least one step; met 0"),
        (lambda: clip_by_global_norm([1.0], -1), "the greatest length is a number that is not negative; met -1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make, message):
    with pytest.raises(rd.ArgumentError, match=message):
        make()


def test_optimizers_are_records_that_do_not_change():
    assert SGD(0.1, momentum=0.5) == SGD(0.1, momentum=0.5)
    assert repr(Adam(0.1)) == "Adam(rate=0.1, beta1=0.9, beta2=0.999, epsilon=1e-08, weight_decay=0.0)"
    with pytest.raises(AttributeError):
        Adam(0.1).rate = 1.0


def test_schedules_are_functions_of_the_number_of_steps():
    eta = warmup(10, cosine_decay(1.0, 100, end=0.1))
    assert eta(0) == pytest.approx(0.1, rel=1e-2)
    assert eta(50) == pytest.approx(0.55)
    assert eta(1000) == pytest.approx(0.1)
    assert exponential_decay(0.8, 3)(6) == pytest.approx(0.2)
    met = []
    optimizer = SGD(lambda step: met.append(step) or np.float64(0.1))
    x, _ = run(optimizer, lambda x: (x * x).sum(), np.ones(1, np.float32), 3)
    assert met == [0, 1, 2]
    assert x.dtype == np.float32
    assert x[0] == pytest.approx(0.8**3)


def test_the_global_norm_is_that_of_all_numbers_and_does_not_overflow():
    assert global_norm({"w": np.array([3.0]), "z": [4j, np.array([12.0])]}) == pytest.approx(13)
    assert global_norm([np.float32(3e30), np.full(1, 4e30, np.float32)]) == pytest.approx(5e30, rel=1e-6)
    assert global_norm([3e-200, 4e-200]) == pytest.approx(5e-200)
    assert global_norm([0.0, np.zeros(0)]) == 0
    assert global_norm([]) == 0


def test_clipping_keeps_the_direction_and_leaves_short_gradients_alone():
    grads = {"w": np.array([3.0, 0.0], np.float32), "z": 4j}
    clipped = clip_by_global_norm(grads, 1.0)
    assert clipped["w"].dtype == np.float32
    assert clipped["w"] == pytest.approx([0.6, 0])
    assert clipped["z"] == pytest.approx(0.8j)
    assert clip_by_global_norm(grads, 5.0) is grads
    with pytest.raises(rd.ArgumentError, match=r"(?s)not finite has no direction.*in \['z'\]"):
        clip_by_global_norm({"w": np.ones(2), "z": float("inf")}, 1.0)
