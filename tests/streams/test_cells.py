"""What a Stream holds in memory, how deep it may be, and what interrupts, errors and threads do to it."""

from __future__ import annotations

import gc
import itertools
import operator
import sys
import threading
import time
import tracemalloc
import weakref
from collections import deque

import pytest

from revdiff import ArgumentError
from revdiff.core.errors import InfiniteError, StreamEndedError
from revdiff.streams.finite import FiniteSupportStream
from revdiff.streams.stream import Stream

MANY = 30_000
DEEP = 20 * sys.getrecursionlimit()


class Thing:
    """Something that a weak reference can point to."""


def things():
    return iter(Thing, None)


# Each makes a new stream, which nobody else holds.
KINDS = {
    "from_iterable": lambda: Stream.from_iterable(things()),
    "iterate": lambda: Stream.iterate(lambda _: Thing(), Thing()),
    "unfold": lambda: Stream.unfold(lambda n: (Thing(), n + 1), 0),
    "tabulate": lambda: Stream.tabulate(lambda i: Thing()),
    "mapped": lambda: Stream.from_iterable(things()).map(lambda _: Thing()),
    "zipped": lambda: Stream.from_iterable(things()).zip(Stream.tabulate(lambda i: Thing())).map(lambda pair: pair[0]),
    "dropped": lambda: Stream.from_iterable(things()).drop(3),
    "sliced": lambda: Stream.from_iterable(things())[2:],
    "strided": lambda: Stream.from_iterable(things())[1::3],
    "of_cells": lambda: Stream(Thing(), KINDS["of_cells"]),
    "cons": lambda: Stream.tabulate(lambda i: Thing()).cons(Thing()).cons(Thing()).map(lambda x: x),
    "finite": lambda: FiniteSupportStream([Thing(), Thing()], zero=Thing).to_stream().map(lambda _: Thing()),
}
EACH_KIND = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


# ------------------------------------------------------------------------------------- memory


@EACH_KIND
def test_a_tail_does_not_hold_what_is_before_it(make):
    s = make()
    for read in (True, False, True, True):
        cell = weakref.ref(s)
        element = weakref.ref(s.head) if read else None
        s = s.tail
        assert cell() is None
        assert isinstance(s.head, Thing)
        assert element is None or element() is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "iterate"])
def test_only_where_one_element_comes_from_the_other_does_a_tail_hold_the_one_before_until_it_is_read(kind):
    s = KINDS[kind]()
    element = weakref.ref(s.head)
    s = s.tail
    assert element() is None


@EACH_KIND
def test_a_loop_holds_only_the_element_that_it_looks_at(make):
    before = deque(maxlen=2)
    for i, x in enumerate(make()):
        before.append(weakref.ref(x))
        if i == 10:
            break
        if i:
            assert before[0]() is None
        del x


@EACH_KIND
def test_dropping_from_a_stream_that_nobody_holds_does_not_hold_what_is_dropped(make):
    references = []

    def noted(x):
        references.append(weakref.ref(x))
        return x

    rest = make().map(noted).drop(5)
    assert references == []
    rest = Stream.from_iterable(map(noted, things())).drop(5)
    assert [reference() for reference in references] == 5 * [None]
    assert isinstance(rest.head, Thing)


@pytest.mark.parametrize(
    "step", [lambda s: s.tail, lambda s: s.drop(1), lambda s: s[1:], lambda s: (s.head, s.tail)[1]]
)
@pytest.mark.parametrize(
    "s",
    [
        lambda: Stream.iterate(lambda x: x + 1.0, 0.0),
        lambda: Stream.unfold(lambda n: (n, n + 1), 0),
        lambda: Stream.from_iterable(itertools.count()),
        lambda: Stream.tabulate(float).map(lambda x: x / 2) + Stream.repeat(1.0),
        lambda: Stream.tabulate(float)[3::2],
        lambda: FiniteSupportStream([1.0, 2.0]).to_stream(),
    ],
)
def test_walking_along_a_stream_needs_no_memory(s, step):
    s = s()
    for _ in range(100):
        s = step(s)
    gc.collect()
    tracemalloc.start()
    for _ in range(1000):
        s = step(s)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000


