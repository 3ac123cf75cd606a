from verification.models.access_log import AccessAct, AccessLog
from verification.models.application import Application, ApplicationKind, ApplicationModel, AppliesAs, RequestedCode
from verification.models.authorization import Authorization, Capacity, Ending
from verification.models.determination import Determination, DeterminedCode, Outcome
from verification.models.document import Document
from verification.models.finding import Finding, Met
from verification.models.invitation import Invitation
from verification.models.letter import Letter
from verification.models.remark import Remark, Visibility
from verification.models.representation import Representation
from verification.models.transition_log import TransitionLog

__all__ = [
    "AccessAct",
    "AccessLog",
    "Application",
    "ApplicationKind",
    "ApplicationModel",
    "AppliesAs",
    "Authorization",
    "Capacity",
    "Determination",
    "DeterminedCode",
    "Document",
    "Ending",
    "Finding",
    "Invitation",
    "Letter",
    "Met",
    "Outcome",
    "Remark",
    "Representation",
    "RequestedCode",
    "TransitionLog",
    "Visibility",
]
