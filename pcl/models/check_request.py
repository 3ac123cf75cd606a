"""A request for a check that a program may repeat without starting another one."""

from django.db import models

from pcl.models.check_batch import CheckBatch


class CheckRequest(models.Model):
    """Goes with its batch. Only digests: neither who asked nor the key that was given can be read from it."""

    batch = models.OneToOneField(CheckBatch, on_delete=models.CASCADE, related_name="request")
    who_and_key = models.CharField(max_length=64, unique=True, help_text="Of the asker and the Idempotency-Key.")
    body = models.CharField(max_length=64, help_text="Of what was sent with it.")

    def __str__(self) -> str:
        return f"request of {self.batch_id}"
