from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import OutgoingMail, Role, User
from accounts.queries.mailbox import newest_mails
from accounts.templatetags.look import url_if_exists


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person lands after signing in: the door at which their work waits."""
    roles = cast("User", request.user).roles  # the permission map lets nobody else in
    if not roles:
        return redirect("apply:home")
    if roles == {Role.ADMINISTRATOR}:
        return redirect(url_if_exists("review:people") or "admin:index")
    if roles == {Role.REGISTRAR}:
        return redirect(url_if_exists("registrar:home") or "review:representations")
    if roles == {Role.AUDITOR}:
        return redirect(url_if_exists("review:log") or "review:queue")
    return redirect("review:queue")


@require_safe
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "").strip()
    return render(request, "accounts/demo_mailbox.html", {"to": to, "mails": newest_mails(to=to)})


@require_safe
def demo_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    return render(request, "accounts/demo_mail.html", {"mail": get_object_or_404(OutgoingMail, pk=mail_id)})
