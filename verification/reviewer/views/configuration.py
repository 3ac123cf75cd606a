"""What is in force: product groups, clocks and reasons, as this installation's files and settings have them."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from verification.clocks import AnswerClock, Clock, clocks
from verification.models import ApplicationKind
from verification.product_groups import reasons
from verification.product_groups.loader import groups


@dataclass(frozen=True)
class InForce:
    what: str
    value: str
    where: str
    """The setting of docs/operations.md, or what else fixes it."""


def clocks_in_force() -> list[InForce]:
    """Every length of time that applicants or the contractor's people go by."""
    kept = settings.SAMPLE_DAYS_AFTER_REJECTION
    return [
        *(InForce(f"Review: {kind.label}", _length(clocks().review[kind]), "CLOCKS_FILE") for kind in ApplicationKind),
        InForce("Answer to a request for information", _length(clocks().answer), "CLOCKS_FILE"),
        InForce(
            "A reconsideration may be asked for until",
            f"day {settings.RECONSIDERATION_DAYS} after the date of the letter",
            "RECONSIDERATION_DAYS",
        ),
        InForce("Samples are kept after a rejection for", f"{kept} days", "SAMPLE_DAYS_AFTER_REJECTION"),
        InForce(
            "The usual time is reckoned of the determinations of the last",
            f"{settings.USUAL_TIME_DAYS} days",
            "USUAL_TIME_DAYS",
        ),
        InForce(
            "The usual time is told once there are", f"{settings.USUAL_TIME_LEAST} determinations", "USUAL_TIME_LEAST"
        ),
        InForce("Public figures tell no number below", str(settings.FIGURES_LEAST), "FIGURES_LEAST"),
        InForce("An invitation may be accepted for", f"{settings.INVITATION_DAYS} days", "INVITATION_DAYS"),
        InForce(
            "The access review marks whoever was not seen for",
            f"{settings.ACCESS_UNSEEN_DAYS} days",
            "ACCESS_UNSEEN_DAYS",
        ),
    ]


def _length(clock: Clock | AnswerClock) -> str:
    return f"{clock.days} {clock.counted.value} days"


@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    context = {"groups": groups(), "clocks": clocks_in_force(), "reasons": reasons()}
    return render(request, "reviewer/configuration.html", context)
