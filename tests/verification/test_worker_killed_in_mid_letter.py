"""A worker that gets SIGKILL while it writes a letter: there is one letter in the end, and one mail."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from accounts.jobs import begin_stalled_jobs_again
from accounts.models import OutgoingMail
from tests.applicant.pages import address, signed_in
from tests.factories.verification import determined
from tests.jobs import run_jobs
from verification.models import Letter

# A worker of this test's database that dies at the place named: nothing of it can tidy up.
DYING_WORKER = """
import os, signal, sys
from pathlib import Path
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.STORAGES["default"]["OPTIONS"]["location"] = Path(sys.argv[2])
django.setup()
from procrastinate.contrib.django import app
from verification.letters import jobs

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "before it is stored":
    jobs.default_storage.save = die
else:
    jobs.notify_applicant = die
with app.replace_connector(app.connector.get_worker_connector()) as working:
    working.run_worker(wait=False, listen_notify=False, queues=["letters"])
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["before it is stored", "after it is stored"])
def test_one_letter_and_one_mail(place: str, settings: Any, tmp_path: Path) -> None:
    application = determined()
    letters = tmp_path / "files" / "letters"
    command = [sys.executable, "-W", "ignore", "-c", DYING_WORKER, connection.settings_dict["NAME"]]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}

    died = subprocess.run(
        [*command, str(tmp_path / "files"), place],
        cwd=project_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert died.returncode == -signal.SIGKILL, died.stderr
    assert [path.name for path in letters.glob("*")] == ([f"{Letter.objects.get().pk}.pdf"] if "after" in place else [])
    assert Letter.objects.get().written_at is None
    told = OutgoingMail.objects.filter(subject__startswith="A determination was made")
    assert not told.exists()

    # Its heartbeat stops with it; thirty seconds later its jobs are somebody else's.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    # The worker may have deferred it itself, at the full minute.
    with suppress(AlreadyEnqueued):
        begin_stalled_jobs_again.defer(timestamp=0)
    run_jobs()
    run_jobs()

    letter = Letter.objects.get()
    assert letter.written_at is not None
    assert [path.name for path in letters.glob("*")] == [f"{letter.pk}.pdf"]
    assert told.get().delivered_at is not None
    assert b"".join(signed_in(application.created_by).get(address("letter", application))).startswith(b"%PDF-")
