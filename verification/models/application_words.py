"""The words by which an application is found in the queue; beside it, so that nobody else has to read them along."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from verification.models.application import Application


class ApplicationWords(models.Model):
    """Written when it is submitted (verification/services/application_words.py): what is in it does not change then."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="application_words")]

    def __str__(self) -> str:
        return f"Words of application {self.application_id}"
