"""What an application still lacks. One rule per file; the runner below collects what all of them say."""

from verification.checks import (
    code_evidence_is_given,
    contact_is_given,
    distributor_is_given,
    documents_are_not_infected,
    fda_clearance_is_attached,
    grounds_are_given,
    letter_can_show_every_name,
    listing_is_in_force,
    manufacturer_is_given,
    name_change_is_possible,
    new_models_are_given,
    previous_application_is_cited,
    product_group_questions_are_answered,
    product_is_described,
    reason_is_given,
    representative_is_given,
    requested_code_is_valid,
    required_documents_are_attached,
    signature_is_given,
    sizes_are_given,
    update_changes_something,
)
from verification.checks.gap import Gap
from verification.models import Application, ApplicationKind

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

# What the other kinds need: the same rules where they hold, and each its own.
OF_EVERY_KIND = (
    manufacturer_is_given.check,
    contact_is_given.check,
    product_group_questions_are_answered.check,
    required_documents_are_attached.check,
    documents_are_not_infected.check,
    letter_can_show_every_name.check,
    signature_is_given.check,
)
CHECKS_OF_KIND = {
    ApplicationKind.INITIAL: CHECKS,
    ApplicationKind.RECONSIDERATION: (*OF_EVERY_KIND, requested_code_is_valid.check, grounds_are_given.check),
    ApplicationKind.MODEL_ADDITION: (*OF_EVERY_KIND, new_models_are_given.check, listing_is_in_force.check),
    ApplicationKind.NAME_CHANGE: (*OF_EVERY_KIND, name_change_is_possible.check),
    ApplicationKind.LISTING_UPDATE: (*OF_EVERY_KIND, update_changes_something.check, listing_is_in_force.check),
}


def gaps(application: Application) -> list[Gap]:
    """Everything that keeps `application` from being submitted, in the order of its sections."""
    return [gap for check in CHECKS_OF_KIND[ApplicationKind(application.kind)] for gap in check(application)]


__all__ = ["CHECKS", "CHECKS_OF_KIND", "Gap", "gaps"]
