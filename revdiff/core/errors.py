"""Every error revdiff raises on purpose, one class per situation.

Imports nothing. A message says what was met, in the caller's own words, and what to write instead.
All classes derive from `RevDiffError` and from the built-in class that a caller would expect to
catch.
"""

from __future__ import annotations

from collections.abc import Iterable


class RevDiffError(Exception):
    """The base of every error of revdiff. Its message ends with the place in a structure where it happened."""

    where = ""

    def inside(self, step: str) -> None:
        """Say that it happened inside the part that ``step`` leads to: ".bias" or "[2]", innermost first."""
        self.where = step + self.where

    def inside_of(self, name: str) -> None:
        """Say what the structure is in which it happened, if it happened in one."""
        if self.where:
            self.inside(name)

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\n  in {self.where}" if self.where else message


class ConversionError(RevDiffError, TypeError):
    """A RevDiff met something that would keep its number and drop its derivative."""

    @classmethod
    def of(cls, conversion: str) -> ConversionError:
        """Return the error for ``float(r)``, ``int(r)``, … and for ``math`` functions, which convert first."""
        return cls(
            f"{conversion} of a RevDiff would drop its derivative.\n"
            "  In a formula:            write revdiff.sin(r), np.sin(r) or r.sin() instead of math.sin(r).\n"
            "  In an array of numbers:  keep the RevDiffs, np.array([...]) without dtype=float.\n"
            "  For the number alone:    revdiff.primal(r)."
        )

    @classmethod
    def by(cls, function: str, conversion: str, instead: str = "") -> ConversionError:
        """Return the error for a conversion inside a function of SciPy; ``instead`` is one that has derivatives."""
        way = (
            f"  To differentiate:      {instead}\n"
            if instead
            else "  revdiff has no derivative for it.  To write one:  @revdiff.primitive (docs: Writing a primitive)\n"
        )
        return cls(
            f"{function} met a RevDiff; {conversion} in it would drop the derivative.\n"
            f"{way}"
            "  For the number alone:  revdiff.primal(r) instead of r."
        )


class UnhashableError(RevDiffError, TypeError):
    """A RevDiff was used as a dictionary key, in a set, or as an argument of a cached function."""

    def __init__(self) -> None:
        super().__init__(
            "a RevDiff cannot be hashed: two of them may have equal values and different derivatives, "
            "so a cache or dictionary would return the wrong one.\n"
            "  In a formula:          write revdiff.sin(r) or np.sin(r) instead of sympy.sin(r).\n"
            "  For the number alone:  revdiff.primal(r)."
        )


class MixedLayersError(RevDiffError, TypeError):
    """RevDiffs of different derivatives were combined where that would lose one of the derivatives."""

    @classmethod
    def hand_made(cls) -> MixedLayersError:
        """Return the error for a RevDiff with a plain function as its pullback, used beside another one."""
        return cls(
            "a RevDiff made by hand with a plain function as its pullback met a RevDiff of another derivative: "
            "nothing says to which variable the plain function leads, so a derivative could be lost.\n"
            "  Instead of:  RevDiff(v, lambda ct: x.backprop(d * ct))\n"
            "  write:       RevDiff(v, x.backprop @ (lambda ct: d * ct))\n"
            "(a RevDiff that was pickled and loaded again counts as made by hand)."
        )

    @classmethod
    def sum_of_pullbacks(cls) -> MixedLayersError:
        """Return the error for ``p + q`` where p and q lead to different variables."""
        return cls(
            "these pullbacks lead to different variables and cannot be added.\n"
            "  If one of the two is an inner and one an outer variable of nested derivatives, "
            "let @revdiff.primitive align them."
        )

    @classmethod
    def value_above_pullback(cls) -> MixedLayersError:
        """Return the error for ``RevDiff(f(x), x.backprop @ …)``, where the value still holds x's own layer."""
        return cls(
            "the value of a RevDiff made by hand must lie below the layer of its pullback, "
            "but it is itself a RevDiff of the same or of a more inward derivative.\n"
            "  Instead of:  RevDiff(f(x), x.backprop @ …)\n"
            "  write:       RevDiff(f(x.value), x.backprop @ …)"
        )

    @classmethod
    def closed_over(cls, name: str) -> MixedLayersError:
        """Return the error for a primitive whose body uses a variable that is not among its arguments."""
        return cls(
            f"the body of {name} uses a RevDiff of the derivative that is being taken which is not among its "
            "arguments, so its pullback says nothing about it.\n"
            "  Make it an argument, and return a cotangent for it too."
        )

    @classmethod
    def leaked(cls) -> MixedLayersError:
        """Return the error for a result that carries a variable younger than the operator's own."""
        return cls(
            "the function returned a RevDiff that belongs to another derivative, one that was started later "
            "or was made by hand, so the derivative asked for cannot be read from it.\n"
            "  A variable of an inner derivative must not leave its function.\n"
            "  A primitive written by hand reads RevDiff(v, x.backprop @ (lambda ct: …)), "
            "not RevDiff(v, lambda ct: x.backprop(…))."
        )


