"""Saved states: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import revdiff as rd
from revdiff.optimize import SGD, Adam, SavedStateError, load_state, save_state

ROOT = Path(rd.__file__).parents[1]


class Mode(Enum):
    TRAIN = 1
    TEST = 2


@dataclass(frozen=True)
class Layer:
    weight: object
    activation: object = np.tanh
    units: int = field(default=3, metadata={"static": True})
    name: str = "dense"


def equal(a, b):
    """Tell whether two states are the same, to the last bit and type."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, tuple | list | deque):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, Layer | rd.UnitVector):
        return all(equal(getattr(a, name), getattr(b, name)) for name in a.__dataclass_fields__)
    return repr(a) == repr(b)


def test_a_training_goes_on_where_it_was(tmp_path):
    rng = np.random.default_rng(1)
    params = [Layer(np.ones((2, 3), np.float32)), Layer(rd.UnitVector([3.0, 4.0]))]
    for optimizer in (SGD(0.1), SGD(0.1, momentum=0.9), Adam(0.1)):
        loss = lambda p: (p[0].weight ** 2).sum() + p[1].weight[0]

        def epoch(state, optimizer=optimizer, loss=loss):
            params, memory, rng, epoch = state
            grads = rd.grad(loss)(params)
            grads[0] = Layer(grads[0].weight * rng.normal())
            return *optimizer.step(params, grads, memory), rng, epoch + 1

        fresh = lambda optimizer=optimizer: (params, optimizer.init(params), np.random.default_rng(7), 0)
        straight = fresh()
        for _ in range(6):
            straight = epoch(straight)
        state = epoch(epoch(fresh()))
        save_state(tmp_path / "run.npz", state)
        state = load_state(tmp_path / "run.npz", fresh())
        for _ in range(4):
            state = epoch(state)
        assert equal(state[0], straight[0])
        assert state[3] == 6
        assert state[2].normal() == straight[2].normal()
    assert rng.bit_generator.state == np.random.default_rng(1).bit_generator.state


EVERYTHING = {
    "int": 2**70,
    "float": 0.1,
    "inf": float("-inf"),
    "nan": float("nan"),
    "negative zero": -0.0,
    "complex": complex(-0.0, float("inf")),
    "bool": True,
    "none": None,
    "text": 'ü "\n\x00',
    "text of NumPy": np.str_("a"),
    "constants": (Path("a"), b"bytes", slice(3), np.dtype(float), np.sin),
    "fraction": Fraction(1, 3),
    "decimal": Decimal("0.10"),
    "mode": Mode.TEST,
    "arrays": [
        np.arange(6, dtype=">i4").reshape(2, 3).T,
        np.array(3.5, np.float16),
        np.zeros((0, 2)),
        np.array([True]),
        np.array(["text"]),
        np.array([1 + 2j, np.nan], np.complex64),
        np.array(["2020-01-01"], "M8[D]"),
        np.ones(3, np.longdouble) / 3,
    ],
    "numbers": (np.float32(0.1), np.int8(-3), np.bool_(True), np.complex64(1j)),
    "layer": Layer(np.ones(2), units=7, name="other"),
    "direction": rd.UnitVector([1.0, 2.0]),
    "deque": deque([1.0, [2]], maxlen=5),
    "ordered": OrderedDict(a=1.0),
    3: {(1, "a"): 1.5},
}


def blank(x):
    """Return a state of the same form with other contents."""
    if isinstance(x, dict):
        return type(x)((key, blank(value)) for key, value in reversed(x.items()))
    if isinstance(x, tuple | list):
        return type(x)(map(blank, x))
    if isinstance(x, deque):
        return deque(map(blank, x), maxlen=x.maxlen)
    if isinstance(x, np.ndarray):
        return np.zeros_like(x)
    if isinstance(x, Layer):
        return Layer(np.zeros(2))
    if isinstance(x, rd.UnitVector):
        return rd.UnitVector([1.0, 0.0])
    if isinstance(x, Enum):
        return Mode.TRAIN
    if isinstance(x, Path | bytes | slice | np.dtype | np.ufunc):
        return x
    return type(x)() if x is not None else None


def test_every_kind_of_content_comes_back_to_the_last_bit(tmp_path):
    save_state(tmp_path / "s.npz", EVERYTHING)
    like = blank(EVERYTHING)
    loaded = load_state(tmp_path / "s.npz", like)
    assert equal(loaded, EVERYTHING)
    assert loaded["layer"].units == 7
    assert loaded["layer"].activation is np.tanh
    assert loaded["deque"].maxlen == 5
    assert like["float"] == 0.0  # what is given is not changed


@given(
    st.recursive(
        st.floats() | st.integers() | st.text() | st.none() | st.booleans() | st.complex_numbers()
        | hnp.arrays(hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, min_side=0, max_side=3)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    )
)  # fmt: skip
def test_whatever_is_saved_is_loaded(tmp_path_factory, x):
    path = tmp_path_factory.getbasetemp() / "any.npz"
    save_state(path, x)
    assert equal(load_state(path, x), x)


