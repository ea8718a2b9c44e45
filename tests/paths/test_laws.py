"""The laws of lenses and traversals, of the joining of paths, and what their derivatives are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import revdiff
from revdiff import Path, grad, init_diff, over, path, preview, replace, targets, view
from tests.paths.values import changed, close, lens_paths, model, same, structures, traversals


@st.composite
def looked_into(draw):
    x = draw(structures)
    return x, *draw(lens_paths(x))


@st.composite
def walked_through(draw):
    x = draw(structures)
    return x, draw(traversals(x))


# ---------------------------------------------------------------------- lenses


@given(looked_into())
def test_a_view_is_what_stands_there(case):
    x, p, target = case
    assert same(view(p, x), target)
    assert same(preview(p, x), target)
    assert len(targets(p, x)) == 1


@given(looked_into())
def test_to_put_back_what_one_got_changes_nothing(case):
    x, p, _ = case
    assert same(replace(p, x, view(p, x)), x)


@given(looked_into())
def test_one_gets_what_was_put(case):
    x, p, target = case
    assert same(view(p, replace(p, x, changed(target))), changed(target))


@given(looked_into())
def test_the_second_of_two_values_put_in_one_place_remains(case):
    x, p, target = case
    once = replace(p, x, changed(changed(target)))
    assert same(replace(p, replace(p, x, changed(target)), changed(changed(target))), once)


@given(looked_into())
def test_nothing_is_written_in_place(case):
    x, p, target = case
    again = revdiff.constant(x, 0)
    before = repr(again)
    replace(p, x, changed(target))
    assert repr(x) == before


@given(looked_into())
def test_a_change_is_a_view_and_a_replacement(case):
    x, p, target = case
    assert same(over(p, x, changed), replace(p, x, changed(target)))


# ---------------------------------------------------------------------- traversals


@given(walked_through())
def test_over_the_identity_changes_nothing(case):
    x, p = case
    assert same(over(p, x, lambda part: part), x)


@given(walked_through())
def test_two_changes_in_a_row_are_one(case):
    x, p = case
    assert same(over(p, over(p, x, changed), changed), over(p, x, lambda part: changed(changed(part))))


@given(walked_through())
def test_the_targets_after_a_change_are_the_changed_targets(case):
    x, p = case
    assert same(targets(p, over(p, x, changed)), list(map(changed, targets(p, x))))


@given(walked_through())
def test_the_first_target_is_the_preview(case):
    x, p = case
    assert same([preview(p, x)], (targets(p, x) or [None])[:1])


# ---------------------------------------------------------------------- joining


@given(looked_into(), st.data())
def test_joined_paths_are_followed_one_after_the_other(case, data):
    x, p, target = case
    q, _ = data.draw(lens_paths(target))
    assert same(view(p / q, x), view(q, view(p, x)))
    assert same(over(p / q, x, changed), over(p, x, lambda part: over(q, part, changed)))


@given(st.lists(looked_into().map(lambda case: case[1]), min_size=3, max_size=3))
def test_joining_is_associative_and_the_empty_path_is_neutral(paths):
    p, q, r = paths
    assert (p / q) / r == p / (q / r)
    assert p / Path() == p == Path() / p
    assert hash((p / q) / r) == hash(p / (q / r))


@given(looked_into().map(lambda case: case[1]))
def test_a_path_is_read_as_it_is_printed(p):
    assert eval(repr(p)) == p


# ---------------------------------------------------------------------- derivatives


def total(x):
    """Return Σ sin-like weights · n², over all the numbers in x: every number counts differently."""
    flat = list(revdiff.core.structure.leaves(x))
    return sum(((i + 2.0) * n * n if not np.ndim(revdiff.primal(n)) else np.sum((i + 2.0) * n * n)) for i, n in enumerate(flat))


def gradient_of_total(x):
    """Return ∂ total/∂ n = 2 w n for each number n, with the weights of `total`, in the form of x."""
    count = iter(range(10_000))

    def of(x):
        if isinstance(x, dict):
            return {key: of(value) for key, value in x.items()}
        if hasattr(x, "__dataclass_fields__"):
            return type(x)(**{key: of(value) for key, value in vars(x).items()})
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            return type(x)(*map(of, x))
        if isinstance(x, list | tuple):
            return type(x)(map(of, x))
        return x if isinstance(x, str) else 2.0 * (next(count) + 2.0) * x

    return of(x)


def zeroed(x):
    return _scaled(x, 0.0)


def _scaled(x, factor):
    if isinstance(x, dict):
        return {key: _scaled(value, factor) for key, value in x.items()}
    if hasattr(x, "__dataclass_fields__"):
        return type(x)(**{key: _scaled(value, factor) for key, value in vars(x).items()})
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*[_scaled(value, factor) for value in x])
    if isinstance(x, list | tuple):
        return type(x)([_scaled(value, factor) for value in x])
    return x if isinstance(x, str) else factor * x


def as_trees_and_as_one(f, x):
    """Return the gradient of f by x: taken through a tree of RevDiffs, and through one RevDiff."""
    y = f(init_diff(x))
    return grad(f)(x), y.backprop(1.0) if isinstance(y, revdiff.RevDiff) else grad(f)(x)


@given(looked_into())
def test_the_cotangent_of_a_view_is_that_of_the_target_in_its_place(case):
    x, p, target = case
    expected = replace(p, zeroed(x), gradient_of_total(target))
    for gradient in as_trees_and_as_one(lambda x: total(view(p, _tree(x))), x):
        assert close(gradient, expected)
    for gradient in as_trees_and_as_one(lambda x: total(_tree(view(p, x))), x):
        assert close(gradient, expected)


@given(looked_into())
def test_the_cotangent_of_a_replacement_is_zero_there_and_goes_to_the_value(case):
    x, p, target = case
    y_bar = gradient_of_total(replace(p, x, changed(target)))
    for gradient in as_trees_and_as_one(lambda x: total(_tree(replace(p, x, changed(target)))), x):
        assert close(gradient, replace(p, y_bar, zeroed(target)))
    for gradient in as_trees_and_as_one(lambda v: total(_tree(replace(p, x, v))), changed(target)):
        assert close(gradient, view(p, y_bar))


@given(walked_through())
def test_the_cotangent_of_a_change_is_multiplied_at_the_targets(case):
    x, p = case
    y_bar = gradient_of_total(over(p, x, changed))  # changed(n) = 3 - 2n, and so n̄ = -2 ȳ
    expected = over(p, y_bar, lambda part: _scaled(part, -2.0))
    for gradient in as_trees_and_as_one(lambda x: total(_tree(over(p, x, lambda t: _changed(t)))), x):
        assert close(gradient, expected)


@given(looked_into(), st.integers(0, 10_000))
def test_second_derivatives_agree_with_differences_of_the_first(case, seed):
    x, p, target = case
    rng = np.random.default_rng(seed)
    v = _random_like(x, rng)

    def f(x):
        y = over(p, x, lambda t: revdiff.join({"t": t})["t"])
        y = over(p, y, lambda t: _mapped(lambda n: n * n * n + total(_tree(y)) * n, t))
        return total(_tree(y))

    def as_one(x):
        return f(revdiff.join(x))

    step = 1e-5
    ahead, behind = _moved(x, v, step), _moved(x, v, -step)
    differences = _mapped_two(lambda a, b: (a - b) / (2 * step), grad(f)(ahead), grad(f)(behind))
    for g in (f, as_one):
        exact = revdiff.hvp(g, (x,), (v,))
        size = max([1.0, *[float(np.max(np.abs(n), initial=0.0)) for n in revdiff.core.structure.leaves(exact)]])
        assert close(_scaled(exact, 1 / size), _scaled(differences, 1 / size), 1e-4)


def _tree(x):
    return revdiff.split(x)


def _changed(x):
    return _mapped(lambda n: 3.0 - 2.0 * n, x)


def _mapped(function, x):
    return revdiff.core.structure.map_leaves(function, _tree(x))


def _mapped_two(function, a, b):
    others = iter(list(revdiff.core.structure.leaves(b)))
    return revdiff.core.structure.map_leaves(lambda n: function(n, next(others)), a)


def _moved(x, v, t):
    return _mapped_two(lambda a, b: a + t * b, x, v)


def _random_like(x, rng):
    return revdiff.core.structure.map_leaves(lambda n: rng.uniform(-1, 1, np.shape(n))[()], x)
