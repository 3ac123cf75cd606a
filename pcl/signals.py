"""What the register tells the rooms above it, which it does not know."""

from django.dispatch import Signal

# Sent with `act` (a CampaignAct that is done), in its transaction: many listings were given an end, or lost it.
campaign_act_done = Signal()
