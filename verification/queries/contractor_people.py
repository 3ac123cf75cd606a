"""The contractor's people as administrators see them, and what speaks against giving or taking a role."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import AccountEvent, ContractorInvitation, EventKind, Role, RoleAssignment, User
from verification.models import Application, Representation
from verification.workflow.states import OPEN_FOR_REVIEW

# Whose whole name or address is not typed may still be found; more than these are not shown.
MOST_FOUND = 20


def contractor_people() -> QuerySet[User]:
    """Everybody who holds a role or held one, those who can sign in first, by name; with `held`: the present roles."""
    ever = RoleAssignment.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(ever)).prefetch_related(present_roles()).order_by("-is_active", "name", "pk")


def present_roles() -> Prefetch:
    now = RoleAssignment.objects.filter(revoked_at=None).select_related("granted_by").order_by("granted_at", "pk")
    return Prefetch("role_assignments", now, to_attr="held")


def people_found(words: str) -> list[User]:
    """Anybody with an account whose name or address contains `words`; at most MOST_FOUND."""
    words = words.replace("\x00", "").strip()
    if not words:
        return []
    found = User.objects.filter(Q(email__icontains=words) | Q(name__icontains=words))
    return list(found.prefetch_related(present_roles()).order_by("name", "pk")[:MOST_FOUND])


def open_invitations() -> QuerySet[ContractorInvitation]:
    return ContractorInvitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("invited_by")


def history_of(user: User) -> QuerySet[AccountEvent]:
    """What happened to the account, newest first; sign-ins are in the log."""
    return user.account_events.exclude(kind=EventKind.SIGNED_IN).select_related("by").order_by("-at", "-id")


def open_reviews_of(user: User) -> QuerySet[Application]:
    """What the person has to review now, oldest first."""
    return (
        Application.objects.filter(reviewer=user, status__in=OPEN_FOR_REVIEW)
        .select_related("organization")
        .order_by("submitted_at", "pk")
    )


def represented_by(user: User) -> list[Representation]:
    """The organizations for which the person acts, or has asked to."""
    acting = Representation.objects.filter(user=user, ended_at=None).select_related("organization")
    return list(acting.order_by("organization__name"))


def against_granting(user: User, role: str) -> str:
    """Whoever works for the contractor is on no applicant's side."""
    names = ", ".join(each.organization.name for each in represented_by(user))
    if not names:
        return ""
    return (
        f"{user} acts for {names}, or has asked to. Whoever works for the contractor cannot act for an applicant:"
        " end that first, or invite the person under another address."
    )


def against_losing(user: User, role: str) -> str:
    """Only the assigned reviewer can go on with a review: without the role it would stand still."""
    if role != Role.REVIEWER:
        return ""
    count = open_reviews_of(user).count()
    if not count:
        return ""
    what = "1 open review is" if count == 1 else f"{count} open reviews are"
    return f"{what} assigned to {user}. Give each to another reviewer first; they are listed on the person’s page."
