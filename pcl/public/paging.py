"""What pages with a long list have in common: the page that a cursor means, and the way to its neighbours."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from pcl.queries.keyset import Order, Page, Row, count_up_to, first_page, page_of, question_of
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
    return _shown(request, asked, counted=(count, count_exact), error=error)


def first_shown_page(
    request: HttpRequest, rows: list[Row], *, order: Order, counted: tuple[int, bool], limit: int = PER_PAGE
) -> ShownPage:
    """The first page of what `keyset.first_rows` found."""
    asked = first_page(rows, order=order, limit=limit, question=question_of(request.path, request.GET))
    return _shown(request, asked, counted=counted)


def _shown(request: HttpRequest, page: Page, *, counted: tuple[int, bool], error: str | None = None) -> ShownPage:
    count, count_exact = counted
    return ShownPage(
        rows=page.rows,
        next_url=_at(request, page.next),
        previous_url=_at(request, page.previous),
        count=count,
        count_exact=count_exact,
        error=error,
    )


def _at(request: HttpRequest, cursor: str | None) -> str | None:
    return address(request, cursor=cursor) if cursor else None


def address(request: HttpRequest, **changed: str | None) -> str:
    """This page with some parameters changed; None takes one away. Empty ones are left out, and so is the cursor."""
    given = {name: values for name, values in request.GET.lists() if name != "cursor"}
    given |= {name: [] if value is None else [value] for name, value in changed.items()}
    query = urlencode([(name, each) for name, values in given.items() if values and values[-1] for each in values])
    return f"{request.path}?{query}" if query else request.path
