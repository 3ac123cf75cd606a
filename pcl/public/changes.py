"""What changed on the list: the feed, newest first, and the permanent page of each change."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pcl.models import ListingChange
from pcl.public.paging import address, shown_page
from pcl.public.search import Chip
from pcl.queries.change_feed import NEWEST_FIRST, change_text, last_change
from pcl.queries.change_filter import ChangeForm, changes_matching
from pcl.queries.change_words import compared, earlier_listing, in_words
from pcl.queries.keyset import Row
from pcl.queries.parameters import LARGEST_NUMBER

SCRIPT = "verify_changes.py"


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    form = ChangeForm(request.GET)
    named = [name for name in form.fields if request.GET.get(name, "").strip()]
    context: dict[str, Any] = {"form": form, "named": named}
    if not form.is_valid():
        return render(request, "public/changes.html", context, status=400)

    def rows(found: QuerySet[Any]) -> list[Row]:
        return [{"seq": change.seq, "said": in_words(change)} for change in found]

    query = address(request).partition("?")[2]
    page = shown_page(request, changes_matching(form.cleaned_data), order=NEWEST_FIRST, rows_of=rows)
    context |= {
        "page": page,
        "chips": [_chip(request, form, name) for name in named],
        "feed_url": _with(reverse("public:changes_feed"), query),
        "follow_url": _follow_url(form.cleaned_data),
    }
    return render(request, "public/changes.html", context, status=400 if page.error else 200)


@require_safe
def change(request: HttpRequest, seq: int) -> HttpResponse:
    found = ListingChange.objects.filter(seq=seq).first() if seq <= LARGEST_NUMBER else None
    newest = last_change()
    if found is None:
        return render(request, "public/no_such_change.html", {"seq": seq, "newest": newest}, status=404)
    context = {
        "said": in_words(found),
        "change": found,
        "fields": compared(found),
        "earlier_listing": earlier_listing(found),
        "hashed": change_text(found),
        "json_url": f"{reverse('api:changes')}?after={found.seq - 1}&limit=1",
        "next_seq": found.seq + 1 if newest and newest.seq > found.seq else None,
        "permanent_url": request.build_absolute_uri(request.path),
        "verify_command": (
            f"python3 {SCRIPT} {request.build_absolute_uri(reverse('api:changes'))} --known {found.seq}:{found.hash}"
        ),
    }
    return render(request, "public/change_page.html", context)


@require_safe
def verify_script(request: HttpRequest) -> HttpResponse:
    """The program with which anybody can check the chain, as it stands in docs/."""
    path = settings.BASE_DIR / "docs" / SCRIPT
    if not path.exists():
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{SCRIPT}"'}
    return HttpResponse(path.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


def _chip(request: HttpRequest, form: ChangeForm, name: str) -> Chip:
    value = request.GET[name].strip()
    words = dict(getattr(form.fields[name], "choices", [])).get(value, value)
    return Chip(label=str(form.fields[name].label), value=str(words), remove_url=address(request, **{name: None}))


def _follow_url(given: dict[str, Any]) -> str:
    """The page to follow what was asked for, where one code or organization was."""
    said = {name: given[name].strip() for name in ("code", "organization") if given[name]}
    if len(said) != 1:
        return reverse("public:subscribe")
    [(name, value)] = said.items()
    return reverse("public:subscribe", query={name: value})


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
