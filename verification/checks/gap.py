from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """Something missing: in which section, at which field, and what to do about it."""

    section: str
    message: str
    field: str = ""
    """Name of the form field to jump to; empty for the section as a whole."""
