class WorkflowError(Exception):
    """An act that the workflow refuses. Its text says why and what to do, and may be shown to who tried."""


class NotAllowed(WorkflowError):
    """Not this person, or not under these conditions."""


class NotFromHere(WorkflowError):
    """The application stands where this cannot be done."""


class Stale(WorkflowError):
    """Somebody changed the application after the page was opened."""


class NotGiven(WorkflowError):
    """Something that must be given with the act is missing or cannot be read."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
