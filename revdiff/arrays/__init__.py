"""NumPy: its two protocols, shapes and dtypes of cotangents, arrays that are written to."""
