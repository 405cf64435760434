"""The few errors bupmeta raises on purpose; each message is one sentence a person can act on."""

from __future__ import annotations

__all__ = ["BupmetaError", "DataError", "LibraryError", "ModelError", "SpecError", "VerificationError"]


class BupmetaError(Exception):
    """Something the user can put right; the command line prints it and exits with `exit_code`."""

    exit_code = 2


class DataError(BupmetaError):
    """Numbers or a file that cannot be right: says which file, row, column and value."""


class SpecError(BupmetaError):
    """An analysis specification that names an unknown key, column or option."""


class ModelError(BupmetaError):
    """A method that is refused for these data, with its reason."""


class VerificationError(BupmetaError):
    """A recomputation that does not agree with what was stored."""

    exit_code = 1


class LibraryError(BupmetaError):
    """Something that a library would do which is not installed, or cannot do it; names what to install."""
