"""One row per code string, for whoever knows a code by its string alone."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from hcpcs.models import Code


def begun_by(day: date) -> Q:
    """Meanings whose first day of use is `day` or lies before it."""
    return Q(added=None) | Q(added__lte=day)


def shown_on(day: date) -> Q:
    """Of each code string, the meaning that `day` shows: the latest to have begun, or else the first to come."""
    others = Code.objects.filter(kind=OuterRef("kind"), code=OuterRef("code")).order_by()
    later = Q(added__gt=OuterRef("added")) | (Q(added__isnull=False) & Q(_ours=None))
    newer = others.alias(_ours=OuterRef("added")).filter(begun_by(day)).filter(later)
    older = others.filter(Q(added=None) | Q(added__lt=OuterRef("added")))
    return (begun_by(day) & ~Exists(newer)) | (Q(added__gt=day) & ~Exists(older))
