"""The past of the demonstration register, told day by day through the services that people use."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from pcl.models import Organization
from verification.demo.clock import as_of
from verification.demo.drafting import ask_again, begin, known_code, sign
from verification.demo.told import Company, DemoProduct, companies, events, products
from verification.models import Application, Condition, Outcome, Representation, Visibility
from verification.queries import checklist
from verification.queries.representation import organizations_of
from verification.queries.samples import samples_of
from verification.services import review
from verification.services.begin_after import begin_reconsideration
from verification.services.messages import write_to_applicant, write_to_reviewer
from verification.services.represent import name_organization
from verification.services.samples import receive_sample
from verification.workflow.perform import perform

REVIEWER, APPROVER = "reviewer@demo.example", "approver@demo.example"
# Any number that nothing else on this database locks.
_LOCK = 0x44454D4F
_FIRST_HOUR, _BETWEEN = time(9, 10), timedelta(minutes=7)
_WORKING_MINUTES, _STRIDE = 400, 47


@transaction.atomic
def tell_history() -> int:
    """Tell all stories, once, up to today; how many applications there are of them. Needs the demo people and codes.

    All of it or nothing; and nothing where it was told before. Raises ImproperlyConfigured outside demo mode.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo applications exist in demo mode only.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if is_told():
        return 0
    told = _Telling(today=timezone.localdate())
    told.tell()
    # What is reckoned of past reviews is kept for an hour.
    transaction.on_commit(cache.clear)
    return len(told.applications)


def is_told() -> bool:
    """Whether the people of the stories are there, who come with them."""
    return User.objects.filter(email__in=[each.email for each in list(companies().values())[1:]]).exists()