def test_reading_the_elements_keeps_them_and_letting_the_head_go_frees_them():
    s = Stream.from_iterable(things())
    references = [weakref.ref(x) for x in s.take(50)]
    assert all(reference() is s[i] for i, reference in enumerate(references))
    half = s.drop(25)
    del s
    assert [reference() is None for reference in references] == 25 * [True] + 25 * [False]
    assert half.head is references[25]()


def test_a_mapped_stream_lets_its_source_go():
    source = Stream.from_iterable(things())
    references = [weakref.ref(x) for x in source.take(10)]
    mapped = source.map(id)
    del source
    ids = mapped.take(11)
    assert [reference() for reference in references] == 10 * [None]
    assert mapped.take(11) == ids


def test_the_function_of_a_tail_is_let_go():
    thing = Thing()
    gone = weakref.ref(thing)
    s = Stream(0, lambda thing=thing: Stream(thing and 1, Stream.repeat(2)))
    del thing
    assert gone() is not None
    assert s[2] == 2
    assert s[1] == 1
    assert gone() is None


# -------------------------------------------------------------------------------------- depth


def test_as_many_steps_and_elements_as_one_likes_are_held_and_let_go():
    s = Stream.tabulate(lambda i: i)
    t = s
    for _ in range(MANY):
        t = t.tail
    assert t.head == MANY
    del t
    assert s[MANY - 1] == MANY - 1
    del s


@pytest.mark.parametrize(
    "make",
    [
        lambda: Stream.iterate(lambda x: x + 1, 0),
        lambda: Stream.unfold(lambda n: (n, n + 1), 0),
        lambda: Stream.from_iterable(itertools.count()),
        lambda: Stream.tabulate(lambda i: i).map(lambda x: x),
        lambda: Stream.tabulate(lambda i: i)[0::1].zip_with(lambda x, _: x, Stream.repeat(0)),
    ],
)
def test_a_long_stream_that_was_never_read_is_freed_without_recursion(make):
    s = make()
    end = s.drop(MANY)
    del s
    assert end.head == MANY
    s = make()
    assert s.take(MANY) == list(range(MANY))


def test_as_many_elements_in_front_as_one_likes():
    s = Stream.repeat(0)
    for i in range(MANY):
        s = s.cons(i)
    assert s.drop(MANY - 1).take(2) == [0, 0]
    assert s[10] == MANY - 11


def test_an_element_may_depend_on_as_many_before_it_as_one_likes():
    fibonacci = Stream(0, lambda: Stream(1, lambda: fibonacci.zip_with(operator.add, fibonacci.tail)))
    a, b = 0, 1
    for _ in range(DEEP):
        a, b = b, a + b
    assert fibonacci[DEEP] == a

    powers = Stream(1.0, lambda: powers * 0.5 + powers * 0.5)
    assert powers.drop(DEEP).head == 1.0


def test_streams_may_be_made_of_streams_as_often_as_one_likes():
    s = total = Stream.tabulate(lambda i: i)
    for _ in range(DEEP):
        total = total + s
    assert total.take(3) == [0, DEEP + 1, 2 * (DEEP + 1)]
    assert total[7] == 7 * (DEEP + 1)
    for _ in range(DEEP):
        s = Stream(-1, lambda s=s: s).tail
    assert s.take(3) == [0, 1, 2]


def test_a_stream_defined_by_itself_in_a_circle_is_an_error_and_no_endless_loop():
    s = Stream(0, lambda: s.tail.map(lambda x: x + 1))
    assert s.head == 0
    with pytest.raises(InfiniteError, match="defined by itself in a circle"):
        s[1]
    with pytest.raises(InfiniteError, match="defined by itself in a circle"):
        _ = s.tail.tail
    assert s.head == 0


def test_streams_may_be_defined_by_each_other():
    even = Stream(0, lambda: odd.map(lambda x: x + 1))
    odd = even.map(lambda x: x + 1)
    assert even.take(4) == [0, 2, 4, 6]
    assert odd[1000] == 2001


