"""How often a job is tried whose failing may have no end: what kills the worker must not kill it for ever."""

from procrastinate import JobContext, RetryStrategy

MOST_ATTEMPTS = 4
A_FEW_TIMES = RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5, linear_wait=20)


def is_last_attempt(context: JobContext) -> bool:
    """On the last one a job only says that it gave up."""
    return context.job.attempts >= MOST_ATTEMPTS
