"""An address that will go: since when it is deprecated (RFC 9745), when it goes (RFC 8594), and where to go instead.

The policy stands in docs/api.md. A view says so with `deprecation = Deprecation(…)`; answers and schema then tell it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponseBase
from django.utils.http import http_date

# What is deprecated stays at least that long.
NOTICE = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    since: datetime
    sunset: datetime
    """The first instant without it."""
    policy: str
    """The address of a page that says why, and what to do."""
    successor: str = ""

    def __post_init__(self) -> None:
        if self.sunset - self.since < NOTICE:
            raise ValueError(f"The sunset is less than {NOTICE.days} days after the deprecation.")

    def tell(self, response: HttpResponseBase) -> None:
        """In the headers, beside what stands in them already."""
        response["Deprecation"] = f"@{int(self.since.timestamp())}"
        response["Sunset"] = http_date(self.sunset.timestamp())
        links = [f'<{self.policy}>; rel="deprecation"; type="text/html"', f'<{self.policy}>; rel="sunset"']
        if self.successor:
            links.append(f'<{self.successor}>; rel="successor-version"')
        response["Link"] = ", ".join([response["Link"], *links] if "Link" in response else links)
