"""One row per code string, for whoever knows a code by its string alone."""

from datetime import date

from django.db.models import DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from hcpcs.models import Code

# A code without an added date counts as always having been there.
_ALWAYS = Value(date.min, DateField())


def begun_by(day: date) -> Q:
    """Meanings whose first day of use is `day` or lies before it."""
    return Q(added=None) | Q(added__lte=day)


def shown_on(day: date) -> Q:
    """Of each code string, the meaning that `day` shows: the latest to have begun, or else the first to come."""
    others = Code.objects.filter(kind=OuterRef("kind"), code=OuterRef("code")).order_by()
    others = others.alias(first_day=Coalesce("added", _ALWAYS))
    own_first_day = Coalesce(OuterRef("added"), _ALWAYS)
    newer = others.filter(begun_by(day), first_day__gt=own_first_day)
    older = others.filter(first_day__lt=own_first_day)
    return (begun_by(day) & ~Exists(newer)) | (Q(added__gt=day) & ~Exists(older))
