"""Where the worker looks for this app's jobs."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from pcl.services import apply_crosswalk as crosswalks

MOST_ATTEMPTS = 4
A_FEW_TIMES = RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5, linear_wait=20)


@app.task(queue="crosswalks", retry=A_FEW_TIMES, pass_context=True)
def apply_confirmed_crosswalk(context: JobContext, *, crosswalk_id: int) -> None:
    """Move the listings of a code. The last attempt only says that it failed."""
    if context.job.attempts < MOST_ATTEMPTS:
        crosswalks.apply_crosswalk(crosswalk_id=crosswalk_id)
    else:
        crosswalks.give_up(crosswalk_id=crosswalk_id)


@app.periodic(cron="* * * * *")
@app.task(queue="crosswalks", queueing_lock="begin_stalled_crosswalks_again", pass_context=True)
async def begin_stalled_crosswalks_again(context: JobContext, timestamp: int) -> None:
    """Once a minute: give the jobs of a worker that was killed to one that lives."""
    for job in await context.app.job_manager.get_stalled_jobs(queue="crosswalks"):
        if job.id != context.job.id:
            await context.app.job_manager.retry_job(job)
