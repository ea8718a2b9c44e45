"""The core: RevDiff, pullbacks and their sweep, cotangents, structures, lifting, errors. It imports nothing of revdiff above it."""

from revdiff.core import containers as containers
from revdiff.core import known as known
from revdiff.core import profunctor as profunctor
