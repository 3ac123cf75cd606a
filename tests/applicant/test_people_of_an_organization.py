"""Inviting, confirming, naming administrators, ending access, leaving: who may, and what the others see of it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import OutgoingMail, Role, User
from pcl.errors import RegisterError
from pcl.services.organizations import merge_organizations
from tests.applicant.pages import signed_in, subjects_to, words
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.companies import colleague_of, invited, link_to
from tests.factories.verification import manufacturer, organization_of, submitted, waiting_manufacturer
from verification.models import AccessLog, Invitation, Representation
from verification.queries.representation import administrators_of, may_act_for, may_act_on, organizations_of
from verification.services.invite import accept_invitation, take_back_invitation
from verification.services.people import end_access, make_ordinary
from verification.services.represent import confirm_representation, refuse_representation

PEOPLE = "/apply/organizations/stride-robotics/people/"


def invite(client: Client, email: str, **said: Any) -> Any:
    return client.post(f"{PEOPLE}invite/", {"email": email, **said}, follow=True)


def test_the_first_person_administers(maker: User, client: Client) -> None:
    page = words(client.get(PEOPLE))

    assert f"{maker.name} (you) {maker.email} Administrator" in page
    assert "Invite a colleague" in page


def test_who_has_an_account_accepts_with_the_link(client: Client, maker: User) -> None:
    colleague = UserFactory()
    application = submitted(maker)

    page = invite(client, colleague.email)
    assert f"{colleague.email} Pending" in words(page)
    theirs = signed_in(colleague)
    assert theirs.get(application.get_absolute_url()).status_code == 404
    opened = theirs.get(link_to(colleague.email))
    assert "Accept the invitation" in words(opened)
    # Opening it, as programs that look after mail do, uses nothing up.
    assert Invitation.objects.get().accepted_at is None

    theirs.post(link_to(colleague.email))

    assert theirs.get(application.get_absolute_url()).status_code == 200
    assert [row.is_administrator for row in colleague.representations.all()] == [False]
    assert f"{colleague.name} now acts for Stride Robotics" in subjects_to(maker)
    assert "Invited" not in words(client.get(PEOPLE)).split("Invite a colleague")[0]


def test_who_signs_up_finds_the_invitation_on_the_first_page(client: Client, maker: User) -> None:
    invite(client, "New.Person@firm.example", as_administrator="on")
    link = link_to("New.Person@firm.example")
    opened = words(Client().get(link))
    assert "Sign in and accept Create an account" in opened

    newcomer = UserFactory(email="new.person@firm.example")
    theirs = signed_in(newcomer)
    assert "You are invited to act for Stride Robotics" in words(theirs.get("/apply/"))
    theirs.post(f"/apply/invitations/{Invitation.objects.get().pk}/accept/")

    assert newcomer in administrators_of(organization_of(maker))


def test_an_address_that_is_not_confirmed_opens_nothing(client: Client, maker: User) -> None:
    invite(client, "new@firm.example")
    pretender = UserFactory(email="new@firm.example")
    EmailAddress.objects.filter(user=pretender).update(verified=False)
    theirs = signed_in(pretender)

    assert theirs.post(link_to("new@firm.example")).status_code == 409
    assert theirs.post(f"/apply/invitations/{Invitation.objects.get().pk}/accept/").status_code == 404
    assert not may_act_for(pretender, organization_of(maker).pk)


def test_the_link_works_for_its_address_only(client: Client, maker: User) -> None:
    invite(client, "new@firm.example")
    somebody = UserFactory()
    theirs = signed_in(somebody)

    assert "This invitation is for another address" in words(theirs.get(link_to("new@firm.example")))
    answer = theirs.post(link_to("new@firm.example"))

    assert (answer.status_code, "for another e-mail address than yours" in words(answer)) == (409, True)
    assert list(organizations_of(somebody)) == []


def test_an_address_added_to_an_account_and_confirmed_is_one_of_the_persons(client: Client, maker: User) -> None:
    invite(client, "second@firm.example")
    somebody = UserFactory()
    EmailAddress.objects.create(user=somebody, email="second@firm.example", verified=True)

    signed_in(somebody).post(link_to("second@firm.example"))

    assert may_act_for(somebody, organization_of(maker).pk)


def test_opened_twice_it_is_the_same_and_by_another_it_is_used(client: Client, maker: User) -> None:
    colleague = UserFactory()
    invite(client, colleague.email)
    theirs = signed_in(colleague)

    assert [theirs.post(link_to(colleague.email)).status_code for _ in range(2)] == [302, 302]
    assert theirs.get(link_to(colleague.email)).url == "/apply/"
    answer = Client().get(link_to(colleague.email))

    assert (answer.status_code, "was used already" in words(answer)) == (410, True)
    assert colleague.representations.count() == 1


def test_who_left_does_not_come_back_with_the_same_link(client: Client, maker: User) -> None:
    colleague = colleague_of(maker)
    link = link_to(colleague.email)
    end_access(organization=organization_of(maker), person=colleague, by=maker)

    answer = signed_in(colleague).post(link)

    assert answer.status_code == 302
    assert not may_act_for(colleague, organization_of(maker).pk)


def test_it_expires(client: Client, maker: User, settings: Any) -> None:
    settings.INVITATION_DAYS = 3
    colleague = UserFactory()
    invite(client, colleague.email)
    expires = Invitation.objects.get().expires_at
    assert expires - timezone.now() <= timedelta(days=3)

    with time_machine.travel(expires, tick=False):
        theirs = signed_in(colleague)
        answer = theirs.post(link_to(colleague.email))
        assert (answer.status_code, "has expired" in words(answer)) == (409, True)
        assert "Expired" in words(signed_in(maker).get(PEOPLE))
    with time_machine.travel(expires - timedelta(seconds=1), tick=False):
        assert signed_in(colleague).post(link_to(colleague.email)).status_code == 302


def test_taken_back_it_opens_nothing_and_sent_again_only_the_new_one_does(client: Client, maker: User) -> None:
    colleague = UserFactory()
    invite(client, colleague.email)
    first, invitation = link_to(colleague.email), Invitation.objects.get()

    client.post(f"/apply/organizations/stride-robotics/invitations/{invitation.pk}/", {"act": "send_again"})
    second = link_to(colleague.email)
    theirs = signed_in(colleague)
    assert theirs.post(first).status_code == 409
    newest = Invitation.objects.latest("id")
    client.post(f"/apply/organizations/stride-robotics/invitations/{newest.pk}/", {"act": "take_back"})
    answer = theirs.post(second)

    assert (answer.status_code, "was taken back" in words(answer)) == (409, True)
    assert Invitation.objects.count() == 2
    assert not may_act_for(colleague, organization_of(maker).pk)


@pytest.mark.parametrize("how", ["ended", "ordinary", "deactivated"])
def test_it_falls_with_who_sent_it(maker: User, how: str) -> None:
    second = colleague_of(maker, as_administrator=True)
    newcomer = UserFactory(email="new@firm.example")
    invitation = invited(second)
    if how == "ended":
        end_access(organization=organization_of(maker), person=second, by=maker)
    elif how == "ordinary":
        make_ordinary(organization=organization_of(maker), person=second, by=maker)
    else:
        User.objects.filter(pk=second.pk).update(is_active=False)

    with pytest.raises(RegisterError, match=r"taken back|may not do so any more"):
        accept_invitation(invitation=invitation, by=newcomer)
    assert not may_act_for(newcomer, organization_of(maker).pk)


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        ("self", "This is your own address."),
        ("colleague", "acts for Stride Robotics already."),
        ("contractor", "cannot act for an applicant. Invite another address."),
        ("pending", "is invited already."),
        ("nobody", "Enter a valid email address."),
        ("empty", "Give the e-mail address"),
    ],
)
def test_whom_it_makes_no_sense_to_invite(client: Client, maker: User, whom: str, said: str) -> None:
    colleague_of(maker, email="colleague@firm.example")
    contractor_person(Role.REVIEWER, email="robin@contractor.example")
    invited(maker, "pending@firm.example")
    email = {
        "self": maker.email.upper(),
        "colleague": "Colleague@firm.example",
        "contractor": "robin@contractor.example",
        "pending": "PENDING@firm.example",
        "nobody": "not an address",
        "empty": "",
    }[whom]
    before = (Invitation.objects.count(), OutgoingMail.objects.count())

    answer = invite(client, email)

    assert (answer.status_code, said in words(answer)) == (422, True)
    assert (f'value="{email}"' in answer.content.decode()) is bool(email)
    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == before


def test_a_hundred_invitations_are_too_many_for_a_day(client: Client, maker: User, settings: Any) -> None:
    settings.INVITATIONS_PER_DAY = 5
    answers = [invite(client, f"person{n}@elsewhere.example").status_code for n in range(100)]
    assert answers == [200] * 5 + [422] * 95
    assert Invitation.objects.count() == 5
    # Taking one back makes no room, or the limit would be none.
    take_back_invitation(invitation=Invitation.objects.latest("id"), by=maker)
    assert "Try again tomorrow" in words(invite(client, "one-more@elsewhere.example"))
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=1, seconds=1))
    assert invite(client, "one-more@elsewhere.example").status_code == 200


def test_a_colleague_sees_the_people_and_changes_nothing(maker: User) -> None:
    colleague, other = colleague_of(maker), colleague_of(maker)
    client = signed_in(colleague)

    page = words(client.get(PEOPLE))
    assert (other.name in page, "Invite a colleague" in page, "End access" in page) == (True, False, False)
    assert client.post(f"{PEOPLE}invite/", {"email": "x@firm.example"}).status_code == 422
    for person, act in ((other, "end"), (maker, "end"), (colleague, "administrator"), (maker, "ordinary")):
        assert client.post(f"{PEOPLE}{person.pk}/{act}/").status_code == 404
    assert [invitation.email for invitation in Invitation.objects.filter(accepted_at=None)] == []
    assert len(list(administrators_of(organization_of(maker)))) == 1


def test_another_company_has_no_such_pages(maker: User) -> None:
    colleague = colleague_of(maker)
    newcomer, asked = waiting_manufacturer(organization_of(maker))
    invitation = invited(maker)
    client = signed_in(manufacturer())

    assert {
        client.get(PEOPLE).status_code,
        client.post(f"{PEOPLE}invite/", {"email": "x@firm.example"}).status_code,
        client.get(f"{PEOPLE}{colleague.pk}/end/").status_code,
        client.post(f"{PEOPLE}{colleague.pk}/end/").status_code,
        client.post(f"/apply/organizations/stride-robotics/requests/{asked.pk}/", {"answer": "confirm"}).status_code,
        client.post(
            f"/apply/organizations/stride-robotics/invitations/{invitation.pk}/", {"act": "take_back"}
        ).status_code,
    } == {404}
    assert not may_act_for(newcomer, organization_of(maker).pk)
    # Nor through one's own organization.
    own = organization_of(manufacturer("Own Inc."))
    other = signed_in(administrators_of(own)[0])
    paths = (f"requests/{asked.pk}/", f"invitations/{invitation.pk}/")
    answers = [
        other.post(f"/apply/organizations/{own.slug}/{path}", {"answer": "confirm", "act": "take_back"})
        for path in paths
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_ended_access_is_gone_at_once_and_says_so(client: Client, maker: User) -> None:
    colleague = colleague_of(maker)
    application = submitted(maker)
    theirs = signed_in(colleague)
    assert theirs.get(application.get_absolute_url()).status_code == 200

    client.post(f"{PEOPLE}{colleague.pk}/end/")

    assert theirs.get(application.get_absolute_url()).status_code == 404
    home = words(theirs.get("/apply/"))
    assert "You act for no organization any more" in home
    assert "ask one of its administrators to invite you again" in home
    assert "You do not act for Stride Robotics any more" in subjects_to(colleague)


def test_the_last_administrator_stays_until_another_is_named(client: Client, maker: User) -> None:
    colleague = colleague_of(maker)

    for act in ("end", "ordinary"):
        answer = client.post(f"{PEOPLE}{maker.pk}/{act}/")
        assert (answer.status_code, "Make another person an administrator first" in words(answer)) == (409, True)
    client.post(f"{PEOPLE}{colleague.pk}/administrator/")
    assert client.post(f"{PEOPLE}{maker.pk}/end/").url == "/apply/"

    assert list(administrators_of(organization_of(colleague))) == [colleague]
    assert not may_act_for(maker, organization_of(colleague).pk)
    assert f"{maker.name} left Stride Robotics" in subjects_to(colleague)


def test_an_administrator_who_may_not_sign_in_does_not_count(client: Client, maker: User) -> None:
    second = colleague_of(maker, as_administrator=True)
    User.objects.filter(pk=second.pk).update(is_active=False)

    assert client.post(f"{PEOPLE}{maker.pk}/end/").status_code == 409
    assert list(administrators_of(organization_of(maker))) == [maker]


def test_who_asks_is_answered_by_an_administrator_or_the_contractor_whoever_is_first(
    client: Client, maker: User
) -> None:
    registrar = contractor_person(Role.REGISTRAR)
    newcomer, asked = waiting_manufacturer(organization_of(maker), name="Pat New")
    assert "Pat New asks to act for Stride Robotics" in subjects_to(maker)
    assert "Pat New asks to act for Stride Robotics" in subjects_to(registrar)
    assert "1 person asks to join" in words(client.get("/apply/"))
    assert "Pat New" in words(client.get(PEOPLE))

    client.post(f"/apply/organizations/stride-robotics/requests/{asked.pk}/", {"answer": "confirm"})

    assert may_act_for(newcomer, organization_of(maker).pk)
    assert "You can now apply for your organization" in subjects_to(newcomer)
    assert subjects_to(registrar)[-1] == "Answered: Pat New and Stride Robotics"
    with pytest.raises(RegisterError, match="answered already"):
        refuse_representation(representation=asked, by=registrar)


def test_once_the_contractor_answered_the_administrators_are_told(client: Client, maker: User) -> None:
    registrar = contractor_person(Role.REGISTRAR)
    _, asked = waiting_manufacturer(organization_of(maker), name="Pat New")

    refuse_representation(representation=asked, by=registrar)

    assert subjects_to(maker)[-1] == "Answered: Pat New and Stride Robotics"
    answer = client.post(
        f"/apply/organizations/stride-robotics/requests/{asked.pk}/", {"answer": "confirm"}, follow=True
    )
    assert "answered already" in words(answer)
    assert not may_act_for(asked.user, organization_of(maker).pk)


def test_an_ordinary_colleague_does_not_answer(maker: User) -> None:
    colleague = colleague_of(maker)
    _, asked = waiting_manufacturer(organization_of(maker))

    with pytest.raises(RegisterError, match="Only an administrator"):
        confirm_representation(representation=asked, by=colleague)


def test_who_waits_is_let_in_by_an_invitation(maker: User) -> None:
    newcomer, asked = waiting_manufacturer(organization_of(maker))

    accept_invitation(invitation=invited(maker, newcomer.email), by=newcomer)

    assert newcomer.representations.get().pk == asked.pk
    assert may_act_for(newcomer, organization_of(maker).pk)


def test_the_people_of_a_merged_organization_act_for_the_one_that_it_became_part_of(maker: User) -> None:
    buyer = manufacturer("Acquirer Inc.")
    old, new = organization_of(maker), organization_of(buyer)
    of_old, of_new = submitted(maker), submitted(buyer)
    assert not may_act_on(maker, of_new)

    merge_organizations(
        merged=old, into=new, since=timezone.localdate(), source="Attestation", reason="Merger.", by=None
    )

    assert [may_act_on(person, each) for person in (maker, buyer) for each in (of_old, of_new)] == [True] * 4
    assert list(organizations_of(maker)) == [new]
    client = signed_in(maker)
    assert client.get(PEOPLE).url == "/apply/organizations/acquirer-inc/people/"
    page = words(client.get("/apply/organizations/acquirer-inc/people/"))
    assert (maker.email in page, buyer.email in page) == (True, True)
    assert client.get(of_new.get_absolute_url()).status_code == 200
    stranger = manufacturer()
    assert [may_act_on(stranger, each) for each in (of_old, of_new)] == [False, False]


def test_everything_is_written_down_and_stays(maker: User) -> None:
    colleague = colleague_of(maker)
    end_access(organization=organization_of(maker), person=colleague, by=maker)

    acts = list(AccessLog.objects.order_by("id").values_list("what", "by"))
    assert acts == [
        ("founded", maker.pk),
        ("invited", maker.pk),
        ("accepted", colleague.pk),
        ("ended", maker.pk),
    ]
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        AccessLog.objects.all().delete()


def test_the_pages_ask_the_database_as_often_for_three_as_for_one(client: Client, maker: User) -> None:
    def visit(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    def more(count: int) -> None:
        for _ in range(count):
            colleague_of(maker)
            invited(maker, f"x{Invitation.objects.count()}@firm.example")
            waiting_manufacturer(organization_of(maker))

    more(1)
    one = [visit(path) for path in (PEOPLE, "/apply/")]
    more(2)
    assert [visit(path) for path in (PEOPLE, "/apply/")] == one


def test_the_day_on_which_access_ended_is_eastern(maker: User) -> None:
    colleague = colleague_of(maker)
    with time_machine.travel(datetime(2027, 3, 2, 1, 0, tzinfo=ZoneInfo("UTC")), tick=False):
        end_access(organization=organization_of(maker), person=colleague, by=maker)
        assert "your access ended on March 1, 2027" in words(signed_in(colleague).get("/apply/"))
    assert Representation.objects.filter(user=colleague, ended_at=None).count() == 0
