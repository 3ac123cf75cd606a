from verification.reviewer.forms.checklist import ChecklistForm
from verification.reviewer.forms.determination import DeterminationForm
from verification.reviewer.forms.remark import RemarkForm
from verification.reviewer.forms.step import StepForm

__all__ = ["ChecklistForm", "DeterminationForm", "RemarkForm", "StepForm"]
