"""What answers are written with writes what the REST framework's own renderer writes."""

import enum
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from pcl.api.quick_json import QuickJSON
from pcl.models import PublicationStatus


class Shade(enum.StrEnum):
    DARK = "dark"


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        [],
        'ReWalk “6.0” é 腕 🦿 " \\ / \x01 \x7f \u2028 \u2029',
        {"instant": datetime(2024, 1, 2, 3, 4, 5, 678900, tzinfo=UTC), "local": datetime(2024, 1, 2, 3, 4)},  # noqa: DTZ001
        {"day": date(1, 1, 1), "time": time(23, 59), "span": timedelta(hours=1)},
        {"sum": Decimal("12.50"), "part": 0.5, "whole": 10**18, "below": -1},
        {"id": uuid.UUID(int=7), "words": gettext_lazy("Save"), "safe": mark_safe("<b>"), "shade": Shade.DARK},
        {"status": PublicationStatus.CURRENT, "rows": (1, 2), "bytes": b"abc"},
    ],
)
def test_byte_for_byte(told: Any) -> None:
    assert QuickJSON().render(told) == JSONRenderer().render(told)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    )
)
def test_byte_for_byte_whatever_is_told(told: Any) -> None:
    assert QuickJSON().render(told) == JSONRenderer().render(told)