def test_reading_by_index_takes_a_number_of_steps_that_is_linear():
    steps = []
    s = Stream.unfold(lambda n: (n, steps.append(n) or n + 1), 0)
    seconds = []
    for n in (2_000, 40_000):
        start = time.perf_counter()
        assert sum(s[i] for i in range(n)) == n * (n - 1) // 2
        assert sum(s[i] for i in reversed(range(n))) == n * (n - 1) // 2
        seconds.append(time.perf_counter() - start)
    assert steps == list(range(40_000))
    assert seconds[1] < 100 * seconds[0]  # 20 times as many; in quadratic time, 400


# -------------------------------------------------------------------------- errors and interrupts


class Twice:
    """A function that fails when it is called for the first time with 3."""

    def __init__(self, error):
        self.error = error
        self.calls = []

    def __call__(self, x, *_):
        self.calls.append(x)
        if x == 3 and self.calls.count(3) == 1:
            raise self.error
        return x


FAILING = {
    "tabulate": Stream.tabulate,
    "map": lambda f: Stream.tabulate(lambda i: i).map(f),
    "zip_with": lambda f: Stream.tabulate(lambda i: i).zip_with(f, Stream.repeat(0)),
    "iterate": lambda f: Stream.iterate(lambda x: f(x + 1), 0),
    "unfold": lambda f: Stream.unfold(lambda n: (f(n), n + 1), 0),
    "from_iterable": lambda f: Stream.from_iterable(map(f, [0, 1, 2, 3, 3, 4, 5])),
}


