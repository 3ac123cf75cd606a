"""Model numbers of an application that another manufacturer has on the list."""

from pcl.models import RegisterEntry
from verification.models import Application

NAMED = 3


def listed_by_others(application: Application) -> list[tuple[str, str]]:
    """Model number and manufacturer, the first few. What is on the list is public, so the applicant is told, too."""
    numbers = [model.normalized for model in application.models.all()]
    listed = (
        RegisterEntry.objects.filter(model_normalized__in=numbers)
        .exclude(manufacturer=application.manufacturer_name)
        .order_by("model_number", "manufacturer")
        .values_list("model_number", "manufacturer")
        .distinct()
    )
    return list(listed[:NAMED])
