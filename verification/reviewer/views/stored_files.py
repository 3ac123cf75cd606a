"""How the virus scanner and the store of files are: for those who look after the register."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Role
from verification.models import Document, MissingFile, ScanState
from verification.queries.deliveries import deliveries
from verification.queries.file_store import file_store, try_file_store
from verification.queries.scanner_health import scanner_health
from verification.reviewer.people import person
from verification.services.missing_files import look_again
from verification.services.scan import ask_again
from verification.services.send_again import send_again

SHOWN = 50


def stored_files(request: HttpRequest) -> HttpResponse:
    """Three buttons: `scan` has scanned again what waits, `try` tries the store, `send` what was given up."""
    if request.method == "POST":
        if "scan" in request.POST:
            asked = ask_again()
            messages.success(request, f"{asked} more document{'' if asked == 1 else 's'} to be scanned.")
        elif "send" in request.POST:
            count = send_again()
            messages.success(request, f"{count} {'is' if count == 1 else 'are'} tried again. Each is sent once.")
        elif "try" in request.POST:
            wrong = try_file_store()
            if wrong:
                messages.error(request, wrong)
            else:
                look_again()
                messages.success(request, "A file was written, read back and deleted. Nobody else could read it.")
        return redirect("review:stored_files")
    user = person(request)
    troubled = Document.objects.filter(removed_at=None).exclude(scan_state=ScanState.CLEAN)
    context = {
        "scanner": scanner_health(),
        "store": file_store(),
        "deliveries": deliveries(),
        # Not which application it is: drafts are their applicants' own.
        "problems": troubled.exclude(scan_problem="").order_by("id")[:SHOWN],
        "infected": troubled.filter(scan_state=ScanState.INFECTED, application__submitted_at__isnull=False)
        .select_related("application")
        .order_by("-id")[:SHOWN],
        "missing": MissingFile.objects.all()[:SHOWN],
        "missing_count": MissingFile.objects.count(),
        "shown": SHOWN,
        "may_change": user.has_role(Role.REGISTRAR, Role.ADMINISTRATOR) and not user.has_role(Role.AUDITOR),
        "is_registrars": not user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "reviewer/stored_files.html", context)
