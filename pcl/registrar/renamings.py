"""A change of names that the worker makes: being done, done, or why it was not."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pcl.models import ActState, Renaming
from pcl.public.progress import progress_part
from pcl.queries.renamings import first_and_last, renamings
from pcl.registrar.acting import numbers_of
from pcl.services.rehearsal import Performed

TAGS: dict[str, str] = {ActState.WAITING: "info", ActState.DONE: "good", ActState.FAILED: "bad"}


@require_safe
def renaming(request: HttpRequest, renaming_id: int) -> HttpResponse:
    shown = _found(renaming_id)
    first, last = first_and_last(shown)
    context = {
        "renaming": shown,
        "tag": TAGS[shown.state],
        "changes": numbers_of(Performed(shown.listing_count, first, last)),
        "first": first,
    }
    return render(request, "registrar/renaming.html", context)


@require_safe
def renaming_progress(request: HttpRequest, renaming_id: int) -> HttpResponse:
    """The part that changes while the worker is at it; when it is done, the whole page is asked for."""
    shown = _found(renaming_id)
    is_over = shown.state != ActState.WAITING
    return progress_part(request, "registrar/act_progress.html", page_url=shown.get_absolute_url(), is_over=is_over)


def with_tags(found: Iterable[Renaming]) -> list[tuple[Renaming, str]]:
    return [(each, TAGS[each.state]) for each in found]


def _found(renaming_id: int) -> Renaming:
    return get_object_or_404(renamings(), pk=renaming_id)
