"""Who is told of what happens to an application."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from verification.models import Application, MailPreference
from verification.queries.representation import those_concerned, who_may_act_on

if TYPE_CHECKING:
    from accounts.models import User

YEARLY = "changes_to_notify"
ENDS_SOON = "authorization_ends_soon"
# What a person may do without, in the words of the page of preferences. Every other notice needs somebody's answer or
# ends the application, and reaches at least one person.
OPTIONAL = {
    "received": "An application was received and has its document control number",
    "review_begun": "The review of an application has begun",
    "answers_received": "Answers to a request for information were received",
    "withdrawn": "An application was withdrawn",
    ENDS_SOON: "Some weeks before, that an authorization of a representative or distributor ends",
    YEARLY: "Once a year, the reminder that changes of listed products are to be notified",
}


def who_is_told(application: Application, about: str) -> "list[User]":
    """Of those who may act on it now: whom it concerns, and whoever wants to be told of every application.

    What must reach somebody reaches everybody where none of these is left.
    """
    people = list(who_may_act_on(application))
    concerned = {person.pk for person in those_concerned(application, among=people)}
    preferences = {each.user_id: each for each in MailPreference.objects.filter(user__in=people)}
    told = []
    for person in people:
        wants = preferences.get(person.pk) or MailPreference()
        if (wants.every_application or person.pk in concerned) and about not in wants.unwanted:
            told.append(person)
    return told if told or about in OPTIONAL else people


def without(people: "Iterable[User]", *, about: str) -> "list[User]":
    """Those of `people` who have not said that they do without notices of that kind."""
    known = list(people)
    do_without = set(
        MailPreference.objects.filter(user__in=known, unwanted__contains=[about]).values_list("user", flat=True)
    )
    return [person for person in known if person.pk not in do_without]