@pytest.mark.parametrize("error", [ZeroDivisionError("3 is bad"), KeyboardInterrupt()], ids=type)
@pytest.mark.parametrize("make", FAILING.values(), ids=FAILING)
def test_an_element_that_could_not_be_computed_is_tried_again(make, error):
    s = make(Twice(error))
    iterator = iter(s)
    assert list(itertools.islice(iterator, 3)) == [0, 1, 2]
    with pytest.raises(type(error)):
        next(iterator)
    assert list(itertools.islice(iterator, 3)) == [3, 4, 5]
    assert s.take(6) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "make", [FAILING[kind] for kind in FAILING if kind not in ("iterate", "unfold", "from_iterable")]
)
def test_the_other_elements_do_not_need_the_one_that_failed(make):
    s = make(lambda x, *_: 1 // (x - 3))
    assert s.drop(4).take(2) == [1, 0]
    assert s[::2].take(3) == [-1, -1, 1]
    with pytest.raises(ZeroDivisionError):
        s[3]


def test_a_tail_that_could_not_be_computed_is_tried_again():
    f = Twice(ValueError("not now"))
    s = Stream(0, lambda: f(3) and Stream.repeat(1))
    with pytest.raises(ValueError, match="not now"):
        s[1]
    assert s.take(3) == [0, 1, 1]
    assert f.calls == [3, 3]


def test_a_generator_that_died_says_so_and_what_it_died_of():
    def numbers():
        yield 1
        yield 2
        raise ZeroDivisionError("of this")

    s = Stream.from_iterable(numbers())
    with pytest.raises(ZeroDivisionError, match="of this"):
        s[2]
    with pytest.raises(StreamEndedError, match="what it was made of ended after 2 elements") as error:
        s[2]
    assert isinstance(error.value.__cause__, ZeroDivisionError)
    assert s.take(2) == [1, 2]
    assert repr(s) == "[1,2,..."


def test_an_iterable_that_ends_is_an_error_where_it_ends():
    s = Stream.from_iterable([1, 2])
    assert s.take(2) == [1, 2]
    for _ in range(2):
        with pytest.raises(
            StreamEndedError, match=r"ended after 2 elements(?s:.*)FiniteSupportStream\(items\)"
        ) as error:
            s.take(3)
        assert error.value.__cause__ is None


def test_an_iterator_that_goes_on_after_an_error_did_not_die_of_it():
    s = Stream.from_iterable(map(Twice(ValueError("once")), [0, 3, 3]))
    with pytest.raises(ValueError, match="once"):
        s[1]
    assert s.take(2) == [0, 3]
    with pytest.raises(StreamEndedError) as error:
        s[2]
    assert error.value.__cause__ is None


def test_a_function_that_raises_stopiteration_does_not_end_a_loop_in_silence():
    ended = iter(())
    s = Stream.tabulate(lambda i: next(ended) if i == 2 else i)
    with pytest.raises(StreamEndedError, match="a function that computes its elements raised StopIteration"):
        s.take(5)
    with pytest.raises(StreamEndedError, match="raised StopIteration"):
        for _ in s:
            pass


def test_an_interrupt_does_not_lose_what_a_generator_had_given():
    def numbers():
        yield 0
        yield 1
        raise KeyboardInterrupt

    s = Stream.from_iterable(numbers())
    with pytest.raises(KeyboardInterrupt):
        s.take(3)
    assert s.take(2) == [0, 1]
    with pytest.raises(StreamEndedError) as error:
        s[2]
    assert isinstance(error.value.__cause__, KeyboardInterrupt)


def test_what_is_no_tail_and_no_iterable_is_an_error():
    with pytest.raises(
        ArgumentError, match=r"the tail of a Stream is a Stream, or a function .* that returns one; met an int"
    ):
        Stream(0, 1)
    with pytest.raises(ArgumentError, match=r"the tail of a Stream is a Stream, .*; met None"):
        Stream(0, lambda: None)[1]
    with pytest.raises(ArgumentError, match="a Stream is made of something to iterate over; met an int"):
        Stream.from_iterable(5)
    with pytest.raises(
        ArgumentError, match=r"unfold needs a function that returns the pair \(element, next state\); it returned '5'"
    ):
        Stream.unfold(lambda n: "5", 0).take(1)


# ------------------------------------------------------------------------------------- threads


def in_threads(function, count=4):
    """Run a function in several threads that begin together, and return what each returned."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(i):
        barrier.wait()
        results[i] = function()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        sys.setswitchinterval(before)
    return results


def slow_numbers():
    for i in itertools.count():
        if i % 50 == 0:
            time.sleep(0.0005)
        yield i


@pytest.mark.parametrize(
    "make",
    [
        lambda: Stream.from_iterable(slow_numbers()),
        lambda: Stream.unfold(lambda n: (n, n + 1), 0),
        lambda: Stream.iterate(lambda n: n + 1, 0),
        lambda: Stream.tabulate(lambda i: i).map(lambda x: x),
        lambda: Stream.from_iterable(slow_numbers())[0::1],
        lambda: Stream(0, lambda: Stream.from_iterable(itertools.count(1))),
    ],
)
@pytest.mark.parametrize("read", [lambda s: s.take(1000), lambda s: [s[i] for i in range(1000)]], ids=["take", "index"])
def test_threads_that_share_a_stream_neither_lose_nor_repeat_an_element(make, read):
    s = make()
    assert in_threads(lambda: read(s)) == [list(range(1000))] * 4


def test_threads_get_the_same_elements():
    s = Stream.tabulate(lambda i: object()).map(lambda x: (x, object()))
    one, *others = in_threads(lambda: s.take(500))
    assert all(list(map(id, other)) == list(map(id, one)) for other in others)


def test_the_steps_of_a_sequential_stream_are_taken_once_whatever_the_threads_do():
    steps = []
    s = Stream.unfold(lambda n: (steps.append(n) or n, n + 1), 0)
    in_threads(lambda: s.take(500))
    assert steps == list(range(500))


def test_threads_that_read_streams_defined_by_each_other_do_not_wait_for_ever():
    even = Stream(0, lambda: odd.map(lambda x: x + 1))
    odd = Stream(1, lambda: even.tail.map(lambda x: x + 1))
    turns = itertools.cycle([even, odd])
    lock = threading.Lock()

    def read():
        with lock:
            s = next(turns)
        return s.take(300)

    results = in_threads(read)
    assert sorted(map(tuple, results)) == [tuple(range(0, 600, 2))] * 2 + [tuple(range(1, 601, 2))] * 2
