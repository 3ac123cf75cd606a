"""An address that is too long to be read: a page that says so, instead of the web server's few bare words."""

from collections.abc import Callable

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from pcl.api.failures import is_for_programs, refusal
from pcl.text import LONGEST_QUERY

# Bytes: 10,000 characters in a field of a form, so that its page can say so beside the field. The web server itself
# reads more (config/web_server.py): what it refuses gets no page of ours.
LONGEST_ADDRESS = 32 * 1024


def refuse_long_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        length = len(request.path.encode()) + len(request.META.get("QUERY_STRING", ""))
        return get_response(request) if length <= LONGEST_ADDRESS else _refused(request, length)

    return answer


def _refused(request: HttpRequest, length: int) -> HttpResponse:
    said = f"The address has {length:,} characters; at most {LONGEST_ADDRESS:,} are read."
    if is_for_programs(request.path_info):
        return refusal(request.path_info, 414, "Address too long", f"{said} Ask for less at once.")
    if searched := _searched(request):
        said = f"You searched for {searched:,} characters; at most {LONGEST_QUERY} can be looked for."
    # The page's frame carries nothing of it along.
    request.GET = QueryDict()
    return render(request, "errors/414.html", {"said": said}, status=414)


def _searched(request: HttpRequest) -> int:
    """How many characters stand in the search box; 0 where it is not that which is too long."""
    try:
        count = len(request.GET.get("q", ""))
    except TooManyFieldsSent:
        return 0
    return count if count > LONGEST_QUERY else 0
