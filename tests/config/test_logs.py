"""What the log looks like."""

import logging
import sys

from config.logs import LineFormatter


def test_a_traceback_is_written_as_python_writes_it() -> None:
    """Drawn in boxes with every line colored it takes a fifth of a second, and each refusal has one."""
    try:
        {}["no such door"]
    except KeyError:
        record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Forbidden", (), sys.exc_info())
    told = LineFormatter().format(record)
    assert "Traceback (most recent call last):\n" in told
    assert told.endswith("KeyError: 'no such door'")
    assert "╭" not in told
