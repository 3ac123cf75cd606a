"""Keeps the words by which an application is found."""

from verification.application_words import words_of
from verification.models import Application, ApplicationWords


def keep_words(application: Application) -> None:
    """Of an application that has its document control number; in the caller's transaction."""
    names = (
        application.product_name,
        application.manufacturer_name,
        application.distributor_name,
        application.organization.name,
    )
    words = words_of(
        dcn=application.dcn or "",
        names=names,
        codes=application.requested_codes.values_list("code__code", flat=True),
        model_numbers=application.models.values_list("model_number", flat=True),
    )
    ApplicationWords.objects.update_or_create(application=application, defaults={"words": words})
