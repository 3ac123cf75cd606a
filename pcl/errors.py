class RegisterError(ValueError):
    """A change that the register refuses. Its text says what was wrong and what to do, and may be shown to anybody."""


class ChangedMeanwhileError(RegisterError):
    """Somebody else has changed it since the page was opened: nothing was written."""
