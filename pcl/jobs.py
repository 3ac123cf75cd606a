"""Where the worker looks for this app's jobs."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from pcl.services.check_batches import answer_batch, forget_old_batches, give_up

MOST_ATTEMPTS = 4
A_FEW_TIMES = RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5, linear_wait=20)


@app.task(queue="checks", retry=A_FEW_TIMES, pass_context=True)
def check_batch(context: JobContext, *, batch_id: int) -> None:
    """Answer the lines of a batch."""
    if context.job.attempts >= MOST_ATTEMPTS:
        # The last attempt only says so: what kills the worker must not kill it for ever.
        give_up(batch_id=batch_id)
        return
    answer_batch(batch_id=batch_id)


@app.periodic(cron="* * * * *")
@app.task(queue="checks", queueing_lock="begin_stalled_checks_again", pass_context=True)
async def begin_stalled_checks_again(context: JobContext, timestamp: int) -> None:
    """Once a minute: give the jobs of a worker that was killed to one that lives."""
    for job in await context.app.job_manager.get_stalled_jobs(queue="checks"):
        if job.id != context.job.id:
            await context.app.job_manager.retry_job(job)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="checks", queueing_lock="forget_old_check_batches")
def forget_old_check_batches(timestamp: int) -> None:
    """Every ten minutes: nothing that was checked is kept longer than CHECK_KEPT_HOURS."""
    forget_old_batches()
