"""What Medicare's fee schedule says of a code: in every state, under each modifier, through the quarters."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hcpcs.fee_values import STATES
from hcpcs.models import Code, Fee, Kind
from hcpcs.queries.fee_history import fee_series
from hcpcs.queries.fee_modifiers import NamingCodes, codes_naming
from hcpcs.queries.fee_on_day import FeeAnswer, fee_on
from hcpcs.queries.shown_fees import ShownFees, shown_fees
from pcl.public.fee_chart import fee_chart
from pcl.queries.codes import code_on, code_status
from pcl.queries.listing_filter import DayField

NO_MODIFIER = "none"
# How many codes of a modifier are shown at once; the others unfold.
SHOWN_CODES = 60


class FeeForm(forms.Form):
    """The address's parameters. `modifier` is a row of the code, such as "NU KE", or "none"."""

    on = DayField(label="Date of service", required=False)
    state = forms.ChoiceField(label="State", required=False)
    rural = forms.ChoiceField(label="Area", required=False, choices=[("", "Non-rural"), ("true", "Rural")])
    modifier = forms.ChoiceField(label="Modifiers", required=False)

    def __init__(self, *args: Any, rows: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "Choose a state"), *sorted(STATES.items(), key=lambda each: each[1])]  # type: ignore[attr-defined]
        named = [(row or NO_MODIFIER, row or "No modifier") for row in rows]
        self.fields["modifier"].choices = named or [("", "No modifier")]  # type: ignore[attr-defined]


def fee_section(meaning: Code, *, on: Any) -> dict[str, object]:
    """What a code's page says of fees: for public/code_fees.html or, of a modifier, public/modifier_codes.html."""
    if meaning.kind == Kind.MODIFIER:
        return {"naming": _cut(codes_naming(meaning.code))}
    return {"shown_fees": shown_fees(meaning, on=on)}


def _cut(naming: NamingCodes) -> dict[str, object]:
    return {
        "schedule": naming.schedule,
        "count": len(naming.codes) + len(naming.without_record),
        "first": naming.codes[:SHOWN_CODES],
        "others": naming.codes[SHOWN_CODES:],
        "without_record": naming.without_record,
    }


@require_safe
def code_fees(request: HttpRequest, code: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    if code != code.upper():
        address = reverse("public:code_fees", args=[code.upper()])
        return redirect(f"{address}{'?' if query else ''}{query}", permanent=True)
    day = DayField(required=False)
    try:
        on = day.clean(request.GET.get("on", "")) or timezone.localdate()
    except forms.ValidationError:
        on = timezone.localdate()
    found = code_on(code, on=on)
    if found is None:
        return render(request, "public/no_such_code.html", {"code": code[:20]}, status=404)
    if found.meaning.kind == Kind.MODIFIER:
        return redirect("public:modifier", modifier=code)
    shown = shown_fees(found.meaning, on=on, all_quarters=True)
    rows = list(dict.fromkeys(fee.modifiers_text for quarter in shown.quarters for fee in quarter.fees))
    form = FeeForm(request.GET, rows=rows)
    context = {
        "form": form,
        "on": on,
        "code": found.meaning,
        "status": code_status(found.meaning, on=on),
        "shown_fees": shown,
    }
    if not form.is_valid():
        return render(request, "public/fees.html", context, status=400)
    if not request.GET.get("on"):
        form = FeeForm({**request.GET.dict(), "on": on.isoformat()}, rows=rows)
        form.is_valid()
    state, modifier, rural = (form.cleaned_data[name] for name in ("state", "modifier", "rural"))
    fee = _chosen(shown, modifier)
    modifiers = _modifiers(modifier) if modifier else (fee.modifiers if fee else ())
    points = fee_series(shown.quarters, modifiers=modifiers, state=state or None)
    context |= {
        "form": form,
        "fee": fee,
        "by_state": sorted(fee.amounts, key=lambda each: (not each.is_contiguous, each.name)) if fee else [],
        "state": state,
        "state_name": STATES.get(state, ""),
        "answer": _answer(found.meaning, on, state, modifiers, rural=bool(rural)) if state else None,
        "points": points[::-1],
        "chart": fee_chart(points),
    }
    return render(request, "public/fees.html", context)


def _chosen(shown: ShownFees, modifier: str) -> Fee | None:
    """The row that was asked for in the quarter that is shown; the first where none was asked for."""
    if not modifier:
        return next(iter(shown.fees), None)
    return next((fee for fee in shown.fees if fee.modifiers == _modifiers(modifier)), None)


def _modifiers(modifier: str) -> tuple[str, ...]:
    return () if modifier == NO_MODIFIER else tuple(modifier.split())


def _answer(meaning: Code, on: Any, state: str, modifiers: tuple[str, ...], *, rural: bool) -> FeeAnswer:
    return fee_on(meaning.code, on=on, state=state, modifiers=modifiers, rural=rural)
