"""What somebody typed into a form and sent after the sign-in had expired: kept until the same person is back."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class TypedText(models.Model):
    """Shown to its person only, after signing in; it does nothing by itself, and is forgotten after some hours."""

    token_hash = models.CharField(max_length=64, unique=True, help_text="sha256 of the token in the address.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500, help_text="Where the form was sent to.")
    page = models.CharField(max_length=500, blank=True, help_text="The page that the form stood on.")
    fields = models.JSONField(help_text="Pairs of name and value, in order; neither files nor anything secret.")
    file_names = models.JSONField(default=list, help_text="Of files that were chosen, to be chosen again.")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="typed_text_of_a_person")]

    def __str__(self) -> str:
        return f"{self.path}, {self.at:%Y-%m-%d %H:%M}"
