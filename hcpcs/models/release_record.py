"""What one release says about one code: the history of every field."""

from django.db import models

from hcpcs.models.record_layout import Kind, RecordLayout
from hcpcs.models.release import Release


class ReleaseRecord(RecordLayout):
    """A code or modifier in a release, dates as CMS gave them even where they contradict each other."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="records")

    class Meta:
        ordering = ["release", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "kind", "release"], name="record_once_per_release"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="record_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.release}"

    @property
    def dates_contradict(self) -> bool:
        """Added after its last day of use: nobody could ever have billed it, so the catalogue leaves it out."""
        return self.added is not None and self.terminated is not None and self.added > self.terminated
