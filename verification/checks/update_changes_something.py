from collections.abc import Iterator
from datetime import date

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """What is asked for must differ from what the listing says, and be possible."""
    concerned = application.concerned.select_related("listing__model__product__distributor").first()
    said, update = application.answers, application.answers.get("update")
    if concerned is None or not update:
        return
    listing = concerned.listing
    if update == "discontinued" and (last_day := said.get("last-day")):
        if date.fromisoformat(last_day) < listing.effective_from:
            yield Gap("questions", "The last day lies before the listing begins. Give a later one.", "last-day")
        elif listing.effective_to is not None:
            yield Gap(
                "questions", f"The listing has a last day already: {listing.effective_to:%B %-d, %Y}.", "last-day"
            )
    elif update == "comment" and said.get("comment") == listing.comment:
        yield Gap("questions", "The comment says so already.", "comment")
    elif update == "model-number" and said.get("model-number") == listing.model.model_number:
        yield Gap("questions", "The model number is written so already.", "model-number")
    elif update == "distributor":
        distributor = listing.model.product.distributor
        if distributor is None:
            yield Gap("questions", "The listing names no distributor, so there is none to correct.", "update")
        elif said.get("distributor") == distributor.name:
            yield Gap("questions", "The distributor is named so already.", "distributor")
