"""A date of service is read where it can mean one day only, and otherwise told what is wrong: through every door."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from pcl.models import CheckBatch
from pcl.queries.check.line import Faults, read_line
from pcl.queries.parameters import day_from
from pcl.queries.written_day import NotADay, written_day
from tests.factories.register import make_code
from tests.pcl.test_public_pages import page

READ = [
    "2024-07-01", "2024-7-1", "2024/07/01", "2024.07.01", "20240701",
    "07/01/2024", "7/1/2024", "7-1-2024", "07 01 2024",
    "Jul 1, 2024", "July 1 2024", "1 Jul 2024", "1-JUL-2024", "01-Jul-2024", "1st July 2024", "2024-Jul-01",
    "Jul. 1, 2024",
    "2024-07-01 00:00:00", "2024-07-01T14:30", "7/1/2024 12:00:00 AM", "7/1/2024 9:15 p.m.", "  2024-07-01\t",
]  # fmt: skip
FOUR = "has a year of two digits; it needs all four."
MEANT = "If it means July 1, 2024, write 07/01/2024 or 2024-07-01."
HOW = "Write the year, the month and the day, such as 2024-06-01."
REFUSED = {
    "07/01/24": f"“07/01/24” {FOUR} {MEANT}",
    "7-1-24": f"“7-1-24” {FOUR} {MEANT}",
    "1 Jul 24": f"“1 Jul 24” {FOUR} {MEANT}",
    "24/07/01": f"“24/07/01” {FOUR} {HOW}",
    "07.01.24": f"“07.01.24” {FOUR} {HOW}",
    "07/01/97": f"“07/01/97” {FOUR} If it means July 1, 1997, write 07/01/1997 or 1997-07-01.",
    "13/01/2024": "“13/01/2024” begins with 13, which is no month. "
    "If it means January 13, 2024, write 01/13/2024 or 2024-01-13.",
    "01.07.2024": f"“01.07.2024” can mean two days: which number is the month? {HOW}",
    "07012024": f"“07012024” does not begin with the year. {MEANT}",
    "45474": f"“45474” is not a date, but may be the number that a spreadsheet keeps for one. {MEANT}",
    "2024-07-01T00:00:00Z": "“2024-07-01T00:00:00Z” has a time with a time zone, and may be another day at the "
    f"place of service. Leave the time out. {MEANT}",
    "2024-02-30": f"“2024-02-30” is not a date that exists. {HOW}",
    "02/30/2024": f"“02/30/2024” is not a date that exists. {HOW}",
    "14/14/2024": f"“14/14/2024” is not a date that exists. {HOW}",
    "July 2024": f"“July 2024” is not a date that can be read. {HOW}",
    "1 Foo 2024": f"“1 Foo 2024” is not a date that can be read. {HOW}",
    "yesterday": f"“yesterday” is not a date that can be read. {HOW}",
    "٢٠٢٤-07-01": f"“٢٠٢٤-07-01” is not a date that can be read. {HOW}",
}


@pytest.mark.parametrize("text", READ)
def test_what_can_mean_one_day_only_is_read(text: str) -> None:
    assert written_day(text) == date(2024, 7, 1)
    assert read_line({"code": "K1007", "date_of_service": text}).day == date(2024, 7, 1)


@pytest.mark.parametrize("text", REFUSED)
def test_of_all_else_it_is_said_what_is_wrong_and_what_to_do(text: str) -> None:
    with pytest.raises(NotADay) as refused:
        written_day(text)
    assert str(refused.value) == REFUSED[text]
    with pytest.raises(Faults) as faults:
        read_line({"code": "K1007", "date_of_service": text})
    assert faults.value.fields == {"date_of_service": REFUSED[text]}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["07/01/24", "45474", "13/01/2024"])
def test_every_door_says_the_same_of_what_is_refused(client: Client, text: str) -> None:
    asked = {"code": "K1007", "date_of_service": text}
    assert REFUSED[text] in page(client, f"/check/?code=K1007&date_of_service={text}", status=400)
    told = client.post("/api/v1/checks/", {"lines": [asked]}, content_type="application/json").json()
    assert [(each["field"], each["detail"]) for each in told["errors"]] == [("date_of_service", REFUSED[text])]
    client.post("/check/batch/", {"lines": f"code,dos\nK1007,{text}\n"})
    assert CheckBatch.objects.get().lines.get().error == REFUSED[text]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["7/1/2024", "1 Jul 2024", "2024/07/01", "2024-07-01 00:00:00"])
def test_every_door_reads_the_same_day(client: Client, text: str) -> None:
    make_code("K1007")
    asked = {"code": "K1007", "date_of_service": text}
    html = client.get("/check/", asked).content.decode()
    assert "K1007 needs no verified product on July 1, 2024" in html
    # The browser's field for a day shows no other writing, and the address that is kept has the plain one.
    assert 'value="2024-07-01"' in html
    assert "date_of_service=2024-07-01&amp;as_published=" in html
    told = client.post("/api/v1/checks/", {"lines": [asked]}, content_type="application/json").json()
    assert "on July 1, 2024" in " ".join(told["results"][0]["reasons"])
    client.post("/check/batch/", {"lines": f"code,dos\nK1007,{text}\n"})
    line: Any = CheckBatch.objects.get().lines.get()
    assert (line.day, line.date_of_service) == (date(2024, 7, 1), "2024-07-01")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("06/01/2024", "“06/01/2024” is not written as dates are here. If it means June 1, 2024, write 2024-06-01."),
        ("07/01/24", f"“07/01/24” {FOUR} If it means July 1, 2024, write 2024-07-01."),
        ("2024-02-30", f"“2024-02-30” is not a date that exists. {HOW}"),
        ("soon", f"“soon” is not a date that can be read. {HOW}"),
    ],
)
def test_where_the_year_must_stand_first_it_says_how(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        day_from(text)
    assert refused.value.messages == [said]
