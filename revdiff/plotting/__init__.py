"""Pictures: graphs of expressions and of computations, as DOT, SVG, PNG, PDF, and in axes of matplotlib."""

from revdiff.plotting.computations import computation_graph as computation_graph
from revdiff.plotting.errors import PlotError as PlotError
from revdiff.plotting.expressions import expression_graph as expression_graph
from revdiff.plotting.graph import Graph as Graph
from revdiff.plotting.nodes import Arc as Arc
from revdiff.plotting.nodes import Node as Node
from revdiff.plotting.plots import plot_expr as plot_expr
from revdiff.plotting.plots import plot_graph as plot_graph
from revdiff.plotting.plots import to_dot as to_dot
