"""Batches: many samples of an array carried together. Imports the core.

`batch` has the type, and what every operation on it means. The other modules are families of NumPy's functions, each
with a faster way to the same result; importing `seeds` brings them in.
"""
