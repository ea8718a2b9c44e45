"""Matrices that compute as SymPy's do, with entries of any kind: RevDiffs too, which SymPy's own cannot hold."""
