"""`make assets`: compiles the style sheet and copies what pages need from the npm packages into static/built/.

Needs only node_modules/ (npm ci). A file that the style sheet names and USWDS lacks is an error here, not a missing
picture later.
"""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules"
USWDS = PACKAGES / "@uswds" / "uswds"
BUILT = ROOT / "static" / "built"
STYLE_SHEET = "register.css"
# What templates name, besides what the style sheet names.
COPIED = {
    "img/sprite.svg": USWDS / "dist/img/sprite.svg",
    "js/uswds.min.js": USWDS / "dist/js/uswds.min.js",
    "js/uswds-init.min.js": USWDS / "dist/js/uswds-init.min.js",
    "js/htmx.min.js": PACKAGES / "htmx.org/dist/htmx.min.js",
}
NAMED_FILE = re.compile(r"""url\(["']?(?!data:)([^"')?#]+)""")
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def compile_style_sheet(target: Path) -> None:
    sass = str(PACKAGES / ".bin" / "sass")
    options = [f"--load-path={USWDS / 'packages'}", "--style=compressed", "--quiet-deps", "--no-source-map"]
    subprocess.run([sass, *options, str(ROOT / "static/styles/register.scss"), str(target)], check=True)  # noqa: S603


def build(folder: Path) -> None:
    style_sheet = folder / STYLE_SHEET
    compile_style_sheet(style_sheet)
    for name in sorted(set(NAMED_FILE.findall(style_sheet.read_text()))):
        copy(USWDS / "dist" / name, folder / name)
    for name, source in COPIED.items():
        copy(source, folder / name)
    for script in folder.glob("js/*.js"):
        # The maps are not served, and a named file that is missing stops collectstatic.
        script.write_text(SOURCE_MAP.sub("", script.read_text()))


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    unfinished = PACKAGES / ".built"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    build(unfinished)
    shutil.rmtree(BUILT, ignore_errors=True)
    unfinished.rename(BUILT)
