"""What this room tells those above it, which it does not know."""

from django.dispatch import Signal

# Sent in the transaction that changed codes, when the catalogue is as it will be.
catalogue_changed = Signal()