class PullbackError(RevDiffError, TypeError):
    """Something that is neither a pullback nor a function stands where a linear map is needed."""

    @classmethod
    def not_a_function(cls, met: object) -> PullbackError:
        """Return the error for ``RevDiff(value, 3)``."""
        return cls(f"backprop must be a pullback or a function of the cotangent; met {describe(met)}")

    @classmethod
    def forgetful(cls) -> PullbackError:
        """Return the error for a local pullback that returned None."""
        return cls("a local pullback returned None instead of a cotangent; was its `return` forgotten?")

    @classmethod
    def misfit(cls, met: str, needed: str) -> PullbackError:
        """Return the error for a cotangent that cannot be one of the variable."""
        return cls(
            f"what the pullbacks carried back to the variable is {met}, but its cotangent is {needed}.\n"
            "  A local pullback written by hand returns a cotangent of the shape of its argument."
        )

    @classmethod
    def not_picklable(cls, local: object) -> PullbackError:
        """Return the error for pickling a way back with a function in it that pickle cannot find by name."""
        name = getattr(local, "__qualname__", repr(local))
        return cls(
            f"this RevDiff cannot be pickled: its way back goes through {name}, a function inside a function.\n"
            "  For the number alone:  revdiff.primal(r)."
        )


class MissingRuleError(RevDiffError, TypeError):
    """A function has no derivative rule."""

    @classmethod
    def of(cls, name: str, hint: str = "") -> MissingRuleError:
        """Return the error for the function called ``name``."""
        return cls(
            f"no derivative rule for {name}.{hint}\n"
            "  To write one:         @revdiff.primitive (docs: Writing a primitive)\n"
            "  To hold it constant:  pass revdiff.stop_gradient(x) instead of x."
        )

    @classmethod
    def refused(cls, name: str, reason: str) -> MissingRuleError:
        """Return the error for a function that was said to have no derivative."""
        return cls(
            f"{name} has no derivative: {reason}.\n"
            "  To hold it constant:  stop_gradient(f(x))\n"
            "  To give it one:       @revdiff.primitive"
        )

    @classmethod
    def beyond_the_first(cls, name: str) -> MissingRuleError:
        """Return the error for the derivative of a pullback that was written for plain numbers."""
        return cls(
            f"{name} has first derivatives only: its pullback was written for plain numbers, with order=1, "
            "and second and forward derivatives are derivatives of the pullback.\n"
            "  To have them:  write the pullback with functions that take RevDiffs, and leave out order=1."
        )


