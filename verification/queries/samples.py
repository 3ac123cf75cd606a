"""Samples: what is expected, what is here, and until when it must be kept."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, get_args

from django.conf import settings
from django.db.models import Q, QuerySet

from verification.models import Application, Sample
from verification.queries.model_sizes import ModelsOfASize, models_by_size
from verification.workflow.states import Status

Which = Literal["expected", "here", "discard", "all"]
SOON = timedelta(days=7)
LONGEST_NAME = 300


def samples_of(application: Application) -> QuerySet[Sample]:
    """Those sent for it and those of an earlier application that it uses again."""
    return (
        Sample.objects.filter(Q(application=application) | Q(used_again_for=application))
        .select_related("application", "used_again_for")
        .order_by("id")
    )


def samples(which: Which, *, today: date, words: str = "", place: str = "") -> QuerySet[Sample]:
    """For the contractor's list: `expected` and not here yet, `here`, those to `discard` within a week, or `all`.

    `words` is a DCN, or begins the name of a product; `place` begins the place. The oldest first; to be discarded: the
    first that may be.
    """
    found = Sample.objects.select_related("application__organization", "used_again_for")
    is_here = Q(gone_on=None, received_on__isnull=False)
    # Expected of an application that is still open; of a closed one nothing is waited for.
    chosen = {
        "expected": Q(gone_on=None, received_on=None, application__closed_at=None),
        "here": is_here,
        "discard": is_here & Q(keep_until__lt=today + SOON),
        "all": Q(),
    }[which]
    if words:
        chosen &= (
            Q(application__dcn__iexact=words)
            | Q(used_again_for__dcn__iexact=words)
            | Q(application__product_name__istartswith=words)
        )
    if place:
        chosen &= Q(place__istartswith=place)
    order = ("keep_until", "id") if which == "discard" else ("expected_at", "id")
    return found.filter(chosen).order_by(*order)


def is_which(typed: str) -> bool:
    return typed in get_args(Which)


def kept_until(status: str, *, closed_on: date) -> date:
    """Last day, inclusive, on which a sample is kept of an application that closed on `closed_on` in that state."""
    days = {
        Status.DETERMINED.value: settings.SAMPLE_DAYS_AFTER_DETERMINATION,
        Status.REJECTED.value: settings.SAMPLE_DAYS_AFTER_REJECTION,
        Status.WITHDRAWN.value: settings.SAMPLE_DAYS_AFTER_WITHDRAWAL,
    }[str(status)]
    return closed_on + timedelta(days=days)


def what_is_expected(application: Application) -> list[str]:
    """What the product group wants to be sent with an application for these codes, each thing once."""
    samples_for = getattr(application.group, "samples_for", None)
    if samples_for is None:
        return []
    codes = [row.code.code for row in application.requested_codes.all()]
    sizes = models_by_size(application.models.prefetch_related("codes"))
    return things_to_send(((code, samples_for(code)) for code in codes), sizes)


def things_to_send(rules_by_code: Iterable[tuple[str, Iterable[Any]]], sizes: Sequence[ModelsOfASize]) -> list[str]:
    """Each thing once, by rules with `rule`, `what` and `per` (application, code, size, size_and_code).

    Per size, not per model number: one sample of a size serves all its models that ask for the code.
    """
    things: list[str] = []
    for code, rules in rules_by_code:
        asked_for = [(size, numbers) for size in sizes if (numbers := size.those_for(code))]
        for rule in rules:
            if rule.rule == "required":
                of_size = [f", {size.name([number for number, _ in size.models])}" for size, _ in asked_for] or [""]
                of_both = [f", {size.name(numbers)}, for {code}" for size, numbers in asked_for] or [f", for {code}"]
                things += {
                    "application": [rule.what],
                    "code": [f"{rule.what}, for {code}"],
                    "size": [f"{rule.what}{size}" for size in of_size],
                    "size_and_code": [f"{rule.what}{size}" for size in of_both],
                }[rule.per]
    return list(dict.fromkeys(f"{thing[:1].upper()}{thing[1:]}"[:LONGEST_NAME] for thing in things))
