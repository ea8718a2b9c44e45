"""A value that is computed once."""

from __future__ import annotations

import threading
import weakref

import pytest

from revdiff.streams.once import Once


def test_the_function_is_called_when_the_value_is_first_asked_for_and_not_again():
    calls = []
    once = Once(lambda: calls.append("called") or [42])
    assert calls == []
    assert once() is once()
    assert calls == ["called"]


def test_a_function_that_raises_is_called_again():
    answers = iter([ZeroDivisionError("not yet"), None, 42])

    def ask():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Once(ask)
    with pytest.raises(ZeroDivisionError, match="not yet"):
        once()
    assert once() is None
    assert once() is None


def test_what_the_function_holds_on_to_is_let_go():
    held = threading.Event()
    gone = weakref.ref(held)
    once = Once(lambda held=held: held.is_set())
    del held
    assert gone() is not None
    assert once() is False
    assert gone() is None


def test_threads_that_ask_at_once_get_one_value():
    calls, values = [], []
    barrier, late = threading.Barrier(4), threading.Event()

    def compute():
        calls.append(1)
        late.wait(0.05)
        return object()

    once = Once(compute)

    def ask():
        barrier.wait()
        values.append(once())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert len(values) == 4
    assert len({id(value) for value in values}) == 1
