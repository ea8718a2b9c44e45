"""What all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline: the first example of a test may import SymPy. The same examples in every run: a test that
# passed fails only because something was changed.
settings.register_profile(
    "revdiff",
    deadline=None,
    max_examples=50,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("revdiff")
