"""From an expression to a program that calls revdiff's own functions.

Imports the numbering of parts, and programs. Nothing is printed into source code, nothing is
evaluated as such, and nothing here recurs but for a Piecewise inside a Piecewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import truediv
from typing import Any, final

from revdiff.symbolic.evaluation.bound import Make
from revdiff.symbolic.evaluation.numbering import CHOOSE, Numbering, Numbers
from revdiff.symbolic.evaluation.program import Choice, Program, Step


@final
class Compiled:
    """The program of an expression.

    Its inputs are the arguments, in the order in which they were given, and then ``constants``.
    ``divides`` tells whether there is a quotient in it.
    """

    def __init__(self, expr: Any, args: tuple[Any, ...], functions: Mapping[str, Any], make: Make) -> None:
        numbering = Numbering(args, functions, make)
        root = numbering.visit(expr)
        self._parts = numbering.parts
        used = self._below([root], set(), _all)
        constants = {number: c for number, c in numbering.constants.items() if number in used}
        self.constants = tuple(constants.values())
        self.divides = any(self._parts[number][0] is truediv for number in used)
        self.program = self._program(root, [*numbering.args.values(), *constants])

    def _below(
        self, roots: Iterable[int], stop: set[int], operands_of: Callable[[Any, Numbers], Numbers]
    ) -> dict[int, None]:
        """Return the numbers of all parts below the roots, down to those at which to stop."""
        found: dict[int, None] = {}
        stack = [*roots]
        while stack:
            number = stack.pop()
            if number not in found:
                found[number] = None
                if number not in stop:
                    stack += operands_of(*self._parts[number])
        return found

    def _program(self, root: int, inputs: list[int]) -> Program:
        """Return the program that computes ``root`` from the inputs.

        What is computed in any case is computed first; the branches of a Choice may use it.
        """
        places = {number: i for i, number in enumerate(inputs)}
        available = set(self._below([root], set(inputs), _in_any_case)).union(inputs)
        steps: list[Step] = []
        needs: dict[int, list[int]] = {}
        stack = [root]
        while stack:
            number = stack[-1]
            if number not in places and number not in needs:
                function, operands = self._parts[number]
                needs[number] = self._border(operands, available) if function is CHOOSE else list(operands)
                stack += needs[number]
                continue
            stack.pop()
            if number not in places:
                places[number] = len(inputs) + len(steps)
                steps.append(self._step(number, needs[number], places))
        return Program(tuple(steps), places[root])

    def _step(self, number: int, needs: list[int], places: dict[int, int]) -> Step:
        function, operands = self._parts[number]
        if function is CHOOSE:
            programs = [self._program(operand, needs) for operand in operands]
            function = Choice(tuple(zip(programs[1::2], programs[::2], strict=True)))
        return function, tuple(places[need] for need in needs)

    def _border(self, roots: Numbers, available: set[int]) -> list[int]:
        """Return what the branches of a Choice use and is available outside of it."""
        below = self._below(roots, available, _all)
        return [number for number in below if number in available or not self._parts[number][1]]


def _all(function: Any, operands: Numbers) -> Numbers:
    return operands


def _in_any_case(function: Any, operands: Numbers) -> Numbers:
    """Of a choice, only the first condition is computed in any case."""
    return operands[1:2] if function is CHOOSE else operands
