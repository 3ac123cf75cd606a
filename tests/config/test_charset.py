"""What a request says of the charset of its body changes neither what an address means nor whether it is answered."""

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from config import kept_answers
from config.charset import Utf8
from config.kept_answers import KeptAnswers
from tests.factories.register import publish

pytestmark = pytest.mark.django_db
CHARSETS = ["charset=latin-1", "charset=cp037", "charset=utf-7", "charset=base64", "charset=undefined", "charset=none"]
UNREADABLE = "x*=no-charset''y"
FORMS = ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Utf8:
    # The test's connection is not the application's to close.
    monkeypatch.setattr(kept_answers, "close_old_connections", lambda: None)
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    return Utf8(KeptAnswers(WSGIHandler()))


def asked(application: Utf8, method: str, address: str, content_type: str, body: bytes = b"") -> tuple[str, str]:
    """Status and body."""
    told: list[Any] = []
    environ = RequestFactory().generic(method, address, body).environ | {"CONTENT_TYPE": content_type}
    content = b"".join(application(environ, lambda *given: told.extend(given)))
    return told[0][:3], content.decode()


@pytest.mark.parametrize("said", [*CHARSETS, UNREADABLE])
def test_an_address_is_utf_8_and_its_answer_is_everybodys(application: Utf8, said: str) -> None:
    """It is kept: who came first with another charset had everybody told what the address means in that one."""
    publish("Footbed", manufacturer="Össur hf.")
    for content_type in (f"text/html; {said}", ""):
        for address in ("/api/v1/listings/?q=%C3%B6ssur&status=all", "/?q=%C3%B6ssur&status=all"):
            status, body = asked(application, "GET", address, content_type)
            assert (status, "Footbed" in body) == ("200", True)


@pytest.mark.parametrize("said", CHARSETS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ["/subscribe/", "/accounts/login/", "/api/v1/checks/jobs/"])
def test_a_form_in_another_charset_is_refused(application: Utf8, address: str, form: str, said: str) -> None:
    status, body = asked(application, "POST", address, f"{form}; {said}", b"email=a")
    assert (status, "Send it as UTF-8" in body) == ("400", True)


@pytest.mark.parametrize("said", ["charset=UTF-8", "charset=utf8", 'charset="utf-8"'])
def test_a_form_that_says_utf_8_is_read(application: Utf8, said: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="frequency"\r\n\r\ndaily\r\n--x--\r\n'
    for form, body in zip(FORMS, [part, b"frequency=daily"], strict=True):
        # Read, and without the token that every form has.
        assert asked(application, "POST", "/subscribe/", f"{form}; {said}", body)[0] == "403"


@pytest.mark.parametrize("said", [*CHARSETS, UNREADABLE])
def test_a_body_of_a_program_is_what_it_is(application: Utf8, said: str) -> None:
    body = b'{"lines": [{"code": "K1007", "date_of_service": "2024-06-01"}]}'
    assert asked(application, "POST", "/api/v1/checks/", f"application/json; {said}", body)[0] == "200"
