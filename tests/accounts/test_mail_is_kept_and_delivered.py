from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import OutgoingMail
from accounts.outbox.jobs import deliver_mail
from tests.accounts.smtp_server import MailServer, mail_server, unused_port
from tests.jobs import run_jobs

SMTP = "django.core.mail.backends.smtp.EmailBackend"
pytestmark = pytest.mark.django_db(transaction=True)


def send(subject: str = "Letter ready") -> int:
    return send_mail(subject, "Open your application.", None, ["maker@firm.example"])


def waiting_mail_ids() -> list[int]:
    return [job.args["mail_id"] for job in ProcrastinateJob.objects.filter(task_name=deliver_mail.name)]


def test_a_mail_is_a_row_and_a_job() -> None:
    send()
    mail = OutgoingMail.objects.get()
    assert (mail.subject, mail.to, mail.delivered_at) == ("Letter ready", ["maker@firm.example"], None)
    assert waiting_mail_ids() == [mail.pk]


def test_what_is_rolled_back_sends_nothing() -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            send("Taken back")
            raise LookupError

    send("Stays")
    with pytest.raises(LookupError):
        change_and_fail()
    kept = OutgoingMail.objects.get()
    assert kept.subject == "Stays"
    assert waiting_mail_ids() == [kept.pk]


def test_nothing_can_be_delivered_before_commit() -> None:
    with transaction.atomic():
        send()
        # Another connection, as a worker's is, sees neither the mail nor the job.
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM accounts_outgoingmail), (SELECT count(*) FROM procrastinate_jobs)"
            )
            assert cursor.fetchone() == (0, 0)
        other.close()
    assert OutgoingMail.objects.count() == len(waiting_mail_ids()) == 1


def test_delivering_twice_sends_once(settings: Any) -> None:
    with mail_server() as server:
        settings.DELIVERY_EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        send("Once")
        mail = OutgoingMail.objects.get()
        deliver_mail(mail_id=mail.pk)
        delivered_at = OutgoingMail.objects.get().delivered_at
        deliver_mail(mail_id=mail.pk)
    assert [message["Subject"] for message in server.received] == ["Once"]
    assert delivered_at is not None
    assert OutgoingMail.objects.get().delivered_at == delivered_at


def test_text_html_and_headers_arrive(settings: Any) -> None:
    with mail_server() as server:
        settings.DELIVERY_EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        message = EmailMultiAlternatives(
            "Both",
            "plain words",
            "registry@pdac.example",
            ["a@firm.example"],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative("<p>marked up</p>", "text/html")
        message.send()
        deliver_mail(mail_id=OutgoingMail.objects.get().pk)
    received = server.received[0]
    assert received["From"] == "registry@pdac.example"
    assert received["Auto-Submitted"] == "auto-generated"
    parts = {part.get_content_type(): part.get_payload(decode=True).decode().strip() for part in received.get_payload()}
    assert parts == {"text/plain": "plain words", "text/html": "<p>marked up</p>"}


def test_a_mail_server_that_is_down_costs_time_and_no_mail(settings: Any) -> None:
    port = unused_port()
    settings.DELIVERY_EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    send("Patience")

    run_jobs()
    job = ProcrastinateJob.objects.get(queue_name="mail")
    assert job.status == "todo"
    assert job.attempts > 0
    assert OutgoingMail.objects.get().delivered_at is None

    with mail_server(port) as server:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
        run_jobs()
    assert [message["Subject"] for message in server.received] == ["Patience"]
    assert ProcrastinateJob.objects.get(queue_name="mail").status == "succeeded"
    assert OutgoingMail.objects.get().delivered_at is not None


def arrived(server: MailServer) -> list[tuple[str, str]]:
    return sorted((message["To"], message["Subject"]) for message in server.received)


def have_them_tried_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def test_an_address_that_is_refused_holds_up_nobody_else_and_is_tried_again(settings: Any) -> None:
    settings.DELIVERY_EMAIL_BACKEND = SMTP
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.refused = {"moved@firm.example"}
        send_mail("To three", "Open.", None, ["a@firm.example", "moved@firm.example", "b@firm.example"])
        send_mail("To the next", "Open.", None, ["c@firm.example"])
        for _ in range(3):
            run_jobs()
            have_them_tried_now()
        others = [("a@firm.example", "To three"), ("b@firm.example", "To three"), ("c@firm.example", "To the next")]
        assert arrived(server) == others
        assert OutgoingMail.objects.get(delivered_at=None).to == ["moved@firm.example"]

        server.refused = set()
        have_them_tried_now()
        run_jobs()

    assert arrived(server) == sorted([*others, ("moved@firm.example", "To three")])
    assert not OutgoingMail.objects.filter(delivered_at=None).exists()


def test_a_server_that_hangs_is_left_and_asked_later(settings: Any) -> None:
    assert settings.EMAIL_TIMEOUT == 30
    settings.DELIVERY_EMAIL_BACKEND, settings.EMAIL_TIMEOUT = SMTP, 0.5
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.hangs = True
        send("Patience")
        run_jobs()
        assert (server.received, OutgoingMail.objects.get().delivered_at) == ([], None)
        assert ProcrastinateJob.objects.get(queue_name="mail").status == "todo"

        server.hangs = False
        have_them_tried_now()
        run_jobs()

    assert [message["Subject"] for message in server.received] == ["Patience"]
    assert OutgoingMail.objects.get().delivered_at is not None
