"""NumPy: its two protocols, shapes and dtypes of cotangents, arrays that are written to, conversions that are refused."""

from revdiff.arrays import conversions as conversions
