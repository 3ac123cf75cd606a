"""An application for coding verification review: what the manufacturer says of one product."""

from datetime import date
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse

from verification.kinds import with_kind
from verification.product_groups import ProductGroup, group
from verification.workflow.states import FINAL, OPEN_FOR_REVIEW, PUBLIC_LABELS, STOPS_THE_CLOCK, WITH_A_REVIEWER, Status

if TYPE_CHECKING:
    from verification.models.determination import Determination
    from verification.models.transition_log import TransitionLog


# Behind every day on which something can be due.
NO_DUE_DAY = date(9999, 12, 31)


class ApplicationKind(models.TextChoices):
    INITIAL = "initial", "Initial application"
    RECONSIDERATION = "reconsideration", "Reconsideration"
    MODEL_ADDITION = "model_addition", "Model number addition"
    NAME_CHANGE = "name_change", "Manufacturer name change"
    LISTING_UPDATE = "listing_update", "Listing update"


class AppliesAs(models.TextChoices):
    MANUFACTURER = "manufacturer", "Manufacturer"
    DISTRIBUTOR = "distributor", "Distributor of another company's product, under a name of its own"


class FdaStatus(models.TextChoices):
    CLEARED = "cleared", "Cleared by a 510(k), De Novo or premarket approval"
    EXEMPT = "exempt", "Registered and listed; exempt from premarket submission"


