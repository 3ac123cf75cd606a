"""Every act on a listing, in one table: its words, what is asked, and the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from pcl.models import Listing, Renaming, RenamingKind
from pcl.queries.code_to_list import code_to_list
from pcl.queries.possible_acts import ListingAct
from pcl.registrar import listing_act_forms as forms
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing, extend_listing, rescind_end_date
from pcl.services.follow_on_listing import recode_listing, reinstate_listing
from pcl.services.products import correct_model_number
from pcl.services.renamings import make_renaming

Given = dict[str, Any]


@dataclass(frozen=True)
class ActPage:
    label: str
    explained: str
    form: type[forms.ListingActForm]
    do: Callable[[Listing, Given, str, User], object]
    """Of the listing, the valid form's data, the public reason, and who does it."""
    begin_with: Callable[[Listing], Given] | None = None
    ends_it: bool = False
    describe: Callable[[Listing, Given, str, User], Renaming] | None = None
    """What `do` does, where it is a change of names: very many listings may show them, and then the worker does it."""


def _end(listing: Listing, given: Given, reason: str, by: User) -> object:
    return end_date_listing(listing=listing, last_day=given["last_day"], reason=reason, by=by)


def _extend(listing: Listing, given: Given, reason: str, by: User) -> object:
    return extend_listing(listing=listing, last_day=given["last_day"], reason=reason, by=by)


def _rescind(listing: Listing, given: Given, reason: str, by: User) -> object:
    return rescind_end_date(listing=listing, reason=reason, by=by)


def _reinstate(listing: Listing, given: Given, reason: str, by: User) -> object:
    return reinstate_listing(listing=listing, begins=given["begins"], reason=reason, by=by)


def _recode(listing: Listing, given: Given, reason: str, by: User) -> object:
    code = code_to_list(given["code"], begins=given["begins"])
    return recode_listing(listing=listing, code=code, begins=given["begins"], reason=reason, by=by)


def _correct(listing: Listing, given: Given, reason: str, by: User) -> object:
    return correct_listing(
        listing=listing,
        begins=given["begins"],
        last_day=given["last_day"],
        comment=given["comment"],
        reason=reason,
        by=by,
    )


def _rename(listing: Listing, given: Given, reason: str, by: User) -> Renaming:
    product = listing.model.product
    return Renaming(
        kind=RenamingKind.PRODUCT,
        product=product,
        called=product.name,
        name=given["name"],
        since=given["since"],
        source=given["source"],
        reason=reason,
        by=by,
    )


def _correct_product(listing: Listing, given: Given, reason: str, by: User) -> Renaming:
    product = listing.model.product
    return Renaming(
        kind=RenamingKind.CORRECTION,
        product=product,
        called=product.name,
        name=given["name"],
        classification=given["classification"],
        reason=reason,
        by=by,
    )


def _made(describe: Callable[[Listing, Given, str, User], Renaming]) -> Callable[[Listing, Given, str, User], object]:
    return lambda listing, given, reason, by: make_renaming(describe(listing, given, reason, by))


def _correct_model(listing: Listing, given: Given, reason: str, by: User) -> object:
    return correct_model_number(model=listing.model, model_number=given["model_number"], reason=reason, by=by)


ACT_PAGES: dict[ListingAct, ActPage] = {
    ListingAct.END: ActPage(
        "End this listing",
        "Sets the last date of service on which it may be billed. It ends this listing only: the product’s listings "
        "under other codes, and those of its distributors, stay as they are.",
        forms.LastDayForm,
        _end,
        ends_it=True,
    ),
    ListingAct.EXTEND: ActPage(
        "Extend it", "Moves the announced last day to bill to a later day.", forms.LastDayForm, _extend
    ),
    ListingAct.RESCIND: ActPage(
        "Take back the announced end",
        "The announced last day no longer holds: the listing goes on with no end set.",
        forms.ListingActForm,
        _rescind,
    ),
    ListingAct.REINSTATE: ActPage(
        "Reinstate it",
        "Lists the model again under the same code, from a later day on. The gap stays a gap: on dates of service in "
        "it the product was not listed.",
        forms.BeginForm,
        _reinstate,
    ),
    ListingAct.RECODE: ActPage(
        "Move it to another code",
        "Lists the model under another code from a day on, and ends this listing on the day before. Do it again for "
        "each further code.",
        forms.RecodeForm,
        _recode,
    ),
    ListingAct.CORRECT: ActPage(
        "Correct dates or comment",
        "For what was written by mistake. What the listing said until now stays in its history.",
        forms.CorrectForm,
        _correct,
        lambda listing: {
            "begins": listing.effective_from,
            "last_day": listing.effective_to,
            "comment": listing.comment,
        },
    ),
    ListingAct.RENAME: ActPage(
        "Rename the product",
        "The maker calls it otherwise since a day. The former name stays findable, with its dates. All listings of the "
        "product change.",
        forms.RenameProductForm,
        _made(_rename),
        lambda listing: {"name": listing.model.product.name},
        describe=_rename,
    ),
    ListingAct.CORRECT_PRODUCT: ActPage(
        "Correct the product’s name or classification",
        "For what was written by mistake: the mistaken name is not kept as a name. All listings of the product change.",
        forms.CorrectProductForm,
        _made(_correct_product),
        lambda listing: {"name": listing.model.product.name, "classification": listing.model.product.classification},
        describe=_correct_product,
    ),
    ListingAct.CORRECT_MODEL: ActPage(
        "Correct the model number",
        "For what was written by mistake. All listings of the model change.",
        forms.CorrectModelForm,
        _correct_model,
        lambda listing: {"model_number": listing.model.model_number},
    ),
}
