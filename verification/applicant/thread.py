"""The thread with the reviewer and the samples, as the applicant reads them: no name of the contractor's, no place."""

from dataclasses import dataclass
from datetime import date, datetime

from verification.models import Application, Sample
from verification.queries.samples import samples_of
from verification.queries.thread import messages_of

THE_REVIEWER = "The reviewer"


@dataclass(frozen=True)
class Message:
    id: int
    who: str
    at: datetime
    text: str
    is_ours: bool
    """Whether it was written at the applicant's side."""
    is_new: bool


def thread(application: Application, *, read_up_to: int) -> list[Message]:
    """Oldest first; new is what the other side wrote after the last message that the person has seen."""
    return [
        Message(
            id=message.pk,
            who=str(message.by) if message.from_applicant else THE_REVIEWER,
            at=message.at,
            text=message.text,
            is_ours=message.from_applicant,
            is_new=not message.from_applicant and message.pk > read_up_to,
        )
        for message in messages_of(application)
    ]


@dataclass(frozen=True)
class ShownSample:
    what: str
    state: str
    received_on: date | None
    kept_until: date | None
    gone_on: date | None
    gone: str
    sent_for: str
    """The document control number of the earlier application, where its sample is used again."""
    used_for: str
    """The same of the later one."""


def shown_samples(application: Application) -> list[ShownSample]:
    return [_shown(sample, application) for sample in samples_of(application)]


def _shown(sample: Sample, application: Application) -> ShownSample:
    is_later = sample.used_again_for_id == application.pk
    return ShownSample(
        what=sample.what,
        state=sample.state,
        received_on=sample.received_on,
        kept_until=sample.keep_until if not sample.gone_on else None,
        gone_on=sample.gone_on,
        gone=sample.get_gone_display() if sample.gone else "",
        sent_for=(sample.application.dcn or "") if is_later else "",
        used_for=(sample.used_again_for.dcn or "") if sample.used_again_for and not is_later else "",
    )
