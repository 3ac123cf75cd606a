"""Where the worker looks for this app's jobs, and the one that looks after all the others."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.outbox.jobs import deliver_mail


@app.periodic(cron="* * * * *")
@app.task(queue="rescue", queueing_lock="begin_stalled_jobs_again", pass_context=True)
async def begin_stalled_jobs_again(context: JobContext, timestamp: int) -> None:
    """Once a minute: give the jobs of a worker that was killed to one that lives, whatever they were about."""
    for job in await context.app.job_manager.get_stalled_jobs():
        if job.id != context.job.id:
            await context.app.job_manager.retry_job(job)


__all__ = ["begin_stalled_jobs_again", "deliver_mail"]
