"""Functions of one sample, mapped over many."""

from revdiff.vectorization.mapping import vectorize as vectorize
