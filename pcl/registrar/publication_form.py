"""What a registrar writes of a publication."""

from typing import Any

from django import forms
from django.utils import timezone

from hcpcs.models import Code
from pcl.models import Publication, PublicationStatus
from pcl.queries.listing_filter import DayField
from pcl.queries.named_codes import codes_named
from pcl.queries.publications import MEANINGS
from pcl.registrar.fields import Lines, Text
from pcl.services.publications import LONGEST_SLUG, PublicationSaid

LONGEST_BODY = 200_000
STATUSES = [(status, f"{status.label}: {MEANINGS[status]}") for status in PublicationStatus]


class PublicationForm(forms.Form):
    """Of a new publication; `RevisionForm` is that of one that is there."""

    title = Text(label="Title", max_length=300)
    slug = forms.SlugField(
        label="Address",
        required=False,
        max_length=LONGEST_SLUG,
        help_text="What stands behind /publications/: letters, digits and hyphens. Left empty, it is made of the "
        "title. It never changes.",
    )
    publishers = Lines(label="Publishers", longest_line=120, max_length=2000, help_text="Who speaks; one on each line.")
    posted = DayField(label="Posted", help_text="Day of first publication.")
    status = forms.ChoiceField(label="Status", choices=STATUSES, widget=forms.RadioSelect)
    codes = Text(
        label="Codes that it is about",
        required=False,
        max_length=4000,
        help_text="With blanks or commas between, such as K1007, L8701.",
    )
    body = Text(
        label="Text",
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"class": "register-textarea--long"}),
        help_text="Markdown: an empty line begins a paragraph, **bold**, - a list, ## a heading, [words](https://…) a "
        "link. HTML is shown as it is typed, never carried out.",
    )
    citations = Lines(
        label="What it cites",
        required=False,
        longest_line=300,
        max_length=20_000,
        help_text="Regulations, manuals, final rules; one on each line.",
    )
    description = Text(
        label="First row of its history",
        max_length=500,
        help_text="Public, with the day of posting as its date.",
    )
    field_order: list[str] = []

    def __init__(self, *args: Any, publication: Publication | None = None, **kwargs: Any) -> None:
        self.publication = publication
        self.linked: list[Code] = list(publication.codes.defer("search").order_by("code")) if publication else []
        self.found: list[Code] = []
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        day = given.get("posted") or timezone.localdate()
        self.found, unknown = codes_named(given.get("codes") or "", on=day, linked=self.linked)
        if unknown:
            names = ", ".join(name[:20] for name in unknown[:10])
            are = "is no code" if len(unknown) == 1 else "are no codes"
            self.add_error("codes", f"{names} {are} of the catalogue. Check the spelling, or load the release.")
        return given

    @property
    def said(self) -> PublicationSaid:
        """Of a valid form."""
        given = self.cleaned_data
        names = ("title", "publishers", "posted", "status", "body", "citations")
        return PublicationSaid(**{name: given[name] for name in names}, codes=self.found)


class RevisionForm(PublicationForm):
    slug = None  # type: ignore[assignment]  # Django's way to leave a field out
    changed_on = DayField(label="Date of change", help_text="Public: it becomes the day of the last update.")
    description = Text(
        label="What was changed",
        max_length=500,
        help_text="A row of the public history, such as: Added codes L8701 and L8702.",
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)


def what_it_says(publication: Publication) -> dict[str, Any]:
    """The revision form's beginning: what is revised is called so, unless the registrar says otherwise."""
    is_current = publication.status == PublicationStatus.CURRENT
    return {
        "title": publication.title,
        "publishers": "\n".join(publication.publishers),
        "posted": publication.posted.isoformat(),
        "status": PublicationStatus.REVISED if is_current else publication.status,
        "codes": ", ".join(publication.codes.order_by("code").values_list("code", flat=True)),
        "body": publication.body,
        "citations": "\n".join(publication.citations),
        "changed_on": timezone.localdate().isoformat(),
        "seen_version": publication.version,
    }
