"""What a list API costs at least: a WSGI function that sends PostgreSQL the same SQL and gives its rows as JSON.

BARE_SQL names a JSON file: for each address, the statements to send. Nothing is parsed, checked, kept or linked.
"""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

STATEMENTS: dict[str, list[str]] = json.loads(Path(os.environ["BARE_SQL"]).read_text())
held = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    if not hasattr(held, "connection"):
        held.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    address = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
    answers = [held.connection.execute(statement).fetchall() for statement in STATEMENTS.get(address, ["SELECT 1"])]
    body = json.dumps(answers, default=str).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
