"""What gunicorn is told besides its command line: `--config python:config.web_server`."""

import gc
from typing import Any

import gunicorn.http.message

# Bytes of a request's first line: 10,000 characters of any alphabet, each byte of which an address writes as three. So
# config/long_addresses.py can say what is too long. By its own settings gunicorn takes 8,190, or any number.
limit_request_line = 128 * 1024
gunicorn.http.message.MAX_REQUEST_LINE = limit_request_line


def post_worker_init(worker: Any) -> None:
    """What is loaded stays: Python's collector need not look through all of it again while a page is made.

    Nor after every 700 objects, of which a page makes some thousands: a twelfth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
