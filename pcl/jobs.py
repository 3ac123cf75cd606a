"""Where the worker looks for this app's jobs."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from pcl.services.campaigns import do_act, give_up_act
from pcl.services.forget_list_files import forget_list_files
from pcl.services.run_list_import import give_up_list, import_confirmed_list, make_list_preview
from pcl.services.subscriptions import forget_unconfirmed
from pcl.services.tell_subscribers import tell_subscribers

MOST_ATTEMPTS = 4
A_FEW_TIMES = RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5, linear_wait=20)


@app.periodic(cron="* * * * *")
@app.task(queue="subscriptions", queueing_lock="tell_everybody_who_follows")
def tell_everybody_who_follows(timestamp: int) -> None:
    """Once a minute, also for digests: when their hour has come is seen by the changes not yet told, not by the clock.

    Looking is one probe of an index for each subscription, and publishing 100,000 listings defers nothing.
    """
    tell_subscribers()


@app.periodic(cron="50 5 * * *")
@app.task(queue="subscriptions", queueing_lock="forget_unconfirmed_subscriptions")
def forget_unconfirmed_subscriptions(timestamp: int) -> None:
    """Once a day."""
    forget_unconfirmed()


@app.task(queue="register", retry=A_FEW_TIMES, pass_context=True)
def do_campaign_act(context: JobContext, *, act_id: int) -> None:
    """Announce, extend or take back the end of many listings, all in one transaction."""
    if context.job.attempts >= MOST_ATTEMPTS:
        # The last attempt only says so: what kills the worker must not kill it for ever.
        give_up_act(act_id=act_id)
        return
    do_act(act_id=act_id)


@app.task(queue="lists", retry=A_FEW_TIMES, pass_context=True)
def preview_list(context: JobContext, *, list_import_id: int) -> None:
    """What importing a list would do."""
    if context.job.attempts >= MOST_ATTEMPTS:
        give_up_list(list_import_id=list_import_id)
        return
    make_list_preview(list_import_id=list_import_id)


@app.task(queue="lists", retry=A_FEW_TIMES, pass_context=True)
def import_list(context: JobContext, *, list_import_id: int) -> None:
    """Import the list that a registrar confirmed."""
    if context.job.attempts >= MOST_ATTEMPTS:
        give_up_list(list_import_id=list_import_id)
        return
    import_confirmed_list(list_import_id=list_import_id)


@app.periodic(cron="* * * * *")
@app.task(queue="lists", queueing_lock="begin_stalled_list_imports_again", pass_context=True)
async def begin_stalled_list_imports_again(context: JobContext, timestamp: int) -> None:
    """Once a minute: give the jobs of a worker that was killed to one that lives."""
    for job in await context.app.job_manager.get_stalled_jobs(queue="lists"):
        if job.id != context.job.id:
            await context.app.job_manager.retry_job(job)


@app.periodic(cron="45 5 * * *")
@app.task(queue="lists", queueing_lock="forget_old_list_files")
def forget_old_list_files(timestamp: int) -> None:
    """Once a day."""
    forget_list_files()
