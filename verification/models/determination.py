"""What was decided on an application: the codes, the rationale, and the two people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from verification.models.application import Application, ApplicationModel


class Outcome(models.TextChoices):
    CODES_ASSIGNED = "codes_assigned", "HCPCS code assigned"
    NO_CODE = "no_code", "No HCPCS Code Assigned"


class Determination(models.Model):
    """A draft until it is approved; then it stands."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="determination")
    outcome = models.CharField(max_length=20, choices=Outcome)
    rationale = models.TextField(max_length=20_000, blank=True, help_text="Goes into the letter.")
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="determinations_recommended"
    )
    recommended_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="determinations_approved"
    )
    approved_at = models.DateTimeField(null=True)
    letter_date = models.DateField(null=True)
    begins = models.DateField(null=True, help_text="First date of service of its listings, inclusive.")

    class Meta:
        ordering = ["-approved_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="determination_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | (Q(recommended_by__isnull=False) & ~Q(approved_by=F("recommended_by"))),
                name="nobody_approves_an_own_recommendation",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None, letter_date=None, begins=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, letter_date__isnull=False),
                name="determination_is_dated_once_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(outcome="codes_assigned", begins__isnull=False)
                | Q(outcome="no_code", begins=None),
                name="determination_begins_where_a_code_is_assigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.application}"

    @property
    def assigns_codes(self) -> bool:
        return self.outcome == Outcome.CODES_ASSIGNED


class DeterminedCodes(models.Manager["DeterminedCode"]):
    """With model and code, without which a determined code says nothing."""

    def get_queryset(self) -> models.QuerySet["DeterminedCode"]:
        return super().get_queryset().select_related("model", "code")


class DeterminedCode(models.Model):
    """A code assigned to a model, and the listing that came of it."""

    determination = models.ForeignKey(Determination, on_delete=models.CASCADE, related_name="codes")
    model = models.ForeignKey(ApplicationModel, on_delete=models.PROTECT, related_name="determined_codes")
    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="+")
    listing = models.OneToOneField("pcl.Listing", on_delete=models.PROTECT, null=True, related_name="determined_code")
    objects = DeterminedCodes()

    class Meta:
        ordering = ["determination", "id"]
        constraints = [
            models.UniqueConstraint(fields=["determination", "model", "code"], name="code_determined_once_per_model")
        ]

    def __str__(self) -> str:
        return f"{self.code.code} for {self.model}"
