"""The error of a saved state: which file it is, and what is wrong with it.

Imports the errors of the core.
"""

from __future__ import annotations

from typing import Any, final

from revdiff.core.errors import RevDiffError, describe, describe_form


@final
class SavedStateError(RevDiffError, ValueError):
    """A state cannot be saved, or a file holds no state, a damaged one, or one of another form."""

    @classmethod
    def of_value(cls, met: object) -> SavedStateError:
        """Return the error for something that a file cannot hold."""
        return cls(
            f"a state is made of numbers, arrays of numbers, text, random generators and structures of them; "
            f"met {describe(met)}.\n"
            "  If it holds numbers:         make its class a dataclass, or revdiff.register_structure\n"
            "  If it need not be saved:     leave it out of the state"
        )

    @classmethod
    def foreign(cls, path: object) -> SavedStateError:
        """Return the error for a file that was not written by save_state."""
        return cls(f"{path} is no state saved by revdiff.optimize.save_state.")

    @classmethod
    def newer(cls, path: object, met: object, known: int) -> SavedStateError:
        """Return the error for a file of a version that is not known yet."""
        return cls(f"{path} has version {met} of the format; this revdiff reads version {known}. Update revdiff.")

    @classmethod
    def damaged(cls, path: object, why: object) -> SavedStateError:
        """Return the error for a file that is not as it was written."""
        return cls(f"{path} is damaged: {why}.")

    @classmethod
    def of_form(cls, found: str, like: Any) -> SavedStateError:
        """Return the error for a state of another form than the one that it is loaded into."""
        return cls(f"the saved state has another form: {describe_form(like)} is needed here; the file has {found}.")

    @classmethod
    def of_constant(cls, found: object, like: object) -> SavedStateError:
        """Return the error for a constant of another value: it is not restored, so it must be the same."""
        return cls(f"the saved state has another constant: {like!r} is here; the file has {found}.")
