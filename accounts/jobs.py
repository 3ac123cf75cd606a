"""Where the worker looks for this app's jobs, and the one that looks after all the others."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.outbox.jobs import deliver_mail
from accounts.services.typed_text import forget_old_texts


@app.periodic(cron="* * * * *")
@app.task(queue="rescue", queueing_lock="begin_stalled_jobs_again", pass_context=True)
async def begin_stalled_jobs_again(context: JobContext, timestamp: int) -> None:
    """Once a minute: give the jobs of a worker that was killed to one that lives, whatever they were about."""
    for job in await context.app.job_manager.get_stalled_jobs():
        if job.id != context.job.id:
            await context.app.job_manager.retry_job(job)


@app.periodic(cron="20 * * * *")
@app.task(queue="clocks", queueing_lock="forget_what_was_typed")
def forget_what_was_typed(timestamp: int) -> None:
    """Once an hour: what was kept for people whose sign-in had expired, and who did not come back for it."""
    forget_old_texts()


__all__ = ["begin_stalled_jobs_again", "deliver_mail", "forget_what_was_typed"]
