"""The examples run, and draw what they say."""

from __future__ import annotations

import gzip
import math
import os
import random
import runpy
import signal
import struct
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import revdiff as rd

EXAMPLES = Path(__file__).parent.parent / "examples"


ALL_WITHOUT_EXTRAS = """
import runpy, sys
sys.modules.update(dict.fromkeys(("matplotlib", "scipy", "sklearn"), None))
for script in sys.argv[1:]:
    sys.argv = [script]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as error:
        print(error, end="\\0")
"""


def test_every_example_says_what_it_needs_where_that_is_missing():
    scripts = sorted(str(path) for path in EXAMPLES.glob("*.py") if path.name != "running.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (EXAMPLES.parent, EXAMPLES)))}
    command = [sys.executable, "-c", ALL_WITHOUT_EXTRAS, *scripts]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said = done.stdout.split("\0")[:-1]
    assert len(said) == len(scripts) == 9
    for words in said:
        assert words.endswith('\nWhat all the examples need:  pip install "revdiff[examples]"')
        assert any(package in words.lower() for package in ("matplotlib", "scipy", "sklearn"))


def test_the_picture_of_the_way_back_is_drawn_with_the_right_numbers(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    way_back = example("way_back")
    values, bars = way_back.cotangents(0.8)
    assert values == pytest.approx([0.8, 0.64, 0.597195441362392])
    assert bars == pytest.approx([1.283353225244, 0.802095757884, 1.0])  # 2x cos x², cos x², 1
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.setattr(sys, "argv", ["way_back.py", str(tmp_path / "picture.svg")])
    runpy.run_path(str(EXAMPLES / "way_back.py"), run_name="__main__")
    drawn = EXAMPLES.parent / "docs" / "_static" / "way_back.svg"
    svg = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert svg.startswith("<?xml")
    assert svg.count("<path") == drawn.read_text(encoding="utf-8").count("<path")


def test_charges_come_to_rest_as_an_icosahedron_and_never_leave_the_sphere():
    sphere = example("sphere")
    path, energies = sphere.descend(sphere.crowd(12), 700, 0.03)
    lengths = np.linalg.norm([np.asarray(u) for charges in path for u in charges], axis=1)
    assert np.abs(lengths - 1).max() < 1e-12
    assert energies[-1] == pytest.approx(49.165253058, abs=1e-6)
    assert all(np.diff(energies) < 1e-9)
    edges = [np.degrees(np.arccos(u @ v)) for u, v in combinations(path[-1], 2)]
    assert sorted(edges)[29] == pytest.approx(63.43494882, abs=1e-3)  # arctan 2, 30 times
    assert sorted(edges)[30] == pytest.approx(116.56505118, abs=1e-3)
    pytest.importorskip("matplotlib")
    sphere.drawn(path, energies).savefig(BytesIO(), format="png")


def example(name):
    """Return what a script defines."""
    return SimpleNamespace(**runpy.run_path(str(EXAMPLES / f"{name}.py")))


def is_drawn(draw, *args):
    """Draw a figure, and see that all its axes say what they show."""
    pytest.importorskip("matplotlib")
    figure = draw(*args)
    figure.savefig(BytesIO(), format="png")
    assert all(ax.get_ylabel() for ax in figure.axes if ax.lines)


def test_the_bundled_digits_are_read_by_networks_of_any_depth():
    pytest.importorskip("sklearn")
    digits = example("digits")
    assert digits.main(["--epochs", "6"]).history[-1, 1] > 0.95
    for hidden in ([], ["32", "24", "16"]):
        arguments = ["--hidden", *hidden, "--epochs", "8"]
        first = digits.main(arguments)
        assert [layer.weight.shape[1] for layer in first.network.layers] == [*map(int, hidden), 10]
        assert first.history[-1, 1] > 0.75
    again = digits.main(arguments)
    assert all(
        np.array_equal(a.weight, b.weight) and np.array_equal(a.bias, b.bias)
        for a, b in zip(first.network.layers, again.network.layers, strict=True)
    )
    is_drawn(digits.draw, first, digits.bundled())


def write_digits(folder):
    """Write files in MNIST's format, some of them packed, with blots of ink in ten places."""
    random = np.random.default_rng(0)
    for part, count in (("train", 256), ("t10k", 64)):
        labels = random.integers(0, 10, count).astype(np.uint8)
        images = random.integers(0, 60, (count, 6, 6)).astype(np.uint8)
        images[np.arange(count), labels // 2, 3 * (labels % 2)] = 255
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">2xBBi", 8, 1, count) + labels.tobytes())
        content = struct.pack(">2xBBiii", 8, 3, count, 6, 6) + images.tobytes()
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(content))


