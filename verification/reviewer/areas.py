"""What there is to do at the contractor's door: the one list from which the console's navigation is drawn.

A new area is one line here. One whose page this installation does not have is left out. Who may open it is decided by
the permission map (config/access.py) alone; `roles` says to whom it is offered, and a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.models import Role

REVIEW = frozenset({Role.REVIEWER, Role.APPROVER})
EVERYBODY = frozenset(Role.values)


@dataclass(frozen=True)
class Area:
    view: str
    name: str
    roles: frozenset[str]
    """Whoever holds one of them is offered it; auditors besides, who look at every area."""
    below: tuple[str, ...] = ()
    """Beginnings of the names of other views that belong to it, for marking where one is."""
    looked_at: bool = True
    """Whether auditors open it: not where looking and changing are one."""

    @property
    def address(self) -> str:
        """Empty where there is no such page."""
        try:
            return reverse(self.view)
        except NoReverseMatch:
            return ""

    def holds(self, view_name: str) -> bool:
        return view_name == self.view or view_name.startswith(self.below)


AREAS = (
    Area("review:queue", "Queue", EVERYBODY),
    Area("review:waiting", "To be published", EVERYBODY, below=("review:waiting",)),
    Area("review:new_messages", "Messages", REVIEW | {Role.ADMINISTRATOR}),
    Area("review:samples", "Samples", EVERYBODY),
    Area("review:saved_replies", "Saved replies", EVERYBODY, below=("review:saved_reply",)),
    Area("review:representations", "People waiting", frozenset({Role.REGISTRAR})),
    Area("review:authorizations", "Authorizations", frozenset({Role.REGISTRAR})),
    Area("registrar:home", "Register", frozenset({Role.REGISTRAR}), below=("registrar:",)),
    Area("review:reports", "Reports", EVERYBODY, below=("review:report",)),
    Area("review:product_groups", "Product groups", frozenset({Role.REGISTRAR}), below=("review:product_group",)),
    Area("review:configuration", "Clocks and reasons", EVERYBODY),
    Area("review:people", "People and roles", frozenset({Role.ADMINISTRATOR}), below=("review:person",)),
    Area("review:access", "Access review", frozenset({Role.ADMINISTRATOR}), below=("review:access",)),
    Area("accounts:second_factors", "Second factors", frozenset({Role.ADMINISTRATOR})),
    Area("review:log", "Log", frozenset({Role.ADMINISTRATOR}), below=("review:log",)),
    Area("review:stored_files", "Files", frozenset({Role.REGISTRAR, Role.ADMINISTRATOR})),
    Area("admin:index", "Reference data", frozenset({Role.ADMINISTRATOR}), looked_at=False),
)


def areas_of(roles: Iterable[str]) -> list[Area]:
    """The areas that whoever holds `roles` can open, in order; those without a page are left out."""
    held = frozenset(roles)
    looks = Role.AUDITOR in held
    return [
        area
        for area in AREAS
        if area.address and ((looks and area.looked_at) or not area.roles.isdisjoint(held - {Role.AUDITOR}))
    ]
