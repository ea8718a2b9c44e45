"""Paths into structures: values that say where something is, and functions that look, replace and change there.

Imports the core, rules and structures. A path is a value of its own, made before there is any structure
to follow it in:

    path.layers[2].bias      one place: a lens
    path.each, path[1:3]     many places, or a few as one: a traversal
    path.instance(Circle)    a place that may not be there: a prism
    path.iso(log, exp)       one place seen otherwise: an isomorphism

All of these are the same thing, a list of steps, each of which finds its targets and puts others in their
place. What is looked at may be plain, a tree with RevDiffs in it, or one RevDiff of it all; derivatives
go through both ways.
"""

from revdiff.paths.errors import PathError as PathError
from revdiff.paths.isomorphisms import check_iso as check_iso
from revdiff.paths.syntax import Path as Path
from revdiff.paths.syntax import path as path
from revdiff.paths.updates import At as At
from revdiff.paths.updates import at as at
from revdiff.paths.verbs import over as over
from revdiff.paths.verbs import preview as preview
from revdiff.paths.verbs import replace as replace
from revdiff.paths.verbs import targets as targets
from revdiff.paths.verbs import view as view

set = replace  # noqa: A001
