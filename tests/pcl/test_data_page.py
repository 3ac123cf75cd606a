"""The page for people who want the data: what there is, what each column means, and recipes that run as printed."""

import csv
import html
import io
import json
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
        done = subprocess.run([*command, text], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
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
        until = time.monotonic() + 60
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


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed: only what it reads is checked, below")
def test_the_recipe_for_r_runs_as_printed(run: Callable[..., str]) -> None:
    told = run("listings.R", "Rscript", "-e")

    assert told.split() == ["current", "2"]


DAYS = ("effective_from", "effective_to")


@pytest.mark.parametrize(("name", "others"), [("listings.R", {"status"}), ("listings.pq", {"id"})])
def test_recipes_that_are_not_run_here_read_what_there_is(client: Client, name: str, others: set[str]) -> None:
    """Neither R nor Excel is at hand, so that nobody ran these two here. Checked is what they rely on: that their
    address leads to the file, and that their columns are there and can be read as what they are made.
    """
    ended = publish("=Indego", comment="Two\nlines")
    end_date_listing(listing=ended, seen_version=1, last_day=date(2025, 1, 31), reason="Ended.", by=None)
    publish()
    make_files()
    text = recipe_on(client, name, host="testserver")
    (address,) = re.findall(r"http://testserver(/data/files/[\w.]+)", text)
    latest = client.get(address)
    assert latest.status_code == 302
    content = b"".join(client.get(latest["Location"])).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == 2

    named = {word for pair in re.findall(r'\{"(\w+)"|listings\$(\w+)', text) for word in pair if word}
    assert named == {*DAYS} | others
    assert named <= rows[0].keys()
    told = [[date.fromisoformat(row[day]) for day in DAYS if row[day]] for row in rows]
    assert sorted(map(len, told)) == [1, 2]
    assert all(row["id"].isdecimal() for row in rows)


def test_every_recipe_is_one_of_these() -> None:
    """One more needs a test that runs it."""
    run_here = {"listings.sh", "listings.py", "listings.sql", "check.sh", "check.py", "mirror.py"}
    assert {name for name, _, _ in RECIPES} == run_here | {"listings.R", "listings.pq"}
