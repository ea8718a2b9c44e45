"""Formulas that a person typed: read without being run, in bounded space and time."""
