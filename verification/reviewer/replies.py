"""Beginning a text with a saved reply: chosen in the form, put into its field, and the form shown again."""

from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date

from verification.models import Application, SavedReply
from verification.queries.saved_replies import filled_in, offered_replies

# The field that a reply is put into, by what is written.
FIELD = {"message": "text", "reject": "text", "request_information": "items"}
USE = "use_reply"


def replies_for(purpose: str) -> list[SavedReply]:
    """Those offered; none for a step that takes none."""
    return list(offered_replies(purpose)) if purpose in FIELD else []


def asks_for_reply(request: HttpRequest) -> bool:
    return request.method == "POST" and USE in request.POST


def with_reply(typed: QueryDict, purpose: str, application: Application) -> dict[str, Any]:
    """What was typed, with the chosen reply below it; unchanged where none is chosen or the chosen one is gone."""
    said: dict[str, Any] = typed.dict()
    chosen = typed.get("reply", "")
    reply = offered_replies(purpose).filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 10 else None
    if reply is not None:
        name = FIELD[purpose]
        text = filled_in(reply, application, due_on=_day(typed.get("due_on", "")))
        before = said.get(name, "").strip()
        said[name] = f"{before}\n\n{text}" if before else text
    return said


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None
