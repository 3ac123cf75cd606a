"""What was published of a determination: listings, letters with their sums, and the way to a corrected letter."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from pcl.models import RegisterEntry
from tests.factories.verification import again, approved, determined, manufacturer
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from verification.letters.jobs import write_letter
from verification.models import Application, Letter, LetterCorrection, Outcome


def page(application: Application, rest: str = "determined/") -> str:
    return f"/review/{application.pk}/{rest}"


def published(**said: object) -> tuple[Application, Letter]:
    application = determined(**{"model_numbers": ("P-1OO", "P-200")} | said)  # type: ignore[arg-type]
    write_letter(letter_id=Letter.objects.latest("pk").pk)
    return application, Letter.objects.latest("pk")


def test_listings_and_letters_are_there(as_reese: Client) -> None:
    application, letter = published()
    response = as_reese.get(page(application))
    page_text = text_of(response)
    assert f'data-copy="{letter.sha256}"' in main_of(response)
    assert "Current" in page_text
    assert "Correct this letter" not in page_text
    html = main_of(as_reese.get(page(application)))
    assert [entry.get_absolute_url() in html for entry in RegisterEntry.objects.all()] == [True, True]
    with letter.file.open() as file:
        answer = as_reese.get(page(application, f"letters/{letter.pk}/"))
        assert b"".join(answer.streaming_content) == file.read()  # type: ignore[attr-defined]


def test_no_code_lists_nothing(as_robin: Client) -> None:
    application, _ = published(outcome=Outcome.NO_CODE)
    assert "so nothing is listed" in text_of(as_robin.get(page(application)))


def test_before_it_is_published_there_is_nothing(as_robin: Client) -> None:
    application = approved()
    for rest in ("determined/", "letters/1/", "letters/1/correct/", "corrections/1/"):
        assert as_robin.get(page(application, rest)).status_code == 404


def test_a_letter_of_another_application_is_not_there(as_robin: Client) -> None:
    (one, _), (_, other) = published(), published()
    assert as_robin.get(page(one, f"letters/{other.pk}/")).status_code == 404
    assert as_robin.get(page(one, f"letters/{other.pk}/correct/")).status_code == 404


def status(client: Client, url: str) -> int:
    answer = client.get(url)
    if answer.streaming:
        assert b"".join(answer).startswith(b"%PDF")
    return answer.status_code


def as_it_is(client: Client, application: Application, letter: Letter) -> dict[str, str]:
    form = client.get(page(application, f"letters/{letter.pk}/correct/")).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields if name != "on_the_register"}


def test_a_correction_is_proposed_seen_and_approved(as_robin: Client, as_avery: Client) -> None:
    application, letter = published()
    said = as_it_is(as_robin, application, letter) | {
        "what": "The model number is P-100.",
        "models": "P-1OO -> P-100",
        "on_the_register": "on",
    }
    answer = as_robin.post(page(application, f"letters/{letter.pk}/correct/"), said, follow=True)
    correction = LetterCorrection.objects.get()
    assert correction.changes == {"models": {"P-1OO": "P-100"}}
    assert "The correction waits for an approver." in text_of(answer)
    assert "You proposed it" in text_of(answer)
    assert "Approve, and send" not in text_of(answer)
    address = page(application, f"corrections/{correction.pk}/")
    seen = text_of(as_avery.get(address))
    assert "K1007 StrideOne Exoskeleton P-1OO" in seen
    assert "This letter replaces our letter of" in seen
    assert {entry.model_number for entry in RegisterEntry.objects.all()} == {"P-1OO", "P-200"}
    after = text_of(as_avery.post(address, {"do": "approve"}, follow=True))
    assert "Replaced" in after
    assert {entry.model_number for entry in RegisterEntry.objects.all()} == {"P-100", "P-200"}
    assert "applied for as P-1OO" in after
    assert Letter.objects.count() == 2
    assert "Approved Avery Approver" in text_of(as_avery.get(address))


def test_what_is_wrong_with_a_correction_comes_back(as_robin: Client) -> None:
    application, letter = published()
    address = page(application, f"letters/{letter.pk}/correct/")
    said = as_it_is(as_robin, application, letter)
    nothing = as_robin.post(address, said | {"what": "Nothing."})
    assert (nothing.status_code, "That is what the letter says already" in text_of(nothing)) == (403, True)
    lines = as_robin.post(address, said | {"what": "x", "models": "P-1OO"})
    assert (lines.status_code, "Line 1: write the wrong number, an arrow" in text_of(lines)) == (400, True)
    empty = as_robin.post(address, said | {"what": "", "contact": "Kept As Typed"})
    assert (empty.status_code, "Kept As Typed" in main_of(empty)) == (400, True)
    assert LetterCorrection.objects.count() == 0


def test_a_correction_is_refused_with_a_reason(as_robin: Client, as_avery: Client) -> None:
    application, letter = published()
    said = as_it_is(as_robin, application, letter) | {"what": "x", "contact": "Dana Right"}
    as_robin.post(page(application, f"letters/{letter.pk}/correct/"), said)
    address = page(application, f"corrections/{LetterCorrection.objects.get().pk}/")
    assert as_robin.post(address, {"do": "approve"}).status_code == 403
    assert as_avery.post(address, {"do": "refuse", "why": ""}).status_code == 400
    as_avery.post(address, {"do": "refuse", "why": "The name is right."})
    assert "The name is right." in text_of(as_robin.get(address))
    assert Letter.objects.count() == 1
    assert as_avery.post(address, {"do": "approve"}).status_code == 409


@pytest.mark.django_db
def test_the_applicant_reads_both_letters_and_nobody_elses(robin: User, as_robin: Client, as_avery: Client) -> None:
    application, letter = published(by=manufacturer())
    said = as_it_is(as_robin, application, letter) | {"what": "The contact’s name.", "contact": "Dana Right"}
    as_robin.post(page(application, f"letters/{letter.pk}/correct/"), said)
    as_avery.post(page(application, f"corrections/{LetterCorrection.objects.get().pk}/"), {"do": "approve"})
    maker, stranger = signed_in(application.created_by), signed_in(manufacturer())
    old = f"/apply/{application.pk}/letters/{letter.pk}/"
    new = f"/apply/{application.pk}/letters/{Letter.objects.latest('pk').pk}/"
    assert [status(maker, url) for url in (old, new)] == [200, 404]
    write_letter(letter_id=Letter.objects.latest("pk").pk)
    assert [status(maker, url) for url in (old, new)] == [200, 200]
    assert [status(stranger, url) for url in (old, new)] == [404, 404]
    text = text_of(maker.get(again(application).get_absolute_url()))
    assert "What was corrected: The contact’s name." in text
    assert robin.name not in text


def test_queries_do_not_grow_with_the_listings(as_robin: Client) -> None:
    counts = []
    for numbers in (("A",), ("A", "B", "C")):
        application, _ = published(model_numbers=numbers)
        as_robin.get(page(application))
        with CaptureQueriesContext(connection) as queries:
            as_robin.get(page(application))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
