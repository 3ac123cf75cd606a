"""What a determination says of each model, read at once and put together where models agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery

from hcpcs.models import Code
from verification.models import ApplicationModel, Determination, DeterminedCode


@dataclass(frozen=True)
class ModelOutcome:
    """What is said of one model: codes, or that there is none and why; neither while nothing is said of it yet."""

    model: ApplicationModel
    codes: tuple[DeterminedCode, ...]
    no_code_reason: str | None
    """None where it is not said that there is no code."""

    @property
    def code_names(self) -> tuple[str, ...]:
        return tuple(row.code.code for row in self.codes)

    @property
    def is_without_code(self) -> bool:
        return self.no_code_reason is not None


@dataclass(frozen=True)
class CodeGroup:
    """Models with the same codes."""

    models: tuple[str, ...]
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Drafted:
    determination: Determination
    models: tuple[ModelOutcome, ...]

    def groups(self) -> list[CodeGroup]:
        """Models with the same codes together, each in the order of the application."""
        found: dict[tuple[int, ...], list[ModelOutcome]] = {}
        for each in self.models:
            if each.codes:
                found.setdefault(tuple(row.code_id for row in each.codes), []).append(each)
        return [
            CodeGroup(tuple(each.model.model_number for each in alike), tuple(row.code for row in alike[0].codes))
            for alike in found.values()
        ]

    def without_code(self) -> list[tuple[tuple[str, ...], str]]:
        """Model numbers to which no code is assigned for the same reason, and the reason."""
        rows = [each for each in self.models if each.is_without_code]
        rows.sort(key=lambda each: each.no_code_reason or "")
        return [
            (tuple(each.model.model_number for each in alike), reason or "")
            for reason, alike in groupby(rows, key=lambda each: each.no_code_reason)
        ]

    def all_codes(self) -> list[Code]:
        """The meanings of codes that are assigned to any model, each once, by code."""
        found = {row.code_id: row.code for each in self.models for row in each.codes}
        return sorted(found.values(), key=lambda code: (code.code, code.pk))

    def as_json(self) -> dict[str, Any]:
        """All that is recommended, by model number: to be kept and compared."""
        return {
            "outcome": self.determination.outcome,
            "rationale": self.determination.rationale,
            "models": dict(self._by_model()),
        }

    def _by_model(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for each in self.models:
            yield each.model.model_number, {"codes": list(each.code_names), "no_code_reason": each.no_code_reason}


def drafted(determination: Determination) -> Drafted:
    """What `determination` says, of every model of its application in their order: two queries, however many.

    Read once for each instance, since guards, letter and page ask for the same; saving a draft makes a new instance.
    """
    known: Drafted | None = getattr(determination, "_drafted", None)
    if known is None:
        known = _read(determination)
        determination._drafted = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known


def _read(determination: Determination) -> Drafted:
    codes: dict[int, list[DeterminedCode]] = {}
    rows = determination.codes.select_related("code", "model").defer("code__search")
    for row in rows.order_by("model", "code__code", "pk"):
        codes.setdefault(row.model_id, []).append(row)
    without = determination.models_without_code.filter(model=OuterRef("pk")).order_by()
    models = determination.application.models.annotate(no_code_reason=Subquery(without.values("reason")[:1]))
    return Drafted(
        determination,
        tuple(
            ModelOutcome(model, tuple(codes.get(model.pk, ())), model.no_code_reason) for model in models.order_by("pk")
        ),
    )
