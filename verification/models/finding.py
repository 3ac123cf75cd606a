"""One row of the reviewer's checklist: is this requirement of the code met, and where is it shown?"""

from django.conf import settings
from django.db import models

from verification.models.application import Application


class Met(models.TextChoices):
    YES = "yes", "Met"
    NO = "no", "Not met"
    NOT_APPLICABLE = "n/a", "Does not apply"


class Finding(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="findings")
    code = models.ForeignKey(
        "hcpcs.Code",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty where the application requests none: a change of name.",
    )
    requirement = models.SlugField(max_length=80, help_text="Key of the row in the product group's checklist.")
    met = models.CharField(max_length=3, choices=Met, blank=True)
    evidence = models.TextField(max_length=5_000, blank=True, help_text="Document and page, or what the sample shows.")
    shown_in = models.JSONField(
        default=list, blank=True, help_text="Where it is shown: a list of document (its id) and page (or null)."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code", "requirement"],
                nulls_distinct=False,
                name="one_finding_per_requirement",
            ),
            models.CheckConstraint(condition=models.Q(met__in=["", *Met.values]), name="finding_met_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.get_met_display()}"
