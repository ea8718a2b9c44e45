"""What the documentation's examples need from pytest."""

from __future__ import annotations

import doctest
import re


class MarkdownParser(doctest.DocTestParser):
    """A doctest parser for which a code fence ends the output of the example above it."""

    def parse(self, string: str, name: str = "<string>") -> list[str | doctest.Example]:
        """Read a page with its fences blanked; the lines keep their numbers."""
        return super().parse(re.sub(r"^ *(```|~~~|:::).*$", "", string, flags=re.MULTILINE), name)


# pytest asks for the parser by this name whenever it opens a page.
doctest.DocTestParser = MarkdownParser  # type: ignore[misc]
