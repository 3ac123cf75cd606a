"""What is typed for one model: codes, or that there is none. And what is pasted for many from a sheet."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.dateformat import format as format_date

from hcpcs.models import Code
from hcpcs.queries.codes import code_in_force, latest_meaning
from pcl.text import normalize_model_number
from verification.models import ApplicationModel
from verification.services.review import ForModel

MOST_CODES = 20
SHOWN = 30
NONE = re.compile(r"(?is)\A\s*(?:no(?:ne|\s+codes?)|[-–—])\s*(?:[:,;]\s*(?P<reason>.*))?\Z")
# In a sheet the number stands in a column of its own; typed, a colon or blanks follow it.
PARTED = re.compile(r"\t|:\s|:$|\s{2,}|;")


@dataclass
class CodesInForce:
    """Codes by what was typed, each looked up once however many models it is typed for."""

    on: date
    _known: dict[str, Code | str] = field(default_factory=dict)

    def read(self, typed: str) -> tuple[tuple[Code, ...], list[str]]:
        """The codes, and for each word that is none that is in force, why not."""
        names = list(dict.fromkeys(re.findall(r"[^\s,;]+", typed.upper())))
        if len(names) > MOST_CODES:
            return (), [f"Those are {len(names)} codes; give at most {MOST_CODES}."]
        found = [self._look_up(name) for name in names]
        codes = tuple(each for each in found if isinstance(each, Code))
        return codes, [each for each in found if isinstance(each, str)]

    def _look_up(self, name: str) -> Code | str:
        if name not in self._known:
            self._known[name] = code_in_force(name, on=self.on) or why_not(name, on=self.on)
        return self._known[name]


def read_for_model(typed: str, codes: CodesInForce) -> tuple[ForModel | None, list[str]]:
    """What is said of a model, None where nothing is; and what is wrong with it."""
    if not typed.strip():
        return None, []
    without = NONE.match(typed)
    if without:
        return ForModel(no_code=True, no_code_reason=(without["reason"] or "").strip()), []
    found, wrong = codes.read(typed)
    return ForModel(codes=found), wrong


def why_not(name: str, *, on: date) -> str:
    """Why the code of that name cannot be assigned on that day."""
    meaning = latest_meaning(name)
    if meaning is None:
        return f"{name[:10]} is not a HCPCS code on the register. Check how it is written."
    if meaning.terminated is not None and meaning.ended_on(on):
        return f"{meaning.code} ended on {format_date(meaning.terminated, 'F j, Y')}. Choose a code that is in force."
    assert meaning.added is not None  # noqa: S101  # neither in force nor ended: it begins later
    return f"{meaning.code} begins on {format_date(meaning.added, 'F j, Y')} only. Choose a code that is in force."


def pasted(text: str, models: Iterable[ApplicationModel]) -> tuple[Mapping[int, str], list[str]]:
    """What lines of a sheet say of models, by primary key; and what is wrong with which line.

    A line is a model number and what is said of it. The number may be written in another way than in the application;
    of a model that is there twice, both must say the same.
    """
    by_number = {model.normalized: model for model in models}
    said: dict[int, str] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        model, rest = _parted(line.strip(), by_number)
        if model is None:
            wrong.append(f"Line {number}: “{_short(line)}” begins with no model number of this application.")
        elif not rest:
            wrong.append(f"Line {number}: nothing is said of {model.model_number}. Write its codes after it, or none.")
        elif said.get(model.pk, rest) != rest:
            wrong.append(f"Line {number}: {model.model_number} is there twice, with different codes. Keep one line.")
        else:
            said[model.pk] = rest
    return said, wrong


def _parted(line: str, by_number: Mapping[str, ApplicationModel]) -> tuple[ApplicationModel | None, str]:
    parts = PARTED.split(line, maxsplit=1)
    model = by_number.get(normalize_model_number(parts[0]))
    if model is not None:
        return model, parts[1].strip() if len(parts) > 1 else ""
    # Model numbers may hold blanks: the longest beginning of the line that is one.
    words = line.split()
    for count in range(len(words), 0, -1):
        model = by_number.get(normalize_model_number(" ".join(words[:count])))
        if model is not None:
            return model, " ".join(words[count:]).lstrip(":,; ")
    return None, ""


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
