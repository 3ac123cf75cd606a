"""Whom to ask: the contractor's telephone helpline and its hours."""

from django.db import models


class Helpline(models.Model):
    name = models.CharField(max_length=120, unique=True)
    phone = models.CharField(max_length=30)
    hours = models.CharField(max_length=200, help_text="In words, with the time zone.")
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.phone}"
