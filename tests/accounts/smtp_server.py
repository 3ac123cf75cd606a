"""A mail server small enough to read: it takes every mail and keeps it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message


class _Conversation(socketserver.StreamRequestHandler):
    server: "MailServer"

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        if self.server.hangs:
            # Until the other side has had enough.
            self.rfile.read()
            return
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"RCPT" and any(address.encode() in line for address in self.server.refused):
                self.say("550 nobody of that name")
                continue
            if verb == b"DATA":
                self.say("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.received.append(message_from_bytes(b"".join(lines)))
            if verb == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 taken")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.received: list[Message] = []
        self.refused: set[str] = set()
        """Addresses for which it takes nothing."""
        self.hangs = False
        """Whether it says nothing to whoever calls."""
        super().__init__(("127.0.0.1", port), _Conversation)

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    with MailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def unused_port() -> int:
    with MailServer() as server:
        return server.port
