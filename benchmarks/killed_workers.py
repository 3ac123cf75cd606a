"""1,000 applications submitted by 8 processes while workers and submitters are killed at random, and what is left.

Each submitter has an eighth of the drafts, each draft complete: it submits what is still a draft, one by one, as a
person's click does. Two workers deliver the mails to a mail server on the loopback address. All of them get SIGKILL at
random moments and are started again, the workers at least KILLS times; whoever was killed tells nobody where it was.

Kept is: 1,000 applications submitted, 1,000 document control numbers, 1,000 mails that say so, each delivered, and no
draft left. A worker killed between the mail server's word and its own commit delivers that mail once more, under the
same Message-ID: such copies are counted and shown, and no mail protocol can rule them out.

Everything stands in a data folder of its own. APPLICATIONS (default 1000), KILLS (default 60), SEED (default 1).
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
APPLICATIONS = int(os.environ.get("APPLICATIONS", "1000"))
KILLS = int(os.environ.get("KILLS", "60"))
SEED = int(os.environ.get("SEED", "1"))
SUBMITTERS, WORKERS = 8, 2
# Some die while they start, after so many seconds; the others so many seconds after they began to work, however long
# a busy machine takes to start them: else none of them would ever come to work there.
DIE_STARTING, STARTING, WORKING = 0.2, (0.2, 4.0), (0.3, 20.0)
RECEIVED = "We received your application"
LONGEST = 1800


class Part:
    """A process that is killed and started again until it ends by itself."""

    def __init__(self, environment: dict[str, str], chance: random.Random, *said: str) -> None:
        self._command = [sys.executable, "-m", "benchmarks.killed_workers", *said]
        self._environment = environment
        self._chance = chance
        self.kills = 0
        self._start()

    def _start(self) -> None:
        self._works, works = os.pipe()
        self._process = subprocess.Popen(
            [*self._command, str(works)], cwd=ROOT, env=self._environment, pass_fds=[works]
        )
        os.close(works)
        os.set_blocking(self._works, False)
        dies_starting = self._chance.random() < DIE_STARTING
        self._dies_at = time.monotonic() + self._chance.uniform(*STARTING) if dies_starting else None

    def _is_due(self) -> bool:
        if self._dies_at is None:
            with suppress(BlockingIOError):
                # It says so, or has ended before.
                os.read(self._works, 1)
                self._dies_at = time.monotonic() + self._chance.uniform(*WORKING)
        return self._dies_at is not None and time.monotonic() >= self._dies_at

    @property
    def is_done(self) -> bool:
        code = self._process.poll()
        if code not in (None, 0):
            raise SystemExit(f"{' '.join(self._command)} failed by itself with {code}.")
        return code == 0

    def kill_when_due(self) -> None:
        """And start another in its place. One that has just ended by itself stays ended."""
        if self.is_done or not self._is_due():
            return
        self._process.send_signal(signal.SIGKILL)
        if self._process.wait() != 0:
            self.kills += 1
            os.close(self._works)
            self._start()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


# What the parts do


def prepare() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    from tests.factories.verification import complete_draft, manufacturer  # noqa: PLC0415

    for number in range(SUBMITTERS):
        maker = manufacturer(email=f"maker-{number}@firm.example")
        for draft in range(number, APPLICATIONS, SUBMITTERS):
            complete_draft(maker, product_name=f"Stride {draft}", model_numbers=[f"S-{draft}"])


def submit(number: str, works: str) -> None:
    from accounts.models import User  # noqa: PLC0415
    from verification.models import Application  # noqa: PLC0415
    from verification.workflow.perform import perform  # noqa: PLC0415

    maker = User.objects.get(email=f"maker-{number}@firm.example")
    os.write(int(works), b".")
    for draft in Application.objects.filter(created_by=maker, status="draft").order_by("pk"):
        perform("submit", application=draft, by=maker, seen_version=draft.version)


def work(port: str, works: str) -> None:
    from django.conf import settings  # noqa: PLC0415
    from procrastinate.contrib.django import app  # noqa: PLC0415

    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        os.write(int(works), b".")
        working.run_worker(concurrency=2)


def count() -> None:
    """What the database holds, as a line of numbers."""
    from accounts.models import OutgoingMail  # noqa: PLC0415
    from verification.models import Application, TransitionLog  # noqa: PLC0415

    submitted = Application.objects.filter(status="submitted")
    mails = OutgoingMail.objects.filter(subject__startswith=RECEIVED)
    print(
        submitted.count(),
        submitted.values("dcn").distinct().count(),
        TransitionLog.objects.filter(transition="submit").count(),
        mails.values("subject").distinct().count(),
        mails.count(),
        mails.exclude(delivered_at=None).count(),
        Application.objects.filter(status="draft").count(),
    )


# What kills and counts them


def counted(environment: dict[str, str]) -> list[int]:
    command = [sys.executable, "-m", "benchmarks.killed_workers", "count"]
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return [int(number) for number in said.split()]


def run(environment: dict[str, str], server: Any) -> bool:
    chance = random.Random(SEED)
    began = time.monotonic()
    workers = [Part(environment, chance, "work", str(server.port)) for _ in range(WORKERS)]
    submitters = [Part(environment, chance, "submit", str(number)) for number in range(SUBMITTERS)]
    while not all(part.is_done for part in submitters) or sum(part.kills for part in workers) < KILLS:
        time.sleep(0.05)
        for part in (*workers, *submitters):
            part.kill_when_due()
        if time.monotonic() - began > LONGEST:
            raise SystemExit("The submitters did not come to an end.")
    submitted_after = time.monotonic() - began
    while (figures := counted(environment))[5] < figures[4] and time.monotonic() - began < LONGEST:
        time.sleep(2)
    for part in workers:
        part.stop()
    applications, numbers, steps, subjects, mails, delivered, drafts = figures
    arrived = Counter(message["Message-ID"] for message in server.received if RECEIVED in str(message["Subject"]))
    print(f"workers killed                      {sum(part.kills for part in workers)}")
    print(f"submitters killed                   {sum(part.kills for part in submitters)}")
    print(f"all submitted, killing stopped      after {submitted_after:.0f} s")
    print(f"all delivered                       after {time.monotonic() - began:.0f} s")
    print(f"applications submitted              {applications} (steps in the log: {steps}; drafts left: {drafts})")
    print(f"document control numbers            {numbers}")
    print(f"mails written                       {mails} (with different numbers: {subjects})")
    print(f"mails delivered                     {delivered}")
    print(f"mails that arrived, by Message-ID   {len(arrived)}")
    print(f"copies of a mail that had arrived   {arrived.total() - len(arrived)}")
    wanted = {applications, numbers, steps, subjects, mails, delivered, len(arrived)}
    return wanted == {APPLICATIONS} and drafts == 0


def main() -> int:
    from tests.accounts.smtp_server import MailServer, mail_server  # noqa: PLC0415

    # A worker that is killed in the middle of a mail hangs up on the server.
    MailServer.handle_error = lambda *_: None  # type: ignore[method-assign]

    with tempfile.TemporaryDirectory(prefix="killed-") as var, mail_server() as server:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"PCL_VAR": var, "DJANGO_SETTINGS_MODULE": "config.settings.demo", "LOG_LEVEL": "ERROR"}
        print(f"{APPLICATIONS} drafts are prepared.", flush=True)
        command = [sys.executable, "-m", "benchmarks.killed_workers", "prepare"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        kept = run(environment, server)
    print("Kept." if kept else "NOT KEPT.")
    return 0 if kept else 1


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    import django

    django.setup()
    {"prepare": prepare, "submit": submit, "work": work, "count": count}[sys.argv[1]](*sys.argv[2:])
