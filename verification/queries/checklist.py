"""The reviewer's checklist of an application: the requirements of each requested code, with what was found.

A change of name requests no code: its requirements are those of its kind.
"""

from dataclasses import dataclass

from hcpcs.models import Code
from pcl.models import Organization
from verification.models import Application, CodeEvidence, Document, Finding
from verification.product_groups import ChecklistRow
from verification.product_groups.group import ALL_CODES
from verification.queries.authorizations import in_words
from verification.queries.evidence import evidence_by_element
from verification.queries.named_parties import other_organizations
from verification.queries.representation import newest_authorizations


@dataclass(frozen=True)
class ShownIn:
    document: Document
    page: int | None
    """The first is 1; None for the document as a whole."""


@dataclass(frozen=True)
class Row:
    code: Code | None
    """None where the application requests no code: the requirement is of its kind."""
    key: str
    requirement: str
    source: str
    finding: Finding | None
    shown_in: tuple["ShownIn", ...] = ()
    """Where the reviewer found it shown; of documents that are attached still."""
    claimed: CodeEvidence | None = None
    """Where the applicant says that it is shown: `document`, `page`, `note`, or why not; None for nothing said."""

    @property
    def name(self) -> str:
        """Unique within the application; names the form's fields."""
        return f"{self.code.pk if self.code else 'kind'}-{self.key}"

    @property
    def is_open(self) -> bool:
        has_evidence = self.finding is not None and bool(self.finding.evidence.strip() or self.shown_in)
        return self.finding is None or not self.finding.met or not has_evidence


def rows(application: Application, *, with_authorizations: bool = True) -> list[Row]:
    """Each requirement of each requested code, or else of the kind, in the order of the file that says them.

    Without `with_authorizations` it is not said which authorization the register knows, which is a question of its own.
    """
    found = {(finding.code_id, finding.requirement): finding for finding in application.findings.all()}
    codes: list[Code | None] = [requested.code for requested in application.requested_codes.all()]
    authorization = _authorization_row(application, with_given=with_authorizations)
    pointed_to = any(finding.shown_in for finding in found.values())
    attached = {document.pk: document for document in application.documents.all()} if pointed_to else {}
    claimed = evidence_by_element(application)
    return [
        _row(code, row, found.get((code.pk if code else None, row.key)), attached, claimed.get(row.key))
        for number, code in enumerate(codes or [None])
        for row in (
            *((authorization,) if authorization and number == 0 else ()),
            *application.group.checklist_for(code.code if code else ALL_CODES),
        )
    ]


def _authorization_row(application: Application, *, with_given: bool) -> ChecklistRow | None:
    """Asked where the application would list a product under somebody else's name."""
    others = other_organizations(application)
    if not others:
        return None
    names = " and ".join(f"{party.name} ({party.role})" for party in others)
    given = _given_by([party.organization for party in others], application) if with_given else []
    return ChecklistRow(
        key="authorization",
        requirement=f"{application.organization.name} shows that it may apply for a product of {names}.",
        source="; ".join(given) or "Application, sections A.1 to A.3",
        codes=frozenset({ALL_CODES}),
    )


def _given_by(manufacturers: list[Organization | None], application: Application) -> list[str]:
    """The newest authorization that each of `manufacturers` ever gave the applicant, in words. One query.

    One that ended since counts for what was submitted while it was in force, so its days stand there.
    """
    survivors = [each.merged_into_id or each.pk for each in manufacturers if each is not None]
    newest = newest_authorizations(survivors, application.organization) if survivors else {}
    return [in_words(newest[survivor]) for survivor in survivors if survivor in newest]


def open_rows(application: Application) -> list[Row]:
    """The rows that still lack an answer or its evidence."""
    return [row for row in rows(application, with_authorizations=False) if row.is_open]


def _row(
    code: Code | None,
    row: ChecklistRow,
    finding: Finding | None,
    attached: dict[int, Document],
    claimed: CodeEvidence | None,
) -> Row:
    places = finding.shown_in if finding else []
    return Row(
        code=code,
        key=row.key,
        requirement=row.requirement,
        source=row.source,
        finding=finding,
        shown_in=tuple(
            ShownIn(attached[place["document"]], place["page"])
            for place in places
            if place["document"] in attached and attached[place["document"]].removed_at is None
        ),
        claimed=claimed if claimed and claimed.stands else None,
    )
