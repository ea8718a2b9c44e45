"""The laws of lenses, of traversals, of joining, and of derivatives, for random structures and random paths."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from revdiff import Path, RevDiff, grad, hvp, init_diff, join, over, path, preview, replace, split, targets, view
from tests.paths.values import (
    changed,
    close,
    looked_into,
    mapped,
    numbers_in,
    same,
    two_ways_from_one,
    walked_through,
    with_numbers,
)

# ---------------------------------------------------------------------- lenses


@given(looked_into())
def test_a_view_is_what_stands_there(case):
    x, p, target = case
    assert same(view(p, x), target)
    assert same(preview(p, x), target)
    assert same(targets(p, x), [target])


@given(looked_into())
def test_what_one_got_may_be_put_back(case):
    x, p, _ = case
    assert same(replace(p, x, view(p, x)), x)


@given(looked_into())
def test_one_gets_what_was_put(case):
    x, p, target = case
    assert same(view(p, replace(p, x, changed(target))), changed(target))


@given(looked_into())
def test_of_two_values_put_in_one_place_the_second_remains(case):
    x, p, target = case
    once = replace(p, x, changed(changed(target)))
    assert same(replace(p, replace(p, x, changed(target)), changed(changed(target))), once)


@given(looked_into())
def test_nothing_is_written_in_place(case):
    x, p, target = case
    before = mapped(np.copy, x)
    replace(p, x, changed(target))
    assert close(x, mapped(lambda n: n[()], before), 0.0)


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
def test_the_preview_is_the_first_target(case):
    x, p = case
    assert same([preview(p, x)], (targets(p, x) or [None])[:1])


# ---------------------------------------------------------------------- joining


@given(two_ways_from_one())
def test_joined_paths_are_followed_one_after_the_other(case):
    x, p, q = case
    assert same(view(p / q, x), view(q, view(p, x)))
    assert same(over(p / q, x, changed), over(p, x, lambda part: over(q, part, changed)))


@given(st.lists(looked_into().map(lambda case: case[1]), min_size=3, max_size=3))
def test_joining_is_associative_and_the_empty_path_is_neutral(paths):
    p, q, r = paths
    assert (p / q) / r == p / (q / r)
    assert hash((p / q) / r) == hash(p / (q / r))
    assert p / Path() == p == Path() / p


@given(looked_into())
def test_a_path_is_read_as_it_is_printed(case):
    _, p, _ = case
    assert eval(repr(p), {"path": path}) == p


# ---------------------------------------------------------------------- first derivatives


def weighted(x):
    """Return Σ wᵢ nᵢ² with weights 1, 2, 3, … over the numbers in x, so that every place counts differently."""
    return sum((i * n * n).sum() if np.ndim(n) else i * n * n for i, n in enumerate(numbers_in(split(x)), 1))


def gradient_of_weighted(x):
    """Return 2 wᵢ nᵢ, in the form of x."""
    return with_numbers(x, [2.0 * i * n for i, n in enumerate(numbers_in(x), 1)])


def zeros(x):
    return mapped(lambda n: 0.0 * n, x)


def both_gradients(f, x):
    """Return the gradient of f by x twice: f takes a tree of RevDiffs, and one RevDiff."""
    y = f(init_diff(x))
    return grad(f)(x), y.backprop(1.0) if isinstance(y, RevDiff) else zeros(x)


@given(looked_into())
def test_the_cotangent_of_a_view_has_zeros_elsewhere(case):
    x, p, target = case
    expected = replace(p, zeros(x), gradient_of_weighted(target))
    for gradient in both_gradients(lambda x: weighted(view(p, x)), x):
        assert close(gradient, expected)


@given(looked_into())
def test_the_cotangent_of_a_replacement_goes_to_the_value_there_and_to_the_structure_elsewhere(case):
    x, p, target = case
    v = changed(target)
    y_bar = gradient_of_weighted(replace(p, x, v))
    for gradient in both_gradients(lambda x: weighted(replace(p, x, v)), x):
        assert close(gradient, replace(p, y_bar, zeros(target)))
    for gradient in both_gradients(lambda v: weighted(replace(p, x, v)), v):
        assert close(gradient, view(p, y_bar))
    for gradient in both_gradients(lambda both: weighted(replace(p, both[0], both[1])), (x, v)):
        assert close(gradient, (replace(p, y_bar, zeros(target)), view(p, y_bar)))


@given(walked_through())
def test_the_cotangent_of_a_change_is_multiplied_at_the_targets(case):
    x, p = case
    y_bar = gradient_of_weighted(over(p, x, changed))
    expected = over(p, y_bar, lambda part: mapped(lambda n: -2.0 * n, part))
    for gradient in both_gradients(lambda x: weighted(over(p, x, lambda part: changed(split(part)))), x):
        assert close(gradient, expected)


# ---------------------------------------------------------------------- second derivatives


@given(looked_into(), st.integers(0, 10_000))
def test_second_derivatives_agree_with_differences_of_the_first(case, seed):
    x, p, _ = case
    rng = np.random.default_rng(seed)
    v = mapped(lambda n: rng.uniform(-1.0, 1.0, np.shape(n))[()], x)

    def f(x):
        size = weighted(x)
        y = over(p, x, lambda part: mapped(lambda n: n * n * n + size * n, split(part)))
        return weighted(y) + size * weighted(view(p, y))

    def moved(t):
        return with_numbers(x, [n + t * u for n, u in zip(numbers_in(x), numbers_in(v), strict=True)])

    step = 1e-5
    ahead, behind = numbers_in(grad(f)(moved(step))), numbers_in(grad(f)(moved(-step)))
    expected = [(a - b) / (2.0 * step) for a, b in zip(ahead, behind, strict=True)]
    size = max([1.0, *[float(np.max(np.abs(n), initial=0.0)) for n in expected]])
    for g in (f, lambda x: f(join(x))):
        exact = numbers_in(hvp(g, (x,), (v,)))
        assert close([n / size for n in exact], [n / size for n in expected], 1e-4)
