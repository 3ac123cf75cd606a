from verification.models.application import (
    Application,
    ApplicationKind,
    ApplicationModel,
    ConcernedListing,
    RequestedCode,
)
from verification.models.determination import (
    Determination,
    DeterminedCode,
    ModelWithoutCode,
    Outcome,
    Recommendation,
)
from verification.models.document import Document
from verification.models.finding import Finding, Met
from verification.models.letter import Letter, LetterCorrection
from verification.models.remark import Remark, Visibility
from verification.models.representation import Representation
from verification.models.transition_log import TransitionLog

__all__ = [
    "Application",
    "ApplicationKind",
    "ApplicationModel",
    "ConcernedListing",
    "Determination",
    "DeterminedCode",
    "Document",
    "Finding",
    "Letter",
    "LetterCorrection",
    "Met",
    "ModelWithoutCode",
    "Outcome",
    "Recommendation",
    "Remark",
    "Representation",
    "RequestedCode",
    "TransitionLog",
    "Visibility",
]
