"""Modifiers: the list, and a page for each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hcpcs.models import Kind
from hcpcs.queries.code_facets import MODIFIERS
from hcpcs.queries.code_history import code_history
from pcl.public.code_history import shown_history
from pcl.public.code_shown import code_facts, found_rows, own_address
from pcl.public.fees import fee_section
from pcl.public.forms import ModifierSearchForm, asked_day
from pcl.public.paging import shown_page
from pcl.queries.code_search import CodeSearch
from pcl.queries.codes import BY_CODE, MODIFIER_LENGTH, code_on


@require_safe
def modifiers(request: HttpRequest) -> HttpResponse:
    form = ModifierSearchForm(request.GET)
    if not form.is_valid():
        return render(request, "public/modifiers.html", {"form": form}, status=400)
    search = CodeSearch(**form.search, chosen={"group": MODIFIERS})
    page = shown_page(request, search.found, order=BY_CODE, rows_of=found_rows(search))
    context = {"form": form, "page": page, "on": search.on}
    return render(request, "public/modifiers.html", context, status=400 if page.error else 200)


@require_safe
def modifier(request: HttpRequest, modifier: str) -> HttpResponse:
    if elsewhere := own_address(request, modifier, "modifier"):
        return redirect(elsewhere, permanent=True)
    form, on = asked_day(request.GET)
    found = code_on(modifier, on=on) if len(modifier) == MODIFIER_LENGTH else None
    history = code_history(modifier, kind=Kind.MODIFIER) if found else None
    if found is None or history is None:
        return render(request, "public/no_such_code.html", {"code": modifier[:20]}, status=404)
    context = {
        "form": form,
        **code_facts(found, on=on),
        "meanings": shown_history(history),
        **fee_section(found.meaning, on=on),
    }
    return render(request, "public/modifier.html", context, status=200 if form.is_valid() else 400)
