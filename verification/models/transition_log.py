"""Every step of every application, append-only: who, when, from where to where, and what was given."""

from functools import reduce
from operator import or_

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from verification.models.application import Application
from verification.workflow.states import Status
from verification.workflow.table import BY_NAME, LOGGED_STEPS, START


class TransitionLog(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="log")
    number = models.PositiveIntegerField(help_text="0, 1, 2 … within the application.")
    transition = models.CharField(max_length=30)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30, choices=Status)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: the system."
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    seen_version = models.PositiveIntegerField(help_text="The application's version on the page of who decided.")
    given = models.JSONField(default=dict)

    class Meta:
        ordering = ["application", "number"]
        # What happened lately, whatever it happened to: reports and the log.
        indexes = [models.Index(fields=["at", "id"], name="log_by_instant")]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_log_row_per_step"),
            # The workflow table, in the database's own words.
            models.CheckConstraint(
                condition=reduce(or_, (Q(transition=t, source=s, target=g) for t, s, g in LOGGED_STEPS)),
                name="log_holds_only_steps_of_the_workflow_table",
            ),
            # Otherwise a forged first row could begin an application in any state.
            models.CheckConstraint(
                condition=Q(number=0, transition=START) | (Q(number__gt=0) & ~Q(transition=START)),
                name="log_begins_with_the_start",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_logged_step_stands", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_step_begins_where_the_last_one_ended",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.number > 0 AND NOT EXISTS (
                        SELECT FROM verification_transitionlog log
                        WHERE log.application_id = NEW.application_id
                          AND log.number = NEW.number - 1 AND log.target = NEW.source
                    ) THEN
                        RAISE EXCEPTION 'application %: step % does not begin where the last one ended',
                            NEW.application_id, NEW.number USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The other half of Application's a_status_is_what_its_log_says: no logged step that was not taken.
            pgtrigger.Trigger(
                name="a_logged_step_was_taken",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM verification_application application
                        WHERE application.id = NEW.application_id AND application.transitions >= NEW.number
                    ) THEN
                        RAISE EXCEPTION 'application %: step % is logged and was not taken',
                            NEW.application_id, NEW.number USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} #{self.number}: {self.transition}"

    @property
    def label(self) -> str:
        return "Start a draft" if self.transition == START else BY_NAME[self.transition].label
