"""python -m benchmarks [NAME ...]: run every benchmark in this folder, or those named, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
HELPERS = {"__init__", "__main__", "bare_wsgi", "database", "made_up_register", "register_rows"}


def main() -> int:
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in HELPERS)
    chosen = sys.argv[1:] or names
    if unknown := [name for name in chosen if name not in names]:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(names)}.", file=sys.stderr)
        return 2
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.demo", "LOG_LEVEL": "WARNING", **os.environ}
    failed = [
        name
        for name in chosen
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, env=environment, check=False
        ).returncode
    ]
    if failed:
        print(f"\nNot kept, or not measured: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
