"""What happens when the last day of an authorization has passed: nothing ends by it, but both sides are told."""

from django.db import transaction
from django.utils import timezone

from verification.models import AccessAct, Authorization
from verification.services.access_log import note
from verification.services.tell_authorization import tell_of_end


def tell_of_expired_authorizations() -> int:
    """Tell both sides of each authorization whose last day was before today (US Eastern), once. Returns how many."""
    expired = Authorization.objects.filter(
        confirmed_at__isnull=False, ended_at=None, until__lt=timezone.localdate(), expiry_told=False
    ).order_by("until", "pk")
    return sum(_tell(pk) for pk in list(expired.values_list("pk", flat=True)))


@transaction.atomic
def _tell(pk: int) -> bool:
    rows = Authorization.objects.select_for_update(of=("self",)).select_related("manufacturer", "representative")
    authorization = rows.get(pk=pk)
    if authorization.expiry_told or authorization.ended_at is not None:
        return False
    authorization.expiry_told = True
    authorization.save(update_fields=["expiry_told"])
    note(AccessAct.AUTHORIZATION_EXPIRED, by=None, authorization=authorization)
    tell_of_end(authorization, by=None)
    return True
