"""A row of a fee schedule: the amounts of one code, under its modifiers, in every state."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from hcpcs.fee_values import CATEGORIES, CONTIGUOUS_STATES, JURISDICTIONS, state_name
from hcpcs.models.fee_schedule import FeeSchedule


def dollars() -> Any:
    return models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)


def by_state() -> Any:
    """One amount for each of the row's `states`, in their order; NULL where CMS gives none."""
    return ArrayField(models.DecimalField(max_digits=10, decimal_places=2, null=True), default=list, blank=True)


def all_positive(column: str) -> models.Func:
    # A NULL among the elements makes it neither true nor false, which a check lets pass.
    return models.Func(column, template="0 < ALL (%(expressions)s)", output_field=models.BooleanField())


@dataclass(frozen=True)
class StateAmounts:
    """What CMS's row says for one state, in dollars. None where its file says 0.00, which means "no amount"."""

    state: str
    non_rural: Decimal | None
    rural: Decimal | None

    @property
    def name(self) -> str:
        return state_name(self.state)

    @property
    def is_contiguous(self) -> bool:
        return self.state in CONTIGUOUS_STATES

    def applying(self, *, rural: bool) -> Decimal | None:
        """The amount for an area. A rural area without an amount of its own has the state's one amount.

        The other way round nothing follows: accessories with modifier KE have a rural amount only.
        """
        return (self.rural or self.non_rural) if rural else self.non_rural


class Fee(models.Model):
    """What a fee schedule says of a code under up to two modifiers; a fee is not coverage.

    Bound to the code's letters and the schedule's quarter, as CMS's file is: the meaning is the one that the letters
    had on the date of service.
    """

    schedule = models.ForeignKey(FeeSchedule, on_delete=models.CASCADE, related_name="fees")
    code = models.CharField(max_length=5, db_collation="C")
    modifier = models.CharField(max_length=2, blank=True, db_collation="C")
    modifier_2 = models.CharField(max_length=2, blank=True, db_collation="C")
    jurisdiction = models.CharField(max_length=1, blank=True)
    category = models.CharField(max_length=2, blank=True)
    # Of the contiguous states; None where CMS sets none (its file says 0.00).
    ceiling = dollars()
    floor = dollars()
    # The states with an amount, rural or not, the contiguous ones first; the amounts are by the same order. See ADR 7.
    states = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    non_rural = by_state()
    rural = by_state()
    description = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["code", "modifier", "modifier_2", "schedule"]
        constraints = [
            # Serves the look-up by code and the list in order of codes, whichever schedules are asked for.
            models.UniqueConstraint(
                fields=["code", "modifier", "modifier_2", "schedule"], name="fee_once_per_schedule"
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z][0-9]{4}$"), name="fee_code_is_level_2"),
            models.CheckConstraint(
                condition=Q(modifier__regex=r"^([A-Z0-9]{2})?$") & Q(modifier_2__regex=r"^([A-Z0-9]{2})?$"),
                name="fee_modifiers_have_two_characters",
            ),
            models.CheckConstraint(
                condition=Q(modifier_2="") | (~Q(modifier="") & ~Q(modifier_2=F("modifier"))),
                name="fee_second_modifier_is_another",
            ),
            models.CheckConstraint(
                condition=(Q(ceiling=None) | Q(ceiling__gt=0)) & (Q(floor=None) | Q(floor__gt=0)),
                name="fee_ceiling_and_floor_positive",
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(floor=None) | Q(ceiling__gte=F("floor")),
                name="fee_ceiling_not_below_floor",
            ),
            models.CheckConstraint(
                condition=Q(non_rural__len=F("states__len")) & Q(rural__len=F("states__len")),
                name="fee_amounts_as_many_as_states",
            ),
            models.CheckConstraint(condition=all_positive("non_rural"), name="fee_non_rural_positive"),
            models.CheckConstraint(condition=all_positive("rural"), name="fee_rural_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.modifiers_text}".strip()

    @property
    def modifiers(self) -> tuple[str, ...]:
        return tuple(each for each in (self.modifier, self.modifier_2) if each)

    @property
    def modifiers_text(self) -> str:
        """Such as "NU KE"; "" where the row has none."""
        return " ".join(self.modifiers)

    @property
    def jurisdiction_meaning(self) -> str | None:
        return JURISDICTIONS.get(self.jurisdiction)

    @property
    def category_meaning(self) -> str | None:
        return CATEGORIES.get(self.category)

    @cached_property
    def amounts(self) -> list[StateAmounts]:
        return [StateAmounts(*each) for each in zip(self.states, self.non_rural, self.rural, strict=True)]

    def in_state(self, state: str) -> StateAmounts:
        """Without amounts for a state that the row has none for."""
        return next((each for each in self.amounts if each.state == state), StateAmounts(state, None, None))

    @property
    def lowest(self) -> Decimal | None:
        """The lowest amount in the contiguous states, rural ones included."""
        return min(self._contiguous(), default=None)

    @property
    def highest(self) -> Decimal | None:
        """The highest amount in the contiguous states, rural ones included."""
        return max(self._contiguous(), default=None)

    def _contiguous(self) -> Iterator[Decimal]:
        for each in self.amounts:
            if each.is_contiguous:
                yield from (amount for amount in (each.non_rural, each.rural) if amount is not None)
