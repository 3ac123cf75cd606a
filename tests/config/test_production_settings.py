"""Production starts only when it was told what it must know, and never as a demonstration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "a key of this test",
    "ALLOWED_HOSTS": "registry.example, www.registry.example",
    "SITE_URL": "https://registry.example/",
    "DATABASE_URL": "postgresql://somebody:secret@db.example:5433/register?sslmode=require",
}
PROGRAM = """
from django.conf import settings
database = settings.DATABASES["default"]
print(settings.ALLOWED_HOSTS, settings.SITE_URL, settings.DEMO, settings.DEBUG)
print(database["ENGINE"], database["NAME"], database["USER"], database["HOST"], database["PORT"], database["OPTIONS"])
"""


def start_production(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "config.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_with_everything_set_production_starts() -> None:
    started = start_production(COMPLETE)
    assert started.returncode == 0, started.stderr
    assert started.stdout.splitlines() == [
        "['registry.example', 'www.registry.example'] https://registry.example False False",
        "django.db.backends.postgresql register somebody db.example 5433 {'sslmode': 'require'}",
    ]


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_production_refuses_to_start_without(missing: str) -> None:
    started = start_production({name: value for name, value in COMPLETE.items() if name != missing})
    assert started.returncode == 1
    assert started.stderr.splitlines()[-1].endswith(
        f"ImproperlyConfigured: Set the environment variable {missing}; production does not start without it."
    )


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_production_refuses_to_start_as_a_demonstration(value: str) -> None:
    started = start_production({**COMPLETE, "DEMO": value})
    assert started.returncode == 1
    assert "ImproperlyConfigured: DEMO is set" in started.stderr.splitlines()[-1]


def test_demo_may_be_switched_off_explicitly() -> None:
    assert start_production({**COMPLETE, "DEMO": "0"}).returncode == 0


def test_no_other_database_is_accepted() -> None:
    started = start_production({**COMPLETE, "DATABASE_URL": "mysql://somebody@db.example/register"})
    assert started.returncode == 1
    assert "no other database is supported" in started.stderr.splitlines()[-1]