class AssignmentError(RevDiffError, ValueError):
    """``r[i] = v`` would change what is not the function's own, or would lose something."""

    @classmethod
    def of_argument(cls) -> AssignmentError:
        """Return the error for writing into an argument."""
        return cls(
            "this would change an argument of the function that is differentiated.\n"
            "  Write into a copy:  x = x.copy(); x[i] = v.      A new value:  x = x + 1 instead of x += 1."
        )

    @classmethod
    def of_view(cls) -> AssignmentError:
        """Return the error for writing into an array that may be a view of another one."""
        return cls(
            "this array is read-only, or shares its numbers with another one, which would change as well.\n"
            "  Write into a copy:  y = y.copy(); y[i] = v."
        )

    @classmethod
    def of_value(cls, value: object) -> AssignmentError:
        """Return the error for writing into what is no array."""
        return cls(
            f"this RevDiff holds {describe(value)}, and only arrays can be written into.\n"
            "  A structure with another part:  revdiff.set(path, value)(r), or build it anew."
        )

    @classmethod
    def of_whole_numbers(cls, dtype: object) -> AssignmentError:
        """Return the error for writing a RevDiff into integers or truth values."""
        return cls(
            f"an array of {dtype} would drop the derivative of what is written into it.\n"
            "  Make it of floats:  np.zeros_like(x, dtype=float)."
        )

    @classmethod
    def of_kind(cls, met: object, dtype: object) -> AssignmentError:
        """Return the error for writing numbers of a kind that the array does not have."""
        return cls(
            f"{met} does not fit into an array of {dtype}.\n"
            "  Make it of that kind:  np.zeros_like(x, dtype=complex);  or write the real part, r.real."
        )


class UnsupportedValueError(RevDiffError, TypeError):
    """A number system does not have the function that was asked of it, or a value is no number at all."""

    @classmethod
    def of_structure(cls, name: str, value: object) -> UnsupportedValueError:
        """Return the error for an operation on a RevDiff of a structure as if it were a number."""
        return cls(
            f"{name} of a RevDiff that holds {describe(value)} has no derivative.\n"
            "  Take its parts, which are numbers:   split(r), r[0], r.name\n"
            "  To apply a function to all of them:  extend_map(f, split(r))"
        )

    @classmethod
    def of_operand(cls, name: str, operand: object) -> UnsupportedValueError:
        """Return the error for an array beside a RevDiff that computes by rules of its own, a matrix or a masked array."""
        return cls(
            f"{name} of a RevDiff and {describe(operand)} has no derivative.\n"
            f"  To use the {type(operand).__name__} as an array of numbers:  np.asarray(…)"
        )


class UnknownTypeError(UnsupportedValueError):
    """Something that is no number, and no structure that revdiff can take apart, stands where one is needed."""

    @classmethod
    def of(cls, value: object, what: str) -> UnknownTypeError:
        """Return the error for a value; ``what`` says where it stands."""
        return cls(
            f"{what} must be a number of some kind; met {describe(value)}.\n"
            "  To teach revdiff a new kind of number:  revdiff.register_number_system (docs: Adding a number system)\n"
            "  If it holds numbers:                    make its class a dataclass, or revdiff.register_structure\n"
            '  If it is a constant in a dataclass:     field(metadata={"static": True})'
        )


class ResultError(RevDiffError, TypeError):
    """A function returned something that the derivative operator cannot differentiate."""

    @classmethod
    def of(cls, operator: str, needs: str, met: object, instead: str = "") -> ResultError:
        """Return the error of ``operator``, which needs one kind of result and met another."""
        return cls(f"{operator} needs a function that returns {needs}; it returned {describe(met)}.{instead}")


class ArgumentError(RevDiffError, TypeError):
    """The arguments of an operator or of the function it differentiates do not fit."""


class MismatchError(ArgumentError):
    """Two structures that must have the same form do not."""

    @classmethod
    def of(cls, met: object, needed: object, what: str = "a cotangent") -> MismatchError:
        """Return the error for ``met`` where something like ``needed`` must stand."""
        return cls(
            f"{what} has the form of its value: {describe_form(needed)} is needed here; met {describe_form(met)}."
        )


class ArgnumsError(RevDiffError, ValueError):
    """``argnums`` names an argument that the call does not have."""


class ConvergenceError(RevDiffError, RuntimeError):
    """A derivative was asked for of something that is no solution, or not the only one nearby."""


class MutatedArrayError(RevDiffError, RuntimeError):
    """An array was changed between the forward and the backward pass."""

    def __init__(self) -> None:
        super().__init__(
            "an array that this derivative still needs was changed after it was used.\n"
            "  Write y = y + 1 instead of y += 1, or hand a copy to the function: f(a.copy())."
        )


