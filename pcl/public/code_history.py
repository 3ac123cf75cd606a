"""What every loaded release said of a code or modifier, and any two of them side by side."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hcpcs.models import Kind, Release
from hcpcs.queries.code_history import CodeHistory, code_history, meaning_of_record
from pcl.public.code_shown import own_address
from pcl.public.differences import ComparedField, compared_fields, shown_differences
from pcl.queries.codes import MODIFIER_LENGTH
from pcl.queries.keyset import Row
from pcl.queries.parameters import BadParameter, number_in


@dataclass(frozen=True)
class Compared:
    before: Release
    after: Release
    fields: list[ComparedField]
    was_swapped: bool
    """Asked for with the newer release first."""
    of_two_meanings: bool

    @property
    def differing(self) -> int:
        return sum(field.differs for field in self.fields)


@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    is_modifier = len(code.strip()) == MODIFIER_LENGTH
    if elsewhere := own_address(request, code, "modifier_history" if is_modifier else "code_history"):
        return redirect(elsewhere, permanent=True)
    found = code_history(code, kind=Kind.MODIFIER if is_modifier else Kind.CODE)
    if found is None:
        return render(request, "public/no_such_code.html", {"code": code[:20]}, status=404)
    compared, error = None, ""
    try:
        compared = _compared(found, request.GET)
    except BadParameter as fault:
        error = str(fault)
    context = {
        "code": found.newest,
        "meanings": shown_history(found),
        "releases": found.releases,
        "compared": compared,
        "from_id": compared.before.pk if compared else _id_of(found.releases[1:2] or found.releases),
        "to_id": compared.after.pk if compared else _id_of(found.releases),
        "error": error,
    }
    return render(request, "public/code_history.html", context, status=400 if error else 200)


def _id_of(releases: list[Release]) -> int | None:
    return releases[0].pk if releases else None


def shown_history(found: CodeHistory) -> list[Row]:
    """Newest meaning first, each with its events as the page shows them."""
    return [
        {
            "meaning": each.meaning,
            "silent": each.silent,
            "events": [
                {"event": event, "differences": shown_differences(event.changes), "record": event.record}
                for event in each.events
            ],
        }
        for each in found.meanings
    ]


def _compared(found: CodeHistory, given: QueryDict) -> Compared | None:
    """None where nothing is to be compared. Raises BadParameter for releases that cannot be."""
    if not given.get("from", "").strip() and not given.get("to", "").strip():
        return None
    newer, older = found.releases[:1], found.releases[1:2]
    first = _release(found, given, "from", default=(older or newer)[0].pk if newer else 0)
    second = _release(found, given, "to", default=newer[0].pk if newer else 0)
    if first.pk == second.pk:
        raise BadParameter("to", "Choose two different releases to compare.")
    before, after = sorted((first, second), key=lambda release: release.age_key)
    records = found.records[before.pk], found.records[after.pk]
    known = [each.meaning for each in reversed(found.meanings)]
    return Compared(
        before,
        after,
        compared_fields(*records),
        was_swapped=before.pk != first.pk,
        of_two_meanings=len({meaning_of_record(record, known).pk for record in records}) > 1,
    )


def _release(found: CodeHistory, given: QueryDict, name: str, *, default: int) -> Release:
    asked = number_in(given, name, default=default)
    release: Any = next((each for each in found.releases if each.pk == asked), None)
    if release is None:
        raise BadParameter(name, f"{found.code} stands in no loaded release with the number {asked}. Choose another.")
    return release
