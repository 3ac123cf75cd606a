"""What a designated representative's people may do, on which days, and what they see when it ends."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import OutgoingMail, User
from pcl.services.organizations import merge_organizations
from tests.applicant.pages import address, signed_in, statuses, subjects_to, words
from tests.factories.companies import authorized, colleague_of, in_days, representative_of, today
from tests.factories.verification import (
    GROUP,
    again,
    complete_draft,
    determined,
    draft,
    in_review,
    information_requested,
    manufacturer,
    organization_of,
    reviewer,
    submitted,
)
from tests.reviewer.page import text_of
from verification.models import AccessLog, Application, Authorization, Capacity
from verification.queries.representation import (
    may_act_on,
    may_ask_for_reconsideration,
    who_may_act_on,
    whom_to_tell,
)
from verification.services.authorization_clock import remind_of_authorizations, tell_of_expired_authorizations
from verification.services.authorize import (
    end_authorization,
)
from verification.services.mail_preferences import choose_mails
from verification.services.people import end_access

EASTERN = ZoneInfo("America/New_York")


def revoke(client: Client, authorization: Authorization) -> Any:
    return client.post(f"/apply/organizations/stride-robotics/authorization/{authorization.pk}/end/")


def test_the_representatives_people_act_on_what_it_made_and_on_nothing_else(maker: User, casey: User) -> None:
    made, own = submitted(casey, behalf=organization_of(maker)), submitted(maker)
    other_maker = manufacturer("Other Maker Inc.")
    other = representative_of(other_maker, "Other Consultants")
    theirs = submitted(other, behalf=organization_of(other_maker))
    colleague = colleague_of(casey)
    people = {"maker": maker, "casey": casey, "colleague": colleague, "other": other}

    assert {
        (name, which)
        for name, person in people.items()
        for which, application in {"made": made, "own": own, "theirs": theirs}.items()
        if may_act_on(person, application)
    } == {("maker", "made"), ("maker", "own"), ("casey", "made"), ("colleague", "made"), ("other", "theirs")}
    assert set(who_may_act_on(made)) == {maker, casey, colleague}
    assert set(who_may_act_on(own)) == {maker}


def test_starting_one_for_the_manufacturer_in_the_browser(maker: User, casey: User) -> None:
    client = signed_in(casey)
    key = f"{organization_of(maker).pk}-{organization_of(casey).pk}"
    assert "Stride Robotics as its designated representative, Clearpath Consulting" in words(client.get("/apply/"))

    client.post("/apply/start/", {"product_group": GROUP, "organization": key})

    started = Application.objects.get()
    assert (started.organization, started.made_by) == (organization_of(maker), organization_of(casey))
    assert (started.manufacturer_name, started.contact_name) == ("Stride Robotics", "")
    assert (started.representative_name, started.representative_contact_email) == ("Clearpath Consulting", casey.email)
    page = words(client.get(started.get_absolute_url()))
    assert "A.3 Designated representative" in page
    assert "Stride Robotics, through Clearpath Consulting" in page
    assert f"Stride Robotics : {maker.name}" in page
    assert f"Clearpath Consulting (designated representative): {casey.name}" in page


def test_section_a3_is_asked_of_representatives_only(maker: User, casey: User) -> None:
    made, own = draft(casey, behalf=organization_of(maker)), draft(maker)

    assert signed_in(casey).get(address("section", made, "representative")).status_code == 200
    assert signed_in(maker).get(address("section", own, "representative")).status_code == 404
    page = words(signed_in(casey).post(address("submit", made), {"seen_version": made.version}))
    assert "Give the representative's address." in page


def test_what_was_said_of_oneself_last_time_is_there(maker: User, casey: User) -> None:
    complete_draft(casey, behalf=organization_of(maker))

    assert draft(casey, behalf=organization_of(maker)).representative_address == "2 Supply Street\nWorcester, MA 01608"


@pytest.mark.parametrize(
    ("begins", "until", "may"),
    [
        (0, None, True),
        (-5, 0, True),
        (-5, -1, False),
        (1, None, False),
        (0, 0, True),
    ],
)
def test_both_days_are_included(maker: User, begins: int, until: int | None, may: bool) -> None:
    casey = manufacturer("Clearpath Consulting")
    authorized(maker, casey, begins=in_days(begins), until=None if until is None else in_days(until))
    made = draft(casey, behalf=organization_of(maker))

    assert signed_in(casey).get(made.get_absolute_url()).status_code == (200 if may else 404)
    assert (casey in who_may_act_on(made)) is may


def test_days_are_the_contractors_days(maker: User) -> None:
    casey = manufacturer("Clearpath Consulting")
    made = draft(casey, behalf=organization_of(maker))
    authorized(maker, casey, begins=date(2027, 6, 1), until=None)
    Authorization.objects.update(until=date(2027, 6, 30))

    def may(moment: datetime) -> bool:
        with time_machine.travel(moment, tick=False):
            return may_act_on(casey, made)

    assert [
        may(datetime(2027, 5, 31, 23, 59, 59, tzinfo=EASTERN)),
        may(datetime(2027, 6, 1, 0, 0, tzinfo=EASTERN)),
        # In London the next day has begun already.
        may(datetime(2027, 6, 30, 23, 59, 59, tzinfo=EASTERN)),
        may(datetime(2027, 7, 1, 0, 0, tzinfo=EASTERN)),
    ] == [False, True, True, False]


def test_kinds_that_are_not_named_are_not_opened(maker: User) -> None:
    casey = manufacturer("Clearpath Consulting")
    authorized(maker, casey, kinds=("model_addition",))
    initial = draft(casey, behalf=organization_of(maker))
    addition = draft(casey, behalf=organization_of(maker), kind="model_addition")

    assert (may_act_on(casey, initial), may_act_on(casey, addition)) == (False, True)
    assert f"{organization_of(maker).pk}-" not in signed_in(casey).get("/apply/start/").content.decode()


def test_revoked_in_mid_review_everything_is_gone_at_once(client: Client, maker: User, casey: User) -> None:
    made = information_requested(casey, behalf=organization_of(maker))
    document = made.documents.first()
    assert document is not None
    theirs = signed_in(casey)
    pages = [made.get_absolute_url(), address("document", made, document.pk)]
    assert statuses(theirs, pages) == [200, 200]

    answer = revoke(client, Authorization.objects.get())

    assert answer.status_code == 302
    assert statuses(theirs, pages) == [404, 404]
    assert made.dcn not in words(theirs.get("/apply/"))
    assert "Clearpath Consulting does not apply for Stride Robotics any more" not in subjects_to(maker)
    assert "You do not apply for Stride Robotics any more" in subjects_to(casey)
    # The manufacturer takes over: the mails, and the answer.
    assert whom_to_tell(made) == [maker]
    page = words(client.get(made.get_absolute_url()))
    assert "Your representative does not act for you any more" in page
    said = {"seen_version": made.version, "answer-1": "2 kg", "answer-2": "Sent."}
    client.post(address("respond", made), said)
    assert again(made).status == "in_review"


def test_the_reviewers_page_says_so_and_the_review_goes_on(maker: User, casey: User) -> None:
    robin = reviewer()
    made = in_review(casey, behalf=organization_of(maker), reviewed_by=robin)
    console = signed_in(robin)
    page = text_of(console.get(f"/review/{made.pk}/around/"))
    assert "Clearpath Consulting made it for Stride Robotics, authorized from" in page
    assert f"Mails go to {casey.name}, {maker.name}." in page

    end_authorization(authorization=Authorization.objects.get(), by=maker)

    page = text_of(console.get(f"/review/{made.pk}/around/"))
    assert "The representative’s authorization ended on" in page
    assert f"Mails go to {maker.name} of Stride Robotics." in page
    ended = determined(maker)
    assert ended.status == "determined"


def test_mails_after_the_end_go_to_the_manufacturer_only(maker: User, casey: User) -> None:
    made = in_review(casey, behalf=organization_of(maker))
    end_authorization(authorization=Authorization.objects.get(), by=maker)
    OutgoingMail.objects.all().delete()

    signed_in(made.reviewer).post(  # type: ignore[arg-type]
        f"/review/{made.pk}/act/request_information/",
        {"seen_version": made.version, "items": "The weight.", "due_on": in_days(14).isoformat()},
    )

    assert list(OutgoingMail.objects.values_list("to", flat=True)) == [[maker.email]]


def test_text_typed_while_access_ended_is_given_back(client: Client, maker: User, casey: User) -> None:
    made = draft(casey, behalf=organization_of(maker))
    theirs = signed_in(casey)
    revoke(client, Authorization.objects.get())

    answer = theirs.post(
        address("section", made, "product"),
        {"seen_version": made.version, "product_name": "Typed for an hour", "description": ""},
    )
    asked = information_requested(maker)
    stranger = theirs.post(address("respond", asked), {"answer-1": "My answer"})

    page = words(answer)
    assert (answer.status_code, "Product name Typed for an hour" in page) == (404, True)
    assert "Nothing was saved or sent." in page
    assert "Stride" not in page
    # The same for an application that never was theirs, and for one that does not exist: nothing can be told apart.
    assert (stranger.status_code, "Answer 1 My answer" in words(stranger)) == (404, True)
    nothing = theirs.post(address("respond", 10**9), {"answer-1": "My answer"})
    assert words(nothing) == words(stranger)
    assert again(made).product_name == ""


def test_a_person_who_left_the_representative_sees_nothing(maker: User, casey: User, made: Application) -> None:
    colleague = colleague_of(casey)
    assert may_act_on(colleague, made)
    end_access(organization=organization_of(casey), person=colleague, by=casey)
    assert not may_act_on(colleague, made)


def test_the_representative_gives_it_up(maker: User, casey: User, made: Application) -> None:
    authorization = Authorization.objects.get()
    signed_in(casey).post(f"/apply/organizations/clearpath-consulting/authorization/{authorization.pk}/end/")

    authorization.refresh_from_db()
    assert authorization.ending == "given_up"
    assert not may_act_on(casey, made)
    assert subjects_to(maker)[-1] == "Clearpath Consulting does not apply for Stride Robotics any more"
    mail = OutgoingMail.objects.filter(to=[maker.email]).latest("id")
    assert "1 application that it made for you is under way." in " ".join(mail.text.split())


def test_both_are_told_once_when_its_last_day_has_passed(maker: User, casey: User, made: Application) -> None:
    Authorization.objects.update(until=in_days(3))
    assert tell_of_expired_authorizations() == 0
    with time_machine.travel(datetime.combine(in_days(4), datetime.min.time(), EASTERN), tick=False):
        assert [tell_of_expired_authorizations() for _ in range(2)] == [1, 0]
        assert not may_act_on(casey, made)
        page = text_of(signed_in(reviewer()).get(f"/review/{made.pk}/around/"))
        last = in_days(-1)
        assert f"authorization ended on {last:%B} {last.day}, {last.year}" in page
    assert subjects_to(maker)[-1] == "Clearpath Consulting does not apply for Stride Robotics any more"
    assert subjects_to(casey)[-1] == "You do not apply for Stride Robotics any more"
    assert AccessLog.objects.filter(what="authorization_expired", by=None).count() == 1


# ---- reminded before it ends


def reminded(on: date) -> list[tuple[str, str]]:
    """To whom a run on that day writes, and the subject."""
    before = OutgoingMail.objects.count()
    with time_machine.travel(datetime.combine(on, datetime.min.time(), EASTERN), tick=False):
        remind_of_authorizations()
    rows = OutgoingMail.objects.order_by("pk")[before:]
    return sorted((mail.to[0], mail.subject) for mail in rows if "ends soon" in mail.subject)


def test_both_sides_are_reminded_once_before_it_ends(maker: User, casey: User, made: Application) -> None:
    colleague = colleague_of(maker)  # no administrator: cannot give another one
    casey_too = colleague_of(casey)
    Authorization.objects.update(until=in_days(40))
    assert reminded(in_days(9)) == []
    assert reminded(in_days(10)) == sorted(
        [
            (maker.email, "Your authorization of Clearpath Consulting ends soon"),
            (casey.email, "Your authorization to apply for Stride Robotics ends soon"),
            (casey_too.email, "Your authorization to apply for Stride Robotics ends soon"),
        ]
    )
    assert reminded(in_days(10)) == reminded(in_days(11)) == reminded(in_days(40)) == []
    text = OutgoingMail.objects.filter(to=[maker.email]).latest("pk").text
    day = in_days(40)
    assert f"its last day is {day:%B} {day.day}, {day.year}, in 30 days." in text
    assert "1 of them is not decided yet, and you go on with it." in text
    assert "/apply/organizations/stride-robotics/authorizations/" in text
    assert "/apply/mails/" in text
    assert not OutgoingMail.objects.filter(to=[colleague.email], subject__contains="ends soon").exists()


def test_nobody_is_reminded_of_an_end_that_is_none(maker: User, casey: User) -> None:
    Authorization.objects.update(until=in_days(40))
    goes_on = authorized(maker, casey, begins=in_days(41))
    assert reminded(in_days(10)) == []
    Authorization.objects.filter(pk=goes_on.pk).update(kinds=["initial"])
    assert len(reminded(in_days(11))) == 2  # the next one allows less
    Authorization.objects.update(end_told_days_before=None)
    end_authorization(authorization=Authorization.objects.exclude(pk=goes_on.pk).get(), by=maker)
    assert reminded(in_days(12)) == []


def test_an_authorization_for_a_few_days_does_not_remind_at_once(maker: User, casey: User) -> None:
    Authorization.objects.update(until=in_days(20))
    assert reminded(in_days(1)) == []


def test_who_does_without_the_reminder_gets_none(maker: User, casey: User) -> None:
    Authorization.objects.update(until=in_days(40))
    choose_mails(user=maker, every_application=False, wanted=[])
    assert [address for address, _ in reminded(in_days(10))] == [casey.email]


def test_a_day_without_a_run_is_made_up_for(maker: User, casey: User) -> None:
    Authorization.objects.update(until=in_days(40))
    assert len(reminded(in_days(40))) == 2
    assert reminded(in_days(41)) == []


def test_a_second_authorization_opens_what_was_made_under_the_first(
    maker: User, casey: User, made: Application
) -> None:
    end_authorization(authorization=Authorization.objects.get(), by=maker)
    assert not may_act_on(casey, made)
    authorized(maker, casey)
    assert may_act_on(casey, made)


def test_merged_organizations_keep_their_authorizations(maker: User, casey: User, made: Application) -> None:
    buyer, bought_consultant = manufacturer("Acquirer Inc."), manufacturer("Bigger Consulting LLC")
    for merged, into in ((maker, buyer), (casey, bought_consultant)):
        merge_organizations(
            merged=organization_of(merged),
            into=organization_of(into),
            since=today(),
            source="Attestation",
            reason="Merger.",
            by=None,
        )
    assert {person.email for person in who_may_act_on(made)} == {
        person.email for person in (maker, casey, buyer, bought_consultant)
    }
    assert all(may_act_on(person, made) for person in (maker, casey, buyer, bought_consultant))


def test_who_may_ask_for_a_reconsideration(maker: User, casey: User) -> None:
    made = determined(casey, behalf=organization_of(maker))
    own = determined(maker, product_name="Another")
    seller = manufacturer("Gait Supply LLC")
    sold = determined(seller, product_name="Sold", distributor_name="Gait Supply LLC")
    Application.objects.filter(pk=sold.pk).update(applies_as="distributor", manufacturer_name="Stride Robotics")
    sold = again(sold)
    people = {"maker": maker, "casey": casey, "seller": seller, "stranger": manufacturer()}

    assert {
        (name, which)
        for name, person in people.items()
        for which, application in {"made": made, "own": own, "sold": sold}.items()
        if may_ask_for_reconsideration(person, application).ok
    } == {("maker", "made"), ("maker", "own"), ("casey", "made"), ("maker", "sold")}
    assert "A distributor may not" in may_ask_for_reconsideration(seller, sold).reason
    Authorization.objects.update(kinds=["initial"])
    assert "does not extend to reconsiderations" in may_ask_for_reconsideration(casey, made).reason
    Authorization.objects.update(kinds=["initial", "reconsideration"])
    assert may_ask_for_reconsideration(casey, made).ok
    end_authorization(authorization=Authorization.objects.get(), by=maker)
    assert not may_ask_for_reconsideration(casey, made).ok


def test_a_distributors_authorization_opens_nothing_and_stands_in_the_checklist(maker: User) -> None:
    seller = manufacturer("Gait Supply LLC")
    authorized(maker, seller, capacity=Capacity.DISTRIBUTOR)
    own = submitted(maker)
    sold = submitted(seller, product_name="Sold", distributor_name="Gait Supply LLC")
    Application.objects.filter(pk=sold.pk).update(applies_as="distributor", manufacturer_name="Stride Robotics")

    assert not may_act_on(seller, own)
    assert not may_act_on(maker, again(sold))
    page = text_of(signed_in(reviewer()).get(f"/review/{sold.pk}/checklist/"))
    assert "Authorization of Stride Robotics for Gait Supply LLC (distributor), from" in page
    end_authorization(authorization=Authorization.objects.get(), by=maker)
    page = text_of(signed_in(reviewer()).get(f"/review/{sold.pk}/checklist/"))
    assert "revoked on" in page


def test_a_distributor_says_who_makes_the_product(maker: User) -> None:
    seller = manufacturer("Gait Supply LLC")
    client = signed_in(seller)
    client.post("/apply/start/", {"product_group": GROUP, "applies_as": "distributor"})
    started = Application.objects.get()
    assert (started.manufacturer_name, started.distributor_name, started.distributor_contact_email) == (
        "",
        "Gait Supply LLC",
        seller.email,
    )
    page = words(client.post(address("submit", started), {"seen_version": started.version}))
    assert "Give the distributor's address." in page
