"""The page for people who want the data: what there is, what each column means, and recipes that run as printed."""

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pcl.api.serializers import ListingSerializer
from pcl.models import CheckBatch, ExportFile
from pcl.public.data import RECIPES
from pcl.queries.bulk_files.nouns import NOUNS, codebook
from pcl.queries.column import ColumnKind
from pcl.services.end_date_listing import end_date_listing
from pcl.services.export_files import make_files
from tests.factories.register import publish
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def recipe_on(client: Client, name: str, *, host: str) -> str:
    """As a person would copy it from the page."""
    page = client.get("/data/", headers={"host": host}).content.decode()
    found = re.search(rf'<code data-recipe="{re.escape(name)}">(.*?)</code>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("noun", NOUNS)
def test_every_column_is_explained(client: Client, noun: str) -> None:
    page = html.unescape(client.get("/data/").content.decode())
    table = page.split(f'id="columns-{noun}"')[1].split("</table>")[0]
    columns = codebook(noun)

    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert column.meaning.endswith("."), column.name
        assert isinstance(column.kind, ColumnKind)
        assert column.example, column.name
        row = table.split(f"<code>{column.name}</code>")[1].split("</tr>")[0]
        assert column.meaning in row
        assert f">{column.kind.value}<" in row
        assert column.example in row


def test_the_codebook_has_what_the_files_and_the_api_have() -> None:
    publish()
    make_files()

    for noun in NOUNS:
        header = ExportFile.objects.get(noun=noun, format="csv").path.read_text().partition("\n")[0]
        assert header.split(",") == [column.name for column in codebook(noun)]
    always = [name for name, field in ListingSerializer().fields.items() if field.required or field.read_only]
    assert always == [column.name for column in codebook("listings")]
    assert set(ListingSerializer().fields) - set(always) == {"expanded"}


def test_it_says_how_fresh_the_files_are_and_offers_each_with_its_size(client: Client) -> None:
    publish()
    make_files()
    fresh = " ".join(client.get("/data/").content.decode().split())
    publish()
    stale = " ".join(client.get("/data/").content.decode().split())

    assert "Nothing on the list has changed since." in fresh
    assert "Since then the register has changed <strong>1</strong> time;" in stale
    for file in ExportFile.objects.all():
        assert f'href="{file.get_absolute_url()}"' in fresh
        assert f'<code class="register-breakable">{file.sha256}</code>' in fresh
        assert f">{intcomma(file.bytes)}</td>" in fresh


def test_it_costs_the_same_however_much_there_is(client: Client) -> None:
    def cost() -> int:
        client.get("/data/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/data/")
        return len(queries)

    publish()
    make_files()
    once = cost()
    for _ in range(2):
        publish()
        make_files()

    assert cost() == once


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.SITE_URL = live_server.url
    publish("ReWalk")
    publish("=Indego", comment="Two\nlines")
    make_files()
    return str(live_server.url)


@pytest.fixture
def run(site: str, client: Client, tmp_path: Path) -> Callable[..., str]:
    def run(name: str, *command: str) -> str:
        text = recipe_on(client, name, host=site.removeprefix("http://"))
        assert "register.example" not in text
        done = subprocess.run([*command, text], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("sha256sum"), reason="curl is not installed")
def test_the_recipe_for_curl_runs_as_printed(run: Callable[..., str], tmp_path: Path) -> None:
    file = ExportFile.objects.get(noun="listings", format="csv")

    assert f"{file.name}: OK" in run("listings.sh", "sh", "-e", "-c")
    assert (tmp_path / file.name).read_bytes() == file.path.read_bytes()


def test_the_recipe_for_python_runs_as_printed(run: Callable[..., str]) -> None:
    told = run("listings.py", sys.executable, "-c")

    assert told.startswith("2 listings as of 20")
    assert told.endswith("\n2 current\n")


def test_the_recipe_for_duckdb_runs_as_printed(
    site: str, run: Callable[..., str], client: Client, tmp_path: Path
) -> None:
    text = recipe_on(client, "listings.sql", host=site.removeprefix("http://"))
    (address,) = re.findall(rf"beside ({site}/data/files/\S+)", text)
    # It goes by the name that the browser gives the file.
    (tmp_path / "listings.parquet").write_bytes(urllib.request.urlopen(address).read())  # noqa: S310  # of this test

    told = run("listings.sql", sys.executable, "-c", "import duckdb, sys; print(duckdb.sql(sys.argv[1]).fetchall())")

    assert told == "[('K1007', 2, datetime.date(2024, 1, 1))]\n"


@pytest.fixture
def run_with_a_worker(site: str, client: Client, tmp_path: Path) -> Callable[..., str]:
    def run(name: str, *command: str) -> str:
        text = recipe_on(client, name, host=site.removeprefix("http://"))
        done = subprocess.Popen(
            [*command, text], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + 180
        while done.poll() is None and time.monotonic() < until:
            run_jobs()
            time.sleep(0.1)
        done.kill()
        told, fault = done.communicate()
        assert done.returncode == 0, fault
        return told

    return run


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_recipe_for_many_lines_with_curl_runs_as_printed(
    run_with_a_worker: Callable[..., str], tmp_path: Path
) -> None:
    told = run_with_a_worker("check.sh", "sh", "-e", "-c")

    rows = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert [(row["ref"], row["product"], row["answer"]) for row in rows] == [
        ("1", "ReWalk", "listed"),
        ("2", "Other", "verification_not_required"),
    ]
    assert json.loads((tmp_path / "accepted.json").read_text())["lines"] == 2
    assert not CheckBatch.objects.exists()


def test_the_recipe_for_many_lines_with_python_runs_as_printed(run_with_a_worker: Callable[..., str]) -> None:
    *progress, first, second = run_with_a_worker("check.py", sys.executable, "-c").splitlines()

    assert (first.split()[:2], second.split()[:2]) == (["1", "listed"], ["2", "verification_not_required"])
    assert set(progress) == {"0 of 2 lines are checked"}
    assert not CheckBatch.objects.exists()


RECIPES_FOLDER = Path(__file__).parents[1] / "recipes"
NODE = shutil.which("node") or str(Path(sys.executable).parent / "node")


@pytest.fixture
def run_by_node(site: str, client: Client, tmp_path: Path) -> Callable[..., str]:
    """`altered`: pairs of what stands on the page and what is put in its place."""
    if not (RECIPES_FOLDER / "node_modules" / ".installed").exists():
        message = "What runs these recipes is not installed: make tests/recipes/node_modules/.installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # What R, or a conversion of types, would take for something else than text.
    publish("Ærø 5\u2033 “wide”", model_number="007", comment='a "quoted", line\r\nand # one more')
    end_date_listing(
        listing=publish("NA", model_number="1e5"), seen_version=1, last_day=date(2025, 1, 31), reason="Ended.", by=None
    )
    make_files()

    def run(name: str, driver: str, *more: str, altered: tuple[tuple[str, str], ...] = ()) -> str:
        text = recipe_on(client, name, host=site.removeprefix("http://"))
        for printed, instead in altered:
            assert printed in text
            text = text.replace(printed, instead)
        command = [NODE, str(RECIPES_FOLDER / driver), text, *more]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise RecipeFailed(done.stderr)
        return done.stdout

    return run


class RecipeFailed(Exception):
    pass


def rows_of_the_file() -> list[dict[str, str]]:
    content = ExportFile.objects.filter(noun="listings", format="csv").latest("pk").path.read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == 4
    return rows


def test_the_recipe_for_r_runs_as_printed(run_by_node: Callable[..., str]) -> None:
    """By webR, which is all of R compiled to WebAssembly: nothing of the recipe is replaced."""
    asked = (
        r"cat('---\n'); cat(sapply(listings, function(column) class(column)[1]))",
        r"said <- function(cell) if (is.na(cell)) 'null' else encodeString(as.character(cell), quote = '\"')",
        r"cat('---\n')",
        r"for (row in seq_len(nrow(listings))) for (cell in lapply(listings, `[`, row)) cat(said(cell), '\n')",
    )
    told, classes, values = run_by_node("listings.R", "r.mjs", *asked).split("---\n", 2)
    rows = rows_of_the_file()

    assert told.split() == ["current", "ended", "3", "1"]
    special = {"id": "integer", "effective_from": "Date", "effective_to": "Date"}
    assert classes.split() == [special.get(name, "character") for name in rows[0]]
    assert [json.loads(value) for value in values.splitlines()] == [
        value.replace("\r\n", "\n") or None for row in rows for value in row.values()
    ]


def test_a_recipe_for_r_that_is_wrong_is_found_out(run_by_node: Callable[..., str]) -> None:
    for printed, instead, said in (
        ("listings.csv", "listing.csv", "cannot open the connection"),
        ("listings$effective_to)", "listings$ends)", "replacement has 0 rows"),
    ):
        with pytest.raises(RecipeFailed, match=said):
            run_by_node("listings.R", "r.mjs", altered=((printed, instead),))


def test_the_recipe_for_power_query_does_what_it_says(run_by_node: Callable[..., str]) -> None:
    """Read by Microsoft's parser and carried out by tests/recipes/power_query.mjs: Excel itself is not at hand."""
    table = json.loads(run_by_node("listings.pq", "power_query.mjs"))
    rows = rows_of_the_file()
    special = {"id": "Int64.Type", "effective_from": "type date", "effective_to": "type date"}

    assert table["types"] == {name: special.get(name, "type text") for name in rows[0]}
    assert table["rows"] == [{**row, "id": int(row["id"]), "effective_to": row["effective_to"] or None} for row in rows]


def test_a_recipe_for_power_query_that_is_wrong_is_found_out(run_by_node: Callable[..., str]) -> None:
    for printed, instead, said in (
        ("listings.csv", "listing.csv", "answered 404"),
        ('"effective_to"', '"ends"', "The column 'ends' of the table wasn't found"),
        ('{"effective_to", type date}', '{"effective_to", Int64.Type}', "is not of Int64.Type"),
        ("Csv.Document", "Csv.Dokument", "The name 'Csv.Dokument' wasn't recognized"),
        ("QuoteStyle = QuoteStyle.Csv", "QuoteStyle = QuoteStyle.None", "a line break within quotes ends a row"),
        ("Delimiter", "Delimeter", "Delimeter is no option"),
        ('"en-US"\n    )', '"en-US"', "Expected to find"),
    ):
        with pytest.raises(RecipeFailed, match=said):
            run_by_node("listings.pq", "power_query.mjs", altered=((printed, instead),))


def test_every_recipe_is_one_of_these() -> None:
    """One more needs a test that runs it."""
    run_here = {"listings.sh", "listings.py", "listings.sql", "listings.R", "check.sh", "check.py", "mirror.py"}
    assert {name for name, _, _ in RECIPES} == run_here | {"listings.pq"}
