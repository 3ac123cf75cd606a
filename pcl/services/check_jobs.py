"""Many lines checked for a program: begun at once, and not begun again when the request is repeated."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from pcl.errors import RegisterError
from pcl.models import CheckBatch, CheckRequest
from pcl.services.check_batches import keep_batch, start_batch


class KeyUsedOtherwise(RegisterError):
    """The same key came with another body."""


@dataclass(frozen=True)
class Repeatable:
    """A request that names itself: by `key`, of `who` asks, with this `content` of that media type `kind`.

    `asked` is what its address asks besides.
    """

    who: str
    key: str
    kind: str
    content: bytes
    asked: str = ""

    @property
    def who_and_key(self) -> str:
        return salted_hmac("pcl.check_jobs", f"{self.who}\n{self.key}", algorithm="sha256").hexdigest()

    @property
    def body(self) -> str:
        digest = hashlib.sha256(f"{self.kind}{self.asked}\n".encode())
        digest.update(self.content)
        return digest.hexdigest()


def check_begun(request: Repeatable | None) -> CheckBatch | None:
    """The batch that this very request has begun already. Raises KeyUsedOtherwise."""
    if request is None:
        return None
    known = CheckRequest.objects.select_related("batch").filter(who_and_key=request.who_and_key).first()
    if known is None:
        return None
    if known.body != request.body:
        raise KeyUsedOtherwise(
            "This Idempotency-Key was sent with another body already. Repeat the request as it was, or use another key."
        )
    return known.batch


def begin_check(
    *,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    columns: dict[str, Any],
    as_published: datetime | None = None,
    request: Repeatable | None = None,
) -> CheckBatch:
    """Keep the lines (see keep_batch) and have them answered in the background.

    Of two that send the same `request` at once, one begins and both get that batch. Raises RegisterError as
    keep_batch does, and KeyUsedOtherwise.
    """
    try:
        with transaction.atomic():
            batch = keep_batch(rows=rows, columns=columns, as_published=as_published)
            if request is not None:
                CheckRequest.objects.create(batch=batch, who_and_key=request.who_and_key, body=request.body)
            start_batch(batch=batch)
            batch.refresh_from_db()
    except IntegrityError:
        # Somebody was quicker; where it was not that, the fault is told.
        begun = check_begun(request)
        if begun is None:
            raise
        return begun
    return batch
