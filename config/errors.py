"""Pages for what went wrong: say what, and what to do. Programs are told in their own form."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from config.expired_sign_in import typed_here
from pcl.api.failures import failure, is_for_programs, refusal


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, in a browser that keeps no cookies, or sent from another site."""
    return render(request, "errors/403_csrf.html", {"reason": reason, "typed": typed_here(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Such as a host that is not ours."""
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
    if is_for_programs(request.path_info):
        return failure(request.path_info, sys.exc_info()[1])
    return defaults.server_error(request)
