"""The loaded releases, and the form that asks for another."""

from contextlib import nullcontext

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from hcpcs.models import ReleaseImport
from hcpcs.queries.release_imports import last_loaded_by, recent_imports
from hcpcs.queries.releases import loaded_releases
from hcpcs.services.release_imports import ask_for_import
from pcl.registrar.forms import LoadForm
from pcl.registrar.imports import TAGS
from pcl.registrar.people import registrar
from pcl.uploads import NotStoredError, storing

SHOWN_IMPORTS = 20


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    loaded_by = last_loaded_by()
    shown = [(release, loaded_by.get(release.pk)) for release in loaded_releases()]
    imports = [(asked, TAGS[asked.state]) for asked in recent_imports(SHOWN_IMPORTS)]
    return render(request, "registrar/releases.html", {"releases": shown, "imports": imports})


@csrf_exempt
def load(request: HttpRequest) -> HttpResponse:
    """The form's token stands in the body, which must not be read before its limit is known: so it is checked below."""
    request.upload_limit = settings.RELEASE_MAX_BYTES  # type: ignore[attr-defined]
    response: HttpResponse = _load(request)
    return response


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _load(request: HttpRequest) -> HttpResponse:
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("registrar:release_import", _asked(request, form).pk)
        except NotStoredError as error:
            form.add_error("upload", str(error))
    if request.method == "POST" and not form.is_bound:
        form = LoadForm(request.POST, request.FILES)
    context = {"form": form, "most_megabytes": settings.RELEASE_MAX_BYTES // 1024 // 1024}
    return render(request, "registrar/load.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest, form: LoadForm) -> ReleaseImport:
    given = form.cleaned_data
    upload, address = given["upload"], given["address"]
    with storing(upload) if upload else nullcontext():
        return ask_for_import(by=registrar(request), upload=upload, address=address, **form.period)
