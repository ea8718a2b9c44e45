"""Training and fitting: minima of functions of structures.

Imports the operators and what stands below them. `minimize` and `least_squares` are SciPy's solvers with exact
derivatives; `SGD` and `Adam` need no SciPy. What they remember is a structure, which `save_state` writes to a file.
"""

from revdiff.optimize.adam import Adam as Adam
from revdiff.optimize.adam import AdamState as AdamState
from revdiff.optimize.clipping import clip_by_global_norm as clip_by_global_norm
from revdiff.optimize.clipping import global_norm as global_norm
from revdiff.optimize.descent import SGD as SGD
from revdiff.optimize.descent import SGDState as SGDState
from revdiff.optimize.errors import SavedStateError as SavedStateError
from revdiff.optimize.saving import load_state as load_state
from revdiff.optimize.saving import save_state as save_state
from revdiff.optimize.schedules import cosine_decay as cosine_decay
from revdiff.optimize.schedules import exponential_decay as exponential_decay
from revdiff.optimize.schedules import warmup as warmup
from revdiff.optimize.solvers import least_squares as least_squares
from revdiff.optimize.solvers import minimize as minimize
from revdiff.optimize.vectors import ravel as ravel