def test_digits_in_the_format_of_mnist_are_read(tmp_path):
    write_digits(tmp_path)
    digits = example("digits")
    data = digits.mnist(tmp_path)
    assert data.images.shape == (256, 36)
    assert data.images.dtype == np.float32
    assert data.images.max() == 1
    assert data.test_labels.shape == (64,)
    assert digits.main(["--data", str(tmp_path), "--hidden", "16", "--epochs", "100"]).history[-1, 1] > 0.95
    with pytest.raises(SystemExit, match="has no file train-images-idx3-ubyte"):
        digits.mnist(tmp_path / "elsewhere")


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_training_killed_at_ten_moments_ends_with_the_same_numbers(tmp_path):
    write_digits(tmp_path)
    command = [sys.executable, EXAMPLES / "digits.py", "--data", tmp_path, "--hidden", "12", "8", "--epochs", "150"]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent), "OPENBLAS_NUM_THREADS": "1"}
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    straight, broken = tmp_path / "straight.npz", tmp_path / "broken.npz"
    subprocess.run([*command, "--checkpoint", straight], check=True, **quiet)
    moments, kills = random.Random(0), 0
    while kills < 10:
        with subprocess.Popen([*command, "--checkpoint", broken], **quiet) as process:
            time.sleep(moments.uniform(0.2, 0.7))
            kills += process.poll() is None
            process.kill()
        assert process.returncode in (0, -signal.SIGKILL)  # nobody stumbled over what the one before has left
        if process.returncode == 0:
            broken.unlink()
    subprocess.run([*command, "--checkpoint", broken], check=True, **quiet)
    assert broken.read_bytes() == straight.read_bytes()


def test_the_hares_and_lynxes_have_the_rates_that_others_found(monkeypatch):
    pytest.importorskip("scipy")
    ecology = example("lynx_and_hare")
    best = ecology.fit(rtol=1e-4)
    # the posterior means of B. Carpenter's case study with Stan, 2018
    means = {"alpha": 0.55, "beta": 0.028, "gamma": 0.80, "delta": 0.024}
    assert {name: float(np.exp(getattr(best, name))) for name in means} == pytest.approx(means, rel=0.05)
    monkeypatch.setitem(ecology.draw.__globals__, "covariance", lambda best: 0.01 * np.eye(6))
    is_drawn(ecology.draw, best)


def test_the_marginal_likelihood_is_that_of_the_data_and_has_its_maximum_where_it_is_said():
    stats = pytest.importorskip("scipy.stats")
    process = example("gaussian_process")
    x, y = process.sample(25)
    best, way = process.learn(x, y)
    assert process.loss(way[-1], x, y) <= process.loss(way[0], x, y)
    likelihood = lambda kernel: stats.multivariate_normal(cov=process.of_data(kernel, x)).logpdf(y)
    assert -process.loss(best, x, y) == pytest.approx(likelihood(best), rel=1e-9)
    for name, value in vars(best).items():
        for step in (-0.05, 0.05):
            assert likelihood(replace(best, **{name: value + step})) < likelihood(best)
    is_drawn(process.draw, x, y)


def test_what_laplace_says_of_the_challenger_is_near_the_exact_answer():
    pytest.importorskip("scipy")
    challenger = example("challenger")
    line = rd.optimize.minimize(lambda line: challenger.surprise(line, (1e6, 1e6)), np.zeros(2), tol=1e-12).x
    assert line[1] == pytest.approx(-0.2322, abs=1e-4)  # Dalal, Fowlkes and Hoadley, 1989
    assert line[0] - 70 * line[1] == pytest.approx(15.0429, abs=1e-3)
    center, covariance = challenger.laplace()
    a, b, weights = challenger.grid(center, covariance)
    assert (weights.sum(axis=1) @ a, weights.sum(axis=0) @ b) == pytest.approx(
        center, abs=0.5 * covariance[0, 0] ** 0.5
    )
    assert (weights.sum(axis=0) @ b**2 - (weights.sum(axis=0) @ b) ** 2) ** 0.5 == pytest.approx(
        covariance[1, 1] ** 0.5, rel=0.25
    )
    is_drawn(challenger.draw)


def test_bundles_are_adjusted_and_wrong_matches_found():
    pytest.importorskip("scipy")
    bundle = example("bundle_adjustment")
    truth, guess, data, is_wrong = bundle.invent(cameras=6, points=40, wrong=0.03)
    _, jacobian = bundle.residuals_and_jacobian(guess, data)
    random = np.random.default_rng(0)
    along = random.normal(size=jacobian.shape[1])
    parts = np.split(along, np.cumsum([guess.cameras.size, guess.points.size]))
    moved = lambda h: bundle.residuals_and_jacobian(
        type(guess)(*(x + h * v.reshape(x.shape) for x, v in zip(vars(guess).values(), parts, strict=True))), data
    )[0]
    assert (moved(1e-6) - moved(-1e-6)) / 2e-6 == pytest.approx(jacobian @ along, rel=1e-5, abs=1e-4)
    best, costs = bundle.adjust(guess, data, steps=25)
    assert costs[-1] < 1e-2 * costs[0]
    assert ((np.abs(best.weights) < 0.5) == is_wrong).mean() > 0.98
    before, after = (
        np.abs(bundle.aligned(scene.points, truth.points) - truth.points).mean() for scene in (guess, best)
    )
    assert after < 0.2 * before
    is_drawn(bundle.draw, truth, guess, data, is_wrong, best)


def test_the_pendulum_swings_up_and_the_motor_keeps_its_limits():
    pytest.importorskip("scipy")
    pendulum = example("pendulum")
    torques, search = pendulum.swing_up()
    assert np.abs(torques).max() <= pendulum.STRONGEST + 1e-12
    angle = velocity = 0.0
    for torque in torques:
        velocity += 0.1 * (torque - math.sin(angle))
        angle += 0.1 * velocity
    assert (angle, velocity) == pytest.approx((math.pi, 0), abs=1e-4)
    assert pendulum.effort(torques) < 2.5  # with a torque at each of the 200 moments it is 2.437
    is_drawn(pendulum.draw, torques, search)
