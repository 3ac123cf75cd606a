from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application
from verification.queries.evidence import misfits, sized_models


def check(application: Application) -> Iterator[Gap]:
    """Where one application takes several sizes, each has its measure and the codes that are requested for it."""
    sizes = application.group.sizes
    if sizes is None:
        return
    requested = {row.code_id for row in application.requested_codes.all()}
    asked_for: set[int] = set()
    models = sized_models(application)
    if not models:
        # Section B misses them already.
        return
    for model in models:
        codes = {code.pk for code in model.codes.all()} & requested
        asked_for |= codes
        if not model.size:
            yield Gap("sizes", f"{model.model_number}: give the size.", f"size-{model.pk}")
        if model.measure is None and sizes.bounds:
            yield Gap("sizes", f"{model.model_number}: give the {sizes.what} in {sizes.unit}.", f"measure-{model.pk}")
        if not codes:
            yield Gap("sizes", f"{model.model_number}: choose the code requested for this size.", f"codes-{model.pk}")
    for model, message in misfits(application):
        yield Gap("sizes", f"{model.model_number}: {message}", f"codes-{model.pk}")
    for row in application.requested_codes.select_related("code"):
        if row.code_id not in asked_for:
            yield Gap("sizes", f"{row.code.code} is requested in section B, but for no size.", f"codes-{models[0].pk}")
