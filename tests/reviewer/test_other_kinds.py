"""The contractor's pages of what is no first application: what it follows, what can come of it, what will change."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from pcl.models import Listing
from tests.applicant.pages import signed_in
from tests.factories.kinds import (
    complete_addition,
    complete_merger,
    complete_reconsideration,
    complete_renaming,
    complete_update,
    recommend,
    submit,
)
from tests.factories.register import make_code
from tests.factories.verification import (
    again,
    approver,
    determined,
    in_review,
    manufacturer,
    reviewer,
    submitted,
)
from tests.reviewer.page import main_of
from tests.reviewer.page import text_of as words
from verification.models import Application, Outcome
from verification.workflow.perform import perform


def page(client: Client, name: str, application: Application, *more: str) -> str:
    answer = client.get(reverse(f"review:{name}", args=[application.pk, *more]))
    assert answer.status_code == 200
    return words(answer)


def test_the_dossier_leads_to_what_is_reconsidered_and_back(db: None) -> None:
    first = determined()
    asked = submit(complete_reconsideration(first))
    client = signed_in(reviewer())
    assert f'hx-get="/review/{asked.pk}/around/"' in main_of(client.get(f"/review/{asked.pk}/"))
    said = page(client, "around", asked)
    assert f"on {first.dcn} : HCPCS code assigned" in said
    assert "fda-registration.pdf" in said
    assert "new-evidence.pdf" in page(client, "application", asked)
    assert f'hx-get="/review/{first.pk}/around/"' in main_of(client.get(f"/review/{first.pk}/"))
    assert asked.dcn in page(client, "around", first)


def test_a_draft_of_a_reconsideration_is_not_told_to_the_contractor(db: None) -> None:
    first = determined()
    draft = complete_reconsideration(first)
    client = signed_in(reviewer())
    assert "Reconsideration" not in page(client, "around", first)
    assert "/around/" not in main_of(client.get(f"/review/{first.pk}/"))
    assert client.get(reverse("review:application", args=[draft.pk])).status_code == 404


def test_who_decided_the_first_is_told_so_and_cannot_take_it(db: None) -> None:
    first = determined()
    asked = submit(complete_reconsideration(first))
    assert first.reviewer
    client = signed_in(first.reviewer)
    assert "decided by people who did not decide the first" in page(client, "application", asked)
    refused = client.post(reverse("review:act", args=[asked.pk, "accept"]), {"seen_version": asked.version})
    assert refused.status_code == 403
    assert again(asked).reviewer is None


def test_the_queue_offers_it_to_others_only(db: None) -> None:
    both = reviewer()
    first = determined(reviewed_by=both)
    asked, untouched = submit(complete_reconsideration(first)), submitted()
    take = [f"Take {each.dcn} for review" for each in (asked, untouched)]

    def offered(user: User) -> list[bool]:
        said = words(signed_in(user).get(reverse("review:queue"), {"whose": "unassigned"}))
        return [each in said for each in take]

    assert offered(both) == [False, True]
    assert offered(reviewer()) == [True, True]


def test_the_outcomes_are_those_of_the_kind(db: None) -> None:
    maker = manufacturer()
    determined(maker)
    listing, person = Listing.objects.get(), reviewer()
    expected = {
        complete_addition(listing, maker): ["codes_assigned", "declined"],
        complete_renaming(maker, "Another Name"): ["accepted", "declined"],
        complete_update(listing, maker, update="comment", comment="Code Reverified"): ["accepted", "declined"],
    }
    for application, outcomes in expected.items():
        sent = submit(application)
        perform("accept", application=sent, by=person, seen_version=sent.version)
        where = reverse("review:determination", args=[sent.pk])
        client = signed_in(person)
        form = client.get(where).context["form"]
        assert [value for value, _ in form.fields["outcome"].choices] == outcomes
        wrong = client.post(where, {"seen_version": again(sent).version, "outcome": "no_code", "rationale": "No."})
        assert wrong.status_code == 400
        right = {"seen_version": again(sent).version, "outcome": outcomes[0], "codes": "K1007", "rationale": "Shown."}
        assert client.post(where, right).status_code == 302
        assert again(sent).determination.outcome == outcomes[0]
        assert again(sent).determination.codes.count() == (1 if outcomes[0] == "codes_assigned" else 0)


def test_the_approver_sees_what_a_merger_will_change_and_nothing_is_changed(db: None) -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker, model_numbers=("SO-1", "SO-2"))
    waits = recommend(submit(complete_merger(maker, "Gait Holding")), outcome=Outcome.ACCEPTED)
    said = page(signed_in(approver()), "act", waits, "determine")
    assert "What changes on the list: 2 listings" in said
    assert "Gait Holding" in said
    assert "begins" not in said
    assert {each.entry.manufacturer for each in Listing.objects.all()} == {"Stride Robotics"}


def test_the_approver_sees_what_a_reconsideration_will_change(db: None) -> None:
    first = determined()
    waits = recommend(
        submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[make_code("L8701")]
    )
    client = signed_in(approver())
    said = page(client, "act", waits, "determine")
    assert "Against the first determination: revised" in said
    assert "SO-100 moves from K1007 to L8701" in said
    assert "The revised determination holds from" in said
    given = {"seen_version": waits.version, "letter_date": timezone.localdate().isoformat()}
    refused = client.post(reverse("review:act", args=[waits.pk, "determine"]), given)
    assert refused.status_code == 400
    assert again(waits).status == "recommended"


def test_a_number_that_is_cited_leads_to_its_application_and_says_whose_it_is(db: None) -> None:
    other = submitted(manufacturer("Other Maker"))
    citing = in_review()
    Application.objects.filter(pk=citing.pk).update(previous_dcn=other.dcn)
    client = signed_in(reviewer())
    said = page(client, "around", citing)
    assert f"Cites {other.dcn} (Submitted) of another organization: Other Maker" in said
    Application.objects.filter(pk=citing.pk).update(previous_dcn="CVR-1999-000001")
    assert "CVR-1999-000001, which is no number of this system" in page(client, "around", citing)


def test_the_dossier_of_a_reconsideration_asks_few_questions(db: None) -> None:
    asked = submit(complete_reconsideration(determined(model_numbers=("SO-1", "SO-2", "SO-3"))))
    client = signed_in(reviewer())
    client.get(reverse("review:application", args=[asked.pk]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("review:application", args=[asked.pk]))
    assert len(queries) <= 14


def test_a_name_change_is_read_at_both_doors(db: None) -> None:
    """It belongs to no product group, of which a version could be told."""
    maker = manufacturer("Stride Robotics")
    application = submit(complete_renaming(maker, "Stride Medical"))
    assert "Stride Medical" in page(signed_in(reviewer()), "application", application)
    answer = signed_in(maker).get(application.get_absolute_url())
    assert answer.status_code == 200
    assert "Stride Medical" in words(answer)