class _Telling:
    def __init__(self, *, today: date) -> None:
        self.today = today
        self.people = {user.email: user for user in User.objects.filter(email__endswith="@demo.example")}
        self.makers: dict[str, Organization] = {}
        self.applications: dict[str, Application] = {}

    def tell(self) -> None:
        with self._on(max(event.ago for event in events()) + 1, turn=0):
            for company in companies().values():
                self._found(company)
        of_day: dict[int, int] = {}
        for event in events():
            of_day[event.ago] = turn = of_day.get(event.ago, -1) + 1
            with self._on(event.ago, turn=turn):
                getattr(self, f"_{event.do}")(event.story, event.said)

    @contextmanager
    def _on(self, ago: int, *, turn: int) -> Iterator[None]:
        """On the day so many days ago, at some hour of work, after what happened on it before; never later than now."""
        first = datetime.combine(self.today - timedelta(days=ago), _FIRST_HOUR)
        first += timedelta(minutes=ago * _STRIDE % _WORKING_MINUTES)
        moment = timezone.make_aware(first) + turn * _BETWEEN
        with as_of(min(moment, timezone.now())):
            yield

    def _found(self, company: Company) -> None:
        """The company, with the person who applies for it; nobody signs in as one that the stories bring."""
        person = self.people.get(company.email) or User.objects.create_user(company.email, name=company.person)
        self.people[company.email] = person
        if not Representation.objects.filter(user=person).exists():
            name_organization(user=person, name=company.name)
        self.makers[company.key] = organizations_of(person).get()

    # What happens in the stories, by the name that they have for it

    def _begin(self, story: str, said: Mapping[str, Any]) -> None:
        told, company = self._product(said)
        self.applications[story] = begin(
            told,
            company=company,
            maker=self.makers[company.key],
            by=self._applicant(said),
            complete=said.get("documents", True),
        )

    def _reconsider(self, story: str, said: Mapping[str, Any]) -> None:
        by = self._applicant(said)
        draft = begin_reconsideration(application=self._again(said["of"]), by=by)
        self.applications[story] = ask_again(draft, answers=said["answers"], by=by)

    def _submit(self, story: str, said: Mapping[str, Any]) -> None:
        _, company = self._product(said)
        self.applications[story] = sign(self._again(story), company=company, by=self._applicant(said))
        self._step("submit", story, by=self._applicant(said))

    def _receive(self, story: str, said: Mapping[str, Any]) -> None:
        for sample in samples_of(self._again(story)):
            receive_sample(
                sample=sample,
                received_on=timezone.localdate(),
                count=1,
                condition=Condition.GOOD,
                label_is_right=True,
                place=said["place"],
                by=self.people[REVIEWER],
                seen_version=sample.version,
            )

    def _accept(self, story: str, said: Mapping[str, Any]) -> None:
        self._step("accept", story, by=self.people[said.get("by", REVIEWER)])

    def _ask(self, story: str, said: Mapping[str, Any]) -> None:
        due_on = timezone.localdate() + timedelta(days=said["days"])
        self._step("request_information", story, given={"items": said["items"], "due_on": due_on})

    def _answer(self, story: str, said: Mapping[str, Any]) -> None:
        self._step("respond", story, by=self._applicant(said), given={"answers": said["answers"]})

    def _write(self, story: str, said: Mapping[str, Any]) -> None:
        application = self._again(story)
        write_to_applicant(application=application, text=said["text"], by=_reviewer_of(application))

    def _reply(self, story: str, said: Mapping[str, Any]) -> None:
        write_to_reviewer(application=self._again(story), text=said["text"], by=self._applicant(said))

    def _remark(self, story: str, said: Mapping[str, Any]) -> None:
        application = self._again(story)
        by = _reviewer_of(application)
        review.remark(application=application, text=said["text"], visibility=Visibility.INTERNAL, by=by)

    def _recommend(self, story: str, said: Mapping[str, Any]) -> None:
        application = self._again(story)
        by = _reviewer_of(application)
        application = review.save_findings(
            application=application,
            findings={row.name: _found(row, said.get("unmet", ())) for row in checklist.rows(application)},
            by=by,
            seen_version=application.version,
        )
        review.draft_determination(
            application=application,
            outcome=Outcome(said.get("outcome", Outcome.CODES_ASSIGNED)),
            codes=[known_code(name) for name in said.get("codes", products()[said["product"]].codes)],
            rationale=said["rationale"],
            by=by,
            seen_version=application.version,
        )
        self._step("recommend", story)

    def _return(self, story: str, said: Mapping[str, Any]) -> None:
        self._step("return", story, by=self.people[APPROVER], given={"reason": said["reason"]})

    def _determine(self, story: str, said: Mapping[str, Any]) -> None:
        today = timezone.localdate()
        given = {"letter_date": today} | self._begins(story)
        self._step("determine", story, by=self.people[APPROVER], given=given)

    def _approve(self, story: str, said: Mapping[str, Any]) -> None:
        publish_on = timezone.localdate() + timedelta(days=said["publish_in"])
        given = {"publish_on": publish_on} | self._begins(story)
        self._step("approve", story, by=self.people[APPROVER], given=given)

    def _reject(self, story: str, said: Mapping[str, Any]) -> None:
        given = {name: said[name] for name in ("reason_code", "text")}
        self._step("reject", story, by=self.people[REVIEWER], given=given)

    def _expire(self, story: str, said: Mapping[str, Any]) -> None:
        self._perform("expire", story, by=None)

    def _withdraw(self, story: str, said: Mapping[str, Any]) -> None:
        self._step("withdraw", story, by=self._applicant(said))

    # Who and what

    def _product(self, said: Mapping[str, Any]) -> tuple[DemoProduct, Company]:
        told = products()[said["product"]]
        return told, companies()[told.company]

    def _applicant(self, said: Mapping[str, Any]) -> User:
        return self.people[said.get("through") or self._product(said)[1].email]

    def _begins(self, story: str) -> dict[str, date]:
        is_listed = self._again(story).determination.outcome == Outcome.CODES_ASSIGNED
        return {"begins": timezone.localdate()} if is_listed else {}

    def _again(self, story: str) -> Application:
        return Application.objects.select_related("organization", "reviewer").get(pk=self.applications[story].pk)

    def _step(self, name: str, story: str, *, by: User | None = None, given: Mapping[str, Any] | None = None) -> None:
        """By the reviewer of the application, unless somebody is named."""
        self._perform(name, story, by=by or _reviewer_of(self._again(story)), given=given)

    def _perform(self, name: str, story: str, *, by: User | None, given: Mapping[str, Any] | None = None) -> None:
        application = self._again(story)
        perform(name, application=application, by=by, seen_version=application.version, given=given)


def _reviewer_of(application: Application) -> User:
    assert application.reviewer is not None, f"nobody reviews {application}"  # noqa: S101
    return application.reviewer


def _found(row: checklist.Row, unmet: tuple[str, ...]) -> review.FoundThis:
    """As the applicant shows it; of what is shown nowhere, the reviewer's own words."""
    if row.key in unmet:
        return review.FoundThis("no", "The product does not have it.")
    claimed = row.claimed
    if claimed is None or claimed.document_id is None:
        return review.FoundThis("yes", "Seen in the documents and on the product.")
    return review.FoundThis("yes", "", ((claimed.document_id, claimed.page),))
