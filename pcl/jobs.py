"""Where the worker looks for this app's jobs."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

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