@pytest.mark.parametrize(
    "make",
    [
        np.random.default_rng,
        lambda seed: np.random.Generator(np.random.MT19937(seed)),
        lambda seed: np.random.Generator(np.random.Philox(seed)),
        lambda seed: np.random.Generator(np.random.SFC64(seed)),
        np.random.PCG64,
        np.random.RandomState,
        random.Random,
    ],
)
def test_generators_of_random_numbers_go_on_where_they_were(tmp_path, make):
    draw = lambda rng: (
        [rng.random() for _ in range(5)] if hasattr(rng, "random") else [int(rng.random_raw()) for _ in range(5)]
    )
    rng, other = make(1), make(2)
    draw(rng)
    if isinstance(rng, np.random.Generator):
        rng.integers(0, 5, dtype=np.int32)  # half of a word is left over
    elif isinstance(rng, random.Random):
        rng.gauss(0, 1)
    save_state(tmp_path / "rng.npz", {"rng": rng})
    before = draw(make(2))
    loaded = load_state(tmp_path / "rng.npz", {"rng": other})["rng"]
    assert type(loaded) is type(rng)
    assert draw(loaded) == draw(rng)
    assert draw(other) == before


def test_another_kind_of_generator_is_refused(tmp_path):
    save_state(tmp_path / "rng.npz", [np.random.default_rng(0)])
    with pytest.raises(SavedStateError, match=r"(?s)a Philox is needed here; the file has a PCG64"):
        load_state(tmp_path / "rng.npz", [np.random.Generator(np.random.Philox(0))])
    with pytest.raises(
        SavedStateError, match=r"(?s)a Random is needed here; the file has a Generator\.\n  in state\[0\]"
    ):
        load_state(tmp_path / "rng.npz", [random.Random(0)])


def test_equal_states_make_equal_files_which_numpy_can_read(tmp_path):
    state = {"w": np.arange(3.0), "n": 4}
    save_state(tmp_path / "a.npz", state)
    time.sleep(0.01)
    save_state(tmp_path / "b.npz", state)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz") as file:
        assert file["0"].tolist() == [0, 1, 2]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.npz", "b.npz"]


def test_a_number_may_take_the_place_of_none_and_a_float_that_of_an_integer(tmp_path):
    save_state(tmp_path / "s.npz", [0.5, None, 2.5, np.array([0.5])])
    assert load_state(tmp_path / "s.npz", [None, 1.0, 3, np.array([1])]) == [0.5, None, 2.5, np.array([0.5])]
    save_state(tmp_path / "s.npz", np.float32(0.5))
    assert load_state(tmp_path / "s.npz", 1) == 0.5


@pytest.mark.parametrize(
    ("saved", "like", "message"),
    [
        ([np.ones(3)], [np.ones(4)], r"an array of dtype float64 and shape \(4,\) is needed here; the file has an array of dtype float64 and shape \(3,\)"),
        ([np.ones(3)], [np.ones(3, np.float32)], r"dtype float32 and shape \(3,\) is needed here; .* has an array of dtype float64"),
        ({"w": 1.0}, {"v": 1.0}, r"a dict with 'v' is needed here; the file has a dict of 1: 'w'"),
        ([1.0, 2.0], [1.0], r"a list of 1 is needed here; the file has a list of 2: 0, 1"),
        ([1.0], (1.0,), r"a tuple of 1 is needed here; the file has a list"),
        ([Layer(1.0)], [{"weight": 1.0}], r"the file has a Layer"),
        ([1.0], [np.ones(1)], r"shape \(1,\) is needed here; the file has a float"),
        ([np.ones(1)], [1.0], r"a float is needed here; the file has an array"),
        ([1j], [1.0], r"a float is needed here; the file has a complex"),
        ([Mode.TEST], [1.0], r"a float is needed here; the file has a Mode"),
        ([Path("a")], [Path("b")], r"another constant: PosixPath\('b'\) is here; the file has PosixPath\('a'\)"),
        ([b"a"], [b"b"], r"another constant: b'b' is here; the file has b'a'"),
        ([np.float64(1)], [np.float32(1)], r"a float32.* is needed here; the file has a float64"),
    ],
)  # fmt: skip
def test_a_state_of_another_form_is_refused_with_its_place(tmp_path, saved, like, message):
    save_state(tmp_path / "s.npz", {"run": saved})
    with pytest.raises(SavedStateError, match=f"(?s){message}.*in state\\['run'\\]"):
        load_state(tmp_path / "s.npz", {"run": like})


