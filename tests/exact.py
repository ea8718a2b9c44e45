"""Laws hold exactly only where arithmetic is exact: polynomials with whole coefficients, at fractions."""

from __future__ import annotations

from hypothesis import strategies as st

fractions = st.fractions(-5, 5, max_denominator=8)


def polynomials():
    """Polynomials of degree 0 to 3, by Horner's scheme."""

    def of(coefficients):
        def polynomial(x):
            y = 0 * x
            for a in coefficients:
                y = y * x + a
            return y

        return polynomial

    return st.lists(st.integers(-4, 4), min_size=1, max_size=4).map(of)
