"""Where the worker looks for this app's jobs, and the one that looks after all the others."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from accounts.outbox.jobs import deliver_mail
from accounts.services.typed_text import forget_old_texts

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queue="rescue", queueing_lock="begin_stalled_jobs_again", pass_context=True)
async def begin_stalled_jobs_again(context: JobContext, timestamp: int) -> None:
    """Once a minute: give the jobs of a worker that was killed to one that lives, whatever they were about.

    Of periodic jobs, of which only one may wait, the killed one is dropped where the next one waits already: it does
    the same work. One that cannot be begun again keeps no other from it.
    """
    for job in await context.app.job_manager.get_stalled_jobs():
        if job.id == context.job.id:
            continue
        try:
            await context.app.job_manager.retry_job(job)
        except UniqueViolation:
            await context.app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        except Exception:
            logger.exception("A stalled job could not be begun again", extra={"job": job.id})


@app.periodic(cron="20 * * * *")
@app.task(queue="clocks", queueing_lock="forget_what_was_typed")
def forget_what_was_typed(timestamp: int) -> None:
    """Once an hour: what was kept for people whose sign-in had expired, and who did not come back for it."""
    forget_old_texts()


__all__ = ["begin_stalled_jobs_again", "deliver_mail", "forget_what_was_typed"]
