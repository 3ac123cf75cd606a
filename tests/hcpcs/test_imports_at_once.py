import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from hcpcs.models import Code, Release, ReleaseRecord
from hcpcs.services import import_release as module
from hcpcs.services.import_release import import_release
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_imports_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both see an empty catalogue when they begin, and both have E0001: without a queue, one fails or doubles it."""
    first = release_file(tmp_path, [first_line("E0001"), first_line("E0002")])
    second = release_file(tmp_path, [first_line("E0001"), first_line("E0003")], name="HCPC2024_APR_ANWEB.txt")
    derive = module.derive_catalogue
    running, most = 0, 0
    failures: list[BaseException] = []

    def derive_slowly(**given: Any) -> object:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.3)
        changes = derive(**given)
        running -= 1
        return changes

    def run(path: Path) -> None:
        try:
            import_release(path=path)
        except BaseException as error:  # noqa: BLE001  # shown below, in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    monkeypatch.setattr(module, "derive_catalogue", derive_slowly)
    threads = [threading.Thread(target=run, args=(path,)) for path in (first, second, first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert most == 1
    assert (Release.objects.count(), ReleaseRecord.objects.count()) == (2, 4)
    assert sorted(Code.objects.values_list("code", flat=True)) == ["E0001", "E0002", "E0003"]


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from pathlib import Path
from hcpcs.services import import_release as module
derive = module.derive_catalogue
def derive_and_die(**given):
    derive(**given)
    print("written, not committed", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
module.derive_catalogue = derive_and_die
module.import_release(path=Path(sys.argv[1]))
"""


def test_killed_import_leaves_nothing_and_can_be_run_again(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line("E0001")])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), connection.settings_dict["NAME"]],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert "written, not committed" in killed.stdout
    assert (Release.objects.count(), ReleaseRecord.objects.count(), Code.objects.count()) == (0, 0, 0)
    assert import_release(path=path).added == [("code", "E0001")]
