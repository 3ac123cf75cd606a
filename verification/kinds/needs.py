"""What a change to a listed product needs: a new application, an attestation or an update, and why."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.core.exceptions import ImproperlyConfigured

from verification.kinds.kind_form import CHANGES

NEW_APPLICATION = "new_application"
NEEDS = frozenset({NEW_APPLICATION, "model_addition", "name_change", "listing_update"})


@dataclass(frozen=True)
class Need:
    kind: str
    """One of NEEDS."""
    why: str
    """For the applicant."""
    source: str

    @property
    def is_a_new_application(self) -> bool:
        return self.kind == NEW_APPLICATION


@dataclass(frozen=True)
class Rule:
    need: Need
    changes: frozenset[str]
    """Empty: any change."""
    coded_before: date | None
    """Exclusive: a product coded on this day does not fit."""
    codes: tuple[tuple[str, str], ...]
    """From code to code, both inclusive; empty: any code."""

    def fits(self, *, change: str, codes: Iterable[str], coded_on: date | None) -> bool:
        if self.changes and change not in self.changes:
            return False
        if self.coded_before is not None and (coded_on is None or coded_on >= self.coded_before):
            return False
        return not self.codes or any(first <= code <= last for code in codes for first, last in self.codes)


def what_a_change_needs(*, change: str, codes: Iterable[str], coded_on: date | None) -> Need:
    """What the holder of a listing has to send where `change` happened to the product.

    `codes` are those of its listings, `coded_on` the day on which it was first coded: the first date of service of its
    earliest listing; None where that is not known. Raises KeyError for a change that is in no list.
    """
    if change not in dict(changes_to_choose()):
        raise KeyError(change)
    of_it = list(codes)
    for rule in _rules():
        if rule.fits(change=change, codes=of_it, coded_on=coded_on):
            return rule.need
    raise ImproperlyConfigured(f"changes.toml has no rule for {change!r}.")


@cache
def changes_to_choose() -> tuple[tuple[str, str], ...]:
    """Each kind of change with its label, in the order of the file."""
    return tuple((change["key"], change["label"]) for change in tomllib.loads(CHANGES.read_text())["change"])


@cache
def _rules() -> tuple[Rule, ...]:
    rules = []
    for said in tomllib.loads(CHANGES.read_text())["rule"]:
        if said["needs"] not in NEEDS:
            raise ImproperlyConfigured(f"changes.toml: {said['needs']!r} is nothing that a change can need.")
        rules.append(
            Rule(
                need=Need(said["needs"], said["why"], said["source"]),
                changes=frozenset(said.get("changes", ())),
                coded_before=said.get("coded_before"),
                codes=tuple(_range(codes) for codes in said.get("codes", ())),
            )
        )
    return tuple(rules)


def _range(codes: str) -> tuple[str, str]:
    first, _, last = codes.partition("-")
    return first, last or first
