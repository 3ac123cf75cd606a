"""The check of one product, code and date of service: a question with an address of its own."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from pcl.models import Answer
from pcl.public.paging import address
from pcl.public.visitor import network_address
from pcl.queries.check.citations import citations_of
from pcl.queries.check.engine import Answered, check_lines
from pcl.queries.check.line import FIELDS, LONGEST, Faults, Line, read_day, read_line
from pcl.queries.check_results import WORDS
from pcl.queries.listed_alike import listed_alike
from pcl.queries.listing_filter import InstantField, ListingForm
from pcl.queries.published_instant import asked_of
from pcl.services.changes import instant_text
from pcl.services.check_allowance import TooManyLines, take_lines

# Kind of box, what it says in large letters, what to do next.
SAID: dict[str, tuple[str, str, str]] = {
    Answer.LISTED: (
        "success",
        "Listed under {code} on {day}",
        (
            "Keep this page with the claim: print it, or note its address. Coverage is another question: read the LCD "
            "and its policy article."
        ),
    ),
    Answer.OTHER_CODE: (
        "warning",
        "Not listed under {code}, but under another code",
        "Look at the listing cited, and bill under the code that the product is listed under.",
    ),
    Answer.NOT_LISTED: (
        "error",
        "Not listed under {code} on {day}",
        (
            "Compare every name with the product's label, or search with fewer words. If the product is truly not on "
            "the list, ask its manufacturer, who can apply for a coding verification."
        ),
    ),
    Answer.NOT_REQUIRED: (
        "info",
        "{code} needs no verified product on {day}",
        (
            "The product need not be on the list for this code. Whether the code describes it is yours to decide, or "
            "the helpline's to advise on."
        ),
    ),
    Answer.NOT_VALID: (
        "error",
        "{code} is not valid on {day}",
        "Choose the code that was valid on the date of service; the code's page says what it meant and when.",
    ),
    Answer.UNKNOWN: ("error", "There is no code {code}", "Correct the code, or look for it among all codes."),
    Answer.AMBIGUOUS: (
        "warning",
        "More is needed to answer",
        "Fill in more of the form below, as the label of the product has it.",
    ),
}


class WrittenDayInput(forms.DateInput):
    """Filled with the day that was meant, however it was written: a browser's field shows no other text."""

    def format_value(self, value: Any) -> str | None:
        try:
            return read_day(str(value or "").strip()).isoformat()
        except ValidationError:
            return super().format_value(value)


class WrittenDayField(forms.CharField):
    """A date of service as a file may have it, too."""

    widget = WrittenDayInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return read_day(text) if text else None


class CheckForm(ListingForm):
    code = forms.CharField(
        label="HCPCS code",
        max_length=LONGEST["code"],
        widget=forms.TextInput(attrs={"class": "register-input--code"}),
        error_messages={"required": "Write the HCPCS code of the claim, such as K1007."},
    )
    date_of_service = WrittenDayField(
        label="Date of service",
        error_messages={"required": "Write the date of service, such as 2024-06-01."},
    )
    manufacturer = forms.CharField(
        label="Manufacturer or distributor",
        required=False,
        max_length=LONGEST["manufacturer"],
        help_text="As the label has it; former names count.",
    )
    product = forms.CharField(
        label="Product", required=False, max_length=LONGEST["product"], help_text="The whole name; former names count."
    )
    model_number = forms.CharField(
        label="Model number",
        required=False,
        max_length=LONGEST["model_number"],
        help_text="The whole number; dashes and blanks do not matter.",
    )

    as_published = InstantField(
        label="As the list stood on",
        required=False,
        help_text="The end of that day, in US Eastern time. Left empty: now.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors:
            try:
                asked = {name: given[name] for name in FIELDS if name in given}
                given["line"] = read_line({**asked, "date_of_service": given["date_of_service"].isoformat()})
            except Faults as faults:
                for field, said in faults.fields.items():
                    self.add_error(field, said)
        return given


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    if not any(name in request.GET for name in FIELDS):
        form = CheckForm(initial={"date_of_service": timezone.localdate().isoformat()})
        return render(request, "public/check.html", {"form": form})
    form = CheckForm(request.GET)
    if not form.is_valid():
        return render(request, "public/check.html", {"form": form}, status=400)
    try:
        take_lines(address=network_address(request), count=1)
    except TooManyLines as error:
        return render(request, "public/check.html", {"form": form, "too_many": str(error)}, status=429)
    line: Line = form.cleaned_data["line"]
    instant = form.cleaned_data["as_published"]
    (answered,) = check_lines([line], as_published=instant)
    then = asked_of(instant)
    context = {
        "form": form,
        "line": line,
        "instant": instant,
        "said": _said(line, answered, instant),
        **_ways_on(line, then),
    }
    if answered.answer == Answer.NOT_LISTED:
        context["alike"] = [
            (named, _same_check(line, named | then)) for named in listed_alike(line, as_published=instant)
        ]
    # Opened later, it answers as now.
    kept = address(request, date_of_service=line.day.isoformat(), as_published=instant_text(instant or timezone.now()))
    context["permanent_url"] = request.build_absolute_uri(kept)
    return render(request, "public/check.html", context)


def _said(line: Line, answered: Answered, instant: datetime | None) -> dict[str, Any]:
    kind, heading, next_step = SAID[answered.answer]
    (cited,) = citations_of([(answered, line.day)], site="", as_published=instant)
    if instant and answered.answer == Answer.NOT_REQUIRED:
        heading = f"By the list of that moment, {heading}"
    return {
        "answer": answered.answer,
        "kind": kind,
        "words": WORDS[answered.answer],
        "heading": heading.format(code=line.code, day=f"{line.day:%B %-d, %Y}"),
        "reasons": answered.reasons,
        "next_step": next_step,
        "citations": cited,
    }


def _ways_on(line: Line, then: dict[str, str]) -> dict[str, str]:
    """The search for what was named, and the code's page on that day; by the same list."""
    asked = urlencode({"on": line.day.isoformat(), **then})
    is_code = line.code.isascii() and line.code.isalnum()
    return {
        "search_url": _search_for(line, then),
        "code_url": f"{reverse('public:code', args=[line.code])}?{asked}" if is_code else reverse("public:codes"),
    }


def _same_check(line: Line, named: dict[str, Any]) -> str:
    """The same question about another product, by its names as the list has them."""
    asked = {"code": line.code, "date_of_service": line.day, **named}
    return f"{reverse('public:check')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _search_for(line: Line, then: dict[str, str]) -> str:
    named = {
        "organization": line.manufacturer,
        "product": line.product,
        "model_number": line.model_number,
        "status": "all",
        **then,
    }
    return f"{reverse('public:search')}?{urlencode({name: value for name, value in named.items() if value})}"
