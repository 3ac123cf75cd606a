"""How an address that will go is announced, shown on one that only this test has."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.deprecation import Deprecation
from pcl.api.read_view import ReadView, envelope
from pcl.api.schema import documented
from pcl.api.serializers import Shape


class OldSerializer(Shape):
    id = serializers.IntegerField(help_text="A number.")


@documented(OldSerializer(many=True), "Old things")
class Old(ReadView):
    deprecation = Deprecation(
        since=datetime(2026, 1, 1, tzinfo=UTC),
        sunset=datetime(2027, 7, 1, tzinfo=UTC),
        policy="https://register.example/data/#deprecation",
        successor="https://register.example/api/v2/new/",
    )

    def get(self, request: Request) -> Response:
        if "fields" in request.GET:
            raise Http404
        return envelope([{"id": 1}], count=1, count_exact=True, following="https://a.example/?2", previous=None)


@pytest.mark.parametrize("query", ["", "?fields=id", "?x=1"])
def test_every_answer_tells_it(rf: RequestFactory, query: str) -> None:
    answer = Old.as_view()(rf.get(f"/old/{query}"))

    assert answer["Deprecation"] == "@1767225600"
    assert answer["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    told = (
        '<https://register.example/data/#deprecation>; rel="deprecation"; type="text/html", '
        '<https://register.example/data/#deprecation>; rel="sunset", '
        '<https://register.example/api/v2/new/>; rel="successor-version"'
    )
    assert answer["Link"] == (told if query else f'<https://a.example/?2>; rel="next", {told}')
    assert {"Deprecation", "Sunset", "Link"} <= set(answer["Access-Control-Expose-Headers"].split(", "))


def test_the_schema_tells_it() -> None:
    schema: Any = SchemaGenerator(patterns=[path("old/", Old.as_view())]).get_schema(request=None, public=True)
    assert schema["paths"]["/old/"]["get"]["deprecated"] is True


def test_nothing_goes_without_a_year_of_notice() -> None:
    with pytest.raises(ValueError, match="365 days"):
        Deprecation(since=datetime(2026, 1, 1, tzinfo=UTC), sunset=datetime(2026, 12, 1, tzinfo=UTC), policy="x")
