"""A letter with a mistake is followed by another letter, by two people's word; the first one is kept."""

import io
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdf
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import OutgoingMail, Role, User
from pcl.models import Listing, ListingChange, RegisterEntry
from tests.factories.accounts import contractor_person
from tests.factories.verification import again, approver, determined, reviewer
from tests.jobs import run_jobs
from tests.verification.snapshot import everything_about
from verification.letters.check import corrections_name_parts_of_a_letter
from verification.letters.jobs import write_letter
from verification.models import Application, Determination, Letter, LetterCorrection, Outcome, Representation
from verification.services.correct_letter import approve_correction, propose_correction, refuse_correction
from verification.workflow.errors import NotAllowed, NotFromHere

pytestmark = pytest.mark.django_db

EASTERN = ZoneInfo("America/New_York")
FIRST_DAY = date(2026, 2, 1)


@pytest.fixture(autouse=True)
def _on_march_2(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 10, tzinfo=EASTERN), tick=False)


def sent(**said: Any) -> Letter:
    """A letter of March 2, 2026, about model SO-1OO, as it was sent."""
    determined(**{"model_numbers": ("SO-1OO", "SO-200"), "begins": FIRST_DAY} | said)
    letter = Letter.objects.get()
    write_letter(letter_id=letter.pk)
    return Letter.objects.get()


def on_march_9(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 9, 10, tzinfo=EASTERN), tick=False)


def proposed(
    letter: Letter, *, on_the_register: bool = False, by: User | None = None, **changes: Any
) -> LetterCorrection:
    return propose_correction(
        letter=letter,
        changes=changes or {"contact": "Dana Right"},
        what="The contact’s name is Dana Right.",
        on_the_register=on_the_register,
        by=by or reviewer(),
    )


def file_of(letter: Letter) -> bytes:
    with letter.file.open() as file:
        return bytes(file.read())


