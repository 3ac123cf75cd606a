"""What the demonstration tells (companies.toml, products.toml, stories.toml), read and put in order."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Company:
    key: str
    name: str
    person: str
    email: str
    title: str
    address: str
    phone: str
    fda_establishment_number: str


@dataclass(frozen=True)
class DemoProduct:
    key: str
    company: str
    group: str
    name: str
    description: str
    first_marketed: date
    models: tuple[str, ...]
    codes: tuple[str, ...]
    answers: Mapping[str, Any]
    fda_submission_number: str = ""
    """Of a device that FDA cleared; empty for one that is exempt."""
    sizes: tuple[Mapping[str, Any], ...] = ()
    """Where a group takes several sizes: of each model in its order, `size`, `measure` and `codes`."""


@dataclass(frozen=True)
class Event:
    ago: int
    """Days before the day on which it is told."""
    story: str
    do: str
    said: Mapping[str, Any] = field(default_factory=dict)


@cache
def companies() -> Mapping[str, Company]:
    return {said["key"]: Company(**said) for said in _read("companies.toml")["companies"]}


@cache
def products() -> Mapping[str, DemoProduct]:
    told = _read("products.toml")["products"]
    return {said["key"]: DemoProduct(**{name: _fixed(value) for name, value in said.items()}) for said in told}


@cache
def events() -> tuple[Event, ...]:
    """Everything that happens in all stories, oldest first; of one day, in the order of the file."""
    told = [
        Event(step["ago"], story["key"], step["do"], {**story, **step})
        for story in _read("stories.toml")["stories"]
        for step in story["steps"]
    ]
    return tuple(sorted(told, key=lambda event: -event.ago))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(), parse_float=Decimal)


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
