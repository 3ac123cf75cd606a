from verification.models.access_log import AccessAct, AccessLog
from verification.models.application import (
    Application,
    ApplicationKind,
    ApplicationModel,
    AppliesAs,
    ConcernedListing,
    RequestedCode,
)
from verification.models.application_words import ApplicationWords
from verification.models.authorization import Authorization, Capacity, Ending
from verification.models.change_reminder import ChangeReminder
from verification.models.code_evidence import CodeEvidence, Stands
from verification.models.determination import Determination, DeterminedCode, ModelWithoutCode, Outcome, Recommendation
from verification.models.document import Document, ScanState
from verification.models.finding import Finding, Met
from verification.models.invitation import Invitation
from verification.models.letter import Letter, LetterCorrection
from verification.models.mail_preference import MailPreference
from verification.models.missing_file import MissingFile
from verification.models.presence import Presence
from verification.models.remark import Reading, Remark, Visibility
from verification.models.reminder import Reminder
from verification.models.representation import Representation
from verification.models.sample import Condition, Gone, Sample, SampleEvent
from verification.models.saved_reply import Purpose, SavedReply
from verification.models.submission import Submission
from verification.models.transition_log import TransitionLog

__all__ = [
    "AccessAct",
    "AccessLog",
    "Application",
    "ApplicationKind",
    "ApplicationModel",
    "ApplicationWords",
    "AppliesAs",
    "Authorization",
    "Capacity",
    "ChangeReminder",
    "CodeEvidence",
    "ConcernedListing",
    "Condition",
    "Determination",
    "DeterminedCode",
    "Document",
    "Ending",
    "Finding",
    "Gone",
    "Invitation",
    "Letter",
    "LetterCorrection",
    "MailPreference",
    "Met",
    "MissingFile",
    "ModelWithoutCode",
    "Outcome",
    "Presence",
    "Purpose",
    "Reading",
    "Recommendation",
    "Remark",
    "Reminder",
    "Representation",
    "RequestedCode",
    "Sample",
    "SampleEvent",
    "SavedReply",
    "ScanState",
    "Stands",
    "Submission",
    "TransitionLog",
    "Visibility",
]
