from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """A reconsideration is of the product that was reviewed; one that was changed is another product."""
    if application.answers.get("product-changed") == "yes":
        yield Gap(
            "questions",
            "The product itself changed, so what was reviewed is not what is sold now: this needs a new application. "
            "Begin one by copying the first, from its page.",
            "product-changed",
        )
