"""What pages with a long list have in common: the page that a cursor means, and the way to its neighbours."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from pcl.queries.keyset import Order, Page, Row, count_up_to, page_of, question_of
from pcl.queries.parameters import BadParameter

PER_PAGE = 50


@dataclass(frozen=True)
class ShownPage:
    rows: list[Row]
    next_url: str | None
    previous_url: str | None
    count: int
    count_exact: bool
    error: str | None
    """Why this is the first page although another was asked for."""


def shown_page(
    request: HttpRequest,
    found: QuerySet[Any],
    *,
    order: Order,
    rows_of: Callable[[QuerySet[Any]], list[Row]],
    limit: int = PER_PAGE,
    counted: tuple[int, bool] | None = None,
    sorts_many: bool = False,
) -> ShownPage:
    """The page of `found` that the address means; the first, with an error, where its cursor means nothing.

    `counted` is what `count_up_to(found)` would answer, where that is known already;
    `sorts_many` is for `page_of`.
    """
    cursor, error = request.GET.get("cursor", ""), None

    def page(cursor: str) -> Page:
        question = question_of(request.path, request.GET)
        return page_of(
            found, order=order, limit=limit, cursor=cursor, question=question, rows_of=rows_of, sorts_many=sorts_many
        )

    try:
        asked = page(cursor)
    except BadParameter:
        error = "That page is no longer where it was. This is the first one."
        asked, cursor = page(""), ""
    # A single page has been counted already.
    is_everything = not cursor and asked.next is None
    count, count_exact = counted or ((len(asked.rows), True) if is_everything else count_up_to(found))
    return ShownPage(
        rows=asked.rows,
        next_url=_at(request, asked.next),
        previous_url=_at(request, asked.previous),
        count=count,
        count_exact=count_exact,
        error=error,
    )


def _at(request: HttpRequest, cursor: str | None) -> str | None:
    return address(request, cursor=cursor) if cursor else None


def address(request: HttpRequest, **changed: str | None) -> str:
    """This page with some parameters changed; None takes one away. Empty ones are left out, and so is the cursor."""
    query = request.GET.copy()
    query.pop("cursor", None)
    for name, value in changed.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
