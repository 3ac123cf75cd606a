"""Where the worker looks for this app's jobs."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from hcpcs.services.forget_release_files import forget_release_files
from hcpcs.services.run_release_import import give_up, load_confirmed, make_preview

MOST_ATTEMPTS = 4
A_FEW_TIMES = RetryStrategy(max_attempts=MOST_ATTEMPTS, wait=5, linear_wait=20)


@app.task(queue="releases", retry=A_FEW_TIMES, pass_context=True)
def preview_release(context: JobContext, *, import_id: int) -> None:
    """What loading the file would do."""
    if _was_tried_often(context, import_id):
        return
    make_preview(import_id=import_id)


@app.task(queue="releases", retry=A_FEW_TIMES, pass_context=True)
def load_release(context: JobContext, *, import_id: int) -> None:
    """Load what a registrar confirmed."""
    if _was_tried_often(context, import_id):
        return
    load_confirmed(import_id=import_id)


def _was_tried_often(context: JobContext, import_id: int) -> bool:
    """The last attempt only says so: a file that kills the worker must not kill it for ever."""
    if context.job.attempts < MOST_ATTEMPTS:
        return False
    give_up(import_id=import_id)
    return True


@app.periodic(cron="40 5 * * *")
@app.task(queue="releases", queueing_lock="forget_old_release_files")
def forget_old_release_files(timestamp: int) -> None:
    """Once a day."""
    forget_release_files()