def text_of(letter: Letter) -> str:
    pages = pypdf.PdfReader(io.BytesIO(file_of(letter))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_new_letter_says_which_it_replaces_and_what_was_corrected(time_machine: Any) -> None:
    first = sent()
    kept = (first.sha256, first.said)
    on_march_9(time_machine)
    new = approve_correction(correction=proposed(first), by=approver())
    write_letter(letter_id=new.pk)
    new.refresh_from_db()
    text = text_of(new)
    assert (new.replaces, new.dated) == (first, "March 9, 2026")
    assert "March 9, 2026" in text
    assert "This letter replaces our letter of March 2, 2026, which contained a mistake." in text
    assert "What was corrected The contact’s name is Dana Right." in text
    assert "Dear Dana Right:" in text
    assert "Product Classification List was corrected" not in text
    first.refresh_from_db()
    assert (first.sha256, first.said, first.is_replaced) == (*kept, True)
    assert "Dear Dana Right:" not in text_of(first)


def test_the_applicant_gets_a_mail_without_what_was_corrected() -> None:
    first = sent()
    new = approve_correction(correction=proposed(first), by=approver())
    assert not OutgoingMail.objects.filter(subject__startswith="A corrected letter").exists()
    write_letter(letter_id=new.pk)
    write_letter(letter_id=new.pk)
    mail = OutgoingMail.objects.get(subject__startswith="A corrected letter")
    assert mail.to == [first.determination.application.created_by.email]
    assert "Dana Right" not in mail.text


def test_the_days_for_a_reconsideration_run_on(time_machine: Any) -> None:
    first = sent()
    on_march_9(time_machine)
    new = approve_correction(correction=proposed(first), by=approver())
    made = Determination.objects.get()
    assert (made.letter_date, made.clock_from, made.reconsidered_from) == (date(2026, 3, 2), None, date(2026, 3, 2))
    # 45 days after March 2, inclusive
    assert "up to and including April 16, 2026, 45 days after March 2, 2026, as before," in new.said["reconsideration"]


def test_they_begin_anew_where_what_was_decided_is_different(time_machine: Any) -> None:
    first = sent()
    on_march_9(time_machine)
    new = approve_correction(correction=proposed(first, begins="2026-02-15", on_the_register=True), by=approver())
    assert Determination.objects.get().reconsidered_from == date(2026, 3, 9)
    assert "up to and including April 23, 2026, 45 days after the date of this letter" in new.said["reconsideration"]


def test_which_parts_set_them_anew_is_configuration(time_machine: Any, settings: Any) -> None:
    settings.CORRECTIONS_THAT_RESTART_THE_CLOCK = frozenset({"contact"})
    first = sent()
    on_march_9(time_machine)
    approve_correction(correction=proposed(first), by=approver())
    assert Determination.objects.get().reconsidered_from == date(2026, 3, 9)


def test_the_list_is_corrected_with_it_where_that_is_said() -> None:
    first = sent()
    decider = approver()
    correction = proposed(
        first, on_the_register=True, models={"SO-1OO": "SO-100"}, product="StrideOne Exo", begins="2026-02-15"
    )
    assert {entry.model_number for entry in RegisterEntry.objects.all()} == {"SO-1OO", "SO-200"}
    new = approve_correction(correction=correction, by=decider)
    assert [
        (entry.model_number, entry.product, entry.effective_from)
        for entry in RegisterEntry.objects.order_by("model_number")
    ] == [(number, "StrideOne Exo", date(2026, 2, 15)) for number in ("SO-100", "SO-200")]
    changes = ListingChange.objects.exclude(kind="listed")
    assert {(change.kind, change.by) for change in changes} == {("corrected", decider)}
    assert {change.reason for change in changes} == {
        f"Correction of the letter on application {first.determination.application.dcn}."
    }
    assert new.said["codes"][0]["models"] == ["SO-100", "SO-200"]
    assert new.said["codes"][0]["begins"] == "February 15, 2026"
    assert new.said["corrected"].endswith("The Product Classification List was corrected in the same way.")
    assert Determination.objects.get().begins == date(2026, 2, 15)


def test_the_list_stays_as_it_is_where_nothing_is_said_of_it() -> None:
    first = sent()
    approve_correction(correction=proposed(first, models={"SO-1OO": "SO-100"}), by=approver())
    assert {entry.model_number for entry in RegisterEntry.objects.all()} == {"SO-1OO", "SO-200"}
    assert ListingChange.objects.exclude(kind="listed").count() == 0


def test_codes_and_what_was_applied_for_stay() -> None:
    first = sent()
    before = Application.objects.values().get()
    approve_correction(
        correction=proposed(
            first, models={"SO-1OO": "SO-100"}, rationale="A better reason.", manufacturer="Maker Ltd."
        ),
        by=approver(),
    )
    assert Application.objects.values().get() == before
    made = Determination.objects.get()
    assert (made.rationale, [row.model.model_number for row in made.codes.order_by("pk")]) == (
        "A better reason.",
        ["SO-1OO", "SO-200"],
    )


def test_when_the_list_cannot_be_corrected_nothing_is(time_machine: Any) -> None:
    first = sent()
    correction = proposed(first, on_the_register=True, models={"SO-1OO": "SO-100"}, rationale="Another.")
    other = Listing.objects.get(model__model_number="SO-200").model
    other.model_number, other.normalized = "SO-100", "SO100"
    other.save()
    application = first.determination.application
    before = everything_about(application)
    with pytest.raises(NotAllowed, match="The list cannot be corrected: The product has another model SO-100"):
        approve_correction(correction=correction, by=approver())
    assert everything_about(application) == before
    assert LetterCorrection.objects.get().decided_at is None


@pytest.mark.parametrize(
    ("changes", "on_the_register", "why"),
    [
        ({"contact": " "}, False, "cannot be corrected to nothing"),
        ({"models": {"XX": "SO-100"}}, False, "names no model number XX"),
        ({"models": {"SO-1OO": "!"}}, False, "in letters or digits"),
        ({"models": {"SO-1OO": "so 200"}}, False, "Two models would have the same number"),
        ({"begins": "2026-02-15"}, False, "correct them with the letter"),
        ({"begins": "2021-02-15"}, True, "K1007 is not valid on February 15, 2021"),
        ({"contact": "Dana"}, True, "Nothing of this stands on the list"),
        ({"rationale": "A leg: \U0001f9bf"}, False, "cannot show the character U\\+1F9BF .* in the rationale"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], on_the_register: bool, why: str) -> None:
    first = sent()
    if "2021-02-15" in changes.values():
        row = first.determination.codes.first()
        assert row
        row.code.added = date(2022, 1, 1)
        row.code.save()
    with pytest.raises(NotAllowed, match=why):
        proposed(first, on_the_register=on_the_register, **changes)
    assert LetterCorrection.objects.count() == 0


def test_it_says_what_was_wrong() -> None:
    with pytest.raises(NotAllowed, match="Say what was wrong"):
        propose_correction(
            letter=sent(), changes={"contact": "D"}, what=" \u200b", on_the_register=False, by=reviewer()
        )


def test_a_letter_that_changes_nothing_is_not_made() -> None:
    with pytest.raises(NotAllowed, match="That is what the letter says already"):
        propose_correction(letter=sent(), changes={}, what="Nothing.", on_the_register=False, by=reviewer())


def test_no_code_has_no_first_day() -> None:
    first = sent(outcome=Outcome.NO_CODE)
    with pytest.raises(NotAllowed, match="nothing begins"):
        proposed(first, begins="2026-02-15", on_the_register=True)
    assert approve_correction(correction=proposed(first), by=approver()).said["contact"] == "Dana Right"


# Two people


def test_who_proposed_it_does_not_approve_it() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    correction = proposed(sent(), by=both)
    with pytest.raises(NotAllowed, match="You proposed this correction"):
        approve_correction(correction=correction, by=both)
    assert Letter.objects.count() == 1
    with pytest.raises(IntegrityError, match="nobody_approves_an_own_correction"):
        LetterCorrection.objects.update(decided_by=both, decided_at=timezone.now(), new_letter=Letter.objects.get())


def test_only_approvers_approve() -> None:
    correction = proposed(sent())
    with pytest.raises(NotAllowed, match="Only an approver decides"):
        approve_correction(correction=correction, by=reviewer())
    with pytest.raises(NotAllowed, match="Only an approver decides"):
        refuse_correction(correction=correction, why="x", by=reviewer())


def test_who_has_acted_for_the_applicant_takes_no_part() -> None:
    first = sent()
    organization = first.determination.application.organization
    correction = proposed(first)
    for person in (approver(), reviewer()):
        Representation.objects.create(user=person, organization=organization, confirmed_at=timezone.now())
    concerned = Representation.objects.filter(user__role_assignments__role=Role.APPROVER).get().user
    with pytest.raises(NotAllowed, match="You have acted for the applicant"):
        approve_correction(correction=correction, by=concerned)
    refuse_correction(correction=correction, why="Again.", by=approver())
    other = Representation.objects.filter(user__role_assignments__role=Role.REVIEWER).get().user
    with pytest.raises(NotAllowed, match="You have acted for the applicant"):
        proposed(first, by=other)


def test_a_refused_one_leaves_the_letter_and_another_may_be_proposed() -> None:
    first = sent()
    refuse_correction(correction=proposed(first), why="The name is right.", by=approver())
    assert Letter.objects.get() == first
    proposed(first)


def test_who_proposed_it_takes_it_back() -> None:
    by = reviewer()
    correction = proposed(sent(), by=by)
    assert refuse_correction(correction=correction, why="My mistake.", by=by).decided_by == by


# Once, and on the letter that holds


def test_one_at_a_time() -> None:
    first = sent()
    proposed(first)
    with pytest.raises(NotFromHere, match="waits already"):
        proposed(first)


def test_a_second_click_makes_one_letter() -> None:
    correction, by = proposed(sent()), approver()
    new = approve_correction(correction=correction, by=by)
    assert approve_correction(correction=correction, by=by) == new
    with pytest.raises(NotFromHere, match="decided on already"):
        approve_correction(correction=correction, by=approver())
    assert Letter.objects.count() == 2


def test_a_letter_that_was_replaced_or_is_not_written_is_not_corrected() -> None:
    first = sent()
    new = approve_correction(correction=proposed(first), by=approver())
    with pytest.raises(NotFromHere, match="was replaced already"):
        proposed(first)
    with pytest.raises(NotFromHere, match="still being written"):
        proposed(new)
    write_letter(letter_id=new.pk)
    third = approve_correction(correction=proposed(new, product="StrideOne Two"), by=approver())
    assert (third.said["contact"], third.said["product"]) == ("Dana Right", "StrideOne Two")
    assert third.said["replaces"].startswith("This letter replaces our letter of March 2, 2026")


def test_a_letter_is_never_deleted() -> None:
    sent()
    with pytest.raises(Exception, match="Cannot delete rows"):
        Letter.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_and_mails_it(time_machine: Any) -> None:
    determined(model_numbers=("SO-1OO",))
    run_jobs()
    approve_correction(correction=proposed(Letter.objects.get()), by=approver())
    run_jobs()
    newest = Letter.objects.latest("pk")
    assert newest.written_at is not None
    assert OutgoingMail.objects.get(subject__startswith="A corrected letter").delivered_at is not None


# Nothing internal in the file


def everything_in(pdf: bytes) -> str:
    """Every string and every stream of a PDF, unpacked."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for thing in opened.objects:
            found.append(repr(thing))
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes().decode("latin-1"))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return "".join([*found, str(reader.metadata), *(page.extract_text() for page in reader.pages)])


def test_no_letter_holds_who_worked_on_it() -> None:
    names = ["Rosalind Inside", "Aldous Inside", "Petra Inside", "Odd Inside"]
    application = determined(
        reviewed_by=reviewer(name=names[0], email="inside@contractor.example"), approved_by=approver(name=names[1])
    )
    write_letter(letter_id=Letter.objects.get().pk)
    refused = proposed(Letter.objects.get(), by=reviewer(name=names[2]), product="PROPOSED-AND-REFUSED")
    refuse_correction(correction=refused, why="REFUSED-BECAUSE", by=approver())
    correction = proposed(Letter.objects.get(), by=reviewer(name=names[2]))
    write_letter(letter_id=approve_correction(correction=correction, by=approver(name=names[3])).pk)
    files = [file_of(letter) for letter in Letter.objects.all()]
    letters = [everything_in(pdf) for pdf in files]
    assert len(letters) == 2
    assert [str(again(application).dcn) in text for text in letters] == [True, True]
    secrets = [*names, "Inside", "inside@contractor.example", "REFUSED", "determination.typ"]
    assert [secret for text in letters for secret in secrets if secret in text] == []
    metadata = [pypdf.PdfReader(io.BytesIO(pdf)).metadata for pdf in files]
    assert {(each.author, each.title) for each in metadata if each} == {
        ("PCL Registry", "Coding Verification Review: Determination")
    }


def test_a_part_that_no_letter_has_stops_the_start(settings: Any) -> None:
    assert corrections_name_parts_of_a_letter() == []
    settings.CORRECTIONS_THAT_RESTART_THE_CLOCK = frozenset({"begins", "adress", "code"})
    (error,) = corrections_name_parts_of_a_letter()
    assert error.id == "verification.E002"
    assert error.msg == "CORRECTIONS_THAT_RESTART_THE_CLOCK names what is no part of a letter: adress, code."
    assert error.hint.endswith("recipient contact manufacturer product models begins rationale.")
    with pytest.raises(SystemCheckError, match="no part of a letter: adress, code"):
        call_command("check")
