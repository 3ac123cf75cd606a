from verification.reviewer.forms.checklist import ChecklistForm
from verification.reviewer.forms.determination import DeterminationForm
from verification.reviewer.forms.message import MessageForm, RemarkForm
from verification.reviewer.forms.saved_reply import SavedReplyForm
from verification.reviewer.forms.step import StepForm

__all__ = ["ChecklistForm", "DeterminationForm", "MessageForm", "RemarkForm", "SavedReplyForm", "StepForm"]
