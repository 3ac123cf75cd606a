"""What every template may say without loading a library: days, instants, where I am. (docs/look.md)"""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.demo import DEMO_COLLEAGUES, DEMO_PEOPLE

register = template.Library()

EASTERN = ZoneInfo("America/New_York")
# The section of the navigation that a page belongs to, by the beginning of its path.
SECTIONS = {
    "check": "public:check",
    "codes": "public:codes",
    "modifiers": "public:codes",
    "releases": "public:codes",
    "dictionary": "public:codes",
    "requirements": "public:codes",
    "changes": "public:changes",
    "subscribe": "public:changes",
    "subscriptions": "public:changes",
    "unsubscribe": "public:changes",
    "data": "public:data",
    "statistics": "public:data",
    "api": "public:data",
    "review-times": "public:data",
    "apply": "apply:home",
    "apply/listings": "apply:listings",
    "apply/name-change": "apply:listings",
    "review": "review:queue",
    "accounts": "accounts",
    "accounts/second-factors": "review:queue",
    "listings": "public:search",
    "organizations": "public:search",
    "statements": "public:search",
    "report": "public:search",
    "": "public:search",
}


@register.filter(expects_localtime=False)
def day(value: dt.date | dt.datetime | None) -> SafeString | str:
    """A date in words: June 1, 2024. Of an instant, its day in US Eastern time; of nothing, nothing."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value, EASTERN).date()
    return _day_in_words(value)


@lru_cache(maxsize=8192)
def _day_in_words(value: dt.date) -> SafeString:
    """The same few days stand in the rows of every list."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), format_date(value, "F j, Y"))


@register.filter(expects_localtime=False)
def instant(value: dt.datetime | None) -> SafeString | str:
    """An instant in the contractor's time: Nov 21, 2026, 1:05 p.m. ET."""
    if not value:
        return ""
    local = timezone.localtime(value, EASTERN)
    words = f"{format_date(local, 'M j, Y, g:i')} {'a.m.' if local.hour < 12 else 'p.m.'} ET"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), words)


@register.filter
def in_groups(value: str) -> SafeString:
    """A fingerprint that breaks between groups of eight digits only. The gaps are drawn: it is copied without them."""
    pieces = ((value[at : at + 8],) for at in range(0, len(value), 8))
    return format_html_join("", "<span>{}</span><wbr>", pieces)


@register.simple_tag
def url_if_exists(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page, or nothing where this installation has no such page (OpenID Connect, a door left out)."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def active_section(context: RequestContext) -> str:
    """The name of the section that the page belongs to, as the navigation calls it; empty where it is none of them."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    if request.resolver_match is not None and request.resolver_match.namespace == "registrar":
        return "review:queue"
    first, second = [*request.path.split("/"), "", ""][1:3]
    return SECTIONS.get(f"{first}/{second}") or SECTIONS.get(first, "")


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(context: RequestContext, name: str, text: str, css: str = "") -> dict[str, object]:
    """One entry of the navigation, marked when the page belongs to it; nothing where there is no such page."""
    request: HttpRequest | None = context.get("request")
    address = url_if_exists(name)
    exact = request is not None and request.path == address
    return {
        "address": address,
        "text": text,
        "css": css,
        "current": "page" if exact else "true" if active_section(context) == name else "",
    }


@register.simple_block_tag(end_name="endtable")
def table(content: str, label: str, css: str = "") -> SafeString:
    """The frame of a table, which scrolls by itself; `label` names it to a screen reader, `css` are further classes.

    What stands in it: a caption, `columns` and the table's body.
    """
    drawn = format_html('<table class="{}">{}</table>', f"register-table {css}".strip(), content)
    return format_html(
        '<div class="register-table-wrap" tabindex="0" role="region" aria-label="{}">{}</div>', label, drawn
    )


@register.simple_tag
def columns(*names: str) -> SafeString:
    """The head of a table whose columns are names and nothing else."""
    heads = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in names))
    return format_html("<thead><tr>{}</tr></thead>", heads)


@register.inclusion_tag("accounts/demo_sign_ins.html")
def demo_sign_ins() -> dict[str, object]:
    """The people of the demonstration register; only the sign-in page asks, and only in demo mode."""
    return {"demo_people": (*DEMO_PEOPLE, *DEMO_COLLEAGUES)}
