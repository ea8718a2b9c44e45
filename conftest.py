"""What the documentation's examples need from pytest, and how many threads the matrices of the tests get."""

from __future__ import annotations

import doctest
import os
import re

# The matrices are small: the other threads of BLAS would only wait, which costs as much as the tests themselves.
# SciPy's BLAS reads this when it is loaded, and so does NumPy's in every process that a test starts.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Whole, and before pytest looks for examples in single modules: it would run one that is not there yet a second time.
import revdiff  # noqa: F401


class MarkdownParser(doctest.DocTestParser):
    """A doctest parser for which a code fence ends the output of the example above it."""

    def parse(self, string: str, name: str = "<string>") -> list[str | doctest.Example]:
        """Read a page with its fences blanked; the lines keep their numbers."""
        return super().parse(re.sub(r"^ *(```|~~~|:::).*$", "", string, flags=re.MULTILINE), name)


# pytest asks for the parser by this name whenever it opens a page.
doctest.DocTestParser = MarkdownParser  # type: ignore[misc]
