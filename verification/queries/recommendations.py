"""What was recommended before, why it came back, and what is different now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal

from verification.models import Application, Determination, Outcome, Recommendation, TransitionLog

NOTHING = "nothing"


@dataclass(frozen=True)
class ModelsChanged:
    models: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True)
class Piece:
    kind: Literal["same", "taken out", "put in"]
    text: str


@dataclass(frozen=True)
class Changed:
    """How a recommendation differs from the one before it."""

    since: Recommendation
    outcome: tuple[str, str] | None
    models: list[ModelsChanged]
    rationale: list[Piece]
    """The rationale in pieces; empty where it is the same."""

    @property
    def is_nothing(self) -> bool:
        return not (self.outcome or self.models or self.rationale)


def last_return(application: Application) -> TransitionLog | None:
    """The step by which an approver sent it back or took the approval back, unless it was recommended since."""
    steps = application.log.filter(transition__in=["return", "recall", "recommend"]).select_related("by")
    last = steps.order_by("-number").first()
    return last if last is not None and last.transition != "recommend" else None


def changed_since_the_last(determination: Determination) -> Changed | None:
    """What the newest recommendation says otherwise than the one before; None where there is only one."""
    newest = list(determination.recommendations.select_related("by").order_by("-number")[:2])
    if len(newest) < 2:
        return None
    now, since = newest
    before, after = since.said, now.said
    return Changed(
        since=since,
        outcome=(
            (Outcome(before["outcome"]).label, Outcome(after["outcome"]).label)
            if before["outcome"] != after["outcome"]
            else None
        ),
        models=_models(before["models"], after["models"]),
        rationale=list(_pieces(before["rationale"], after["rationale"]))
        if before["rationale"] != after["rationale"]
        else [],
    )


def _models(before: dict[str, Any], after: dict[str, Any]) -> list[ModelsChanged]:
    changed = [
        (_in_words(before.get(number)), _in_words(after.get(number)), number)
        for number in dict.fromkeys([*before, *after])
    ]
    changed = sorted(each for each in changed if each[0] != each[1])
    return [
        ModelsChanged(tuple(number for _, _, number in alike), was, now)
        for (was, now), alike in ((key, list(rows)) for key, rows in groupby(changed, key=lambda each: each[:2]))
    ]


def _in_words(said: dict[str, Any] | None) -> str:
    if said is None or (not said["codes"] and said["no_code_reason"] is None):
        return NOTHING
    if said["codes"]:
        return ", ".join(said["codes"])
    return f"no code: {said['no_code_reason']}"


def _pieces(before: str, after: str) -> Iterator[Piece]:
    was, now = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    for what, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(now[c:d]))
            continue
        if b > a:
            yield Piece("taken out", "".join(was[a:b]))
        if d > c:
            yield Piece("put in", "".join(now[c:d]))
