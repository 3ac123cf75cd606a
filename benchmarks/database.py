"""A database for measuring, apart from everybody's data, on the same server and with the same care for durability."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.conf import settings
from django.db import connection

django.setup()

NAME = "benchmark"


@contextmanager
def database_of_its_own() -> Iterator[Any]:
    """All tables, empty. Dropped afterwards; a second run at the same time would be in the way of the first."""
    kept = settings.DATABASES["default"].get("NAME")
    connection.settings_dict["TEST"] = {**connection.settings_dict.get("TEST", {}), "NAME": f"{kept}_{NAME}"}
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield connection
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)
