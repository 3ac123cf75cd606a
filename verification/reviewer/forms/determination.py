"""The draft of a determination: an outcome, codes for every model and for those that differ, and the rationale."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils import timezone

from hcpcs.models import Code
from verification.models import Application, ApplicationModel, Outcome
from verification.models.determination import OUTCOMES
from verification.queries.drafted import Drafted, ModelOutcome, drafted
from verification.queries.model_sizes import size_of
from verification.reviewer.forms.model_codes import CodesInForce, pasted, read_for_model
from verification.services.review import ForModel

FEW_MODELS = 12


@dataclass(frozen=True)
class ModelRow:
    model: ApplicationModel
    field: forms.BoundField
    size: str


class DeterminationForm(forms.Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(label="Outcome", choices=Outcome.choices, widget=forms.RadioSelect)
    codes = forms.CharField(
        label="HCPCS codes assigned",
        help_text="One or several, with blanks or commas between. Not used where no code is assigned.",
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"class": "register-input--code", "spellcheck": "false"}),
    )
    no_code_reason = forms.CharField(
        label="Why some models get no code",
        help_text="Goes into the letter, for the models marked “none” above.",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    paste = forms.CharField(
        label="From a sheet",
        help_text="One line for each model that differs: its number, then its codes, or “none”. "
        "Columns copied from a sheet will do.",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    rationale = forms.CharField(
        label="Rationale",
        help_text="Goes into the letter, word for word. A blank line begins a new paragraph.",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.models = list(application.models.order_by("pk").prefetch_related("codes"))
        self.fields["seen_version"].initial = application.version
        self._ask_for_models()
        possible = OUTCOMES[application.kind]
        self.fields["outcome"].choices = [(each.value, each.label) for each in possible]  # type: ignore[attr-defined]
        if Outcome.CODES_ASSIGNED not in possible:
            # What is attested or updated gets no code; the reviewer is not asked for one.
            self.fields["codes"].widget = forms.HiddenInput()
        determination = application.draft_determination()
        known: dict[str, Any] = {"outcome": possible[0].value}
        if determination is not None:
            known = _as_drafted(drafted(determination))
        if not known.get("codes"):
            known = {**known, **_as_requested(application, self.models), **_of_models(known)}
        self.initial = {**known, **self.initial}

    def _ask_for_models(self) -> None:
        if len(self.models) < 2:
            del self.fields["no_code_reason"], self.fields["paste"]
            return
        self.fields["codes"].label = "HCPCS codes for every model"
        self.fields["codes"].help_text = (
            f"One or several, with blanks or commas between. For all {len(self.models)} models, except those for which "
            "something else stands below. Not used where no code is assigned."
        )
        for model in self.models:
            self.fields[field_of(model)] = forms.CharField(
                label=model.model_number,
                required=False,
                max_length=5_000,
                widget=forms.TextInput(attrs={"class": "register-input--of-model", "spellcheck": "false"}),
            )

    @property
    def has_many_models(self) -> bool:
        return len(self.models) > 1

    @property
    def exceptions_are_open(self) -> bool:
        """Whether the models are shown without being asked for: when they are few, or something is said of one."""
        return len(self.models) <= FEW_MODELS or any(self[field_of(model)].value() for model in self.models)

    @property
    def exception_count(self) -> int:
        return sum(bool((self[field_of(model)].value() or "").strip()) for model in self.models)

    def by_size(self) -> list[tuple[str, list[ModelRow]]]:
        """The models, those of one size together under it, in the order of the application.

        Where each size has one model only, or there are no sizes, they all stand under an empty heading.
        """
        sizes: dict[str, list[ModelRow]] = {}
        for model in self.models:
            sizes.setdefault(size_of(model), []).append(ModelRow(model, self[field_of(model)], size_of(model)))
        if len(sizes) == len(self.models):
            return [("", [row for rows in sizes.values() for row in rows])]
        return list(sizes.items())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        said["exceptions"] = {}
        if said.get("outcome") != Outcome.CODES_ASSIGNED:
            said["codes"] = []
            return said
        in_force = CodesInForce(on=timezone.localdate())
        if "codes" in said:
            said["codes"] = self._read_codes("codes", said["codes"], in_force)
        if self.has_many_models:
            said["exceptions"] = dict(self._read_exceptions(said, in_force))
        return said

    def _read_codes(self, name: str, typed: str, in_force: CodesInForce) -> list[Code]:
        found, wrong = in_force.read(typed)
        for message in wrong:
            self.add_error(name, message)
        return list(found)

    def _read_exceptions(self, said: dict[str, Any], in_force: CodesInForce) -> Iterator[tuple[int, ForModel]]:
        for model in self.models:
            name = field_of(model)
            found, wrong = read_for_model(said.get(name, ""), in_force)
            for message in wrong:
                self.add_error(name, message)
            if found is None:
                continue
            if found.no_code and not found.no_code_reason:
                found = ForModel(no_code=True, no_code_reason=said.get("no_code_reason", ""))
            yield model.pk, found


def field_of(model: ApplicationModel) -> str:
    return f"model-{model.pk}"


def filled_from_paste(typed: dict[str, Any], application: Application) -> tuple[dict[str, Any], list[str], int]:
    """What was typed, with the lines of the paste in the fields of their models; what is wrong with lines; how many.

    Lines that cannot be read stay in the paste, to be mended.
    """
    text = str(typed.get("paste", ""))
    said, wrong = pasted(text, application.models.all())
    filled = {f"model-{pk}": what for pk, what in said.items()}
    left = text if wrong else ""
    return {**typed, **filled, "paste": left}, wrong, len(filled)


def _as_drafted(said: Drafted) -> dict[str, Any]:
    """The draft as the form has it: what most models say stands above, what others say beside them."""
    usual = _usual(said)
    reasons = Counter(each.no_code_reason for each in said.models if each.no_code_reason)
    reason = reasons.most_common(1)[0][0] if reasons else ""
    return {
        "outcome": said.determination.outcome,
        "codes": ", ".join(usual),
        "rationale": said.determination.rationale,
        "no_code_reason": reason,
        **{
            field_of(each.model): _in_a_field(each, usual_reason=reason)
            for each in said.models
            if each.is_without_code or (each.codes and each.code_names != usual)
        },
    }


def _of_models(known: dict[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in known.items() if name.startswith("model-")}


def _as_requested(application: Application, models: list[ApplicationModel]) -> dict[str, Any]:
    """Before anything is drafted: what most models ask for stands above, what other sizes ask for beside them."""
    of_all = tuple(sorted(row.code.code for row in application.requested_codes.all()))
    asked = dict.fromkeys(models, of_all)
    if len(models) > 1:
        prefetch_related_objects(models, "codes")
        asked = {model: tuple(sorted(code.code for code in model.codes.all())) or of_all for model in models}
    usual = _most_common(asked.values()) if asked else of_all
    differing = {field_of(model): ", ".join(codes) for model, codes in asked.items() if codes != usual}
    return {"codes": ", ".join(usual), **differing}


def _usual(said: Drafted) -> tuple[str, ...]:
    return _most_common(each.code_names for each in said.models if each.codes)


def _most_common(said: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    counted = Counter(said)
    return counted.most_common(1)[0][0] if counted else ()


def _in_a_field(each: ModelOutcome, *, usual_reason: str | None) -> str:
    if not each.is_without_code:
        return ", ".join(each.code_names)
    return "none" if each.no_code_reason in {"", usual_reason} else f"none: {each.no_code_reason}"
