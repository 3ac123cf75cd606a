"""One line per event, readable on a terminal and by a log collector."""

from typing import Any

import structlog


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self, **options: Any) -> None:
        # Tracebacks as Python writes them: drawn ones take a fifth of a second each, and every refusal has one.
        plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        super().__init__(processor=plain, **options)


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
