"""Mails to people who follow changes: short, linked, with nothing in them but what the public list says."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from pcl.models import Frequency, ListingChange, Subscription
from pcl.queries.change_words import in_words
from pcl.queries.followed import Followed
from pcl.subscription_links import confirm_link, own_link, unsubscribe_link

LONGEST_SUBJECT = 150


def send_confirm_link(subscription: Subscription, followed: Followed) -> None:
    context = {"link": confirm_link(subscription.pk), "subscription": subscription}
    _send(subscription, f"Confirm that you follow {followed.words}", "confirm", followed=followed, context=context)


def send_already_followed(subscription: Subscription, followed: Followed) -> None:
    _send(subscription, f"You already follow {followed.words}", "already", followed=followed, context={})


def send_changes(subscription: Subscription, followed: Followed, *, changes: list[ListingChange], count: int) -> None:
    """Tell of `count` changes, of which `changes` are named; the rest stands behind a link."""
    told = [in_words(change) for change in changes]
    subject = f"{told[0].title}: {told[0].what}" if count == 1 else f"{followed.title}: {count:,} changes"
    collects = subscription.frequency == Frequency.AT_ONCE and settings.SUBSCRIPTION_MINUTES_APART
    context = {
        "changes": told,
        "count": count,
        "more": count - len(told),
        "subscription": subscription,
        "minutes_apart": collects,
    }
    # RFC 8058: the mail program ends it with one POST, without opening a page.
    headers = {
        "List-Unsubscribe": f"<{unsubscribe_link(subscription.pk)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    _send(subscription, subject, "changes", followed=followed, context=context, headers=headers)


def _send(
    subscription: Subscription,
    subject: str,
    template: str,
    *,
    followed: Followed,
    context: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> None:
    context = {
        "followed": followed,
        "own_link": own_link(subscription.pk),
        "unsubscribe_link": unsubscribe_link(subscription.pk),
        "site": settings.SITE_URL,
        **context,
    }
    one_line = " ".join(subject.split())
    shortened = one_line if len(one_line) <= LONGEST_SUBJECT else f"{one_line[: LONGEST_SUBJECT - 1]}…"
    mail = EmailMultiAlternatives(
        shortened,
        render_to_string(f"public/mail/{template}.txt", context).strip() + "\n",
        to=[subscription.email],
        headers=headers or {"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"public/mail/{template}.html", context), "text/html")
    # Into the outbox, in the caller's transaction.
    mail.send()
