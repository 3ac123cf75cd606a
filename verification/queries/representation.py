"""Who acts for whom. Nothing else says who may read or take on an application at the applicant's side.

A person acts for an organization on a confirmed word (Representation), and for the organizations that one was merged
into or that were merged into it. The people of a designated representative act, while its authorization is in force,
on the applications that the representative made for the manufacturer, and on no other of its applications.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from pcl.models import Organization
from pcl.queries.organization_names import find_organization
from verification.models import Application, AppliesAs, Authorization, Capacity, Representation
from verification.models.application import ApplicationKind
from verification.workflow.attempt import YES, Verdict, no

if TYPE_CHECKING:
    from accounts.models import User

IN_FORCE_NOW = Q(confirmed_at__isnull=False, ended_at=None)
# Of whatever names an organization: that one, or the one that it was merged into.
SURVIVOR = Coalesce("organization__merged_into", "organization")


@dataclass(frozen=True)
class MadeFor:
    """What an authorization in force opens: the applications of `kinds` that one organization made for another."""

    made_for: frozenset[int]
    made_by: frozenset[int]
    kinds: frozenset[str]
    """Empty: all of them."""

    def holds(self, application: Application) -> bool:
        return (
            application.organization_id in self.made_for
            and application.made_by_id in self.made_by
            and (not self.kinds or application.kind in self.kinds)
        )

    @property
    def applications(self) -> Q:
        kinds = Q(kind__in=self.kinds) if self.kinds else Q()
        return Q(organization__in=self.made_for, made_by__in=self.made_by) & kinds


@dataclass(frozen=True)
class Reach:
    """Everything that one person may act on now."""

    organizations: frozenset[int]
    """With those that were merged into them: applications keep the organization for which they were made."""
    made_for: tuple[MadeFor, ...]

    def holds(self, application: Application) -> bool:
        return application.organization_id in self.organizations or any(
            each.holds(application) for each in self.made_for
        )

    @property
    def applications(self) -> Q:
        found = Q(organization__in=self.organizations)
        for each in self.made_for:
            found |= each.applications
        return found


def reach_of(user: "User", *, on: date | None = None) -> Reach:
    """What `user` may act on, on the day `on` (US Eastern; today by default). Three queries, however much it is."""
    own = families(_survivors_of(user))
    every = frozenset(member for family in own.values() for member in family)
    given = list(authorizations_in_force(on=on).filter(representative__in=every, capacity=Capacity.REPRESENTATIVE))
    principals = families(
        {each.manufacturer.merged_into_id or each.manufacturer.pk for each in given if each.manufacturer}
    )
    return Reach(
        organizations=every,
        made_for=tuple(
            MadeFor(
                made_for=principals[each.manufacturer.merged_into_id or each.manufacturer.pk],
                made_by=next(family for family in own.values() if each.representative_id in family),
                kinds=frozenset(each.kinds),
            )
            for each in given
            if each.manufacturer
        ),
    )


def authorizations_in_force(*, on: date | None = None) -> QuerySet[Authorization]:
    """Confirmed, not ended, and `on` (today by default) lies between its days, both inclusive, US Eastern."""
    day = on or timezone.localdate()
    lasting = Q(until=None) | Q(until__gte=day)
    in_force = Authorization.objects.filter(IN_FORCE_NOW, lasting, begins__lte=day)
    return in_force.select_related("manufacturer", "representative")


def may_act_on(user: "User", application: Application) -> bool:
    """Whether `user` may read and take `application` on now, at the applicant's side."""
    return reach_of(user).holds(application)


def may_ask_for_reconsideration(user: "User", application: Application) -> Verdict:
    """Whether `user` is a valid requestor: of the manufacturer, or of its designated representative.

    A distributor is none, although it may have applied. Where a distributor applied, the manufacturer that it names
    may ask, as far as the register knows it by that name; whether its people may read the application is another
    question (may_act_on).
    """
    reach = reach_of(user)
    if application.applies_as == AppliesAs.DISTRIBUTOR:
        maker = maker_of(application)
        if maker is not None and maker.pk in reach.organizations:
            return YES
        return no(
            "Only the manufacturer's point of contact or its designated representative may ask for a reconsideration. "
            "A distributor may not: send the letter to the manufacturer, which asks for it under My applications with "
            "the number and date of the letter."
        )
    if application.organization_id in reach.organizations:
        return YES
    through = [
        each
        for each in reach.made_for
        if application.organization_id in each.made_for and application.made_by_id in each.made_by
    ]
    if not through:
        return no("You do not act for this application's manufacturer.")
    if any(not each.kinds or ApplicationKind.RECONSIDERATION in each.kinds for each in through):
        return YES
    return no("Your authorization does not extend to reconsiderations. Ask the manufacturer to extend it.")


def maker_of(application: Application) -> Organization | None:
    """Where a distributor applied, the manufacturer that it names, as far as the register knows it by that name."""
    return find_organization(application.manufacturer_name)


def who_may_act_on(application: Application) -> "QuerySet[User]":
    """Everybody for whom may_act_on is true and who may sign in, by name."""
    members = family_of(application.organization)
    through = authorization_of(application)
    if through is not None:
        members |= family_of(through.representative)
    return people_of(members)


def whom_to_tell(application: Application) -> "list[User]":
    """Whom the mails of an application concern: who began it and, where a representative did, its manufacturer's
    administrators; those alone once whoever began it may not act on it any more.
    """
    return those_concerned(application, among=list(who_may_act_on(application)))


