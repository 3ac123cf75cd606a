"""Sizes of models, where a product comes in several."""

from verification.models import ApplicationModel


def size_of(model: ApplicationModel) -> str:
    """The size that the application states for this model; empty where products of its group have none."""
    return str(getattr(model, "size", "") or "")
