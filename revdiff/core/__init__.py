"""The core: RevDiff, pullbacks and their sweep, cotangents, lifting, errors. It imports nothing of revdiff above it."""
