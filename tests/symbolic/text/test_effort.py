"""The bound on SymPy's work stops what does not stop by itself, and leaves no trace."""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import suppress
from time import sleep, thread_time

import pytest
import sympy

from revdiff.symbolic.text.effort import Effort, EffortError

x, y = sympy.symbols("x y")


def spin() -> None:
    n = 0
    while True:
        n += 1
        sympy.sin(x + n * y)


def spin_and_catch() -> None:
    while True:
        with suppress(Exception):
            spin()


def test_endless_work_is_stopped_soon():
    start = thread_time()
    with pytest.raises(EffortError, match=r"more than 0\.05 seconds of work"), Effort(0.05):
        spin()
    assert thread_time() - start < 0.5


def test_code_that_catches_exceptions_does_not_catch_this():
    with pytest.raises(EffortError), Effort(0.05):
        spin_and_catch()


def test_waiting_is_not_work():
    with Effort(0.05):
        sleep(0.2)
        assert sympy.sin(-x) == -sympy.sin(x)


def test_nothing_listens_afterwards():
    with Effort(1.0):
        assert sys.getprofile() is not None
    assert sys.getprofile() is None
    with pytest.raises(EffortError), Effort(0.01):
        spin()
    assert sys.getprofile() is None
    with pytest.raises(KeyError), Effort(1.0):
        raise KeyError
    assert sys.getprofile() is None


def test_the_outer_bound_holds_inside_an_inner_one():
    with pytest.raises(EffortError, match=r"0\.05"), Effort(0.05), Effort(100.0):
        spin()


def test_callbacks_of_the_garbage_collector_are_not_interrupted():
    """An error in one would be printed and lost, and with it the bound."""

    def callback(phase, info):
        return [abs(n) for n in range(100_000)]

    gc.callbacks.append(callback)
    try:
        with pytest.raises(EffortError), Effort(0.05):
            spin()
    finally:
        gc.callbacks.remove(callback)


def test_a_profiler_is_left_alone():
    def profiler(frame, event, arg):
        pass

    sys.setprofile(profiler)
    try:
        with Effort(0.0):
            assert sympy.sin(-y) == -sympy.sin(y)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)


def test_it_works_in_every_thread():
    stopped = []

    def work():
        try:
            with Effort(0.05):
                spin()
        except EffortError:
            stopped.append(True)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert stopped == [True] * 4
