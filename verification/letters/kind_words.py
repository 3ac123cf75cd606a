"""What a letter says otherwise than the letter of a first review, by the kind of application. Nothing internal."""

from collections.abc import Iterator
from typing import Any

from pcl.dates import day_in_words as in_words
from pcl.text import normalize_model_number
from verification.models import ApplicationKind, Determination, Outcome
from verification.queries.drafted import CodeGroup, drafted
from verification.queries.name_change import name_change
from verification.queries.upheld import codes_of_the_first, is_upheld

NO_SECOND = (
    "This is the last word on that determination: it is not reconsidered again. With something new, or where the "
    "product was changed, submit a new application."
)


AFTER_ACCEPTED = "If something of it is wrong, ask for a listing update, or attest what is right."
AFTER_DECLINED = (
    "There is no reconsideration of this answer. Send the request again with what was missing, or submit a new "
    "application for coding verification review."
)


def words_of_the_kind(determination: Determination) -> dict[str, Any]:
    """Parts of the letter that take the place of the usual ones."""
    kind = ApplicationKind(determination.application.kind)
    if kind == ApplicationKind.RECONSIDERATION:
        return _reconsideration(determination)
    if kind == ApplicationKind.MODEL_ADDITION:
        return _attestation(determination, "Model Number Addition", "the model numbers named in it are listed")
    if kind == ApplicationKind.NAME_CHANGE:
        return _attestation(
            determination,
            "Manufacturer Name Change",
            "the listings stand under the new name; the former one finds them",
        )
    if kind == ApplicationKind.LISTING_UPDATE:
        return _attestation(determination, "Listing Update", "the listing says so from now on")
    return {}


def _reconsideration(determination: Determination) -> dict[str, Any]:
    first = determination.application.reconsiders
    assert first is not None, "a reconsideration is of a determination"  # noqa: S101
    assert first.letter_date is not None, "only a determination that was made is reconsidered"  # noqa: S101
    upheld = is_upheld(determination)
    what_became = (
        "It is upheld: it stands as it was made, and so do its listings."
        if upheld
        else "It is revised: the determination below takes its place. What the list said so far stays in its history."
    )
    words: dict[str, Any] = {
        "title": f"Reconsideration: determination {'upheld' if upheld else 'revised'}",
        "opening": (
            f"You asked us to reconsider the determination of {in_words(first.letter_date)} on application "
            f"{first.application.dcn}. People who did not decide it then have decided on it now. {what_became}"
        ),
        "reconsideration": NO_SECOND,
        "codes": [row for group in drafted(determination).groups() for row in _rows(group, determination)],
    }
    if determination.begins and not determination.assigns_codes:
        words["result"] = {
            "heading": "No HCPCS Code Assigned",
            "text": (
                "No HCPCS code is assigned to this product any more. From dates of service on "
                f"{in_words(determination.begins)} on, its listings do not hold."
            ),
        }
    return words


def _rows(group: CodeGroup, determination: Determination) -> Iterator[dict[str, Any]]:
    """The codes that the models had before, whose listings go on, apart from those that are new."""
    first = determination.application.reconsiders
    assert first is not None, "a reconsideration is of a determination"  # noqa: S101
    had = codes_of_the_first(first)
    kept = [
        code for code in group.codes if all((normalize_model_number(each), code.pk) in had for each in group.models)
    ]
    new = [code for code in group.codes if code not in kept]
    begins = in_words(determination.begins) if determination.begins else "set with the determination"
    for codes, since in ((kept, "as before"), (new, begins)):
        if codes:
            said = [{"code": code.code, "description": code.long_description} for code in codes]
            yield {"models": list(group.models), "codes": said, "begins": since}


def _new_name(determination: Determination) -> str:
    change = name_change(determination.application)
    since = f" since {in_words(change.since)}" if change.since else ""
    became = "is part of" if change.is_merger else "is called"
    # As it was when it was asked: the organization itself bears the new name by now.
    return f"{determination.application.manufacturer_name} {became} {change.name}{since}."


def _attestation(determination: Determination, title: str, effect: str) -> dict[str, Any]:
    accepted = determination.outcome in (Outcome.ACCEPTED, Outcome.CODES_ASSIGNED)
    answer = "accepted" if accepted else "not accepted"
    words: dict[str, Any] = {
        "title": f"{title}: {answer}",
        "requested": "",
        "opening": f"We looked at your request on the product or name above. It is {answer}.",
        "not_coverage": (
            "It says what stands on the Product Classification List. It does not say that Medicare covers a product or "
            "pays for it; that is decided by the DME MACs under their policies."
        ),
        "reconsideration": AFTER_ACCEPTED if accepted else AFTER_DECLINED,
    }
    if accepted and determination.application.kind == ApplicationKind.NAME_CHANGE:
        words["opening"] += f" {_new_name(determination)}"
    if not determination.assigns_codes:
        words["result"] = {
            "heading": "Accepted" if accepted else "Not accepted",
            "text": f"{effect[0].upper()}{effect[1:]}."
            if accepted
            else "The Product Classification List stays as it is.",
        }
    return words
