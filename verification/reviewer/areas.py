"""What there is to do at the contractor's door: the one list from which the console's navigation is drawn.

A new area is one line here. One whose page this installation does not have is left out. Who may open it is decided by
the permission map (config/access.py) alone; `roles` says to whom it is offered, and a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.models import Role

REGISTER, ADMINISTRATION = "Register", "Administration"
# As many as stand side by side in a window of 1280 pixels.
MOST_IN_A_LINE = 11
REVIEW = frozenset({Role.REVIEWER, Role.APPROVER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
EVERYBODY = frozenset(Role.values)


@dataclass(frozen=True)
class Area:
    view: str
    name: str
    roles: frozenset[str]
    """Whoever holds one of them is offered it; auditors besides, who look at every area."""
    below: tuple[str, ...] = ()
    """Beginnings of the names of other views that belong to it, for marking where one is."""
    group: str = ""
    """The menu that it folds into for whoever is offered more areas than a line holds."""
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
    Area("review:representations", "People waiting", frozenset({Role.REGISTRAR}), group=REGISTER),
    Area("review:authorizations", "Authorizations", frozenset({Role.REGISTRAR}), group=REGISTER),
    Area("registrar:home", "Register", frozenset({Role.REGISTRAR}), below=("registrar:",), group=REGISTER),
    Area("review:reports", "Reports", EVERYBODY, below=("review:report",)),
    Area(
        "review:product_groups",
        "Product groups",
        frozenset({Role.REGISTRAR}),
        below=("review:product_group",),
        group=REGISTER,
    ),
    Area("review:configuration", "Clocks and reasons", EVERYBODY),
    Area("review:people", "People and roles", ADMINISTRATORS, below=("review:person",), group=ADMINISTRATION),
    Area("review:access", "Access review", ADMINISTRATORS, below=("review:access",), group=ADMINISTRATION),
    Area(
        "accounts:second_factors",
        "Second factors",
        ADMINISTRATORS,
        below=("accounts:reset_second_factor",),
        group=ADMINISTRATION,
    ),
    Area("review:log", "Log", ADMINISTRATORS, below=("review:log",), group=ADMINISTRATION),
    Area("review:stored_files", "Files", ADMINISTRATORS | {Role.REGISTRAR}, group=ADMINISTRATION),
    Area("admin:index", "Reference data", ADMINISTRATORS, group=ADMINISTRATION, looked_at=False),
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


def in_a_line(areas: list[Area]) -> tuple[list[Area], list[tuple[str, list[Area]]]]:
    """Those that stand side by side, and the menus beside them, by name: none where a line holds all of them."""
    if len(areas) <= MOST_IN_A_LINE:
        return areas, []
    menus = [(name, [area for area in areas if area.group == name]) for name in (REGISTER, ADMINISTRATION)]
    return [area for area in areas if not area.group], [(name, its) for name, its in menus if its]
