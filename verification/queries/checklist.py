"""The reviewer's checklist of an application: the requirements of each requested code, with what was found."""

from dataclasses import dataclass

from hcpcs.models import Code
from verification.models import Application, Finding
from verification.product_groups import ChecklistRow


@dataclass(frozen=True)
class Row:
    code: Code
    key: str
    requirement: str
    source: str
    finding: Finding | None

    @property
    def name(self) -> str:
        """Unique within the application; names the form's fields."""
        return f"{self.code.pk}-{self.key}"

    @property
    def is_open(self) -> bool:
        return self.finding is None or not self.finding.met or not self.finding.evidence.strip()


def rows(application: Application) -> list[Row]:
    """Each requirement of each requested code, in the order of the product group's file."""
    found = {(finding.code_id, finding.requirement): finding for finding in application.findings.all()}
    codes = [requested.code for requested in application.requested_codes.select_related("code")]
    return [
        _row(code, row, found.get((code.pk, row.key)))
        for code in codes
        for row in application.group.checklist_for(code.code)
    ]


def open_rows(application: Application) -> list[Row]:
    """The rows that still lack an answer or its evidence."""
    return [row for row in rows(application) if row.is_open]


def _row(code: Code, row: ChecklistRow, finding: Finding | None) -> Row:
    return Row(code=code, key=row.key, requirement=row.requirement, source=row.source, finding=finding)
