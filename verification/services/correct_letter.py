"""Correcting a letter: one person proposes, another approves, and there is a new letter. The old one is kept."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from pcl.errors import RegisterError
from pcl.services.correct_listing import correct_listing
from pcl.services.products import correct_model_number, correct_product
from pcl.text import clean_text, normalize_model_number
from verification.letters.compose import why_it_cannot_say
from verification.letters.corrected import corrected, counted_from, model_numbers, paragraphs, what_it_says
from verification.letters.jobs import write_letter
from verification.models import Application, Determination, Letter, LetterCorrection
from verification.queries.conflicts import has_conflict_of_interest
from verification.workflow.errors import NotAllowed, NotFromHere
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User

# Of these, the list says the same as the letter, so both are put right or none.
ON_THE_REGISTER = frozenset({"product", "models", "begins"})


@transaction.atomic
def propose_correction(
    *, letter: Letter, changes: Mapping[str, Any], what: str, on_the_register: bool, by: "User"
) -> LetterCorrection:
    """Propose to replace `letter` by one that says `changes` instead, by part (letters/corrected.PARTS).

    `recipient` is a list of lines, `models` says what is right by what the letter says, `begins` is a date as ISO 8601
    has it (inclusive). `what` tells the reader what was wrong; with `on_the_register` the listings are corrected, too.
    Raises NotAllowed or NotFromHere.
    """
    letter = _newest(letter)
    _refuse_applicants_side(letter, by)
    if not by.has_role(Role.REVIEWER, Role.APPROVER):
        raise NotAllowed("Only reviewers and approvers correct letters.")
    if letter.written_at is None:
        raise NotFromHere("This letter is still being written. Correct it once it is there.")
    if letter.corrections.filter(decided_at=None).exists():
        raise NotFromHere("A correction of this letter waits already. Decide on that one first.")
    changes = _cleaned(changes)
    _refuse_impossible(letter, changes, on_the_register=on_the_register)
    what = clean_text(what).strip()
    if not what:
        raise NotAllowed("Say what was wrong and what is right; it goes into the new letter.")
    correction = LetterCorrection(
        letter=letter, changes=changes, what=what, on_the_register=on_the_register, proposed_by=by
    )
    flaw = why_it_cannot_say(new_letter_says(correction))
    if flaw:
        raise NotAllowed(flaw)
    correction.save(force_insert=True)
    return correction


@transaction.atomic
def approve_correction(*, correction: LetterCorrection, by: "User") -> Letter:
    """Make the corrected letter, dated today, and put the list right where that belongs to it. Twice is once.

    Raises NotAllowed or NotFromHere, with nothing changed.
    """
    letter = _newest_or_replaced(correction)
    correction = LetterCorrection.objects.select_related("new_letter", "proposed_by").get(pk=correction.pk)
    if correction.new_letter is not None and correction.decided_by_id == by.pk:
        return correction.new_letter
    _refuse_decided(correction)
    _refuse_approver(correction, letter, by)
    said = new_letter_says(correction)
    if correction.on_the_register:
        try:
            change_register(correction, by=by)
        except RegisterError as error:
            raise NotAllowed(f"The list cannot be corrected: {error}") from error
    _follow(letter.determination, correction)
    new = Letter.objects.create(determination=letter.determination, replaces=letter, said=said)
    correction.new_letter, correction.decided_by, correction.decided_at = new, by, timezone.now()
    correction.save()
    write_letter.defer(letter_id=new.pk)
    return new


@transaction.atomic
def refuse_correction(*, correction: LetterCorrection, why: str, by: "User") -> LetterCorrection:
    """Refuse a correction, or take back an own one. Raises NotAllowed or NotFromHere."""
    letter = _newest_or_replaced(correction)
    correction = LetterCorrection.objects.get(pk=correction.pk)
    _refuse_decided(correction)
    _refuse_applicants_side(letter, by)
    if not by.has_role(Role.APPROVER) and correction.proposed_by_id != by.pk:
        raise NotAllowed("Only an approver decides on a correction; who proposed it may take it back.")
    if not why.strip():
        raise NotAllowed("Say why the correction is not made.")
    correction.decided_by, correction.decided_at, correction.refusal = by, timezone.now(), clean_text(why).strip()
    correction.save()
    return correction


def new_letter_says(correction: LetterCorrection) -> dict[str, Any]:
    """What the new letter says if it were approved today."""
    determination = correction.letter.determination
    changed = frozenset(correction.changes)
    return corrected(
        correction.letter,
        changes=correction.changes,
        what=correction.what,
        on_the_register=correction.on_the_register,
        today=timezone.localdate(),
        clock_from=counted_from(determination, changed, settings.CORRECTIONS_THAT_RESTART_THE_CLOCK),
    )


def change_register(correction: LetterCorrection, *, by: "User") -> None:
    """Put right on the register what the letter's correction says of it. Raises RegisterError."""
    determination, changes = correction.letter.determination, correction.changes
    reason = f"Correction of the letter on application {determination.application.dcn}."
    rows = determination.codes.filter(listing__isnull=False).select_related("listing__model__product").order_by("pk")
    listings = [row.listing for row in rows if row.listing is not None]
    if not listings:
        raise RegisterError("Nothing is listed of this determination.")
    if "product" in changes:
        product = listings[0].model.product
        correct_product(
            product=product, name=changes["product"], classification=product.classification, reason=reason, by=by
        )
    if "models" in changes:
        right = {normalize_model_number(was): now for was, now in changes["models"].items()}
        models = {listing.model_id: listing.model for listing in listings}
        if missing := right.keys() - {model.normalized for model in models.values()}:
            raise RegisterError(f"The list has no model {min(missing)} of this determination.")
        for model in models.values():
            if model.normalized in right:
                correct_model_number(model=model, model_number=right[model.normalized], reason=reason, by=by)
    if "begins" in changes:
        for listing in listings:
            correct_listing(
                listing=listing,
                begins=date.fromisoformat(changes["begins"]),
                last_day=listing.effective_to,
                comment=listing.comment,
                reason=reason,
                by=by,
            )