def those_concerned(application: Application, *, among: "list[User]") -> "list[User]":
    """See whom_to_tell; `among`: who_may_act_on it, where they are at hand."""
    author = [user for user in among if user.pk == application.created_by_id]
    if author and application.made_by_id is None:
        return author
    administrators = set(administrators_of(application.organization).values_list("pk", flat=True))
    own = [user for user in among if user.pk in administrators and user not in author]
    return [*author, *own] or among


def authorization_of(application: Application) -> Authorization | None:
    """The authorization in force on which `application.made_by` acts on it now; None without one."""
    if application.made_by is None:
        return None
    between = authorizations_between(application.organization, application.made_by)
    in_force = between.filter(pk__in=authorizations_in_force().values("pk"), capacity=Capacity.REPRESENTATIVE)
    return in_force.filter(Q(kinds=[]) | Q(kinds__contains=[application.kind])).first()


def authorizations_between(manufacturer: Organization, representative: Organization) -> QuerySet[Authorization]:
    """All that the one ever gave the other, newest first, also under names that were merged into theirs."""
    return Authorization.objects.filter(
        manufacturer__in=family_of(manufacturer), representative__in=family_of(representative)
    ).select_related("manufacturer", "representative")


def newest_authorizations(manufacturers: Iterable[int], representative: Organization) -> dict[int, Authorization]:
    """The newest confirmed one that each of `manufacturers` ever gave `representative`, ended or not. One query.

    By the number of the manufacturer; of a merged one, of what it was merged into, as they are to be given.
    """
    given = (
        Authorization.objects.filter(confirmed_at__isnull=False)
        .annotate(
            giver=Coalesce("manufacturer__merged_into", F("manufacturer")),
            receiver=Coalesce("representative__merged_into", F("representative")),
        )
        .filter(giver__in=set(manufacturers), receiver=representative.merged_into_id or representative.pk)
        .select_related("manufacturer", "representative")
    )
    newest: dict[int, Authorization] = {}
    for each in given:
        newest.setdefault(each.giver, each)
    return newest


def may_act_for(user: "User", organization_id: int) -> bool:
    """Whether `user` represents the organization now, on a confirmed word; also one that was merged into theirs."""
    return any(organization_id in family for family in families(_survivors_of(user)).values())


def organizations_of(user: "User") -> QuerySet[Organization]:
    """The organizations for which `user` may act now, by name; of a merged one, the one that it was merged into."""
    return Organization.objects.filter(pk__in=_survivors_of(user)).order_by("name", "id")


def administered_by(user: "User") -> QuerySet[Organization]:
    """Those of organizations_of that `user` administers."""
    return organizations_of(user).filter(pk__in=_survivors_of(user, is_administrator=True))


def people_of(members: Iterable[int]) -> "QuerySet[User]":
    """Who acts now for one of these organizations and may sign in, by name. The contractor's people never do."""
    acting = Representation.objects.filter(IN_FORCE_NOW, organization__in=members)
    contractors = get_user_model().objects.filter(role_assignments__revoked_at=None, role_assignments__isnull=False)
    return (
        get_user_model()
        .objects.filter(pk__in=acting.values("user"), is_active=True)
        .exclude(pk__in=contractors.values("pk"))
        .order_by("name", "pk")
    )


def administrators_of(organization: Organization) -> "QuerySet[User]":
    """The administrators of `organization` who may sign in, by name."""
    members = family_of(organization)
    administering = Representation.objects.filter(IN_FORCE_NOW, organization__in=members, is_administrator=True)
    return people_of(members).filter(pk__in=administering.values("user"))


def families(survivors: Iterable[int] | QuerySet[Any, Any]) -> dict[int, frozenset[int]]:
    """Each of these organizations, by number, with itself and those that were merged into it."""
    members: dict[int, set[int]] = {}
    rows = Organization.objects.filter(Q(pk__in=survivors) | Q(merged_into__in=survivors))
    for pk, merged_into in rows.values_list("pk", "merged_into"):
        members.setdefault(merged_into or pk, set()).add(pk)
    return {survivor: frozenset(family) for survivor, family in members.items()}


def family_of(organization: Organization) -> frozenset[int]:
    """The one that it was merged into, if any, or itself, with all that were merged into that one; by number."""
    # Asked anew: it may have been merged since the row was read.
    survivor = Organization.objects.filter(pk=organization.pk).values_list(Coalesce(F("merged_into"), F("pk")))
    (family,) = families(survivor).values()
    return family


def _survivors_of(user: "User", **held: bool) -> QuerySet[Representation, int]:
    """Numbers of the organizations for which `user` acts; merging leaves one step at most to go."""
    acting = Representation.objects.filter(IN_FORCE_NOW, user=user, **held)
    return acting.values_list(SURVIVOR, flat=True)


def waiting_for_confirmation(user: "User") -> QuerySet[Representation]:
    """What `user` asked for and nobody has answered yet."""
    return Representation.objects.filter(user=user, confirmed_at=None, ended_at=None).select_related("organization")


def unconfirmed() -> QuerySet[Representation]:
    """Everybody who waits for a word of the organization's administrator or the contractor, longest first."""
    return (
        Representation.objects.filter(confirmed_at=None, ended_at=None)
        .select_related("organization", "user")
        .order_by("asked_at", "id")
    )
