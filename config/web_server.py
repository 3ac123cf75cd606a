"""What gunicorn is told besides its command line: `--config python:config.web_server`."""

import gunicorn.http.message

# Bytes of a request's first line: 10,000 characters of any alphabet, each byte of which an address writes as three. So
# config/long_addresses.py can say what is too long. By its own settings gunicorn takes 8,190, or any number.
limit_request_line = 128 * 1024
gunicorn.http.message.MAX_REQUEST_LINE = limit_request_line
