"""A profile says where the time of a call went."""

from __future__ import annotations

from time import sleep
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import revdiff as rd
from revdiff.tracing.profile import Profile, Row

mpl.use("Agg")


def loss(w: Any) -> Any:
    return np.sum(np.tanh(np.ones((50, 20)) @ w) ** 2)


def test_a_profile_has_a_row_for_each_primitive_and_direction() -> None:
    p = rd.profile(rd.grad(loss))(np.ones((20, 10)))
    rows = {(row.name, row.phase): row for row in p.rows}
    assert rows["matmul", "forward"].calls == rows["matmul", "backward"].calls == rows["tanh", "forward"].calls == 1
    assert rows["matmul", "forward"].nbytes == 50 * 10 * 8
    assert rows["matmul", "backward"].nbytes == 20 * 10 * 8
    assert [row.seconds for row in p.rows] == sorted((row.seconds for row in p.rows), reverse=True)
    np.testing.assert_array_equal(p.value, rd.grad(loss)(np.ones((20, 10))))
    assert p.seconds("forward") + p.seconds("backward") == pytest.approx(sum(row.seconds for row in p.rows))


def test_a_slow_primitive_is_found() -> None:
    slow = rd.add_trace("slow", lambda x: sleep(0.01) or x * 2)  # type: ignore[func-returns-value]
    p = rd.profile(lambda x: rd.sin(slow(x)))(0.5)
    assert p.rows[0].name == "slow"
    assert p.rows[0].seconds >= 0.01
    assert p.total >= 0.01
    assert p.itself < 0.01


@pytest.mark.parametrize("f", [np.sort, lambda x: x * 2.0, rd.grad(lambda x: np.tanh(x).sum()), lambda x: sleep(0.001)])
def test_the_times_of_a_table_add_up(f: Any) -> None:
    p = rd.profile(f)(np.ones(10_000))
    assert sum(row.seconds for row in p.rows) + p.itself == pytest.approx(p.total)


def test_each_run_has_arguments_of_its_own() -> None:
    def f(x: Any) -> Any:
        x += 1.0
        return x.sum()

    x = np.zeros(3)
    assert rd.profile(f)(x).value == 3.0
    assert not x.any()


def test_views_take_no_memory() -> None:
    p = rd.profile(lambda x: (x.T * 2.0, x[1:]))(np.ones((10, 10)))
    assert {row.name: row.nbytes for row in p.rows} == {"T": 0, "[]": 0, "*": 800}


def test_a_profile_prints_a_table() -> None:
    rows = (Row("matmul", "backward", 2, 0.003, 3 * 2**20), Row("tanh", "forward", 1, 0.0000005, 100))
    assert str(Profile(rows, 0.0040005, None)).splitlines() == [
        "primitive           direction  calls    time  share  memory",
        "matmul              backward       2    3 ms   75 %   3 MiB",
        "tanh                forward        1  500 ns    0 %   100 B",
        "revdiff and Python                      1 ms   25 %",
        "total                                   4 ms",
    ]


def test_a_profile_of_nothing() -> None:
    p = rd.profile(lambda: 3)()
    assert (p.rows, p.value) == ((), 3)
    assert p.itself == pytest.approx(p.total, abs=1e-12)


def test_bars_stand_above_what_they_are_a_part_of() -> None:
    rows = (Row("matmul", "backward", 2, 0.5, 0), Row("tanh", "forward", 1, 0.25, 0))
    ax = Figure().subplots()
    assert Profile(rows, 1.0, None).plot(ax) is ax
    bars = {(round(bar.get_y() + 0.45), bar.get_x(), bar.get_width()) for bar in ax.patches}
    assert bars == {(0, 0.0, 1.0), (1, 0.0, 0.25), (2, 0.0, 0.25), (1, 0.25, 0.5), (2, 0.25, 0.5), (1, 0.75, 0.25)}
    assert {text.get_text() for text in ax.texts} >= {"total 1 s", "matmul", "backward", "tanh"}


def test_without_axes_it_draws_into_the_current_ones() -> None:
    current = plt.figure().subplots()
    assert Profile((), 1.0, None).plot() is current
    plt.close(current.figure)


def test_a_value_in_the_place_of_a_function_says_what_to_write() -> None:
    with pytest.raises(
        rd.ArgumentError, match=r"profile takes a function; met .*\n  Write profile\(f\), not profile\(f\(x\)\)"
    ):
        rd.profile(3.0)  # type: ignore[arg-type]
