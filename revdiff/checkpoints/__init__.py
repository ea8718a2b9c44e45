"""Functions whose steps are forgotten, and computed again on the way back."""

from revdiff.checkpoints.checkpoint import checkpoint as checkpoint
