"""Every package that is asked for by name has its line in docs/dependencies.md, and no locked file names an address."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NPM_FOLDERS = (ROOT, ROOT / "tests" / "recipes")
DOCUMENTED = (ROOT / "docs" / "dependencies.md").read_text()


def asked_for() -> set[str]:
    names = set()
    for path in (ROOT / "requirements").glob("*.in"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]
        names |= {re.split(r"[\[~=<> ]", line)[0] for line in lines}
    for folder in NPM_FOLDERS:
        package = json.loads((folder / "package.json").read_text())
        names |= {*package.get("dependencies", {}), *package["devDependencies"]}
    return names


@pytest.mark.parametrize("name", sorted(asked_for()))
def test_a_package_has_its_line(name: str) -> None:
    first_cells = [line.split("|")[1] for line in DOCUMENTED.splitlines() if line.startswith("| ")]
    assert any(re.search(rf"(^|[\s,]){re.escape(name)}($|[\s,])", cell) for cell in first_cells)


@pytest.mark.parametrize("path", ["production.txt", "development.txt", "node.txt"])
def test_locked_requirements_have_hashes_and_no_addresses(path: str) -> None:
    text = (ROOT / "requirements" / path).read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--(index-url|extra-index-url|find-links)", text)


@pytest.mark.parametrize("folder", NPM_FOLDERS)
def test_the_npm_lock_has_no_addresses_to_download_from(folder: Path) -> None:
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
