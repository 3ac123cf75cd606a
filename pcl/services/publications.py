"""Post and revise publications. What one said before stays readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.template.defaultfilters import date as in_words
from django.utils import timezone
from django.utils.text import slugify

from hcpcs.models import Code
from pcl.dates import refuse_implausible_day
from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Publication, PublicationVersion

if TYPE_CHECKING:
    from accounts.models import User

# The address of a publication, which is made of its title; the model has room for a number behind it.
LONGEST_SLUG = 140
# Other pages stand at these addresses below the publications.
TAKEN_SLUGS = frozenset({"criteria"})


@dataclass(frozen=True, kw_only=True)
class PublicationSaid:
    """What a publication says. `body` is Markdown; `posted` is the day of first publication."""

    title: str
    publishers: Sequence[str]
    posted: date
    status: str
    body: str
    citations: Sequence[str] = ()
    codes: Sequence[Code] = ()


@transaction.atomic
def post_publication(*, said: PublicationSaid, slug: str = "", description: str, by: "User | None") -> Publication:
    """Publish a new document; `description` is the first row of its history, on the day it was posted.

    Its address is `slug`, or is made of the title. Raises RegisterError for an address that is taken, and for a
    day of posting that is still to come or far away.
    """
    _refuse_bad_day(said.posted, "The day of posting")
    if slug in TAKEN_SLUGS or (slug and Publication.objects.filter(slug=slug).exists()):
        raise RegisterError(f"Another publication has the address “{slug}” already. Choose another.")
    publication = Publication(slug=slug or _free_slug(said), last_updated=said.posted)
    _write(publication, said)
    publication.history.create(changed_on=said.posted, description=description, version=1, by=by)
    return publication


@transaction.atomic
def revise_publication(
    *,
    publication: Publication,
    seen_version: int,
    said: PublicationSaid,
    changed_on: date,
    description: str,
    by: "User | None",
) -> Publication:
    """Replace the text of `publication`; what it said before is kept under its number, and `description` is public.

    Raises ChangedMeanwhileError when it is no longer the version that was seen; RegisterError where nothing would
    change, where the day of the change is to come or lies before the last one, and where the history says the same
    for that day already.
    """
    now = Publication.objects.select_for_update().get(pk=publication.pk)
    if now.version != seen_version:
        raise ChangedMeanwhileError(
            "Somebody else has revised this publication since you opened it. Nothing of yours was saved, and your text "
            "is still below. Take over from theirs what must stay, then publish again."
        )
    _refuse_bad_day(changed_on, "The date of change")
    _refuse_bad_day(said.posted, "The day of posting")
    if changed_on < max(now.last_updated, said.posted):
        raise RegisterError(
            f"The date of change, {_day(changed_on)}, lies before {_day(max(now.last_updated, said.posted))}, when "
            "the publication was posted or last changed. Give a later day."
        )
    if now.history.filter(changed_on=changed_on, description=description).exists():
        raise RegisterError(
            f"The history has “{description}” on {_day(changed_on)} already. Say what was changed this time."
        )
    before = _version_of(now)
    if _is_same(before, now, said):
        raise RegisterError("Nothing is different from what is published, so there is nothing to publish.")
    before.save(force_insert=True)
    now.version += 1
    now.last_updated = changed_on
    _write(now, said)
    now.history.create(changed_on=changed_on, description=description, version=now.version, by=by)
    return now


def _write(publication: Publication, said: PublicationSaid) -> None:
    publication.title, publication.body = said.title, said.body
    publication.publishers, publication.citations = list(said.publishers), list(said.citations)
    publication.posted, publication.status = said.posted, said.status
    publication.save()
    publication.codes.set(said.codes)


def _version_of(publication: Publication) -> PublicationVersion:
    """What it says now, to be kept."""
    return PublicationVersion(
        publication=publication,
        number=publication.version,
        title=publication.title,
        publishers=publication.publishers,
        last_updated=publication.last_updated,
        status=publication.status,
        body=publication.body,
        citations=publication.citations,
        codes=sorted(publication.codes.values_list("code", flat=True)),
    )


def _is_same(before: PublicationVersion, now: Publication, said: PublicationSaid) -> bool:
    return (
        (before.title, before.body, before.status, now.posted) == (said.title, said.body, said.status, said.posted)
        and (list(before.publishers), list(before.citations)) == (list(said.publishers), list(said.citations))
        and set(now.codes.values_list("pk", flat=True)) == {code.pk for code in said.codes}
    )


def _free_slug(said: PublicationSaid) -> str:
    # A title in another alphabet, or of signs alone, has no letters for an address.
    wanted = slugify(said.title)[:LONGEST_SLUG].strip("-") or f"publication-of-{said.posted.isoformat()}"
    taken = {*TAKEN_SLUGS, *Publication.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    number = 1
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _refuse_bad_day(day: date, what: str) -> None:
    refuse_implausible_day(day)
    if day > timezone.localdate():
        raise RegisterError(f"{what}, {_day(day)}, is still to come. Publishing takes place now.")


def _day(day: date) -> str:
    return in_words(day, "F j, Y")
