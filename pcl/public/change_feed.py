"""The changes as an Atom feed, with the filters of the page."""

from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from pcl.public.paging import address
from pcl.queries.change_feed import NEWEST_FIRST
from pcl.queries.change_filter import ChangeForm, changes_matching
from pcl.queries.change_words import ChangeInWords, in_words

NEWEST = 50


class Asked:
    """What one request asks for: its filters, and the changes that they mean."""

    def __init__(self, request: HttpRequest, form: ChangeForm) -> None:
        self.query = address(request).partition("?")[2]
        self.words = ", ".join(
            f"{form.fields[name].label}: {request.GET[name].strip()}"
            for name in form.fields
            if request.GET.get(name, "").strip()
        )
        found = NEWEST_FIRST.sorted(changes_matching(form.cleaned_data), backward=False)[:NEWEST]
        self.changes = [in_words(change) for change in found]


class ChangeFeed(Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Asked:
        form = ChangeForm(request.GET)
        form.is_valid()  # the view below lets no other through
        return Asked(request, form)

    def title(self, asked: Asked) -> str:
        about = f" ({asked.words})" if asked.words else ""
        return f"Changes of the Product Classification List{about}"

    def subtitle(self, asked: Asked) -> str:
        return "Listings published, ended, moved and corrected. That a product is listed does not mean that it is paid."

    def link(self, asked: Asked) -> str:
        return _at("public:changes", asked.query)

    def feed_url(self, asked: Asked) -> str:
        return _at("public:changes_feed", asked.query)

    def feed_guid(self, asked: Asked) -> str:
        return settings.SITE_URL + _at("public:changes_feed", asked.query)

    def items(self, asked: Asked) -> list[ChangeInWords]:
        return asked.changes

    def item_title(self, item: ChangeInWords) -> str:
        return f"{item.title}: {item.what}"

    def item_description(self, item: ChangeInWords) -> str:
        """HTML, as Atom's summary is read."""
        return "".join(f"<p>{escape(line)}</p>" for line in [*item.details, item.change.reason])

    def item_link(self, item: ChangeInWords) -> str:
        return reverse("public:change", args=[item.change.seq])

    def item_guid(self, item: ChangeInWords) -> str:
        """Its permanent address as the register is known by, whatever host this request named."""
        return settings.SITE_URL + self.item_link(item)

    def item_pubdate(self, item: ChangeInWords) -> Any:
        return item.change.at

    def item_updateddate(self, item: ChangeInWords) -> Any:
        return item.change.at

    def item_categories(self, item: ChangeInWords) -> list[str]:
        return [item.change.kind, item.change.after["code"]]


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    form = ChangeForm(request.GET)
    if not form.is_valid():
        lines = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
        return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")
    return ChangeFeed()(request)


def _at(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}" if query else reverse(name)
