from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import engines
from django.test import Client

from tests.factories.accounts import UserFactory


def render(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


def test_a_day_in_words() -> None:
    assert render("{{ d|day }}", d=date(2024, 6, 1)) == '<time datetime="2024-06-01">June 1, 2024</time>'


def test_the_day_of_an_instant_is_the_contractors() -> None:
    late = datetime(2024, 6, 1, 3, 59, tzinfo=UTC)  # 11:59 p.m. of the day before in the East
    assert render("{{ d|day }}", d=late) == '<time datetime="2024-05-31">May 31, 2024</time>'


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 21, 18, 5, tzinfo=UTC), "Nov 21, 2026, 1:05 p.m. ET"),
        (datetime(2026, 7, 1, 16, 0, tzinfo=UTC), "Jul 1, 2026, 12:00 p.m. ET"),
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), "Jul 1, 2026, 12:00 a.m. ET"),
    ],
)
def test_an_instant_in_eastern_time(at: datetime, words: str) -> None:
    assert f">{words}</time>" in render("{{ at|instant }}", at=at)


def test_nothing_is_shown_as_nothing() -> None:
    assert render("{{ d|day }}{{ d|instant }}", d=None) == ""


def test_a_page_that_this_installation_lacks_has_no_link() -> None:
    assert render('{% url_if_exists "account_login" as a %}{{ a }}') == "/accounts/login/"
    assert render('{% url_if_exists "no:such" as a %}[{{ a }}]') == "[]"
    assert render('{% nav_item "no:such" "Text" %}').strip() == ""


@pytest.mark.django_db
def test_the_navigation_says_where_i_am(client: Client) -> None:
    client.force_login(UserFactory())
    page = client.get("/accounts/email/").content.decode()
    assert 'href="/accounts/email/" class="usa-current" aria-current="page"' in " ".join(page.split())
    assert page.count('aria-current="page"') == 1
