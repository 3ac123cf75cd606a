"""Of what a report tells: a period of US Eastern days, perhaps of one product group and kind only."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    first: date
    last: date
    """Both inclusive."""
    group: str = ""
    kind: str = ""

    @property
    def is_part(self) -> bool:
        """Whether only some applications are meant."""
        return bool(self.group or self.kind)

    @property
    def of(self) -> str:
        """The condition on `application`, as SQL; its parameters are in `parameters`."""
        return " AND ".join(
            [
                "application.status <> 'draft'",
                *(["application.product_group = %(group)s"] if self.group else []),
                *(["application.kind = %(kind)s"] if self.kind else []),
            ]
        )

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "last": self.last,
            "begin": begin_of(self.first),
            "end": begin_of(self.last + A_DAY),
            "group": self.group,
            "kind": self.kind,
            "zone": settings.TIME_ZONE,
            "today": timezone.localdate(),
        }

    def rows(self, sql: str, **more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.parameters, **more})
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def begin_of(day: date) -> datetime:
    """The first instant of an Eastern day."""
    return timezone.make_aware(datetime.combine(day, time.min))
