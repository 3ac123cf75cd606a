"""A page of any list, with its envelope."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.read_view import list_answer
from pcl.queries.keyset import Order, Row, count_up_to, page_of, question_of
from pcl.queries.parameters import limit_in

# Rows carry them for the cursor only.
NOT_TOLD = ("number", "posted_text")


def keyset_answer(
    request: Request,
    found: QuerySet[Any],
    *,
    order: Order,
    rows_of: Callable[[QuerySet[Any]], list[Row]],
    counted: tuple[int, bool] | None = None,
    sorts_many: bool = False,
) -> Response:
    """The page of `found` that the request's `limit` and `cursor` mean, in the given order.

    `counted` is what `count_up_to(found)` would answer, where that is known already; `sorts_many` is for
    `page_of`.
    """
    cursor = request.GET.get("cursor", "")
    page = page_of(
        found,
        order=order,
        limit=limit_in(request.GET),
        cursor=cursor,
        question=question_of(request.path, request.GET),
        rows_of=rows_of,
        sorts_many=sorts_many,
    )
    # One page that holds everything has been counted already.
    is_everything = not cursor and page.next is None
    count, exact = counted or ((len(page.rows), True) if is_everything else count_up_to(found))
    for row in page.rows:
        for name in NOT_TOLD:
            row.pop(name, None)
    return list_answer(request, page, count=count, count_exact=exact)
