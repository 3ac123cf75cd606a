"""Held against the dates that the Office of Personnel Management published for each year."""

from datetime import date

import pytest

from verification.clocks.federal_holidays import federal_holidays

# As observed: month-day; a New Year's Day observed in December stands with the year before.
PUBLISHED = {
    2011: "01-17 02-21 05-30 07-04 09-05 10-10 11-11 11-24 12-26",
    2016: "01-01 01-18 02-15 05-30 07-04 09-05 10-10 11-11 11-24 12-26",
    2020: "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}


@pytest.mark.parametrize(("year", "days"), PUBLISHED.items())
def test_the_days_of_a_year(year: int, days: str) -> None:
    if year == 2011:
        # New Year's Day of 2011 was a Saturday and observed on December 31, 2010.
        assert date(2010, 12, 31) in federal_holidays(2010)
    expected = [date.fromisoformat(f"{year}-{day}") for day in days.split()]
    assert sorted(federal_holidays(year)) == expected


def test_juneteenth_is_a_holiday_since_2021() -> None:
    assert [year for year in range(2017, 2025) if any(day.month == 6 for day in federal_holidays(year))] == [
        2021,
        2022,
        2023,
        2024,
    ]


def test_inauguration_day_only_where_it_is_asked_for() -> None:
    def more(year: int) -> frozenset[date]:
        return federal_holidays(year, inauguration_day=True) - federal_holidays(year)

    assert more(2021) == {date(2021, 1, 20)}
    # The same day as the Birthday of Martin Luther King, Jr.; a Sunday; no year of an inauguration.
    assert (more(2025), more(2013), more(2026)) == (frozenset(), frozenset(), frozenset())
    assert date(2013, 1, 21) in federal_holidays(2013, inauguration_day=True)
    assert more(1985) == {date(1985, 1, 21)} - federal_holidays(1985)


@pytest.mark.parametrize("year", range(2022, 2060))
def test_none_is_observed_on_a_weekend_and_there_are_eleven_between_two_new_years(year: int) -> None:
    days = federal_holidays(year)
    assert all(day.weekday() < 5 for day in days)
    # December 31 stands for the New Year's Day of the year after.
    of_the_year = {day for day in days if (day.month, day.day) != (12, 31)}
    new_year = date(year - 1, 12, 31) in federal_holidays(year - 1)
    assert len(of_the_year) + new_year == 11
