"""What was decided on an application: the codes, the rationale, and the two people."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from verification.models.application import Application, ApplicationKind, ApplicationModel


class Outcome(models.TextChoices):
    CODES_ASSIGNED = "codes_assigned", "HCPCS code assigned"
    NO_CODE = "no_code", "No HCPCS Code Assigned"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Not accepted"


# What can come of each kind of application.
OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    ApplicationKind.INITIAL: (Outcome.CODES_ASSIGNED, Outcome.NO_CODE),
    ApplicationKind.RECONSIDERATION: (Outcome.CODES_ASSIGNED, Outcome.NO_CODE),
    ApplicationKind.MODEL_ADDITION: (Outcome.CODES_ASSIGNED, Outcome.DECLINED),
    ApplicationKind.NAME_CHANGE: (Outcome.ACCEPTED, Outcome.DECLINED),
    ApplicationKind.LISTING_UPDATE: (Outcome.ACCEPTED, Outcome.DECLINED),
}


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
    publish_on = models.DateField(null=True, help_text="Planned day of publication, where it waits or waited for one.")
    published_at = models.DateTimeField(null=True)
    publishing_failure = models.TextField(blank=True, help_text="Why it could not be published on its day. Internal.")
    letter_date = models.DateField(null=True, help_text="Of the first letter.")
    clock_from = models.DateField(
        null=True, help_text="From when a reconsideration is reckoned, where a correction of the letter set it anew."
    )
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
                condition=Q(
                    approved_by=None,
                    approved_at=None,
                    publish_on=None,
                    published_at=None,
                    letter_date=None,
                    begins=None,
                    clock_from=None,
                )
                # approved, and waiting for its day
                | Q(
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    publish_on__isnull=False,
                    published_at=None,
                    letter_date=None,
                    clock_from=None,
                )
                # published
                | Q(
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    published_at__isnull=False,
                    letter_date__isnull=False,
                ),
                name="determination_is_dated_once_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(outcome="codes_assigned", begins__isnull=False)
                # A reconsideration that assigns no code ends listings from that day on.
                | Q(outcome="no_code")
                | Q(outcome__in=["accepted", "declined"], begins=None),
                name="determination_begins_where_a_code_is_assigned",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_reconsideration_is_decided_by_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("recommended_by_id", "approved_by_id"),
                func="""
                    IF EXISTS (
                        SELECT FROM verification_application own
                        JOIN verification_determination first ON first.id = own.reconsiders_id
                        JOIN verification_application reviewed ON reviewed.id = first.application_id
                        WHERE own.id = NEW.application_id AND (
                            NEW.recommended_by_id IN
                                (reviewed.reviewer_id, first.recommended_by_id, first.approved_by_id)
                            OR NEW.approved_by_id IN
                                (reviewed.reviewer_id, first.recommended_by_id, first.approved_by_id))
                    ) THEN
                        RAISE EXCEPTION 'determination %: somebody who decided the one that it reconsiders', NEW.id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

        indexes = [
            models.Index(
                fields=["publish_on", "id"], condition=Q(published_at=None), name="determination_waits_for_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.application}"

    @property
    def assigns_codes(self) -> bool:
        return self.outcome == Outcome.CODES_ASSIGNED

    @property
    def reconsidered_from(self) -> date | None:
        """The day from which the days for a reconsideration are counted; None until it is published."""
        return self.clock_from or self.letter_date


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


class ModelWithoutCode(models.Model):
    """A model to which no code is assigned, in a determination that assigns codes to others."""

    determination = models.ForeignKey(Determination, on_delete=models.CASCADE, related_name="models_without_code")
    model = models.ForeignKey(ApplicationModel, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=5_000, blank=True, help_text="Goes into the letter.")

    class Meta:
        ordering = ["determination", "id"]
        constraints = [
            models.UniqueConstraint(fields=["determination", "model"], name="model_said_once_to_have_no_code")
        ]

    def __str__(self) -> str:
        return f"No code for {self.model}"


class Recommendation(models.Model):
    """What was recommended, each time: so that the next approver sees what changed since the last one."""

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the determination.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    said = models.JSONField(help_text="Outcome, codes by model number, reasons for no code, rationale.")

    class Meta:
        ordering = ["determination", "number"]
        constraints = [models.UniqueConstraint(fields=["determination", "number"], name="recommendation_numbered_once")]
        triggers = [pgtrigger.Protect(name="a_recommendation_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Recommendation {self.number} on {self.determination}"
