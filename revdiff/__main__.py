"""``python -m revdiff`` is the command ``revdiff``."""

import sys

from revdiff.cli import main

if __name__ == "__main__":
    sys.exit(main())
