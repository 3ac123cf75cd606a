from verification.models.application import Application, ApplicationKind, ApplicationModel, RequestedCode
from verification.models.determination import Determination, DeterminedCode, Outcome
from verification.models.document import Document, ScanState
from verification.models.finding import Finding, Met
from verification.models.letter import Letter
from verification.models.mail_preference import MailPreference
from verification.models.remark import Remark, Visibility
from verification.models.reminder import Reminder
from verification.models.representation import Representation
from verification.models.transition_log import TransitionLog

__all__ = [
    "Application",
    "ApplicationKind",
    "ApplicationModel",
    "Determination",
    "DeterminedCode",
    "Document",
    "Finding",
    "Letter",
    "MailPreference",
    "Met",
    "Outcome",
    "Remark",
    "Reminder",
    "Representation",
    "RequestedCode",
    "ScanState",
    "TransitionLog",
    "Visibility",
]
