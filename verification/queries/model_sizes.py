"""Sizes of models, where a product comes in several."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from verification.models import ApplicationModel

MOST_NAMED = 3
SIGNS = str.maketrans({"×": "x", "″": '"', "”": '"', "“": '"'})


def size_of(model: ApplicationModel) -> str:
    """The size that the application states for this model; empty where products of its group have none."""
    return str(getattr(model, "size", "") or "")


@dataclass
class ModelsOfASize:
    """The models of one size, of which one sample shows what there is to see; without sizes, one model each."""

    size: str
    models: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """Model numbers, each with the codes that are requested for it; none of them: every code is."""

    def those_for(self, code: str) -> list[str]:
        return [number for number, codes in self.models if not codes or code in codes]

    def name(self, numbers: list[str]) -> str:
        """What to send: the size, with the model numbers of which one is enough."""
        if not self.size:
            return numbers[0]
        if len(numbers) == 1:
            return f"{numbers[0]} ({self.size})"
        named = ", ".join(numbers[:MOST_NAMED])
        others = len(numbers) - MOST_NAMED
        return f"{self.size} (one of {named}{f' and {others} more' if others > 0 else ''})"


def models_by_size(models: Iterable[ApplicationModel]) -> list[ModelsOfASize]:
    """In their order. Of one size are those with the same label, however it is spaced, and the same measure."""
    sizes: dict[Any, ModelsOfASize] = {}
    for model in models:
        size = size_of(model)
        label = re.sub(r"\s", "", size.translate(SIGNS).casefold())
        key = (label, model.measure) if size else model.model_number
        codes = frozenset(code.code for code in model.codes.all())
        sizes.setdefault(key, ModelsOfASize(size)).models.append((model.model_number, codes))
    return list(sizes.values())
