"""What an attested change of name says, read from its answers and held against the register."""

from dataclasses import dataclass
from datetime import date

from pcl.models import Organization
from pcl.names import name_key
from pcl.queries.organization_names import find_look_alike, find_organization
from verification.models import Application, Representation
from verification.queries.representation import organizations_of


@dataclass(frozen=True)
class NameChange:
    organization: Organization
    """Whose name changes."""
    is_merger: bool
    name: str
    """The new name, or the name of the organization that it is part of now."""
    since: date | None
    into: Organization | None
    """The organization that the register knows by that name, or one whose name looks like it."""

    @property
    def is_into_itself(self) -> bool:
        return self.is_merger and (
            self.into == self.organization or name_key(self.name) == name_key(self.organization.name)
        )


def name_change(application: Application) -> NameChange:
    said = application.answers
    is_merger = said.get("change") == "merged"
    name = str(said.get("into" if is_merger else "new-name") or "")
    since = said.get("since")
    return NameChange(
        organization=application.organization,
        is_merger=is_merger,
        name=name,
        since=date.fromisoformat(since) if since else None,
        into=(find_organization(name) or find_look_alike(name)) if name else None,
    )


def other_people_act_for_it(application: Application, organization: Organization) -> bool:
    """Whether somebody acts for `organization`, and the applicant does not: then its agreement is needed."""
    acted_for = Representation.objects.filter(
        organization=organization, confirmed_at__isnull=False, ended_at=None
    ).exists()
    return acted_for and not organizations_of(application.created_by).filter(pk=organization.pk).exists()
