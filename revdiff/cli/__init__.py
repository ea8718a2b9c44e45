"""The command ``revdiff``: derivatives of a formula that is typed, in formulas and in numbers."""

from revdiff.cli.command import main as main
