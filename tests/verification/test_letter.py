"""The letter: accessible, complete, and with nothing internal in it; written once and mailed once."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import OutgoingMail
from tests.factories.verification import approver, determined, information_requested, recommended, reviewer
from tests.jobs import run_jobs
from verification.letters.compose import letter_pdf
from verification.letters.jobs import write_letter
from verification.models import Application, Letter, Outcome, Visibility
from verification.services.review import remark
from verification.workflow.perform import perform

TODAY_IN_WORDS = "March 2, 2026"
INTERNAL = {
    "reviewer": "Rosalind Reviewer-Internal",
    "approver": "Aldous Approver-Internal",
    "remark": "REMARK-NOT-FOR-THEM",
    "evidence": "Instructions for use, page 3.",
    "returned": "REASON-FOR-RETURNING",
}


def letter_of(application: Application) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(letter_pdf(application.determination)))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def a_determination(**said: Any) -> Application:
    """With everything internal that could leak into its letter."""
    application = recommended(
        reviewed_by=reviewer(name=INTERNAL["reviewer"], email="rosalind@contractor.example"), **said
    )
    remark(
        application=application,
        text=INTERNAL["remark"],
        visibility=Visibility.INTERNAL,
        by=application.reviewer,  # type: ignore[arg-type]
    )
    perform(
        "return",
        application=application,
        by=approver(),
        seen_version=application.version,
        given={"reason": INTERNAL["returned"]},
    )
    application.refresh_from_db()
    perform("recommend", application=application, by=application.reviewer, seen_version=application.version)
    application.refresh_from_db()
    given = {"letter_date": timezone.localdate()}
    if said.get("outcome") != Outcome.NO_CODE:
        given["begins"] = timezone.localdate()
    perform(
        "determine",
        application=application,
        by=approver(name=INTERNAL["approver"]),
        seen_version=application.version,
        given=given,
    )
    return Application.objects.get(pk=application.pk)


pytestmark = pytest.mark.django_db


def test_it_is_an_accessible_pdf() -> None:
    pdf = letter_of(determined())
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert root["/Lang"] == "en-US"
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True  # type: ignore[index]
    assert pdf.metadata
    assert pdf.metadata.title == "Coding Verification Review: Determination"
    xmp = root["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    assert "pdfuaid:part" in xmp
    assert ">1<" in xmp.split("pdfuaid:part", 1)[1][:12]


def test_it_says_what_was_determined(time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T15:00:00+00:00", tick=False)
    application = a_determination(model_numbers=("SO-100", "SO-200"))
    text = text_of(letter_of(application))
    said = (
        application.dcn,
        "StrideOne Exoskeleton",
        application.manufacturer_name,
        "SO-100",
        "SO-200",
        "K1007",
        TODAY_IN_WORDS,
        "April 16, 2026",  # 45 days later, inclusive
        "powered bilateral exoskeleton",
        "does not say that Medicare covers",
    )
    assert [words for words in said if str(words) not in text] == []
    assert "Draft" not in text


def test_it_says_that_no_code_was_assigned() -> None:
    text = text_of(letter_of(a_determination(outcome=Outcome.NO_CODE)))
    assert "No HCPCS Code Assigned" in text
    assert "requested K1007. The rationale says why no code is assigned." in text
    assert text.count("K1007") == 1


def test_nothing_internal_is_in_it() -> None:
    application = a_determination()
    pdf = letter_of(application)
    everything = text_of(pdf) + str(pdf.metadata) + pdf.root_object["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    leaked = [words for words in (*INTERNAL.values(), "rosalind@contractor.example") if words in everything]
    assert leaked == []


def test_a_preview_is_marked_and_writes_nothing() -> None:
    application = recommended()
    before = Application.objects.filter(pk=application.pk).values().get()
    text = text_of(pypdf.PdfReader(io.BytesIO(letter_pdf(application.determination, draft_of=timezone.localdate()))))
    assert "This determination has not been made." in text
    assert Letter.objects.count() == 0
    assert Application.objects.filter(pk=application.pk).values().get() == before


def test_words_that_look_like_markup_are_words() -> None:
    application = recommended(
        product_name="#panic() *bold* $x$ @ref <tag> Über™", rationale='#read("/etc/passwd")\n\n= No'
    )
    perform(
        "determine",
        application=application,
        by=approver(),
        seen_version=application.version,
        given={"letter_date": timezone.localdate(), "begins": timezone.localdate()},
    )
    text = text_of(letter_of(Application.objects.get(pk=application.pk)))
    assert "#panic() *bold* $x$ @ref <tag> Über™" in text
    assert '#read("/etc/passwd")' in text


# The job


def mails_of_determinations() -> int:
    return OutgoingMail.objects.filter(subject__startswith="A determination was made").count()


def kept_files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "files" / "letters").glob("*"))


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_it_and_tells_the_applicant(tmp_path: Path) -> None:
    application = determined()
    run_jobs()
    letter = Letter.objects.get()
    assert letter.written_at is not None
    with letter.file.open() as file:
        assert str(application.dcn) in text_of(pypdf.PdfReader(file))
    mail = OutgoingMail.objects.get(subject__startswith="A determination was made")
    assert mail.to == [application.created_by.email]
    assert mail.delivered_at is not None
    assert kept_files(tmp_path) == [f"{letter.pk}.pdf"]


def test_a_second_run_writes_and_mails_nothing_more(tmp_path: Path) -> None:
    determined()
    letter = Letter.objects.get()
    write_letter(letter_id=letter.pk)
    first = Letter.objects.values().get()
    write_letter(letter_id=letter.pk)
    assert Letter.objects.values().get() == first
    assert mails_of_determinations() == 1
    assert kept_files(tmp_path) == [f"{letter.pk}.pdf"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("breaks", ["setting", "saving", "mailing"])
def test_a_run_that_breaks_off_is_done_again_whole(
    breaks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    determined()
    letter = Letter.objects.get()
    place = {
        "setting": (typst, "compile"),
        "saving": (default_storage, "save"),
        "mailing": ("verification.services.notify.send_mail",),
    }[breaks]

    def break_off(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(*place, break_off)  # type: ignore[call-overload]
        with pytest.raises(OSError, match="the disk is full"):
            write_letter(letter_id=letter.pk)
    assert Letter.objects.get().written_at is None
    assert mails_of_determinations() == 0
    write_letter(letter_id=letter.pk)
    assert Letter.objects.get().written_at is not None
    assert mails_of_determinations() == 1
    assert kept_files(tmp_path) == [f"{letter.pk}.pdf"]


def test_the_letters_days_are_the_designs(settings: Any) -> None:
    assert (settings.RECONSIDERATION_DAYS, settings.CHANGE_NOTICE_DAYS) == (45, 30)


@pytest.mark.django_db(transaction=True)
def test_other_steps_write_no_letter() -> None:
    information_requested()
    run_jobs()
    assert Letter.objects.count() == 0
