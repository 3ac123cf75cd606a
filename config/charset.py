"""Addresses and forms are UTF-8, whatever a request says of its body.

Django decodes the address, too, by the charset that Content-Type names. Then one address means something else in each
charset, and the answer to the first who asks would be kept for everybody (config/kept_answers.py); and a charset that
is none of text breaks the request before any page could say so.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

WITHOUT_BODY = {"GET", "HEAD"}
UTF_8 = {"utf-8", "utf8"}
FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}
SAID = (
    b"This form was sent in another charset than UTF-8. Send it as UTF-8, or leave the charset out of Content-Type.\n"
)


class Utf8:
    """Wraps the application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said = environ.get("CONTENT_TYPE", "")
        if said and environ["REQUEST_METHOD"] in WITHOUT_BODY:
            environ["CONTENT_TYPE"] = ""
        elif ";" in said:
            kind, charset = _parts(said)
            if charset and kind in FORMS and charset not in UTF_8:
                headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(SAID)))]
                start_response("400 Bad Request", headers)
                return [SAID]
            # Of a multipart form, Django needs the boundary, and takes either name of UTF-8.
            if charset and kind != "multipart/form-data":
                environ["CONTENT_TYPE"] = kind
        return self.application(environ, start_response)


def _parts(said: str) -> tuple[str, str]:
    """What kind of body it is, and in which charset, both in small letters; of one that cannot be read, a charset."""
    try:
        kind, parameters = parse_header_parameters(said)
    except ValueError:
        return said.partition(";")[0].strip().lower(), "unknown"
    return kind, parameters.get("charset", "").lower()
