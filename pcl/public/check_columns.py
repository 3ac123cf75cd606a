"""Which column of a file of lines is what, where its names do not say so or say it wrongly."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from pcl.errors import RegisterError
from pcl.models import CheckBatch, CheckFile
from pcl.public.check_batches import private
from pcl.public.visitor import network_address
from pcl.queries.check_file.columns import HEADER_WITHIN, LABELS
from pcl.queries.check_file.kept_file import Told
from pcl.services.check_allowance import TooManyLines, take_lines
from pcl.services.check_files import FileGone, choose_columns

NEEDED = {
    "code": "Choose the column that holds the HCPCS code.",
    "date_of_service": "Choose the column that holds the date of service.",
}
SAMPLE_ROWS = 3
_SAMPLES, _LONGEST_SAMPLE, _LONGEST_ROW = 2, 24, 60


class ColumnsForm(forms.Form):
    """A select for the first line, and one for each field; the columns are those of `told`."""

    def __init__(self, told: Told, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = told.first_rows[:HEADER_WITHIN]
        self.fields["begin"] = _choice(
            "First line to check",
            [(str(index), f"Row {number}: {_shortened(cells)}") for index, (number, cells) in enumerate(first)],
            initial=str(told.begin),
            help_text="Rows above it are not checked; the one just above it names the columns.",
            required="Choose the first line to check.",
            unknown="The file has no such row. Choose one of those shown.",
        )
        columns = [("", "not in the file"), *((str(place), _column(told, place)) for place in range(len(told.letters)))]
        for name, label in LABELS.items():
            self.fields[name] = _choice(
                label,
                columns if name not in NEEDED else [("", "choose a column"), *columns[1:]],
                initial=str(told.chosen.get(name, "")),
                required=NEEDED.get(name, ""),
                unknown="The file has no such column. Choose one of those shown.",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for name, label in LABELS.items():
            if place := given.get(name):
                if place in taken:
                    said = f"This column is chosen for “{taken[place]}” already. Choose another one for one of the two."
                    self.add_error(name, said)
                taken.setdefault(place, label)
        return given

    @property
    def chosen(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[name]) for name in LABELS if self.cleaned_data[name]}

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[name] for name in LABELS]


def _choice(label: str, choices: list[tuple[str, str]], *, required: str, unknown: str, **more: Any) -> forms.Field:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(required),
        error_messages={"required": required, "invalid_choice": unknown},
        **more,
    )


def _column(told: Told, place: int) -> str:
    name = told.names(told.begin)[place]
    values = dict.fromkeys(str(cells[place]) for _, cells in told.first_rows[told.begin :] if cells[place] != "")
    samples = ", ".join(_cut(value, _LONGEST_SAMPLE) for value in list(values)[:_SAMPLES])
    return f"{told.letters[place]}{': ' if name else ''}{name}{f' ({samples})' if samples else ''}"


def _shortened(cells: list[Any]) -> str:
    return _cut(", ".join(str(cell) for cell in cells if cell != ""), _LONGEST_ROW)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


@require_http_methods(["GET", "HEAD", "POST"])
def check_columns(request: HttpRequest, token: str) -> HttpResponse:
    """What was recognized, with some rows; and a select for each field. A POST reads the lines anew."""
    token = token.replace("\x00", "")
    file = CheckFile.objects.defer("content").filter(token=token).first()
    if file is None:
        batch = get_object_or_404(CheckBatch, token=token)
        messages.info(request, "The columns of these lines cannot be changed any more. Give the lines again.")
        return redirect(batch)
    told = Told.of(file.told)
    form = ColumnsForm(told, request.POST or None)
    status, problem = 200, ""
    if request.method == "POST":
        status, problem = _read_anew(request, file, form)
        if status == 302:
            return redirect("public:check_batch", token)
    return private(render(request, "public/check_columns.html", _shown(file, told, form, problem), status=status))


def _read_anew(request: HttpRequest, file: CheckFile, form: ColumnsForm) -> tuple[int, str]:
    """302 where the lines are read; else the status, and what is wrong besides the fields' faults."""
    if not form.is_valid():
        return 422, ""
    begin = int(form.cleaned_data["begin"])
    try:
        take_lines(address=network_address(request), count=file.told["rows"] - begin)
        choose_columns(token=file.token, chosen=form.chosen, begin=begin)
    except TooManyLines as error:
        return 429, str(error)
    except FileGone as error:
        messages.info(request, str(error))
    except RegisterError as error:
        return 422, str(error)
    return 302, ""


def _shown(file: CheckFile, told: Told, form: ColumnsForm, problem: str) -> dict[str, Any]:
    names = told.names(told.begin)
    heads = [f"{letter}: {name}" if name else letter for letter, name in zip(told.letters, names, strict=True)]
    missing = [LABELS[name] for name in NEEDED if name not in told.chosen]
    return {
        "file": file,
        "told": told,
        "form": form,
        "problem": problem,
        "heads": heads,
        "sample": [
            (number, list(zip(heads, cells, strict=True)))
            for number, cells in told.first_rows[told.begin : told.begin + SAMPLE_ROWS]
        ],
        "recognized": [
            (label, f"Column {heads[told.chosen[name]]}") for name, label in LABELS.items() if name in told.chosen
        ],
        "missing": f"Not recognized: {' and '.join(missing)}" if missing else "",
        "has_batch": CheckBatch.objects.filter(token=file.token).exists(),
        "kept_hours": settings.CHECK_KEPT_HOURS,
    }
