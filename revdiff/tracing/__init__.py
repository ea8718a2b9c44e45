"""Seeing what is evaluated, how often, and in which pass: traced values, traces of functions, common subexpressions."""

from revdiff.tracing.events import Event as Event
from revdiff.tracing.messages import add_trace as add_trace
from revdiff.tracing.messages import trace_show as trace_show
from revdiff.tracing.messages import with_trace as with_trace
from revdiff.tracing.profile import Profile as Profile
from revdiff.tracing.profile import profile as profile
from revdiff.tracing.sharing import shared as shared
from revdiff.tracing.structures import traced as traced
from revdiff.tracing.structures import untraced as untraced
from revdiff.tracing.trace import Trace as Trace
from revdiff.tracing.trace import trace as trace
from revdiff.tracing.traced import Traced as Traced
