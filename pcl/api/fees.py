"""CMS's DMEPOS fee schedule, by code, modifiers and state."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hcpcs.fee_values import STATES
from hcpcs.models import Fee
from hcpcs.models.fee_schedule import quarter_label, quarter_of
from hcpcs.queries.codes import as_code
from hcpcs.queries.fees import latest_schedules, schedule_on
from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented
from pcl.api.serializers import FeeSerializer
from pcl.queries.fees import BY_CODE, fee_rows, search_fees
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import CODE_FORM
from pcl.queries.parameters import BadParameter, choice_in, day_in, text_in


@documented(
    FeeSerializer(many=True),
    "Fees by code, modifiers and state",
    "A fee is not coverage. One result is a row of CMS's schedule: a code under up to two modifiers, in one quarter, "
    "with its amounts by state in dollars. null is “no amount” (0.00 in CMS's file). Without `on`: every loaded "
    "quarter, of each its highest revision. With `on`: the quarter of that date of service; 404 where it is not "
    "loaded, since fees of another quarter do not apply.",
)
class Fees(ReadView):
    parameters = ("code", "on", "state", "modifier", "rural", "limit", "cursor")
    meanings: ClassVar[dict[str, dict[str, Any]]] = {
        "on": {
            "description": "A date of service, which its quarter's schedule is for; every loaded quarter without it."
        }
    }

    def get(self, request: Request) -> Response:
        given = request.GET
        code, state, modifier = _code_in(given), _state_in(given), _modifier_in(given)
        rural = choice_in(given, "rural", ["true", "false"], default="false") == "true"
        schedules = latest_schedules()
        if given.get("on", "").strip():
            on = day_in(given, "on", default=timezone.localdate())
            schedule = schedule_on(schedules, on)
            if schedule is None:
                loaded = ", ".join(each.label for each in schedules) or "none"
                raise Http404(f"The schedule of {quarter_label(*quarter_of(on))} is not loaded. Loaded: {loaded}.")
            schedules = [schedule]
        site = site_of(request)

        def rows(fees: QuerySet[Fee]) -> list[Row]:
            return fee_rows(fees, state=state, rural=rural, site=site)

        found = search_fees(schedules, code=code, modifier=modifier, state=state)
        return keyset_answer(request, found, order=BY_CODE, rows_of=rows)


def _code_in(given: QueryDict) -> str:
    text = as_code(text_in(given, "code"))
    try:
        if text:
            CODE_FORM(text)
    except ValidationError as error:
        raise BadParameter("code", error.messages[0]) from error
    return text


def _state_in(given: QueryDict) -> str:
    text = text_in(given, "state").upper()
    if text and text not in STATES:
        raise BadParameter(
            "state", f"state is “{text[:30]}”; give the two letters of a state or territory, such as CA."
        )
    return text


def _modifier_in(given: QueryDict) -> str:
    text = text_in(given, "modifier").upper()
    if text and not (len(text) == 2 and text.isascii() and text.isalnum()):
        raise BadParameter("modifier", f"modifier is “{text[:30]}”; give one modifier of two characters, such as RR.")
    return text
