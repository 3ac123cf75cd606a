"""Every mail leaves as text and as HTML that says the same."""

from html.parser import HTMLParser

import pytest
from django.core.mail import send_mail

from accounts.models import OutgoingMail
from accounts.outbox.html import html_of

TEXT = """The reviewer of your application CVR-2026-000007 needs information from you by June 1, 2026.
What is asked for stands here:

https://register.example/apply/7/

Organization: Müller & Söhne <script>
Reason: short

- one
- two

PCL Registry
Which mails you get: https://register.example/apply/mails/
"""


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(html_of("A subject", text))
    return reader


def test_html_says_every_word_of_the_text_in_its_order() -> None:
    reader = read(TEXT)
    assert reader.words == ["A", "subject", *[word for word in TEXT.split() if word != "-"]]


def test_markup_in_a_name_is_text_and_links_are_links() -> None:
    reader = read(TEXT)
    assert "script" not in reader.tags
    assert reader.links == ["https://register.example/apply/7/", "https://register.example/apply/mails/"]


def test_a_line_that_its_writer_ended_stays_a_line_and_a_wrapped_one_flows() -> None:
    long = "word " * 20
    assert read(f"{long}\nflows on.").tags.count("br") == 0
    assert read("Organization: A\nReason: B").tags.count("br") == 1


@pytest.mark.django_db
def test_a_mail_sent_as_text_leaves_as_both() -> None:
    send_mail("Letter ready", "Open:\n\nhttps://register.example/", None, ["maker@firm.example"])
    mail = OutgoingMail.objects.get()
    assert mail.text == "Open:\n\nhttps://register.example/"
    assert mail.html == html_of("Letter ready", mail.text)