class BatchError(RevDiffError, TypeError):
    """A batch of values was used where only one value will do. Who made the batch goes on value by value."""

    @classmethod
    def of_writing(cls, name: str) -> BatchError:
        """Return the error for writing a batch into an array, or into a batch what does not fit."""
        return cls(f"{name} would write a batch of values where only one has its place.")

    @classmethod
    def as_variable(cls) -> BatchLayerError:
        """Return the error for the derivative by a batch."""
        return BatchLayerError("a batch of values is no variable: write the derivative by one of them.")

    @classmethod
    def as_array(cls) -> BatchLayerError:
        """Return the error for a conversion to an array."""
        return BatchLayerError("a batch is not one array")

    @classmethod
    def of_nan(cls) -> BatchError:
        """Return the error for NaN in the derivatives of samples, of which some did not take what is infinite."""
        return cls("a derivative of a batch of values is NaN, as that of some of them alone may not be.")

    @classmethod
    def beside(cls, met: object) -> BatchLayerError:
        """Return the error for an operation with something that is neither a number nor an array of numbers."""
        return BatchLayerError(f"an operation between a batch of values and {describe(met)} is not known.")

    @classmethod
    def unanswered(cls, function: object) -> BatchError:
        """Return the error for a function whose results for the values of a batch are no values of one shape."""
        return cls(f"what {getattr(function, '__name__', function)} returns for the values of a batch is no batch.")


class BatchLayerError(BatchError):
    """A batch was used for what the RevDiff of a batch may serve for: a variable, an operand of one, an array of objects."""


class BatchSizeError(BatchError):
    """A batch would hold more numbers than one may. ``size`` is how many each of its values has."""

    size = 1

    @classmethod
    def of(cls, size: int) -> BatchSizeError:
        """Return the error for a batch of values with so many numbers each."""
        error = cls(f"a batch of values with {size} numbers each is too large.")
        error.size = size
        return error


class InfiniteError(RevDiffError, OverflowError):
    """Something that has no end was asked for as a whole."""


class StreamEndedError(RevDiffError, ValueError):
    """A stream, which has no end, was made of something that ended."""


class LawError(RevDiffError, AssertionError):
    """A law that revdiff relies on does not hold for a value, a descriptor or a lens: found by `revdiff.testing`."""

    @classmethod
    def of(cls, law: str, *sides: tuple[str, object]) -> LawError:
        """Return the error for a law, with what stands on its sides: pairs of a formula and its value."""
        width = max((_width(formula) for formula, _ in sides), default=0)
        lines = [f"  {side}:{' ' * (width - _width(side))}  {_shortened(repr(value))}" for side, value in sides]
        return cls("\n".join([f"{law}. Here that is not so:" if lines else f"{law}. Here that is not so.", *lines]))


class ParseError(RevDiffError, ValueError):
    """A formula typed as text cannot be read."""


def describe(value: object) -> str:
    """Say in a few words what ``value`` is.

    >>> describe(None), describe("abc"), describe([1, 2])
    ('None', "'abc' (a str)", 'a list')
    """
    if value is None:
        return "None"
    kind = "array" if type(value).__name__ == "ndarray" else type(value).__name__
    article = "an" if kind[0] in "aeiouAEIO" else "a"
    if isinstance(value, str | bool) and len(repr(value)) < 40:
        return f"{value!r} ({article} {kind})"
    dtype = getattr(value, "dtype", None)
    return f"{article} {kind}" if dtype is None else f"{article} {kind} of dtype {dtype}"


def describe_form(value: object) -> str:
    """Say what ``value`` is, and of how many or which parts.

    >>> describe_form((1, 2)), describe_form({"w": 1}), describe_form(1.5)
    ('a tuple of 2', "a dict with 'w'", 'a float')
    """
    if isinstance(value, dict):
        return f"{describe(value)} with {', '.join(map(repr, value))}" if value else "an empty dict"
    if isinstance(value, tuple | list):
        return f"{describe(value)} of {len(value)}"
    shape = getattr(value, "shape", None)
    return f"{describe(value)} and shape {shape}" if shape else describe(value)


def _width(text: str) -> int:
    """Count the letters; the bar over an x is one of its own that takes no place."""
    return len(text) - text.count("\u0304")


def _shortened(text: str, most: int = 200) -> str:
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def listed(names: Iterable[object]) -> str:
    """Join names for a message.

    >>> listed([0, 1, 2])
    '0, 1, 2'
    """
    return ", ".join(str(name) for name in names)
