"""Pages for what went wrong: say what, and what to do. Programs are told in their own form."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from config.expired_sign_in import typed_here
from pcl.api.failures import failure, is_for_programs, passes, refusal
from pcl.api.problems import RETRY_AFTER

# Megabytes; docs/operations.md names the limits of files, which are others.
_TEXT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1024 / 1024
TOO_MUCH: dict[type[Exception], str] = {
    RequestDataTooBig: f"A form takes at most {_TEXT:g} MB of text.",
    TooManyFieldsSent: f"A form takes at most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields.",
    TooManyFilesSent: f"At most {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files are taken at once.",
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, in a browser that keeps no cookies, or sent from another site."""
    return render(request, "errors/403_csrf.html", {"reason": reason, "typed": typed_here(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Such as a host that is not ours, or more than a form may send."""
    too_much = next((words for kind, words in TOO_MUCH.items() if isinstance(exception, kind)), "")
    if too_much:
        if is_for_programs(request.path_info):
            return refusal(request.path_info, 413, "Too large", too_much)
        if isinstance(exception, TooManyFieldsSent):
            # They may stand in the address, which the page's frame reads.
            request.GET = QueryDict()
        return render(request, "errors/413.html", {"too_much": too_much}, status=413)
    if is_for_programs(request.path_info):
        return refusal(request.path_info, 400, "Bad request", "The request is malformed, or names a host not served.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_programs(request.path_info):
        return refusal(request.path_info, 403, "Forbidden", "This address is not open to you.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_programs(request.path_info):
        return refusal(request.path_info, 404, "Not found", "There is nothing at this address.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django asks while it handles the exception."""
    error = sys.exc_info()[1]
    if is_for_programs(request.path_info):
        return failure(request.path_info, error)
    if passes(error):
        # Without the request: what the page's frame asks of the database may be what fails.
        return HttpResponse(loader.render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return defaults.server_error(request)
