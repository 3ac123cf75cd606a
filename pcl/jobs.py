"""Where the worker looks for this app's jobs."""

from contextlib import suppress

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from hcpcs.attempts import A_FEW_TIMES, is_last_attempt
from pcl.models import CampaignAct, Renaming
from pcl.services import apply_crosswalk as crosswalks
from pcl.services import renamings
from pcl.services.campaigns import do_act
from pcl.services.check_batches import answer_batch, forget_old_batches
from pcl.services.check_batches import give_up as give_up_batch
from pcl.services.export_files import make_files_when_due
from pcl.services.forget_list_files import forget_list_files
from pcl.services.many_listings_act import give_up
from pcl.services.run_list_import import give_up_list, import_confirmed_list, make_list_preview
from pcl.services.subscriptions import forget_unconfirmed
from pcl.services.tell_subscribers import tell_subscribers

TOLD_IN_ONE_GO = 200
"""A few seconds of work: a worker has other things to do, the delivery of these very mails among them."""


@app.periodic(cron="* * * * *")
@app.task(queue="subscriptions", queueing_lock="tell_everybody_who_follows")
def tell_everybody_who_follows(timestamp: int) -> None:
    """Once a minute, also for digests: when their hour has come is seen by the changes not yet told, not by the clock.

    Looking is one probe of an index for each subscription, and publishing 100,000 listings defers nothing.
    """
    if tell_subscribers(most=TOLD_IN_ONE_GO) == TOLD_IN_ONE_GO:
        # The rest goes on behind what waits already. Somebody else may have said so.
        with suppress(AlreadyEnqueued):
            tell_everybody_who_follows.defer(timestamp=timestamp)  # type: ignore[call-arg]


@app.periodic(cron="50 5 * * *")
@app.task(queue="subscriptions", queueing_lock="forget_unconfirmed_subscriptions")
def forget_unconfirmed_subscriptions(timestamp: int) -> None:
    """Once a day."""
    forget_unconfirmed()


@app.task(queue="register", retry=A_FEW_TIMES, pass_context=True)
def do_campaign_act(context: JobContext, *, act_id: int) -> None:
    """Announce, extend or take back the end of many listings, all in one transaction."""
    if is_last_attempt(context):
        give_up(CampaignAct, act_id=act_id)
        return
    do_act(act_id=act_id)


@app.task(queue="register", retry=A_FEW_TIMES, pass_context=True)
def do_renaming(context: JobContext, *, renaming_id: int) -> None:
    """Change a name with all the listings that show it, in one transaction."""
    if is_last_attempt(context):
        give_up(Renaming, act_id=renaming_id)
        return
    renamings.do_renaming(renaming_id=renaming_id)


@app.task(queue="checks", retry=A_FEW_TIMES, pass_context=True)
def check_batch(context: JobContext, *, batch_id: int) -> None:
    """Answer the lines of a batch."""
    if is_last_attempt(context):
        give_up_batch(batch_id=batch_id)
        return
    answer_batch(batch_id=batch_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="checks", queueing_lock="forget_old_check_batches")
def forget_old_check_batches(timestamp: int) -> None:
    """Every ten minutes: nothing that was checked is kept longer than CHECK_KEPT_HOURS."""
    forget_old_batches()


@app.task(queue="crosswalks", retry=A_FEW_TIMES, pass_context=True)
def apply_confirmed_crosswalk(context: JobContext, *, crosswalk_id: int) -> None:
    """Move the listings of a code."""
    if is_last_attempt(context):
        crosswalks.give_up(crosswalk_id=crosswalk_id)
        return
    crosswalks.apply_crosswalk(crosswalk_id=crosswalk_id)


@app.task(queue="lists", retry=A_FEW_TIMES, pass_context=True)
def preview_list(context: JobContext, *, list_import_id: int) -> None:
    """What importing a list would do."""
    if is_last_attempt(context):
        give_up_list(list_import_id=list_import_id)
        return
    make_list_preview(list_import_id=list_import_id)


@app.task(queue="lists", retry=A_FEW_TIMES, pass_context=True)
def import_list(context: JobContext, *, list_import_id: int) -> None:
    """Import the list that a registrar confirmed."""
    if is_last_attempt(context):
        give_up_list(list_import_id=list_import_id)
        return
    import_confirmed_list(list_import_id=list_import_id)


@app.periodic(cron="45 5 * * *")
@app.task(queue="lists", queueing_lock="forget_old_list_files")
def forget_old_list_files(timestamp: int) -> None:
    """Once a day."""
    forget_list_files()


@app.periodic(cron="* * * * *")
@app.task(queue="exports", lock="make_export_files", queueing_lock="make_export_files")
def make_export_files(timestamp: int) -> None:
    """Once a minute: looks whether the register says something else than its bulk files, or another day has come."""
    make_files_when_due()
