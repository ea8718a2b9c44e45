"""SymPy expressions as functions of any kind of number: numbered, compiled to a program, and run."""