class Application(models.Model):
    # For whom it is made. Who may read it and act on it is said in verification/queries/representation.py only.
    organization = models.ForeignKey("pcl.Organization", on_delete=models.PROTECT, related_name="applications")
    applies_as = models.CharField(max_length=20, choices=AppliesAs, default=AppliesAs.MANUFACTURER)
    made_by = models.ForeignKey(
        "pcl.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications_made",
        help_text="The designated representative that made it for the organization; empty where its own people did.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    kind = models.CharField(max_length=20, choices=ApplicationKind, default=ApplicationKind.INITIAL)
    kind_version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Of the questions that its kind asks; of an initial one of no meaning."
    )
    reconsiders = models.ForeignKey(
        "verification.Determination",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="reconsiderations",
        help_text="The determination that a reconsideration is asked of.",
    )

    # Only verification/workflow/perform.py writes the next four; the log below proves them, in the database too.
    status = models.CharField(max_length=30, choices=Status, default=Status.DRAFT, editable=False)
    transitions = models.PositiveIntegerField(default=0, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts every change of it.")

    dcn = models.CharField("document control number", max_length=20, null=True, unique=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="reviews"
    )
    answer_due_on = models.DateField(null=True, editable=False, help_text="Last day for an answer, inclusive.")
    # The clock of the review (verification/workflow/clock.py): one of the two while the application is open.
    due_on = models.DateField(
        null=True, editable=False, help_text="Last day on which a determination is in time; empty while it stops."
    )
    days_left = models.SmallIntegerField(
        null=True, editable=False, help_text="Of its clock, while that stops; below 0 where it was overdue then."
    )
    # What lists are sorted by: no empty values, which a keyset page could not begin behind.
    is_closed = models.GeneratedField(
        expression=Q(closed_at__isnull=False),  # type: ignore[arg-type]  # conditions are allowed here
        output_field=models.BooleanField(),
        db_persist=True,
    )
    due_rank = models.GeneratedField(
        expression=Coalesce("due_on", Value(NO_DUE_DAY)), output_field=models.DateField(), db_persist=True
    )
    state_rank = models.GeneratedField(
        expression=Case(
            *[When(status=status, then=Value(rank)) for rank, status in enumerate(Status)],
            default=Value(len(Status)),
            output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
        help_text="In the order in which an application goes through the states.",
    )
    message_waits_since = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the applicant wrote the oldest message that nobody of the contractor's has taken up.",
    )
    discarded_at = models.DateTimeField(
        null=True, editable=False, help_text="When the applicant put the draft aside; empty again once it is put back."
    )

    reason = models.CharField("reason for the application", max_length=40, blank=True)
    previous_dcn = models.CharField("earlier document control number", max_length=40, blank=True)

    manufacturer_name = models.CharField(max_length=300, blank=True)
    manufacturer_address = models.TextField("address", max_length=600, blank=True)
    fda_establishment_number = models.CharField("FDA establishment number", max_length=20, blank=True)
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField("contact e-mail address", blank=True)
    contact_phone = models.CharField("contact telephone", max_length=40, blank=True)

    distributor_name = models.CharField(max_length=300, blank=True)
    distributor_address = models.TextField(max_length=600, blank=True)
    distributor_contact_name = models.CharField(max_length=150, blank=True)
    distributor_contact_email = models.EmailField(blank=True)
    distributor_contact_phone = models.CharField(max_length=40, blank=True)

    representative_name = models.CharField(max_length=300, blank=True)
    representative_address = models.TextField(max_length=600, blank=True)
    representative_contact_name = models.CharField(max_length=150, blank=True)
    representative_contact_email = models.EmailField(blank=True)
    representative_contact_phone = models.CharField(max_length=40, blank=True)

    product_name = models.CharField(max_length=300, blank=True)
    description = models.TextField("narrative description", max_length=20_000, blank=True)
    first_marketed = models.DateField("date first marketed", null=True, blank=True)
    fda_status = models.CharField("FDA status", max_length=20, choices=FdaStatus, blank=True)
    fda_submission_number = models.CharField("FDA submission number", max_length=20, blank=True)

    product_group = models.SlugField(max_length=60, blank=True, help_text="Empty where the kind is not about one.")
    product_group_version = models.PositiveIntegerField(help_text="Of the questions that are being answered.")
    answers = models.JSONField(default=dict, blank=True)

    attested = models.BooleanField(default=False)
    signed_name = models.CharField("name of the signer", max_length=150, blank=True)
    signed_title = models.CharField("title of the signer", max_length=150, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-saved_at", "-id"]
        indexes = [
            models.Index(fields=["status", "submitted_at", "id"], name="application_queue"),
            models.Index(fields=["organization", "-saved_at"], name="application_by_organization"),
            models.Index(
                fields=["made_by", "organization"],
                condition=Q(made_by__isnull=False),
                name="application_by_representative",
            ),
            models.Index(fields=["reviewer", "status"], name="application_by_reviewer"),
            models.Index(Upper("manufacturer_name"), name="application_by_manufacturer"),
            # The queue: in the order in which work is due, narrowed by group or kind, in the other orders.
            models.Index(fields=["is_closed", "due_rank", "id"], name="queue_by_due_day"),
            models.Index(fields=["product_group", "is_closed", "due_rank", "id"], name="queue_by_group"),
            models.Index(fields=["kind", "is_closed", "due_rank", "id"], name="queue_by_kind"),
            models.Index(fields=["is_closed", "submitted_at", "id"], name="queue_by_submission"),
            models.Index(fields=["state_rank", "submitted_at", "id"], name="queue_by_state"),
            models.Index(fields=["closed_at", "id"], name="queue_by_closing", condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["answer_due_on", "id"], name="answers_by_due_day", condition=Q(answer_due_on__isnull=False)
            ),
            models.Index(
                fields=["submitted_at", "id"],
                name="queue_by_waiting_message",
                condition=Q(message_waits_since__isnull=False),
            ),
            # The reports' questions: what came in, and what was closed, within a period.
            models.Index(fields=["submitted_at"], name="application_by_submission"),
            models.Index(fields=["closed_at", "status"], name="application_by_closing"),
            models.Index(fields=["product_group", "product_group_version"], name="application_by_group"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="application_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, dcn=None, submitted_at=None)
                | (~Q(status=Status.DRAFT) & ~Q(dcn=None) & ~Q(submitted_at=None)),
                name="application_has_a_dcn_once_submitted",
            ),
            models.CheckConstraint(
                condition=Q(status__in=FINAL, closed_at__isnull=False) | (~Q(status__in=FINAL) & Q(closed_at=None)),
                name="application_is_closed_in_a_final_state",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITH_A_REVIEWER) | Q(reviewer__isnull=False),
                name="application_in_review_has_a_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.INFORMATION_REQUESTED, answer_due_on__isnull=False)
                | (~Q(status=Status.INFORMATION_REQUESTED) & Q(answer_due_on=None)),
                name="application_has_a_due_day_while_information_is_requested",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, due_on=None, days_left=None)
                | Q(status__in=STOPS_THE_CLOCK, due_on=None, days_left__isnull=False)
                | Q(status__in=OPEN_FOR_REVIEW - STOPS_THE_CLOCK, due_on__isnull=False, days_left=None)
                | Q(status__in=FINAL),
                name="application_has_a_clock_while_it_is_open",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(attested=True, signed_at__isnull=False),
                name="application_is_attested_once_submitted",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(discarded_at=None), name="only_a_draft_is_discarded"
            ),
            models.CheckConstraint(condition=Q(applies_as__in=AppliesAs.values), name="applies_as_is_known"),
            models.CheckConstraint(
                condition=Q(made_by=None) | ~Q(made_by=models.F("organization")), name="nobody_represents_oneself"
            ),
            models.CheckConstraint(
                condition=Q(kind=ApplicationKind.RECONSIDERATION, reconsiders__isnull=False)
                | (~Q(kind=ApplicationKind.RECONSIDERATION) & Q(reconsiders=None)),
                name="a_reconsideration_is_of_a_determination",
            ),
            # One that was decided is the last word; one that was rejected or taken back was none.
            models.UniqueConstraint(
                fields=["reconsiders"],
                condition=~Q(status__in=[Status.REJECTED, Status.WITHDRAWN]) & Q(discarded_at=None),
                name="one_reconsideration_of_a_determination",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_reconsideration_is_reviewed_by_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("reviewer_id"),
                condition=pgtrigger.Q(new__reconsiders__isnull=False, new__reviewer__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT FROM verification_determination first
                        JOIN verification_application reviewed ON reviewed.id = first.application_id
                        WHERE first.id = NEW.reconsiders_id AND NEW.reviewer_id IN
                            (reviewed.reviewer_id, first.recommended_by_id, first.approved_by_id)
                    ) THEN
                        RAISE EXCEPTION 'application %: its reviewer decided the determination that it reconsiders',
                            NEW.id USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="a_status_changes_one_step_at_a_time",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status", "transitions"),
                func="""
                    IF (NEW.status, NEW.transitions) IS DISTINCT FROM (OLD.status, OLD.transitions)
                       AND NEW.transitions <> OLD.transitions + 1 THEN
                        RAISE EXCEPTION 'application %: only the workflow changes its status', NEW.id
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # At commit the log's newest row must lead to the status: none changes without the log.
            pgtrigger.Trigger(
                name="a_status_is_what_its_log_says",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "transitions"),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM verification_transitionlog log
                        WHERE log.application_id = NEW.id AND log.number = NEW.transitions AND log.target = NEW.status
                    ) THEN
                        RAISE EXCEPTION 'application %: status % is not in its log', NEW.id, NEW.status
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_name or 'Unnamed product'} ({self.dcn or 'draft'})"

    def get_absolute_url(self) -> str:
        return reverse("apply:application", args=[self.pk])

    @property
    def public_status(self) -> str:
        return PUBLIC_LABELS[self.status]

    @property
    def title_of_kind(self) -> str:
        is_first = self.kind == ApplicationKind.INITIAL
        return "Application for coding verification review" if is_first else self.get_kind_display()

    @property
    def cited_dcn(self) -> str:
        """The earlier number as numbers are written, however it was typed; empty where none is given."""
        return self.previous_dcn.strip().upper()

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_open_draft(self) -> bool:
        """Whether it can be written: a draft that was not discarded."""
        return self.is_draft and self.discarded_at is None

    @property
    def group(self) -> ProductGroup:
        """The product group in the version with which the application was begun, with what its kind asks."""
        of_product = group(self.product_group, self.product_group_version) if self.product_group else None
        return with_kind(of_product, kind=self.kind, version=self.kind_version)

    def last_log(self) -> "TransitionLog":
        log = self.log.select_related("by").order_by("-number").first()
        assert log is not None, "every application starts with a row in its log"  # noqa: S101
        return log

    def open_items(self) -> list[str]:
        """The items last asked of the applicant, in order."""
        asked = self.log.filter(transition="request_information").order_by("-number").first()
        return asked.given["items"] if asked else []

    def draft_determination(self) -> "Determination | None":
        return getattr(self, "determination", None)


class ApplicationModel(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="models")
    model_number = models.CharField(max_length=120)
    normalized = models.CharField(max_length=120, editable=False)
    # Only where the product group takes several sizes in one application.
    size = models.CharField(max_length=120, blank=True, help_text="As on the label.")
    measure = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True, help_text="The size in the product group's unit."
    )
    codes = models.ManyToManyField(
        "hcpcs.Code", related_name="+", blank=True, help_text="Requested for this size; empty for all requested codes."
    )

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "normalized"], name="application_model_said_once"),
            models.CheckConstraint(condition=Q(measure=None) | Q(measure__gt=0), name="application_model_has_a_size"),
        ]
        indexes = [models.Index(fields=["normalized"], name="application_by_model_number")]

    def __str__(self) -> str:
        return self.model_number


class RequestedCodes(models.Manager["RequestedCode"]):
    """With its code, without which a requested code says nothing."""

    def get_queryset(self) -> models.QuerySet["RequestedCode"]:
        return super().get_queryset().select_related("code")


class RequestedCode(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="requested_codes")
    code = models.ForeignKey("hcpcs.Code", on_delete=models.PROTECT, related_name="+")
    objects = RequestedCodes()

    class Meta:
        ordering = ["application", "code__code"]
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="code_requested_once")]

    def __str__(self) -> str:
        return self.code.code


class ConcernedListing(models.Model):
    """A listing that an application is about: the one to update, or the siblings of the models to be added."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="concerned")
    listing = models.ForeignKey("pcl.Listing", on_delete=models.PROTECT, related_name="+")
    seen_version = models.PositiveIntegerField(help_text="The listing's version when it was chosen.")

    class Meta:
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "listing"], name="listing_concerned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} on listing {self.listing_id}"
