"""Where the worker looks for this app's jobs."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from hcpcs.attempts import A_FEW_TIMES, is_last_attempt
from hcpcs.services.forget_release_files import forget_release_files
from hcpcs.services.run_release_import import give_up, load_confirmed, make_preview


@app.task(queue="releases", retry=A_FEW_TIMES, pass_context=True)
def preview_release(context: JobContext, *, import_id: int) -> None:
    """What loading the file would do."""
    if is_last_attempt(context):
        give_up(import_id=import_id)
        return
    make_preview(import_id=import_id)


@app.task(queue="releases", retry=A_FEW_TIMES, pass_context=True)
def load_release(context: JobContext, *, import_id: int) -> None:
    """Load what a registrar confirmed."""
    if is_last_attempt(context):
        give_up(import_id=import_id)
        return
    load_confirmed(import_id=import_id)


@app.periodic(cron="40 5 * * *")
@app.task(queue="releases", queueing_lock="forget_old_release_files")
def forget_old_release_files(timestamp: int) -> None:
    """Once a day."""
    forget_release_files()
