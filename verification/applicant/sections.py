"""The sections of an application, in their order, and how far each has come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from verification.applicant.forms.distributor import DistributorForm
from verification.applicant.forms.evidence import EvidenceForm
from verification.applicant.forms.manufacturer import ManufacturerForm
from verification.applicant.forms.of_kinds import CodesForm, ContactForm, NewModelsForm
from verification.applicant.forms.product import ProductForm
from verification.applicant.forms.questions import QuestionsForm
from verification.applicant.forms.reason import ReasonForm
from verification.applicant.forms.representative import RepresentativeForm
from verification.applicant.forms.section_form import SectionForm
from verification.applicant.forms.signature import SignatureForm
from verification.applicant.forms.sizes import SizesForm
from verification.checks import Gap, gaps
from verification.kinds import kind_form
from verification.models import Application, ApplicationKind, AppliesAs
from verification.services.drafts import SECTION_FIELDS, known_beforehand


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    about: str
    form: type[SectionForm] | None
    """None for the documents, which are attached and not saved."""
    is_begun: Callable[[Application], bool]
    is_asked: Callable[[Application], bool] = lambda _: True
    """Whether the application has this section; by its kind, or by what it says elsewhere."""
    is_optional: Callable[[Application], bool] = lambda _: False
    """Whether it may stay empty."""
    waits_for_others: bool = False
    """What it asks follows from other sections, so that nothing missing in it yet does not make it complete."""


def _of(*kinds: ApplicationKind) -> Callable[[Application], bool]:
    return lambda application: application.kind in kinds


def _questions_of(kind: ApplicationKind) -> Section:
    """The section with what the kind of application asks: see verification/kinds."""
    asked = kind_form(kind)
    assert asked is not None, f"{kind} asks questions of its own"  # noqa: S101
    return Section("questions", asked.title, asked.about, QuestionsForm, _has_answers, _of(kind))


def _has_answers(application: Application) -> bool:
    return bool(application.answers)


def _has_any(section: str) -> Callable[[Application], bool]:
    return lambda application: any(getattr(application, name) for name in SECTION_FIELDS[section])


def _has_more_than_was_known(section: str) -> Callable[[Application], bool]:
    def is_begun(application: Application) -> bool:
        known = known_beforehand(
            organization=application.organization,
            person=application.created_by,
            made_by=application.made_by,
            applies_as=application.applies_as,
        )
        return any(getattr(application, name) != known.get(name, "") for name in SECTION_FIELDS[section])

    return is_begun


SECTIONS: tuple[Section, ...] = (
    Section(
        "reason",
        "Reason for the application",
        "Why you apply now.",
        ReasonForm,
        _has_any("reason"),
        _of(ApplicationKind.INITIAL),
    ),
    Section(
        "manufacturer",
        "A.1 Manufacturer",
        "Who makes the product, and whom the reviewer may ask.",
        ManufacturerForm,
        _has_more_than_was_known("manufacturer"),
        _of(ApplicationKind.INITIAL),
    ),
    Section(
        "distributor",
        "A.2 Distributor",
        "Only where the product is sold under another company's name.",
        DistributorForm,
        _has_more_than_was_known("distributor"),
        _of(ApplicationKind.INITIAL),
        is_optional=lambda application: application.applies_as != AppliesAs.DISTRIBUTOR,
    ),
    Section(
        "representative",
        "A.3 Designated representative",
        "Who applies for the manufacturer.",
        RepresentativeForm,
        _has_more_than_was_known("representative"),
        lambda application: application.kind == ApplicationKind.INITIAL and application.made_by_id is not None,
    ),
    Section(
        "product",
        "B. Product and codes",
        "Name, model numbers, description, status with FDA, and the HCPCS code that you request.",
        ProductForm,
        lambda application: (
            _has_any("product")(application) or application.models.exists() or application.requested_codes.exists()
        ),
        _of(ApplicationKind.INITIAL),
    ),
    Section(
        "sizes",
        "B. Sizes and their codes",
        "Several sizes of one composition: the size of each model number, and the code requested for it.",
        SizesForm,
        lambda application: application.models.exclude(size="").exists(),
        lambda application: application.kind == ApplicationKind.INITIAL and application.group.sizes is not None,
        waits_for_others=True,
    ),
    Section(
        "questions",
        "C. Questions on the product group",
        "What the reviewer has to know of a product of this kind.",
        QuestionsForm,
        _has_answers,
        _of(ApplicationKind.INITIAL),
    ),
    # What follows a determination, or is about a listing.
    Section(
        "product",
        "The codes that you ask for",
        "The HCPCS codes that the reconsidered determination should assign.",
        CodesForm,
        lambda application: application.requested_codes.exists(),
        _of(ApplicationKind.RECONSIDERATION),
    ),
    Section(
        "product",
        "New model numbers",
        "The models that are to be listed beside the one that is.",
        NewModelsForm,
        lambda application: application.models.exists(),
        _of(ApplicationKind.MODEL_ADDITION),
    ),
    *(_questions_of(kind) for kind in ApplicationKind if kind != ApplicationKind.INITIAL),
    Section(
        "manufacturer",
        "Contact",
        "Whom the reviewer may ask, and where the letter goes.",
        ContactForm,
        lambda application: bool(application.contact_phone),
        lambda application: application.kind != ApplicationKind.INITIAL,
    ),
    Section(
        "documents",
        "Documents",
        "Evidence of what the application says.",
        None,
        lambda application: application.documents.filter(removed_at=None).exists(),
    ),
    Section(
        "evidence",
        "Codes and evidence",
        "For each thing that the requested codes ask: the document and page that show it.",
        EvidenceForm,
        lambda application: application.code_evidence.exclude(stands="").exists(),
        lambda application: application.kind == ApplicationKind.INITIAL and application.group.asks_for_evidence,
        waits_for_others=True,
    ),
    Section(
        "signature",
        "D. Signature",
        "Who attests that all of it is true. Sign last.",
        SignatureForm,
        _has_any("signature"),
    ),
)


def sections_of(application: Application) -> list[Section]:
    """The sections that `application` has, in the order of the form."""
    return [section for section in SECTIONS if section.is_asked(application)]


@dataclass(frozen=True)
class Progress:
    section: Section
    gaps: tuple[Gap, ...]
    is_begun: bool
    is_optional: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.gaps and (self.is_begun or not self.section.waits_for_others)

    @property
    def kind(self) -> Literal["good", "waiting", "past"]:
        """How its tag looks."""
        if self.is_complete:
            return "past" if self.is_optional and not self.is_begun else "good"
        return "waiting" if self.is_begun else "past"

    @property
    def in_words(self) -> str:
        if self.is_complete:
            return "Optional" if self.is_optional and not self.is_begun else "Complete"
        if not self.is_begun:
            return "Not started"
        return "1 thing missing" if len(self.gaps) == 1 else f"{len(self.gaps)} things missing"


def progress(application: Application) -> list[Progress]:
    """How far each section of a draft has come."""
    missing = gaps(application)
    return [
        Progress(
            section=section,
            gaps=tuple(gap for gap in missing if gap.section == section.key),
            is_begun=section.is_begun(application),
            is_optional=section.is_optional(application),
        )
        for section in sections_of(application)
    ]
