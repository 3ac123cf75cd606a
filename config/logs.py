"""One line per event, readable on a terminal and by a log collector."""

from collections.abc import MutableMapping
from typing import Any

import structlog

LONGEST_REQUEST = 2000


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self, **options: Any) -> None:
        # Tracebacks as Python writes them: drawn ones take a fifth of a second each, and every refusal has one.
        plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        super().__init__(processor=plain, **options)


def cut_long_requests(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An address may have more characters than anybody reads, and than a log should be filled with."""
    request = event.get("request")
    if isinstance(request, str) and len(request) > LONGEST_REQUEST:
        event["request"] = f"{request[:LONGEST_REQUEST]}… ({len(request):,} characters)"
    return event


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        cut_long_requests,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
