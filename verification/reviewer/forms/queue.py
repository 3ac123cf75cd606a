"""What is asked of the queue, as it stands in the address."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast, get_args

from django import forms
from django.http import QueryDict

from pcl.queries.listing_filter import CODE_FORM
from pcl.text import LONGEST_QUERY
from verification.models import ApplicationKind
from verification.product_groups import groups
from verification.queries.queue import NOBODY, Question, Whose
from verification.queries.reviewers import reviewers_with_work
from verification.workflow.states import Status

STATES = [(status.value, status.label) for status in Status if status != Status.DRAFT]
DUE = [
    ("overdue", "Overdue"),
    ("soon", "Due soon"),
    ("7", "Due within 7 days"),
    ("14", "Due within 14 days"),
    ("30", "Due within 30 days"),
    ("stopped", "Clock stopped"),
]
MESSAGES = [("waiting", "A new message waits")]
SORTS = [
    ("due", "Due first"),
    ("submitted", "Oldest first"),
    ("newest", "Newest first"),
    ("state", "State"),
    ("organization", "Organization"),
    ("closed", "Last closed first"),
]
# Part of the address without narrowing anything.
BESIDE = {"cursor"}


def _one_of(name: str, choices: list[tuple[str, str]]) -> dict[str, str]:
    return {"invalid_choice": f"“%(value)s” is no {name}. Choose one of: {', '.join(key for key, _ in choices)}."}


def _choice(label: str, name: str, choices: list[tuple[str, str]], *, nothing: str = "Any") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", nothing), *choices], error_messages=_one_of(name, choices)
    )


class QueueForm(forms.Form):
    """Parameters left out or empty mean "any". One that nobody reads is refused: its answer would be a wrong one."""

    # Chosen by the links above the table.
    whose = forms.ChoiceField(
        label="View",
        required=False,
        choices=[(whose, whose) for whose in get_args(Whose)],
        widget=forms.HiddenInput,
        error_messages=_one_of("view", [(whose, whose) for whose in get_args(Whose)]),
    )
    q = forms.CharField(
        label="Document control number, product, maker, model number or code", required=False, max_length=LONGEST_QUERY
    )
    state = _choice("State", "state", STATES)
    due = _choice("Due", "due", DUE)
    message = _choice("Messages", "kind of message", MESSAGES)
    group = forms.ChoiceField(label="Product group", required=False)
    code = forms.CharField(
        label="HCPCS code requested",
        required=False,
        validators=[CODE_FORM],
        max_length=10,
        widget=forms.TextInput(attrs={"class": "register-input--code"}),
    )
    organization = forms.CharField(label="Applicant’s organization", required=False, max_length=300)
    kind = _choice("Kind", "kind", list(ApplicationKind.choices))
    reviewer = forms.ChoiceField(label="Reviewer", required=False)
    age = forms.IntegerField(
        label="Submitted at least so many days ago",
        required=False,
        min_value=0,
        max_value=36_500,
        error_messages={"invalid": "Give a whole number of days, such as 30."},
    )
    sort = _choice("Sort by", "sort", SORTS, nothing="As usual for the view")

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._offer("group", "product group", lambda: [(group.slug, group.title) for group in groups()])
        # Asked only where the page shows them, or the address names one; once.
        self._offer("reviewer", "reviewer", cache(_people))

    def _offer(self, name: str, word: str, choices: Callable[[], list[tuple[str, str]]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = lambda: [("", "Any"), *choices()]
        field.error_messages["invalid_choice"] = f"“%(value)s” is no {word} of the queue. Choose one from the list."

    def clean(self) -> dict[str, Any]:
        given = cast("QueryDict", self.data)
        for name in given:
            if name not in self.fields and name not in BESIDE:
                self.add_error(None, f"There is no filter “{name[:60]}”. Take it out of the address.")
            elif len(given.getlist(name)) > 1:
                self.add_error(name if name in self.fields else None, "This is given more than once. Give it once.")
        if self.cleaned_data.get("sort") == "closed" and self.cleaned_data.get("whose") != "closed":
            self.add_error("sort", "By the day of closing only what is closed can be sorted. Choose the view Closed.")
        return self.cleaned_data

    @property
    def question(self) -> Question:
        """Of a valid form."""
        said = self.cleaned_data
        return Question(
            **{name: said[name] for name in ("state", "group", "kind", "due", "message", "reviewer", "sort", "age")},
            whose=said["whose"] or "all",
            code=said["code"].strip().upper(),
            organization=said["organization"].strip(),
            q=said["q"].strip(),
        )

    @property
    def in_words(self) -> list[str]:
        """What the list is narrowed by, for its caption and for paper; of a valid form."""
        return [
            f"{'Words' if name == 'q' else self.fields[name].label}: {_said(self.fields[name], value)}"
            for name, value in self.cleaned_data.items()
            if name not in {"whose", "sort"} and value not in ("", None)
        ]


def _people() -> list[tuple[str, str]]:
    said = [
        (str(user.pk), str(user) if user.may_review else f"{user} (no longer a reviewer)")
        for user in reviewers_with_work()
    ]
    return [(NOBODY, "Nobody"), *said]


def _said(field: forms.Field, value: Any) -> str:
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    labels: dict[Any, Any] = dict(list(choices))
    return str(labels.get(value, value))
