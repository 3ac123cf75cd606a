"""Lines that somebody has checked all at once, their answers, and nothing that says whose they are."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone


class Answer(models.TextChoices):
    LISTED = "listed", "Listed under this code"
    OTHER_CODE = "listed_under_other_code", "Listed under another code"
    NOT_LISTED = "not_listed", "Not listed"
    NOT_REQUIRED = "verification_not_required", "Verification not required"
    NOT_VALID = "code_not_valid", "Code not valid on that day"
    UNKNOWN = "unknown_code", "Unknown code"
    AMBIGUOUS = "ambiguous", "Cannot be told: say more"


class CheckState(models.TextChoices):
    READY = "ready", "Waits to be started"
    AT_WORK = "at_work", "Being checked"
    DONE = "done", "Checked"
    FAILED = "failed", "Not checked"


def new_token() -> str:
    return secrets.token_urlsafe(32)


class CheckBatch(models.Model):
    """Kept for CHECK_KEPT_HOURS. Who knows the token may see it, so the token is all there is of access control."""

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=7, choices=CheckState, default=CheckState.READY)
    as_published = models.DateTimeField(
        null=True, help_text="The instant whose list is asked; empty for the list at the time of checking."
    )
    lines_count = models.PositiveIntegerField(help_text="How many lines there are to check.")
    done = models.PositiveIntegerField(default=0, help_text="The number of the last line that has its answer.")
    # What the preview says of the file's columns: used, ignored, dropped. Never a value of a cell.
    columns = models.JSONField(default=dict)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["made_at"], name="check_batch_by_age")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CheckState.values), name="check_state_is_known"),
            models.CheckConstraint(condition=Q(lines_count__range=(1, 100_000)), name="check_has_lines"),
            models.CheckConstraint(condition=Q(done__lte=F("lines_count")), name="check_done_is_part_of_it"),
            models.CheckConstraint(
                condition=~Q(state=CheckState.DONE) | Q(done=F("lines_count")), name="check_done_when_all_are"
            ),
            models.CheckConstraint(
                condition=~Q(state=CheckState.FAILED) | ~Q(failure=""), name="check_failure_is_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lines_count} lines"

    def get_absolute_url(self) -> str:
        return reverse("public:check_batch", args=[self.token])


class CheckLine(models.Model):
    """One line as it was given, and as the rules read it. A line that cannot be read says so in `error`.

    Without a foreign key in the database, which would look the batch up for each of 100,000 lines: the services lock
    the batch before they write or delete its lines.
    """

    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(
        CheckBatch, on_delete=models.DO_NOTHING, related_name="lines", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in the order of the file.")
    row = models.PositiveIntegerField(help_text="The row of the file, as a spreadsheet counts.")
    ref = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=20, blank=True)
    date_of_service = models.CharField(max_length=40, blank=True)
    manufacturer = models.CharField(max_length=300, blank=True)
    product = models.CharField(max_length=300, blank=True)
    model_number = models.CharField(max_length=120, blank=True)
    day = models.DateField(null=True)
    # Without a length: what is left of a name can be longer than the name (one ligature, eighteen letters).
    organization_key = models.TextField(blank=True)
    product_key = models.TextField(blank=True)
    model_normalized = models.TextField(blank=True)
    first_of_its_kind = models.PositiveIntegerField(help_text="The first line that asks about the same product.")
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(day__isnull=False) & Q(error="")) | (Q(day=None) & ~Q(error="")),
                name="check_line_is_read_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.row}"


class CheckAnswer(models.Model):
    """What a line was answered, in the words of that moment; `error` for a line that could not be read."""

    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(
        CheckBatch, on_delete=models.DO_NOTHING, related_name="answers", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=25, help_text="One of Answer, or `error`.")
    reasons = ArrayField(models.TextField())
    # No foreign keys: an answer that is gone tomorrow must not hold anything back today.
    listings = ArrayField(models.BigIntegerField())
    requirement = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=[*Answer.values, "error"]), name="check_answer_is_known")
        ]
        indexes = [models.Index(fields=["batch", "answer", "number"], name="check_answer_by_kind")]

    def __str__(self) -> str:
        return self.answer
