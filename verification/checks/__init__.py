"""What an application still lacks. One rule per file; the runner below collects what all of them say."""

from verification.checks import (
    code_evidence_is_given,
    contact_is_given,
    distributor_is_given,
    documents_are_not_infected,
    fda_clearance_is_attached,
    letter_can_show_every_name,
    manufacturer_is_given,
    previous_application_is_cited,
    product_group_questions_are_answered,
    product_is_described,
    reason_is_given,
    representative_is_given,
    requested_code_is_valid,
    required_documents_are_attached,
    signature_is_given,
    sizes_are_given,
)
from verification.checks.gap import Gap
from verification.models import Application

# In the order of the application's sections.
CHECKS = (
    reason_is_given.check,
    previous_application_is_cited.check,
    manufacturer_is_given.check,
    contact_is_given.check,
    distributor_is_given.check,
    representative_is_given.check,
    product_is_described.check,
    requested_code_is_valid.check,
    sizes_are_given.check,
    product_group_questions_are_answered.check,
    required_documents_are_attached.check,
    documents_are_not_infected.check,
    fda_clearance_is_attached.check,
    code_evidence_is_given.check,
    letter_can_show_every_name.check,
    signature_is_given.check,
)


def gaps(application: Application) -> list[Gap]:
    """Everything that keeps `application` from being submitted, in the order of its sections."""
    return [gap for check in CHECKS for gap in check(application)]


__all__ = ["CHECKS", "Gap", "gaps"]
