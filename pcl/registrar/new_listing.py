"""Publish a listing without an application: one that CMS assigned, or one of an earlier list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from pcl.errors import RegisterError
from pcl.models import Origin
from pcl.queries.listing_console import known_classifications, listing_to_act_on
from pcl.queries.organization_names import find_organization, spelled_nearly
from pcl.registrar.acting import numbers_of, step_through
from pcl.registrar.fields import Text
from pcl.registrar.listing_act_forms import LONGEST_COMMENT
from pcl.registrar.people import registrar
from pcl.registrar.reason_form import ReasonForm, code_field, day_field, name_field
from pcl.services.publish_product import LooksAlikeError, publish_product
from pcl.services.rehearsal import Performed
from pcl.text import normalize_model_number

LONGEST_MODEL_NUMBER = 120
MOST_MODELS = 200
ORIGINS = [(Origin.CMS.value, Origin.CMS.label), (Origin.IMPORTED.value, Origin.IMPORTED.label)]


class NewListingForm(ReasonForm):
    manufacturer = name_field(
        "Manufacturer", help_text="By any name that the register knows. One that it does not know is made."
    )
    distributor = name_field("Distributor", required=False, help_text="Only where the listing is the distributor’s.")
    may_look_alike = forms.BooleanField(label="It is another organization, though the names look alike", required=False)
    product = name_field("Product")
    classification = Text(
        label="Classification",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "classifications"}),
        help_text="The product group in words, such as Powered Orthoses.",
    )
    model_numbers = Text(
        label="Model numbers",
        required=False,
        max_length=MOST_MODELS * (LONGEST_MODEL_NUMBER + 2),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One on each line; they can be pasted. Empty: no model number is stated.",
    )
    code = code_field("HCPCS code")
    begins = day_field("First day to bill", help_text="The first date of service of the listing.")
    origin = forms.ChoiceField(label="Origin", choices=ORIGINS, widget=forms.RadioSelect, initial=Origin.CMS.value)
    comment = Text(label="Comment", required=False, max_length=LONGEST_COMMENT, help_text="Public.")

    dropped: list[str]
    look_alike = False

    def clean_model_numbers(self) -> list[str]:
        """Each model once, however it is punctuated; what was dropped is told in the preview."""
        kept: dict[str, str] = {}
        self.dropped = []
        for number, line in enumerate(self.cleaned_data["model_numbers"].split("\n"), start=1):
            given = " ".join(line.split())
            if not given:
                continue
            if len(given) > LONGEST_MODEL_NUMBER:
                raise forms.ValidationError(
                    f"Line {number} has {len(given)} characters; a model number has at most {LONGEST_MODEL_NUMBER}."
                )
            normalized = normalize_model_number(given)
            if not normalized:
                raise forms.ValidationError(f"Line {number}, “{given}”, holds neither a letter nor a digit.")
            if normalized in kept:
                self.dropped.append(given)
            else:
                kept[normalized] = given
        if len(kept) > MOST_MODELS:
            raise forms.ValidationError(
                f"These are {len(kept):,} model numbers; at most {MOST_MODELS} at once. Publish them in parts."
            )
        return list(kept.values())


@require_http_methods(["GET", "HEAD", "POST"])
def new_listing(request: HttpRequest) -> HttpResponse:
    form = NewListingForm(request.POST or None, initial=_like(request))
    context: dict[str, Any] = {
        "title": "Publish a listing",
        "lead": "For a product that CMS has assigned to a code, or that stood on an earlier list. What an application "
        "asked for is published with its determination instead.",
        "eyebrow": "Registrar",
        "confirm": "publish",
        "up": "registrar:listings",
        "up_text": "Listings",
        "classifications": known_classifications(),
    }

    def publish() -> None:
        given = {**form.cleaned_data, "reason": form.public_reason, "origin": Origin(form.cleaned_data["origin"])}
        del given["publication"]
        publish_product(**given, by=registrar(request))

    def done(performed: Performed) -> HttpResponse:
        assert performed.first is not None  # noqa: S101 - at least one listing is published
        many = "The listing is" if performed.count == 1 else f"{performed.count} listings are"
        messages.success(request, format_html("{} published. {}", many, numbers_of(performed)))
        return redirect("registrar:listing", performed.first.listing_id)

    def refused(error: RegisterError) -> None:
        form.look_alike = isinstance(error, LooksAlikeError)

    return step_through(
        request,
        form=form,
        act=publish,
        done=done,
        context=context,
        template="registrar/listing_new.html",
        notes=lambda: _notes(form),
        refused=refused,
    )


def _notes(form: NewListingForm) -> list[str]:
    given = form.cleaned_data
    notes = [
        f"“{name}” is new to the register: an organization of that name is made.{_or_meant(name)}"
        for name in dict.fromkeys([given["manufacturer"], given["distributor"]])
        if name and find_organization(name) is None
    ]
    if form.dropped:
        notes.append(f"Given more than once, and taken once: {', '.join(form.dropped)}.")
    return notes


def _or_meant(name: str) -> str:
    meant = spelled_nearly(name)
    return f" If you mean “{meant.name}”, go back to the form and write that name." if meant else ""


def _like(request: HttpRequest) -> dict[str, Any]:
    """Begin with what another listing says (`?like=` its number)."""
    number = request.GET.get("like", "")
    like = listing_to_act_on(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if like is None:
        return {}
    product = like.model.product
    return {
        "manufacturer": product.manufacturer.name,
        "distributor": product.distributor.name if product.distributor else "",
        "product": product.name,
        "classification": product.classification,
        "code": like.code.code,
    }
