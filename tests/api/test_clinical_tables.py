"""A program that was written for NLM's Clinical Tables service gets answers of the same form.

The requests are those that public programs send (autocomplete-lhc, codes-mcp-server and others); the forms of the
answers are NLM's: https://clinicaltables.nlm.nih.gov/apidoc/hcpcs/v3/doc.html.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcpcs.queries.clinical_table import FIELDS
from hcpcs.services.import_report import ImportReport
from tests.api.hcpcs_excerpt import CODES, NOW, load_excerpt
from tests.hcpcs.conftest import TEXT_2025
from tests.hcpcs.conftest import load as _load

load = _load
E0470_IN_FULL = (
    "Respiratory assist device, bi-level pressure capability, without backup rate feature, used with noninvasive "
    "interface"
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def excerpt(tmp_path: Path) -> None:
    load_excerpt(tmp_path)


def ask(client: Client, **parameters: Any) -> Any:
    response = client.get("/api/hcpcs/v3/search", parameters)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def refused(client: Client, **parameters: Any) -> tuple[str, str]:
    """The parameter that is at fault, and what is said of it."""
    response = client.get("/api/hcpcs/v3/search", parameters)
    said = response.json()
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    return said["parameter"], said["detail"]


@pytest.mark.usefixtures("excerpt")
class TestTheFormOfAnAnswer:
    def test_four_elements_and_null_for_no_extra_fields(self, client: Client) -> None:
        assert ask(client, terms="oxy conc") == [1, ["E1390"], None, [["E1390", "Oxygen concentrator"]]]

    def test_nothing_found(self, client: Client) -> None:
        assert ask(client, terms="spaceship") == [0, [], None, []]
        assert ask(client, terms="spaceship", ef="long_desc") == [0, [], {"long_desc": []}, []]

    def test_every_field_is_a_text_and_a_missing_date_is_null(self, client: Client) -> None:
        extra = "short_desc,long_desc,display,add_dt,term_dt,act_eff_dt,obsolete,is_noc"

        total, codes, fields, shown = ask(client, terms="E0470", sf="code", ef=extra, maxList=3)

        assert (total, codes) == (1, ["E0470"])
        assert fields == {
            "short_desc": ["Rad w/o backup non-inv intfc"],
            "long_desc": [E0470_IN_FULL],
            "display": ["Rad w/o backup non-inv intfc"],
            "add_dt": ["20040101"],
            "term_dt": [None],
            "act_eff_dt": ["20040101"],
            "obsolete": ["false"],
            "is_noc": ["false"],
        }
        assert shown == [["E0470", "Rad w/o backup non-inv intfc"]]

    def test_a_code_is_obsolete_after_its_last_day_whatever_its_action_date_says(self, client: Client) -> None:
        def told() -> Any:
            return ask(client, terms="K1032", ef="obsolete,term_dt,act_eff_dt")[2]

        assert told() == {"obsolete": ["true"], "term_dt": ["20231231"], "act_eff_dt": ["20240101"]}
        with time_machine.travel("2023-12-31 23:30:00-05:00", tick=False):
            assert told()["obsolete"] == ["false"]
        with time_machine.travel("2024-01-01 00:30:00-05:00", tick=False):
            assert told()["obsolete"] == ["true"]

    def test_display_code_and_extra_fields_as_chosen(self, client: Client) -> None:
        answer = ask(client, terms="K0898", df="short_desc,code", cf="display", ef="code:id, is_noc ,long_desc:text")

        assert answer == [
            1,
            ["Power wheelchair noc"],
            {"id": ["K0898"], "is_noc": ["true"], "text": ["Power wheelchair, not otherwise classified"]},
            [["Power wheelchair noc", "K0898"]],
        ]

    def test_a_missing_date_among_the_texts_to_display_is_an_empty_text(self, client: Client) -> None:
        assert ask(client, terms="E1390", df="code,term_dt")[3] == [["E1390", ""]]

    def test_pages_of_other_sites_may_ask(self, client: Client) -> None:
        assert client.get("/api/hcpcs/v3/search?terms=a")["Access-Control-Allow-Origin"] == "*"
        assert client.options("/api/hcpcs/v3/search")["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"

    def test_one_query_whatever_is_asked(self, client: Client) -> None:
        for parameters in ({"terms": "oxy"}, {"terms": "", "q": "is_noc:true", "ef": ",".join(FIELDS)}):
            with CaptureQueriesContext(connection) as queries:
                ask(client, **parameters)
            assert len(queries) == 1


@pytest.mark.usefixtures("excerpt")
class TestWhatTheAutocompleterSends:
    def test_while_somebody_types(self, client: Client) -> None:
        assert ask(client, authenticity_token="", terms="whee")[1] == ["K0898"]

    def test_see_more_items_has_a_max_list_without_a_value(self, client: Client) -> None:
        assert ask(client, authenticity_token="", maxList="", terms="")[1] == CODES

    def test_the_chosen_item_finds_itself(self, client: Client) -> None:
        """The autocompleter sends the text of the field, with blanks for its " - "."""
        assert ask(client, terms="E0470 Rad w/o backup non-")[1] == ["E0470"]

    def test_suggestions_for_what_is_not_on_the_list(self, client: Client) -> None:
        codes, shown, extra = ask(client, authenticity_token="", field_val="oxigen concentraitor", suggest=1)

        assert (codes, shown, extra) == (["E1390"], [["E1390", "Oxygen concentrator"]], None)
        assert ask(client, field_val="powrd wheelchare", suggest=1)[0][0] == "K0898"
        assert ask(client, field_val="?!", suggest=1) == [[], [], None]


@pytest.mark.usefixtures("excerpt")
class TestWhatIsFound:
    @pytest.mark.parametrize(
        ("terms", "codes"),
        [
            ("oxygen", ["E1390", "E9998", "A4616"]),
            ("OXY", ["E1390", "E9998", "A4616"]),
            ("foot tub", ["A4616"]),
            ("E13", ["E1390", "E1399"]),
            ("e1390", ["E1390"]),
            ("gen", []),
            ("oxygen wheelchair", []),
            ("-", []),
            ("a1", ["A1"]),
            ("teclistamab", ["J9380"]),
        ],
    )
    def test_each_word_begins_a_word_of_the_code_or_of_a_description(
        self, client: Client, terms: str, codes: list[str]
    ) -> None:
        assert ask(client, terms=terms)[1] == codes

    def test_the_code_itself_comes_first_then_codes_that_begin_so(self, client: Client) -> None:
        assert ask(client, terms="A1")[1][0] == "A1"
        assert ask(client, terms="E")[1][:2] == ["E1390", "E9998"]

    def test_a_reused_code_is_one_row_with_the_meaning_of_today(self, client: Client) -> None:
        assert ask(client, terms="J9380", ef="long_desc")[:3] == [
            1,
            ["J9380"],
            {"long_desc": ["Injection, teclistamab-cqyv, 0.5 mg"]},
        ]
        assert ask(client, terms="vincristine")[0] == 0
        with time_machine.travel("2020-06-01", tick=False):
            assert ask(client, terms="J9380")[3] == [["J9380", "Vincristine sulfate 5 mg inj"]]

    @pytest.mark.parametrize(
        ("searched", "terms", "codes"),
        [
            ("code", "E1390", ["E1390"]),
            ("code", "oxygen", []),
            ("short_desc", "port", []),
            ("long_desc", "port", ["E1390"]),
            ("short_desc,long_desc", "E1390", []),
            ("display", "noc", ["K0898"]),
        ],
    )
    def test_in_the_fields_that_are_to_be_searched(
        self, client: Client, searched: str, terms: str, codes: list[str]
    ) -> None:
        assert ask(client, terms=terms, sf=searched)[1] == codes

    @pytest.mark.parametrize(
        ("given", "size"),
        [({}, 7), ({"maxList": 3}, 3), ({"maxList": ""}, 13), ({"maxList": 5000}, 13), ({"count": 4}, 4),
         ({"count": 2, "maxList": 9}, 2), ({"count": "", "maxList": 9}, 9), ({"count": 0}, 0)],
    )  # fmt: skip
    def test_how_many(self, client: Client, given: dict[str, Any], size: int) -> None:
        total, codes, _, shown = ask(client, terms="", **given)
        assert (total, len(codes), len(shown)) == (13, size, size)

    def test_page_by_page(self, client: Client) -> None:
        pages = [ask(client, terms="", count=5, offset=offset) for offset in (0, 5, 10, 15)]

        assert [page[0] for page in pages] == [13] * 4
        assert [code for page in pages for code in page[1]] == CODES


@pytest.mark.usefixtures("excerpt")
class TestTheAdditionalQuery:
    @pytest.mark.parametrize(
        ("q", "codes"),
        [
            ("code:K0898", ["K0898"]),
            ("code:k08*", ["K0800", "K0898"]),
            ("code:E139?", ["E1390", "E1399"]),
            ("is_noc:true", ["E1399", "K0898"]),
            ("obsolete:true", ["G8701", "K1032"]),
            ("obsolete:false AND code:K*", ["K0800", "K0898"]),
            ("code:K* -obsolete:true", ["K0800", "K0898"]),
            ("code:K* AND NOT is_noc:true", ["K0800", "K1032"]),
            ("+code:K* +is_noc:true", ["K0898"]),
            ("code:(K0800 OR E1390)", ["E1390", "K0800"]),
            ("code:(K0800 E1390)", ["E1390", "K0800"]),
            ("(oxygen AND tubing) OR code:A1", ["A1", "A4616"]),
            ("oxygen || wheelchair", ["A4616", "E1390", "E9998", "K0898"]),
            ("manual wheelchair", ["K0898"]),
            ("oxy", []),
            ("oxy*", ["A4616", "E1390", "E9998"]),
            ('"delivery port"', ["E1390"]),
            ('long_desc:"oxygen concentrator, single"', ["E1390"]),
            ('"port delivery"', []),
            ("short_desc:concentrator", ["E1390"]),
            ("short_desc:port", []),
            ("add_dt:20220401", ["K1032"]),
            ("add_dt:2022*", ["K1032"]),
            ("add_dt:[20220101 TO 20230701]", ["J9380", "K1032"]),
            ("add_dt:[2022 TO 2023]", ["J9380", "K1032"]),
            ("add_dt:{20220401 TO 20230701}", []),
            ("add_dt:[2022-04-01 TO 2022-04-30]", ["K1032"]),
            ("add_dt:>2022", ["E9998", "J9380"]),
            ("add_dt:<=19930101", ["E0193"]),
            ("term_dt:[* TO 2020]", ["G8701"]),
            ("term_dt:*", ["G8701", "K1032"]),
            ("_exists_:term_dt", ["G8701", "K1032"]),
            ("NOT term_dt:2023* AND code:(G8701 OR K0800 OR K1032)", ["G8701", "K0800"]),
            ("code:[K08 TO K09]", ["K0800", "K0898"]),
            (r"short_desc:w\/o", ["C8904", "E0470"]),
            ("!(code:E* OR code:K* OR code:A*)", ["C8904", "G8701", "J9380"]),
        ],
    )
    def test_what_is_understood(self, client: Client, q: str, codes: list[str]) -> None:
        assert sorted(ask(client, terms="", q=q, maxList="")[1]) == codes

    def test_it_narrows_down_what_the_terms_find(self, client: Client) -> None:
        assert ask(client, terms="K0800", sf="code", q="code:K0800", count=20)[:2] == [1, ["K0800"]]
        assert ask(client, terms="oxygen", q="  ")[0] == 3

    @pytest.mark.parametrize(
        ("q", "said"),
        [
            ("name:wheelchair", "q names a field “name”."),
            ("oxygen~", "q cannot have similar words (~)"),
            ("oxygen^2", "q cannot have weights (^)"),
            ("code:/K08.*/", "q cannot have regular expressions"),
            ("code:", "q has a condition missing"),
            ("oxygen AND", "q has a condition missing"),
            ("(oxygen", "q has a parenthesis that is not closed"),
            ("oxygen)", "q has a “)” that belongs to nothing"),
            ('"oxygen', 'q cannot be understood from “"oxygen”'),
            ("add_dt:[2022", "q cannot be understood from “[2022”"),
            ("add_dt:[2022 2023]", "q has a range that cannot be read"),
            ("add_dt:[x TO *]", "which is no date"),
            ("long_desc:[a TO b]", "only codes and dates can be compared"),
            ("a AND b OR c", "q joins conditions in different ways"),
            ("a OR -b", "q joins a condition with a sign by OR"),
            ("(" * 11 + "a" + ")" * 11, "more than 10 parentheses"),
            (" ".join(["a"] * 41), "q has more than 40 conditions"),
        ],
    )
    def test_what_is_not_understood_is_said(self, client: Client, q: str, said: str) -> None:
        parameter, detail = refused(client, terms="", q=q)
        assert parameter == "q"
        assert said in detail

    @settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(alphabet=' ab*?:"()[]{}+-!&|\\/~^<>=0TOANDR', max_size=25))
    def test_any_text_is_answered_or_refused(self, client: Client, q: str) -> None:
        assert client.get("/api/hcpcs/v3/search", {"terms": "", "q": q}).status_code in {200, 400}


@pytest.mark.parametrize(
    ("parameters", "parameter"),
    [
        ({}, "terms"),
        ({"terms": "a", "max_list": 5}, "max_list"),
        ({"terms": "a", "callback": "f"}, "callback"),
        ({"terms": "a", "maxList": "many"}, "maxList"),
        ({"terms": "a", "count": "-1"}, "count"),
        ({"terms": "a", "offset": "x"}, "offset"),
        ({"terms": "a", "df": "code,name"}, "df"),
        ({"terms": "a", "sf": "code,name"}, "sf"),
        ({"terms": "a", "sf": "add_dt"}, "sf"),
        ({"terms": "a", "cf": "name"}, "cf"),
        ({"terms": "a", "ef": "code:x,name:y"}, "ef"),
        ({"terms": "a\x00"}, "terms"),
        ({"terms": "a " * 21}, "terms"),
        ({"suggest": 1, "field_val": "a " * 21}, "field_val"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(client: Client, parameters: dict[str, Any], parameter: str) -> None:
    assert refused(client, **parameters)[0] == parameter


def test_without_any_release_nothing_is_found(client: Client) -> None:
    assert ask(client, terms="oxygen") == [0, [], None, []]


def test_october_2025_answers_as_their_service_was_recorded(
    client: Client, load: Callable[[str], ImportReport]
) -> None:
    """Totals and rows that openpharma-org/nlm-codes-mcp recorded from NLM's service."""
    load(TEXT_2025)

    assert ask(client, terms="infusion pump", sf="short_desc,long_desc", q="is_noc:false")[0] == 42
    assert ask(client, terms="ventilator", q="obsolete:false")[0] == 9
    assert ask(client, terms="E0470", sf="code", ef="add_dt,obsolete", maxList=3) == [
        1,
        ["E0470"],
        {"add_dt": ["20040101"], "obsolete": ["false"]},
        [["E0470", "Rad w/o backup non-inv intfc"]],
    ]
    assert {"C1300", "E1390", "A4616"} < set(ask(client, terms="oxygen", maxList="")[1])
    assert ask(client, terms="oxygen")[1][:2] == ["C1300", "E1390"]
    vent = ask(client, terms="E1029", ef="add_dt,act_eff_dt,obsolete,is_noc")
    assert vent[2:] == [
        {"add_dt": ["20040101"], "act_eff_dt": ["20140401"], "obsolete": ["false"], "is_noc": ["false"]},
        [["E1029", "W/c vent tray fixed"]],
    ]
    noc = ask(client, terms="", q="is_noc:true", maxList="")[1]
    assert {"A4335", "A9999", "B9998", "E1399", "J3490", "J3590", "J9999", "K0108", "L8499", "V2199"} <= set(noc)
    assert not {"AQ", "G9213", "G9282", "G9062", "A9270", "S0590"} & set(noc)
    assert ask(client, terms="", q="code:(D???? OR 9*)")[0] == 0
