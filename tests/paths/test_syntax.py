"""Paths as values: how they are written, printed, compared and kept."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from revdiff import ArgumentError, Path, exp, init_diff, log, path, view
from tests.paths.values import Layer, Model


def first(pair):
    return pair[0]


def with_first(pair, v):
    return (v, pair[1])


WRITTEN = [
    "path",
    "path.layers[2].bias",
    'path.layers[2]["w"]',
    "path[1:3][::2][-1]",
    "path[0, 1:3]",
    "path[..., None, :]",
    "path[1,]",
    "path[()]",
    "path[True]",
    "path[[0, 2], 1]",
    'path["a", "b"]',
    'path["it\'s"]',
    "path['a\"b']",
    "path.each.present.instance(Layer).instance(Layer, Model)",
    "path.where(callable)",
    "path.iso(log, exp).lens(first, with_first)",
    'path.field("each").field("_private").field("two words")',
    "path.x & path.y",
    "path.x & path.y & path.z",
    "path.x & (path.y & path.z)",
    "path.point / (path.x & path.y)",
    "(path.x & path.y)[0].re",
    "(path.point / (path.x & path.y))[0] & path.scale",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_path_prints_as_it_is_written(text):
    scope = {"path": path, "Layer": Layer, "Model": Model, "log": log, "exp": exp, "callable": callable}
    written = eval(text, {**scope, "first": first, "with_first": with_first})
    assert repr(written) == text
    assert pickle.loads(pickle.dumps(written)) == written
    assert copy.deepcopy(written) == written
    assert {written: "found"}[copy.copy(written)] == "found"


def test_the_empty_path_is_Path_without_arguments():
    assert path == Path()
    assert repr(Path()) == "path"
    assert view(path, 5.0) == 5.0


def test_paths_are_equal_if_they_are_written_alike():
    assert path.layers[2] / path.bias == path.layers[2].bias
    assert path[np.int64(2)] == path[2] == path[init_diff(2)]
    assert path[np.array([0, 2])] == path[[0, 2]]
    different = [
        path,
        path.x,
        path["x"],
        path[1],
        path[True],
        path[1:2],
        path[1, 2],
        path[[1, 2]],
        path.each,
        path.present,
    ]
    assert len(set(different)) == len(different)
    assert path.x & path.y != path.y & path.x


def test_an_index_belongs_to_the_path():
    index = np.array([0, 2])
    p = path[index]
    index[0] = 1
    assert view(p, np.array([5.0, 6.0, 7.0])).tolist() == [5.0, 7.0]
    assert p == path[[0, 2]]


def test_a_path_cannot_be_changed():
    with pytest.raises(AttributeError):
        path.x = 1
    p = path.x
    assert p.y != p == path.x


def test_a_path_has_no_elements():
    with pytest.raises(TypeError, match="not iterable"):
        list(path)
    with pytest.raises(TypeError):
        2 in path  # noqa: B015


@pytest.mark.parametrize("join", [lambda: path / 1, lambda: path & "x", lambda: path.x / first])
def test_only_paths_are_joined(join):
    with pytest.raises(TypeError, match="unsupported operand"):
        join()


def test_a_name_with_an_underscore_is_a_field_only_on_request():
    with pytest.raises(AttributeError) as error:
        path._private  # noqa: B018
    assert str(error.value) == "a path has no attribute '_private'; for a field of that name write .field('_private')"
    assert not hasattr(path, "__array__")


def test_a_verb_takes_the_path_first():
    with pytest.raises(ArgumentError) as error:
        view({"x": 1.0}, path["x"])
    assert str(error.value) == "view takes a path first and then the structure; met a dict"


def test_a_field_with_the_name_of_a_method_is_pointed_out():
    with pytest.raises(ArgumentError) as error:
        view(path.where, {"where": 1.0})
    assert str(error.value).endswith("For a field that is called where:  path.field('where')")


def test_paths_are_imported_when_they_are_first_used():
    code = (
        "import sys, revdiff; assert 'revdiff.paths' not in sys.modules\n"
        "revdiff.init_diff([1.0]).at[0].set(2.0); assert 'revdiff.paths' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