@pytest.mark.parametrize("x", [object(), np.array([object()]), np.ma.array([1.0]), {1.5}])
def test_what_a_file_cannot_hold_is_refused_and_leaves_the_old_file_alone(tmp_path, x):
    path = tmp_path / "s.npz"
    save_state(path, [1.0])
    with pytest.raises(SavedStateError, match=r"(?s)a state is made of numbers.*in \[1\]\['a'\]"):
        save_state(path, [1.0, {"a": x}])
    assert load_state(path, [0.0]) == [1.0]


def test_files_of_others_are_refused(tmp_path):
    path = tmp_path / "s.npz"
    for content in (b"", b"text", b"\x93NUMPY"):
        path.write_bytes(content)
        with pytest.raises(SavedStateError, match=r"s\.npz is no state saved by revdiff\.optimize\.save_state"):
            load_state(path, [0.0])
    np.savez(path, np.ones(2))
    with pytest.raises(SavedStateError, match="is no state saved"):
        load_state(path, [0.0])
    header = {"format": "revdiff state", "version": 2, "sha256": "", "state": ["float", "1.0"]}
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("state.json", json.dumps(header))
    with pytest.raises(SavedStateError, match="has version 2 of the format; this revdiff reads version 1"):
        load_state(path, 0.0)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("state.json", json.dumps(header | {"version": 1}))
    with pytest.raises(SavedStateError, match="is damaged: its checksum is another"):
        load_state(path, 0.0)
    with pytest.raises(FileNotFoundError):
        load_state(tmp_path / "missing.npz", 0.0)


def test_a_damaged_file_is_refused_or_as_it_was_whichever_byte_it_is(tmp_path):
    path, state = tmp_path / "s.npz", {"w": np.arange(5.0), "rng": np.random.default_rng(0), "n": 3}
    save_state(path, state)
    content = path.read_bytes()
    like = {"w": np.zeros(5), "rng": np.random.default_rng(1), "n": 0}

    def check(damaged):
        path.write_bytes(damaged)
        try:
            loaded = load_state(path, like)
        except SavedStateError:
            return False
        assert loaded["w"].tolist() == [0, 1, 2, 3, 4]
        assert loaded["n"] == 3
        assert loaded["rng"].random() == np.random.default_rng(0).random()
        return True

    flips = random.Random(0)
    survived = sum(
        check(content[:i] + bytes([content[i] ^ (1 << flips.randrange(8))]) + content[i + 1 :])
        for i in range(len(content))
    )
    assert survived < len(content) / 4  # times, attributes and the like
    assert not any(check(content[:length]) for length in range(0, len(content), 7))
    assert check(content)


def test_an_interruption_while_it_is_written_leaves_the_old_state(tmp_path, monkeypatch):
    path = tmp_path / "s.npz"
    save_state(path, [1.0])
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(
                f"revdiff.optimize.saving.os.{name}" if name == "fsync" else "pathlib.Path.replace", interrupt
            )
            with pytest.raises(KeyboardInterrupt):
                save_state(path, [2.0])
        assert load_state(path, [0.0]) == [1.0]
        assert [each.name for each in tmp_path.iterdir()] == ["s.npz"]


def interrupt(*args):
    raise KeyboardInterrupt


@pytest.mark.skipif(os.name != "posix", reason="links need permissions elsewhere")
def test_links_and_permissions_are_kept(tmp_path):
    (tmp_path / "disk").mkdir()
    save_state(tmp_path / "disk" / "s.npz", [1.0])
    (tmp_path / "disk" / "s.npz").chmod(0o640)
    link = tmp_path / "link.npz"
    link.symlink_to(tmp_path / "disk" / "s.npz")
    save_state(link, [2.0])
    assert link.is_symlink()
    assert load_state(tmp_path / "disk" / "s.npz", [0.0]) == [2.0]
    assert (tmp_path / "disk" / "s.npz").stat().st_mode & 0o777 == 0o640


SAVE_FOR_EVER = """
import sys, numpy as np
from revdiff.optimize import save_state
print("ready", flush=True)
n = 0
while True:
    n += 1
    save_state(sys.argv[1], {"n": n, "w": np.full(20_000, float(n)), "rest": [np.full(3, n)] * 20})
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_no_kill_at_any_moment_leaves_a_damaged_file(tmp_path):
    path, moments, last = tmp_path / "s.npz", random.Random(0), 0
    save_state(path, {"n": 0, "w": np.zeros(20_000), "rest": [np.full(3, 0)] * 20})
    like = {"n": 0, "w": np.zeros(20_000), "rest": [np.full(3, 0)] * 20}
    for _ in range(5):
        command = [sys.executable, "-c", SAVE_FOR_EVER, path]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            process.stdout.readline()
            time.sleep(moments.uniform(0.02, 0.1))
            process.kill()
        state = load_state(path, like)
        assert state["n"] > 0
        assert set(state["w"]) == {state["n"]}
        assert all(set(each) == {state["n"]} for each in state["rest"])
        last = max(last, state["n"])
    assert last > 1
