"""Reads the file of clocks once, and refuses what is not right with the file's name and the place."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from verification.clocks.clock import AnswerClock, AuthorizationClock, Clock, Clocks, Counted, WorkingDays
from verification.models.application import ApplicationKind

LONGEST = 1000
REVIEW_KEYS = {"days", "counted", "soon"}
ANSWER_KEYS = {"days", "counted", "longest", "remind_before"}
AUTHORIZATION_KEYS = {"remind_before"}
KEYS = {"extra_days_off", "inauguration_day", "review", "answer", "authorization"}


def clocks() -> Clocks:
    """The clocks of the file that the settings name. Raises ImproperlyConfigured when it cannot be used."""
    return read_clocks(Path(settings.CLOCKS_FILE))


@cache
def read_clocks(path: Path) -> Clocks:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read as a file of clocks: {error}") from error
    problems = list(_problems(said))
    if problems:
        raise ImproperlyConfigured(f"{path}: {' '.join(problems)}")
    working = WorkingDays(frozenset(said["extra_days_off"]), said["inauguration_day"])
    answer = said["answer"]
    return Clocks(
        review={
            kind: Clock(clock["days"], Counted(clock["counted"]), working, clock["soon"])
            for kind, clock in said["review"].items()
        },
        answer=AnswerClock(
            answer["days"],
            Counted(answer["counted"]),
            working,
            longest=answer["longest"],
            remind_before=_latest_last(answer["remind_before"]),
        ),
        authorization=AuthorizationClock(remind_before=_latest_last(said["authorization"]["remind_before"])),
    )


def _latest_last(days_before: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(days_before, reverse=True))


def _problems(said: Mapping[str, Any]) -> Iterable[str]:
    yield from _keys("The file", said, KEYS)
    days_off = said.get("extra_days_off", [])
    if not isinstance(days_off, list) or any(type(day) is not date for day in days_off):
        yield "extra_days_off holds something that is not a day, such as 2026-12-24 (without quotes)."
    if not isinstance(said.get("inauguration_day", False), bool):
        yield "inauguration_day is true or false."
    review, answer, authorization = (said.get(name, {}) for name in ("review", "answer", "authorization"))
    if not all(isinstance(each, dict) for each in (review, answer, authorization)):
        yield "review, answer and authorization are tables."
        return
    yield from _keys("review", review, set(ApplicationKind.values))
    for kind, clock in review.items():
        yield from _clock(f"review.{kind}", clock, REVIEW_KEYS, least={"days": 1, "soon": 0})
    yield from _clock("answer", answer, ANSWER_KEYS, least={"days": 1, "longest": 1})
    yield from _reminders("answer", answer)
    yield from _keys("authorization", authorization, AUTHORIZATION_KEYS)
    yield from _reminders("authorization", authorization)


def _reminders(where: str, said: Mapping[str, Any]) -> Iterable[str]:
    reminders = said.get("remind_before", [])
    if not isinstance(reminders, list) or any(not _is_number(each, 1) for each in reminders):
        yield f"{where}.remind_before is a list of whole numbers from 1 to {LONGEST}."
    elif len(set(reminders)) < len(reminders):
        yield f"{where}.remind_before names a day twice."


def _clock(where: str, said: Any, keys: set[str], *, least: Mapping[str, int]) -> Iterable[str]:
    if not isinstance(said, dict):
        yield f"{where} is a table."
        return
    yield from _keys(where, said, keys)
    for name, lowest in least.items():
        if name in said and not _is_number(said[name], lowest):
            yield f"{where}.{name} is a whole number from {lowest} to {LONGEST}."
    if "counted" in said and said["counted"] not in {each.value for each in Counted}:
        yield f'{where}.counted is "calendar" or "business".'


def _keys(where: str, said: Mapping[str, Any], keys: set[str]) -> Iterable[str]:
    yield from (f"{where} lacks {name!r}." for name in sorted(keys - said.keys()))
    yield from (f"{where} has {name!r}, which means nothing here." for name in sorted(said.keys() - keys))


def _is_number(value: Any, lowest: int) -> bool:
    return type(value) is int and lowest <= value <= LONGEST
