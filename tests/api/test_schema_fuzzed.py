"""The whole API asked with what its schema allows, and with junk: no server error, no answer outside the schema.

The same questions on every run; bounded, since they are a few thousand.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hcpcs.services.import_fees import import_fees
from pcl.api.schema import whole_schema
from pcl.services.end_date_listing import end_date_listing
from tests.api.hcpcs_excerpt import load_excerpt
from tests.factories.register import make_publication, publish, require, some_code
from tests.hcpcs.fee_files import published_fees

QUESTIONS = 10
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [(path, method) for path, ways in whole_schema()["paths"].items() for method in ways]
# Neither a method nor a header of the protocol itself is a question to the API.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's connection is not Django's to close at the end of a request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def register(tmp_path: Path) -> None:
    load_excerpt(tmp_path)
    import_fees(path=published_fees())
    require(some_code("K0800"), begins=date(2024, 1, 1), publication=make_publication())
    listing = publish("Scooter", code="K0800", model_number="S-1", distributor="Distri")
    end_date_listing(listing=listing, seen_version=1, last_day=date(2025, 1, 31), reason="Ended.", by=None)
    publish("=1+1", code="E0193", other_names=("Other",))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_nothing_breaks(register: None, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(whole_schema())
    schema.app = get_wsgi_application()
    asked = 0
    for path, method in OPERATIONS:
        operation = schema[path][method.upper()]
        # Where nothing can be given, nothing can be wrong.
        if mode is GenerationMode.POSITIVE or operation.body or any(True for _ in operation.iter_parameters()):
            asked += ask(operation, mode)
    assert asked >= len(OPERATIONS) * QUESTIONS / 2


def ask(operation: Any, mode: GenerationMode) -> int:
    """How many questions were asked. Raises the first that goes wrong, with the command that asks it again."""
    asked = 0

    @settings(
        max_examples=QUESTIONS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        nonlocal asked
        asked += 1
        # Who asks for some fields gets no others, also not those that a whole answer always has.
        is_partial = "fields" in (case.query or {})
        checks = [check for check in CHECKS if not (is_partial and check is response_schema_conformance)]
        case.call_and_validate(checks=checks)

    one()
    return asked
