"""Saved replies: which are offered, and how one reads for an application."""

import re
from datetime import date

from django.db.models import QuerySet

from pcl.dates import day_in_words
from verification.models import Application, Purpose, SavedReply

# What may stand in braces, with what it becomes.
PLACEHOLDERS = {
    "dcn": "the document control number",
    "product": "the product’s name",
    "manufacturer": "the manufacturer’s name",
    "contact": "the name of the applicant’s contact",
    "codes": "the HCPCS codes requested",
    "due_on": "the day on which the answer is due (in requests for information only)",
}
ONLY_IN_REQUESTS = frozenset({"due_on"})
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def offered_replies(purpose: str) -> QuerySet[SavedReply]:
    return SavedReply.objects.filter(purpose=purpose, retired_at=None).order_by("title", "id")


def wrong_placeholders(text: str, purpose: str) -> list[str]:
    """What is wrong with the braces of `text`, as sentences that say what to do."""
    known = [name for name in PLACEHOLDERS if purpose == Purpose.REQUEST or name not in ONLY_IN_REQUESTS]
    may_stand = ", ".join(f"{{{name}}}" for name in known)
    wrong = [
        f"{{{name[:40]}}} is nothing that can be filled in here. What can: {may_stand}."
        for name in dict.fromkeys(IN_BRACES.findall(text))
        if name not in known
    ]
    if re.search(r"[{}]", IN_BRACES.sub("", text)):
        wrong.append("A brace stands alone. Close it, or leave it out: {dcn}, for example, needs both.")
    return wrong


def filled_in(reply: SavedReply, application: Application, *, due_on: date | None = None) -> str:
    """The reply's text for `application`; a day that is not chosen yet stays a gap that the reviewer sees."""
    values = {
        "dcn": application.dcn or "",
        "product": application.product_name,
        "manufacturer": application.manufacturer_name,
        "contact": application.contact_name,
        "codes": ", ".join(row.code.code for row in application.requested_codes.all()),
        "due_on": day_in_words(due_on) if due_on else "[day]",
    }
    # Once: what an applicant typed into a name is no placeholder.
    return IN_BRACES.sub(lambda found: values.get(found[1], found[0]), reply.text)
