"""Read from the source: who assigns an application's status, and who writes listings."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = ("accounts", "config", "hcpcs", "pcl", "verification")
THE_WORKFLOW = "verification/workflow/perform.py"
WRITING = {
    "abulk_create",
    "acreate",
    "adelete",
    "aget_or_create",
    "aupdate",
    "aupdate_or_create",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
WRITTEN_BY_THE_REGISTERS_SERVICES = {"Listing", "ListingChange", "RegisterEntry"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if "/migrations/" not in name:
                yield name, ast.parse(path.read_text(), filename=name)


def status_writes(tree: ast.AST) -> Iterator[int]:
    """Lines that set an attribute `status` or hand `status=` to something that writes."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = [part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.expr)]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "status" and not _is_self(target):
                yield target.lineno
        if isinstance(node, ast.Call):
            yield from _in_call(node)


def _is_self(target: ast.Attribute) -> bool:
    # An object's own field of that name, such as a response's; an application's is set from outside only.
    return isinstance(target.value, ast.Name) and target.value.id == "self"


def _in_call(call: ast.Call) -> Iterator[int]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    keywords = {keyword.arg for keyword in call.keywords}
    defaults = [
        key.value
        for keyword in call.keywords
        if keyword.arg in {"defaults", "create_defaults"} and isinstance(keyword.value, ast.Dict)
        for key in keyword.value.keys
        if isinstance(key, ast.Constant)
    ]
    literals = [part.value for argument in call.args for part in ast.walk(argument) if isinstance(part, ast.Constant)]
    if (called in WRITING or called == "Application") and ("status" in keywords or "status" in defaults):
        yield call.lineno
    if called in {"setattr", "bulk_update", "__setattr__"} and "status" in literals:
        yield call.lineno


def register_writes(tree: ast.AST) -> Iterator[int]:
    """Lines that make, change or delete a listing, a change or an entry of the register."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in WRITTEN_BY_THE_REGISTERS_SERVICES:
            yield node.lineno
        elif isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            named = {part.id for part in ast.walk(node.func.value) if isinstance(part, ast.Name)}
            attributes = {part.attr for part in ast.walk(node.func.value) if isinstance(part, ast.Attribute)}
            if named & (WRITTEN_BY_THE_REGISTERS_SERVICES | {"listing", "entry"}) or attributes & {
                "listings",
                "listing",
            }:
                yield node.lineno


def test_only_the_workflow_assigns_a_status() -> None:
    found = {name: list(status_writes(tree)) for name, tree in sources()}
    assert THE_WORKFLOW in found
    # A publication of the register has a status as well; it is no application's.
    of_publications = {"pcl/services/load_seed_register.py", "pcl/services/publications.py"}
    elsewhere = {
        name: lines for name, lines in found.items() if lines and name != THE_WORKFLOW and name not in of_publications
    }
    assert elsewhere == {}
    assert len(found[THE_WORKFLOW]) == 1


def test_only_the_registers_services_write_listings() -> None:
    found = {name: lines for name, tree in sources() if (lines := list(register_writes(tree)))}
    assert {name for name in found if not name.startswith("pcl/services/")} == set()
    assert "pcl/services/publish_listing.py" in found


@pytest.mark.parametrize(
    "line",
    [
        "application.status = 'determined'",
        "application.status, x = 'determined', 1",
        "application.status += 'x'",
        "Application.objects.filter(pk=1).update(status='determined')",
        "Application.objects.create(status='determined')",
        "Application(status='determined')",
        "Application.objects.update_or_create(pk=1, defaults={'status': 'x'})",
        "setattr(application, 'status', 'determined')",
        "Application.objects.bulk_update(rows, ['status'])",
    ],
)
def test_each_way_to_assign_a_status_is_noticed(line: str) -> None:
    assert list(status_writes(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "Listing.objects.create(x=1)",
        "Listing(model=m)",
        "Listing.objects.filter(pk=1).update(comment='')",
        "listing.save()",
        "model.listings.all().delete()",
        "assigned.listing.save()",
        "RegisterEntry.objects.bulk_create(rows)",
    ],
)
def test_each_way_to_write_a_listing_is_noticed(line: str) -> None:
    assert list(register_writes(ast.parse(line))) == [1]


def test_reading_is_let_through() -> None:
    reading = "Application.objects.filter(status='x'); application.status; Listing.objects.filter(code=c)"
    tree = ast.parse(reading)
    assert [*status_writes(tree), *register_writes(tree)] == []


def test_every_source_is_read() -> None:
    assert Path(settings.BASE_DIR / THE_WORKFLOW).exists()
    assert len(list(sources())) > 100
