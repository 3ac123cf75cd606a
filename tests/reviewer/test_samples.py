"""Samples: expected, received, moved, kept as long as was said, used again, discarded; each act written down."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests.applicant.pages import signed_in, words
from tests.factories.verification import again, complete_draft, in_review, sign, submitted
from tests.reviewer.page import text_of
from verification.models import Application, ApplicationModel, Condition, Gone, Sample, SampleEvent
from verification.queries.model_sizes import ModelsOfASize, models_by_size
from verification.queries.samples import things_to_send
from verification.services import drafts, samples
from verification.workflow.errors import NotAllowed, NotFromHere
from verification.workflow.perform import perform


def expected(application: Application, by: User, what: str = "One joint") -> Sample:
    return samples.ask_for_sample(application=application, what=what, by=by)


def received(application: Application, by: User, *, place: str = "Shelf 4", what: str = "One joint") -> Sample:
    sample = expected(application, by, what)
    return samples.receive_sample(
        sample=sample,
        received_on=timezone.localdate(),
        count=2,
        condition=Condition.GOOD,
        label_is_right=True,
        place=place,
        by=by,
        seen_version=sample.version,
    )


def rejected_with_sample(robin: User) -> tuple[Application, Sample]:
    application = in_review(reviewed_by=robin)
    sample = received(application, robin)
    given = {"reason_code": "incomplete", "text": "The brochure is missing."}
    perform("reject", application=application, by=robin, seen_version=application.version, given=given)
    sample.refresh_from_db()
    return again(application), sample


def citing(earlier: Application, by: User | None = None) -> Application:
    draft = complete_draft(by or earlier.created_by, signed=False)
    said = {"reason": "rejected-before", "previous_dcn": earlier.dcn}
    draft = drafts.save_section(application=draft, section="reason", values=said, seen_version=draft.version)
    signed = sign(draft)
    perform("submit", application=signed, by=signed.created_by, seen_version=signed.version)
    return again(signed)


def form(sample: Sample, act: str, **said: Any) -> dict[str, Any]:
    prefixed = {f"sample-{sample.pk}-{name}": value for name, value in said.items()}
    return {"act": act, f"sample-{sample.pk}-seen_version": sample.version, **prefixed}


def test_one_is_received_and_moved(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    as_robin.post(f"/review/{application.pk}/samples/expect/", {"what": "One joint"})
    sample = Sample.objects.get()
    address = f"/review/{application.pk}/samples/{sample.pk}/"
    said = {
        "received_on": timezone.localdate(),
        "count": 2,
        "condition": "opened",
        "label_is_right": "no",
        "place": "A1",
    }
    assert as_robin.post(address, form(sample, "receive", **said)).status_code == 302
    sample.refresh_from_db()
    assert (sample.count, sample.condition, sample.label_is_right, sample.place) == (2, "opened", False, "A1")
    assert as_robin.post(address, form(sample, "move", place="B2")).status_code == 302
    assert list(SampleEvent.objects.values_list("what", "detail", "by")) == [
        ("Expected", "Asked for in the review.", robin.pk),
        (
            f"Received on {timezone.localdate():%B} {timezone.localdate().day}, {timezone.localdate().year}",
            "2 pieces, package opened, label missing or wrong. Place: A1.",
            robin.pk,
        ),
        ("Moved", "From A1 to B2.", robin.pk),
    ]


def test_of_two_who_write_something_down_the_second_is_told(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin)
    sample = received(application, robin)
    address = f"/review/{application.pk}/samples/{sample.pk}/"
    assert as_robin.post(address, form(sample, "move", place="B2")).status_code == 302
    answer = as_robin.post(address, form(sample, "move", place="C3"))
    assert answer.status_code == 409
    assert "Somebody wrote something down about this sample" in text_of(answer)
    assert 'value="C3"' in answer.content.decode()
    sample.refresh_from_db()
    assert sample.place == "B2"


@pytest.mark.parametrize(
    "said",
    [
        {"received_on": "2199-01-01"},
        {"received_on": "2001-01-01"},
        {"received_on": "yesterday"},
        {"count": 0},
        {"condition": "fine"},
        {"label_is_right": ""},
        {"place": "x" * 201},
    ],
)
def test_what_cannot_be_is_refused_and_shown_again(as_robin: Client, robin: User, said: dict[str, Any]) -> None:
    application = in_review(reviewed_by=robin)
    sample = expected(application, robin)
    right = {
        "received_on": timezone.localdate(),
        "count": 1,
        "condition": "good",
        "label_is_right": "yes",
        "place": "Q7",
    }
    answer = as_robin.post(f"/review/{application.pk}/samples/{sample.pk}/", form(sample, "receive", **(right | said)))
    assert answer.status_code in {400, 409}
    assert str(next(iter(said.values()))) in answer.content.decode()
    sample.refresh_from_db()
    assert sample.received_on is None


def test_it_is_kept_until_the_day_that_was_said(robin: User) -> None:
    application, sample = rejected_with_sample(robin)
    last_day = timezone.localdate() + timedelta(days=30)
    assert sample.keep_until == last_day
    page = words(signed_in(application.created_by).get(application.get_absolute_url()))
    assert f"Kept until {last_day:%B} {last_day.day}, {last_day.year}" in page
    assert "Shelf" not in page

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        with pytest.raises(NotAllowed, match="that day included"):
            samples.end_sample(sample=sample, gone=Gone.DISCARDED, by=robin, seen_version=sample.version)
        # Signed in anew: a session of last month has expired.
        text = text_of(signed_in(robin).get(f"/review/{application.pk}/samples/"))
        assert "It cannot be discarded before" in text
        assert "It was discarded" not in text
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        client = signed_in(robin)
        assert "It was discarded" in text_of(client.get(f"/review/{application.pk}/samples/"))
        address = f"/review/{application.pk}/samples/{sample.pk}/"
        assert client.post(address, form(sample, "discard")).status_code == 302
    sample.refresh_from_db()
    assert (sample.gone, sample.gone_on) == ("discarded", last_day + timedelta(days=1))


def test_the_database_lets_nobody_discard_early(robin: User) -> None:
    _, sample = rejected_with_sample(robin)
    with pytest.raises(IntegrityError, match="sample_is_never_discarded_early"), transaction.atomic():
        Sample.objects.filter(pk=sample.pk).update(gone="discarded", gone_on=sample.keep_until)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        SampleEvent.objects.all().delete()


def test_while_the_application_is_open_its_sample_is_kept(robin: User) -> None:
    sample = received(in_review(reviewed_by=robin), robin)
    with pytest.raises(NotAllowed, match="still open"):
        samples.end_sample(sample=sample, gone=Gone.DISCARDED, by=robin, seen_version=sample.version)


def test_what_did_not_come_is_not_waited_for(robin: User) -> None:
    application = in_review(reviewed_by=robin)
    sample = expected(application, robin)
    perform("withdraw", application=application, by=application.created_by, seen_version=application.version)
    sample.refresh_from_db()
    assert (sample.gone, sample.gone_on) == ("not_needed", timezone.localdate())
    with pytest.raises(NotFromHere):
        expected(again(application), robin)


def test_it_is_used_again_for_an_application_that_cites_the_earlier_one(as_robin: Client, robin: User) -> None:
    earlier, sample = rejected_with_sample(robin)
    later = citing(earlier)
    sample.refresh_from_db()
    assert (sample.used_again_for, sample.keep_until) == (later, None)
    page = words(signed_in(later.created_by).get(later.get_absolute_url()))
    assert f"It was sent for {earlier.dcn} and is used again." in page
    assert "Used again here" not in text_of(as_robin.get(f"/review/{earlier.pk}/samples/"))
    assert f"Used again for {later.dcn}" in text_of(as_robin.get(f"/review/{earlier.pk}/samples/"))
    # It goes with the later one from now on.
    perform("withdraw", application=later, by=later.created_by, seen_version=later.version)
    sample.refresh_from_db()
    assert sample.keep_until == timezone.localdate() + timedelta(days=30)


def test_after_its_last_day_it_is_not_counted_on(robin: User) -> None:
    earlier, sample = rejected_with_sample(robin)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        citing(earlier)
    sample.refresh_from_db()
    assert sample.used_again_for is None


def test_somebody_elses_sample_is_not_used(robin: User) -> None:
    earlier, sample = rejected_with_sample(robin)
    stranger = submitted().created_by
    citing(earlier, by=stranger)
    sample.refresh_from_db()
    assert sample.used_again_for is None


def test_the_list_says_what_to_expect_what_is_here_and_what_may_go(as_robin: Client, robin: User) -> None:
    application, gone_soon = rejected_with_sample(robin)
    open_one = in_review(reviewed_by=robin, product_name="Stride Two")
    here = received(open_one, robin, place="Cellar 2", what="Two pads")
    waited = expected(open_one, robin, "Three straps")

    def shown(**asked: str) -> list[Sample]:
        return [row["sample"] for row in as_robin.get("/review/samples/", asked).context["rows"]]

    assert shown() == [waited]
    assert shown(which="here") == [gone_soon, here]
    assert shown(which="discard") == []
    assert shown(which="all") == [gone_soon, here, waited]
    assert shown(which="all", q=application.dcn.lower()) == [gone_soon]
    assert shown(which="all", q="stride t") == [here, waited]
    assert shown(which="all", place="cellar") == [here]
    with time_machine.travel(timezone.now() + timedelta(days=24)):
        rows = signed_in(robin).get("/review/samples/", {"which": "discard"}).context["rows"]
        assert [row["sample"] for row in rows] == [gone_soon]
    assert as_robin.get("/review/samples/", {"which": "lost"}).status_code == 400
    assert as_robin.get("/review/samples/", {"cursor": "x"}).status_code == 400


def test_the_file_holds_all_of_them_and_no_formula(as_robin: Client, robin: User) -> None:
    application = in_review(reviewed_by=robin, product_name="=1+1")
    received(application, robin, place="+Shelf")
    answer = as_robin.get("/review/samples/", {"which": "here", "format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].startswith("dcn,sent_for,product,organization,what,received_on")
    about = f"{application.dcn},{application.dcn},'=1+1,{application.organization.name}"
    assert lines[1:] == [f'{about},One joint,{timezone.localdate()},2,good,t,\'+Shelf,,"",']


def test_the_list_asks_as_much_for_three_as_for_one(as_robin: Client, robin: User) -> None:
    counted = []
    for _ in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            as_robin.get("/review/samples/", {"which": "all"})
        counted.append(len(queries))
        for _ in range(3):
            received(in_review(reviewed_by=robin), robin)
    received(in_review(reviewed_by=robin), robin)
    with CaptureQueriesContext(connection) as queries:
        as_robin.get("/review/samples/", {"which": "all"})
    assert len(queries) == counted[1]


NO_CODE: frozenset[str] = frozenset()


def test_what_a_product_group_wants_to_be_sent() -> None:
    def rule(what: str, per: str, kind: str = "required") -> SimpleNamespace:
        return SimpleNamespace(rule=kind, what=what, per=per)

    rules = [
        rule("a pair", "application"),
        rule("a pad", "size_and_code"),
        rule("a photo", "application", "on_request"),
    ]
    wanted = things_to_send(
        [("A6010", rules), ("A6011", [rule("a pair", "application"), rule("a strip", "code")])],
        [ModelsOfASize("", [("S", NO_CODE)]), ModelsOfASize("", [("L", NO_CODE)])],
    )
    assert wanted == ["A pair", "A pad, S, for A6010", "A pad, L, for A6010", "A strip, for A6011"]


def test_a_size_is_sent_for_the_codes_that_are_requested_for_it() -> None:
    rules = [SimpleNamespace(rule="required", what="a dressing", per="size_and_code")]
    by_code = [("A6021", rules), ("A6022", rules)]
    of = {"S": {"A6021"}, "L": {"A6022"}, "M": {"A6021", "A6022"}}
    wanted = things_to_send(by_code, [ModelsOfASize("", [(name, frozenset(codes))]) for name, codes in of.items()])
    assert wanted == [
        "A dressing, S, for A6021",
        "A dressing, M, for A6021",
        "A dressing, L, for A6022",
        "A dressing, M, for A6022",
    ]


def sizes(*said: tuple[str, set[str]]) -> ModelsOfASize:
    return ModelsOfASize("4 × 4 in", [(number, frozenset(codes)) for number, codes in said])


def test_one_sample_of_a_size_serves_all_its_models() -> None:
    def rules(per: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(rule="required", what="a dressing", per=per)]

    both = sizes(("R-44", {"A6021"}), ("R-44-20", {"A6021", "A6022"}))
    per_size = things_to_send([("A6021", rules("size")), ("A6022", rules("size"))], [both])
    assert per_size == ["A dressing, 4 × 4 in (one of R-44, R-44-20)"]
    per_both = things_to_send([(code, rules("size_and_code")) for code in ("A6021", "A6022")], [both])
    assert per_both == [
        "A dressing, 4 × 4 in (one of R-44, R-44-20), for A6021",
        "A dressing, R-44-20 (4 × 4 in), for A6022",
    ]
    many = sizes(*((f"R-{number}", {"A6021"}) for number in range(300)))
    (thing,) = things_to_send([("A6021", rules("size_and_code"))], [many])
    assert thing == "A dressing, 4 × 4 in (one of R-0, R-1, R-2 and 297 more), for A6021"


@pytest.mark.django_db
def test_a_size_is_the_same_however_its_label_is_written_unless_the_measure_differs() -> None:
    def model(number: str, size: str, measure: str | None) -> ApplicationModel:
        return ApplicationModel(
            application=application,
            model_number=number,
            normalized=number,
            size=size,
            measure=Decimal(measure) if measure else None,
        )

    application = submitted(model_numbers=["Z-1"])
    application.models.all().delete()
    ApplicationModel.objects.bulk_create(
        [
            model("A", "4 × 4 in", "16"),
            model("B", "4x4 IN", "16.0000"),
            model("C", "4 x 4 in", "9"),
            model("D", "", None),
            model("E", "", None),
        ]
    )
    found = models_by_size(application.models.order_by("pk").prefetch_related("codes"))
    assert [[number for number, _ in each.models] for each in found] == [["A", "B"], ["C"], ["D"], ["E"]]
