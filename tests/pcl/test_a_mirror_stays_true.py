"""A copy kept by the change feed, as the page's recipe keeps it, equals the register's own file row by row."""

import json
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import ChangeKind, ExportFile, Listing, ListingChange, Organization, Product, ProductModel
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing, extend_listing, rescind_end_date
from pcl.services.export_files import make_files
from pcl.services.follow_on_listing import recode_listing, reinstate_listing
from pcl.services.organizations import merge_organizations, rename_organization
from pcl.services.products import correct_model_number, correct_product, rename_product
from tests.factories.register import make_code, publish
from tests.pcl.test_data_page import recipe_on

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = 1000
CODES = ("K1007", "E0147", "L1832", "L0650")
WHY = {"reason": "Because “it” is\nso.", "by": None}
# Nobody can know these from the changes: the page says so.
NOT_IN_A_CHANGE = {"status", "code_description"}


class Registrar:
    """Does something to the register, again and again; what it refuses is not done."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # a register, no secret
        self.today = timezone.localdate()
        self.codes = [make_code(code) for code in CODES]
        self.number = 0

    def act(self) -> None:
        verbs = [self.publish] * 6 + [self.end] * 5 + [self.extend] * 4 + [self.rescind] * 3 + [self.reinstate] * 4
        verbs += (
            [self.recode] * 3 + [self.correct] * 3 + [self.rename_product, self.correct_product, self.correct_number]
        )
        verbs += [self.rename_organization, self.merge] if self.random.random() < 0.3 else []
        with suppress(RegisterError):
            self.random.choice(verbs)()

    def some(self, among: QuerySet[Any]) -> Any:
        keys = list(among.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise RegisterError("There is none yet.")
        return among.get(pk=self.random.choice(keys))

    def listing(self) -> Listing:
        return self.some(Listing.objects.all())

    def day(self, first: int, last: int) -> date:
        return self.today + timedelta(days=self.random.randint(first, last))

    def word(self) -> str:
        self.number += 1
        return self.random.choice(["Walker", "Bräce", "Pump “X”", "=Sum", "Ortho\\sis"]) + f" {self.number}"

    def publish(self) -> None:
        publish(
            self.word(),
            code=self.random.choice(self.codes),
            model_number=self.random.choice(["", "", "A-1", "B/2"]),
            begins=self.day(-900, 60),
            manufacturer=f"Maker {self.random.randint(1, 12)}",
            distributor=self.random.choice(["", f"Seller {self.random.randint(1, 5)}"]),
            comment=self.random.choice(["", "Code Reverified", 'a "b"\n\tc']),
        )

    def end(self) -> None:
        end_date_listing(listing=self.listing(), last_day=self.day(-100, 200), **WHY)

    def ending(self) -> Listing:
        return self.some(Listing.objects.filter(effective__upper_inf=False))

    def extend(self) -> None:
        extend_listing(listing=self.ending(), last_day=self.day(50, 400), **WHY)

    def rescind(self) -> None:
        rescind_end_date(listing=self.ending(), **WHY)

    def reinstate(self) -> None:
        reinstate_listing(listing=self.ending(), begins=self.day(0, 300), **WHY)

    def recode(self) -> None:
        recode_listing(listing=self.listing(), code=self.random.choice(self.codes), begins=self.day(0, 100), **WHY)

    def correct(self) -> None:
        begins = self.day(-1000, -500)
        last_day = self.random.choice([None, self.day(0, 100)])
        correct_listing(listing=self.listing(), begins=begins, last_day=last_day, comment=self.word(), **WHY)

    def rename_product(self) -> None:
        product = self.some(Product.objects.all())
        rename_product(product=product, name=self.word(), since=self.today, source="Letter", **WHY)

    def correct_product(self) -> None:
        product = self.some(Product.objects.all())
        correct_product(product=product, name=self.word(), classification="Orthoses", **WHY)

    def correct_number(self) -> None:
        correct_model_number(model=self.some(ProductModel.objects.all()), model_number=self.word(), **WHY)

    def organization(self) -> Organization:
        return self.some(Organization.objects.filter(merged_into=None))

    def rename_organization(self) -> None:
        named = self.organization()
        rename_organization(organization=named, name=f"{self.word()} Inc.", since=self.today, source="Letter", **WHY)

    def merge(self) -> None:
        merged, into = self.organization(), self.organization()
        merge_organizations(merged=merged, into=into, since=self.today, source="Letter", **WHY)


def until(registrar: Registrar, count: int) -> None:
    while ListingChange.objects.count() < count:
        registrar.act()


def test_a_mirror_kept_through_a_thousand_random_changes_equals_a_fresh_file(
    live_server: Any, settings: Any, client: Client, tmp_path: Path
) -> None:
    settings.SITE_URL = live_server.url
    text = recipe_on(client, "mirror.py", host=live_server.url.removeprefix("http://"))

    def keep() -> str:
        command = [sys.executable, "-c", text]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    registrar = Registrar(seed=20261121)
    for _ in range(12):
        registrar.publish()
    until(registrar, 100)
    make_files()
    # The file is older than the feed when it is taken.
    until(registrar, 130)
    for count in (130, 131, 500, CHANGES):
        until(registrar, count)
        assert keep().endswith(f"as of change {ListingChange.objects.count()}")
    make_files()

    fresh = ExportFile.objects.filter(noun="listings", format="ndjson").order_by("pk").last()
    assert fresh is not None
    rows = [json.loads(line) for line in fresh.path.read_bytes().splitlines()]
    kept = json.loads((tmp_path / "listings.json").read_text(encoding="utf-8"))
    assert kept["seq"] == fresh.export_set.change_seq >= CHANGES
    assert sorted(kept["listings"].values(), key=lambda row: row["id"]) == [
        {name: value for name, value in row.items() if name not in NOT_IN_A_CHANGE} for row in rows
    ]

    kinds = Counter(ListingChange.objects.values_list("kind", flat=True))
    assert set(kinds) == set(ChangeKind.values)
    assert min(kinds.values()) >= 10, kinds
    assert Organization.objects.filter(merged_into__isnull=False).exists()

    changes = ExportFile.objects.filter(noun="changes", format="ndjson").order_by("pk").last()
    assert changes is not None
    for source in (f"{live_server.url}/api/v1/changes/", str(changes.path)):
        command = [sys.executable, str(project_settings.BASE_DIR / "docs" / "verify_changes.py"), source]
        verified = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert verified.returncode == 0, verified.stdout
        assert verified.stdout.startswith(f"{changes.rows:,} changes, unbroken.")
