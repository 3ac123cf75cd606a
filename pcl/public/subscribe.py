"""Follow a code, an organization or a product by mail; see, change and end what one follows."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pcl.models import Frequency, Subscription
from pcl.public.forms import NOT_AN_ADDRESS
from pcl.public.visitor import network_address
from pcl.queries.followed import Followed, followed_in, followed_of
from pcl.queries.parameters import BadParameter
from pcl.rate_limit import may_again
from pcl.services.subscriptions import (
    ask_to_follow,
    change_frequency,
    confirm_subscription,
    end_subscription,
    is_over,
)
from pcl.subscription_links import subscription_in, token_of

ASKED_PER_VISITOR = 20
"""Sign-ups from one network address in an hour."""
MAILS_PER_ADDRESS = 5
"""Mails that sign-ups cause to one mail address in an hour."""


class FollowForm(forms.Form):
    code = forms.CharField(label="HCPCS code", required=False, max_length=30, help_text="Such as K1007.")
    organization = forms.CharField(
        label="Or a manufacturer or distributor", required=False, max_length=300, help_text="Its whole name."
    )
    product = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Used for these mails only, and never shown.",
        error_messages={
            "required": "Write the e-mail address that is to be told, such as billing@supplier.example.",
            "invalid": NOT_AN_ADDRESS,
        },
    )
    frequency = forms.ChoiceField(
        label="When do you want to be told?",
        choices=[
            (Frequency.AT_ONCE, "At once; while one change follows another, they are collected"),
            (Frequency.DAILY, "Once a day, at 7 a.m. Eastern, when there is something"),
        ],
        widget=forms.RadioSelect,
        initial=Frequency.AT_ONCE,
        error_messages={
            "required": "Choose when you want to be told.",
            "invalid_choice": "Choose when you want to be told.",
        },
    )

    def __init__(self, data: QueryDict | None = None, *, asked: QueryDict) -> None:
        super().__init__(data, initial={name: asked.get(name, "") for name in ("code", "organization", "product")})
        self.followed: Followed | None = None
        self.fault: BadParameter | None = None
        try:
            self.followed = followed_in(asked)
        except BadParameter as fault:
            self.fault = fault
        if self.followed:
            for name in ("code", "organization"):
                self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        if self.fault:
            # A number behind the form is not to be seen, nor to be corrected.
            self.add_error(None if self.fault.parameter == "product" else self.fault.parameter, str(self.fault))
        elif self.followed is None:
            self.add_error("code", "Say what you want to follow: a code, or an organization below.")
        return self.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        form = FollowForm(asked=request.GET)
        context = {"form": form, "fault": form.fault, "was_asked": "asked" in request.GET}
        return render(request, "public/subscribe.html", context, status=400 if form.fault else 200)
    form = FollowForm(request.POST, asked=request.POST)
    if not form.is_valid():
        return render(request, "public/subscribe.html", {"form": form}, status=400)
    if not may_again("subscribe-from", network_address(request), most=ASKED_PER_VISITOR):
        form.add_error(None, "Too many requests came from where you are. Try again in an hour; nothing was sent.")
        return render(request, "public/subscribe.html", {"form": form}, status=429)
    email = form.cleaned_data["email"].lower()
    # Whether a mail went says nothing here: the answer is the same for an address that follows it, or had too many.
    if may_again("subscribe-mail", email, most=MAILS_PER_ADDRESS):
        ask_to_follow(
            email=email,
            followed=cast("Followed", form.followed),
            frequency=Frequency(form.cleaned_data["frequency"]),
        )
    return redirect(reverse("public:subscribe", query={"asked": "1"}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Only the button confirms: programs that look at the links of a mail only get the page."""
    subscription = _subscription(token)
    if subscription is None or is_over(subscription):
        return _no_such_link(request)
    if request.method == "POST":
        if confirm_subscription(subscription_id=subscription.pk) is None:
            return _no_such_link(request)
        return _unseen(redirect(f"{reverse('public:subscription', args=[token])}?confirmed=1"))
    followed = followed_of([subscription.about])[subscription.about]
    context = {"subscription": subscription, "followed": followed}
    return _unseen(render(request, "public/subscription_confirm.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that the owner of the address follows."""
    own = _subscription(token)
    if own is None or own.confirmed_at is None:
        return _no_such_link(request)
    if request.method == "POST":
        return _unseen(_changed(request, own))
    return _own_page(request, own)


def _own_page(request: HttpRequest, own: Subscription, *, error: str = "", status: int = 200) -> HttpResponse:
    its = list(Subscription.objects.filter(email=own.email, confirmed_at__isnull=False))
    followed = followed_of(each.about for each in its)
    context = {
        "rows": [{"subscription": each, "followed": followed[each.about], "stop": token_of(each.pk)} for each in its],
        "frequencies": Frequency.choices,
        "was_confirmed": "confirmed" in request.GET,
        "was_saved": "saved" in request.GET,
        "error": error,
        "address": _masked(own.email),
    }
    return _unseen(render(request, "public/subscription.html", context, status=status))


def _changed(request: HttpRequest, own: Subscription) -> HttpResponse:
    chosen = subscription_in(request.POST.get("subscription", ""))
    its = Subscription.objects.filter(email=own.email, confirmed_at__isnull=False, pk__in=[chosen] if chosen else [])
    found = its.first()
    frequency = request.POST.get("frequency", "")
    if found is None or frequency not in Frequency.values:
        said = (
            "That could not be saved: you no longer follow it, or no frequency was chosen. This is what you follow now."
        )
        return _own_page(request, own, error=said, status=400)
    change_frequency(subscription=found, frequency=Frequency(frequency))
    return redirect(f"{request.path}?saved=1")


@never_cache
@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed link is what entitles to it
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    subscription_id = subscription_in(token)
    if subscription_id is None:
        return _no_such_link(request)
    found = Subscription.objects.filter(pk=subscription_id).first()
    followed = followed_of([found.about])[found.about] if found else None
    if request.method == "POST":
        end_subscription(subscription_id=subscription_id)
    context = {"followed": followed, "is_over": found is None or request.method == "POST"}
    return _unseen(render(request, "public/unsubscribe.html", context))


def _subscription(token: str) -> Subscription | None:
    subscription_id = subscription_in(token)
    return Subscription.objects.filter(pk=subscription_id).first() if subscription_id else None


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return _unseen(render(request, "public/no_such_subscription.html", status=404))


def _unseen(response: HttpResponse) -> HttpResponse:
    """A page whose address is a key is not indexed. (The site's Referrer-Policy keeps it from the next site.)"""
    response["X-Robots-Tag"] = "noindex"
    return response


def _masked(email: str) -> str:
    """Enough for its owner to know it, and too little for whom a mail was passed on to."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