def _follow(determination: Determination, correction: LetterCorrection) -> None:
    """What the determination says now; what it said before stands in the letter that is replaced."""
    changes = correction.changes
    if "rationale" in changes:
        determination.rationale = changes["rationale"]
    if "begins" in changes:
        determination.begins = date.fromisoformat(changes["begins"])
    if settings.CORRECTIONS_THAT_RESTART_THE_CLOCK & changes.keys():
        determination.clock_from = timezone.localdate()
    determination.save(update_fields=["rationale", "begins", "clock_from"])


def _newest(letter: Letter) -> Letter:
    """The letter, its application locked. Raises NotFromHere where it was replaced."""
    Application.objects.select_for_update().get(determination=letter.determination_id)
    now = Letter.objects.select_related("determination__application", "replaced_by").get(pk=letter.pk)
    if now.determination.application.status != Status.DETERMINED:
        raise NotFromHere("Only the letter of a determination that was published is corrected.")
    if now.is_replaced:
        raise NotFromHere("This letter was replaced already. Correct the one that replaced it.")
    return now


def _newest_or_replaced(correction: LetterCorrection) -> Letter:
    Application.objects.select_for_update().get(determination=correction.letter.determination_id)
    return Letter.objects.select_related("determination__application").get(pk=correction.letter_id)


def _refuse_decided(correction: LetterCorrection) -> None:
    if correction.decided_at is not None:
        raise NotFromHere("This correction was decided on already.")


def _refuse_applicants_side(letter: Letter, by: "User") -> None:
    if has_conflict_of_interest(by, letter.determination.application):
        raise NotAllowed("You have acted for the applicant, so somebody else has to correct the letter.")


def _refuse_approver(correction: LetterCorrection, letter: Letter, by: "User") -> None:
    if not by.has_role(Role.APPROVER):
        raise NotAllowed("Only an approver decides on a correction.")
    if correction.proposed_by_id == by.pk:
        raise NotAllowed("You proposed this correction. Another approver has to decide on it.")
    _refuse_applicants_side(letter, by)


def _cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    """As texts are kept everywhere: what nobody sees left out."""
    cleaned: dict[str, Any] = {}
    for part, said in changes.items():
        if isinstance(said, str):
            cleaned[part] = clean_text(said).strip()
        elif isinstance(said, list):
            cleaned[part] = [line for line in (clean_text(each).strip() for each in said) if line]
        else:
            cleaned[part] = {was: " ".join(clean_text(now).split()) for was, now in said.items()}
    return cleaned


def _refuse_impossible(letter: Letter, changes: Mapping[str, Any], *, on_the_register: bool) -> None:
    if not changes:
        raise NotAllowed("That is what the letter says already. Change what is wrong in it.")
    if any(not said for said in changes.values()):
        raise NotAllowed("A part of the letter cannot be corrected to nothing.")
    if "rationale" in changes and not paragraphs(changes["rationale"]):
        raise NotAllowed("A letter needs a rationale.")
    said = what_it_says(letter)
    known = model_numbers(said)
    for was, now in changes.get("models", {}).items():
        if was not in known:
            raise NotAllowed(f"The letter names no model number {was}.")
        if not normalize_model_number(now):
            raise NotAllowed(f"Give the right model number for {was}, in letters or digits.")
    after = [normalize_model_number(changes.get("models", {}).get(number, number)) for number in known]
    if len(set(after)) < len(set(map(normalize_model_number, known))):
        raise NotAllowed("Two models would have the same number.")
    if "begins" in changes:
        _refuse_begins(letter, date.fromisoformat(changes["begins"]), on_the_register=on_the_register)
    if on_the_register and not ON_THE_REGISTER & changes.keys():
        raise NotAllowed("Nothing of this stands on the list: the product’s name, model numbers or first day do.")


def _refuse_begins(letter: Letter, begins: date, *, on_the_register: bool) -> None:
    if letter.determination.begins is None:
        raise NotAllowed("No code is assigned, so nothing begins.")
    if not on_the_register:
        raise NotAllowed("The first date of service is the listings’ own: correct them with the letter.")
    for row in letter.determination.codes.select_related("code"):
        if not row.code.valid_on(begins):
            raise NotAllowed(f"{row.code.code} is not valid on {begins:%B %-d, %Y}. Give a day on which it is.")
