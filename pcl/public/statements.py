"""Statements of listing: asked for from a listing's page, kept as a PDF, confirmed to anybody."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pcl.dates import instant_in_words
from pcl.documents.statement import statement_address, statement_pdf, statement_rows
from pcl.errors import RegisterError
from pcl.models import Listing, Statement
from pcl.public.moment import MomentForm
from pcl.public.visitor import network_address
from pcl.queries.statement_confirmed import confirmation_of
from pcl.rate_limit import may_again
from pcl.services.issue_statement import issue_statement
from pcl.statement_number import EXAMPLE, number_meant

# An office has one address for many people.
MOST_AN_HOUR = 120


@require_POST
def statement_new(request: HttpRequest, listing_id: int) -> HttpResponse:
    listing = Listing.objects.filter(pk=listing_id).first()
    if listing is None:
        return render(request, "public/no_such_listing.html", {"listing_id": listing_id}, status=404)
    asked = {name: request.POST.get(name, "")[:60] for name in ("on", "as_published")}
    form = MomentForm(asked)
    if not form.is_valid():
        # The listing's page has the two fields, and says what is wrong with them.
        return redirect(f"{listing.get_absolute_url()}?{urlencode(asked)}")
    if not may_again("statement", network_address(request), most=MOST_AN_HOUR):
        return _refused(
            request, listing, "Many statements were asked for from your address. Try again in an hour.", 429
        )
    instant = form.cleaned_data["as_published"]
    # The list of today is the list of now: asked again, the same question.
    as_published = None if asked["as_published"] == timezone.localdate().isoformat() else instant
    on = form.cleaned_data["on"] or timezone.localdate(as_published)
    try:
        statement = issue_statement(listing=listing, on=on, as_published=as_published)
    except RegisterError as error:
        return _refused(request, listing, str(error), 503)
    return redirect(statement)


def _refused(request: HttpRequest, listing: Listing, why: str, status: int) -> HttpResponse:
    return render(request, "public/statement_refused.html", {"listing": listing, "why": why}, status=status)


class NumberForm(forms.Form):
    number = forms.CharField(
        label="Number of the statement",
        max_length=100,
        help_text=f"It stands at the top of the statement, such as {EXAMPLE}. Capitals and dashes do not matter.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": f"Write the number of the statement, such as {EXAMPLE}."},
    )

    def clean_number(self) -> str:
        try:
            return number_meant(self.cleaned_data["number"])
        except RegisterError as error:
            raise ValidationError(str(error)) from error


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Where a number is typed."""
    if "number" not in request.GET:
        return render(request, "public/statements.html", {"form": NumberForm()})
    form = NumberForm(request.GET)
    if not form.is_valid():
        return render(request, "public/statements.html", {"form": form}, status=400)
    return redirect("public:statement", form.cleaned_data["number"])


@require_safe
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """What a statement says, and whether the register still says so."""
    try:
        meant = number_meant(number)
    except RegisterError as error:
        return _unknown(request, number, str(error))
    if meant != number:
        return redirect("public:statement", meant, permanent=True)
    confirmed = confirmation_of(meant)
    if confirmed is None:
        return _unknown(
            request, number, "No statement with this number was ever issued. Compare it with the statement."
        )
    context = {
        "confirmed": confirmed,
        "statement": confirmed.statement,
        "said": confirmed.statement.said,
        "rows": statement_rows(confirmed.statement),
        "as_said": instant_in_words(confirmed.statement.as_published) if confirmed.statement.as_published else "",
        "address": statement_address(confirmed.statement),
        "listing_url": _listing_address(confirmed.statement),
    }
    return render(request, "public/statement.html", context)


def _listing_address(statement: Statement) -> str:
    asked = {"on": statement.date_of_service.isoformat(), "as_published": statement.said["as_published"] or ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('public:listing', args=[statement.listing_id])}?{query}"


def _unknown(request: HttpRequest, number: str, why: str) -> HttpResponse:
    form = NumberForm(initial={"number": number[:100]})
    return render(request, "public/statements.html", {"form": form, "why": why}, status=404)


@require_safe
def statement_document(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF, made of what the statement keeps: nothing has to be ready, so nothing can be lost."""
    try:
        found = Statement.objects.filter(number=number_meant(number)).first()
    except RegisterError:
        found = None
    if found is None:
        return statement(request, number)
    return HttpResponse(
        statement_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.number}.pdf"', "Cache-Control": "max-age=3600"},
    )
