"""The page for people who want the data: what there is, what each column means, and recipes that run as printed."""

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.compute
import pyarrow.parquet
import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pcl.api.serializers import ListingSerializer
from pcl.models import ExportFile
from pcl.public.data import RECIPES
from pcl.queries.bulk_files.nouns import NOUNS, codebook
from pcl.queries.column import ColumnKind
from pcl.services.export_files import make_files
from tests.factories.register import publish

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


def test_the_other_recipes_ask_for_what_there_is(client: Client) -> None:
    """R, Excel and DuckDB are not at hand: their addresses and columns are checked, and the question by pyarrow."""
    publish()
    make_files()
    assert {name for name, _, _ in RECIPES} == {
        *("listings.sh", "listings.py", "listings.R", "listings.pq", "listings.sql", "mirror.py"),
    }
    columns = {column.name for column in codebook("listings")}
    for name in ("listings.R", "listings.pq", "listings.sql"):
        text = recipe_on(client, name, host="testserver")
        (address,) = re.findall(r"http://testserver(/data/files/[\w.]+)", text)
        assert client.get(address).status_code == 302
        named = set(re.findall(r'\{"(\w+)"|listings\$(\w+)', text)) | set(
            re.findall(r"\b(code|status|effective_from)\b()", text)
        )
        assert {word for pair in named for word in pair if word} <= columns

    table = pyarrow.parquet.read_table(ExportFile.objects.get(noun="listings", format="parquet").path)
    current = table.filter(pyarrow.compute.field("status") == "current")
    counted = current.group_by("code").aggregate([([], "count_all"), ("effective_from", "min")])
    assert [(row["code"], row["count_all"]) for row in counted.to_pylist()] == [("K1007", 1)]
