"""Keeping what was typed and sent after the sign-in had expired, until the same person is back."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import TypedText, User
from accounts.secret_text import digest_of, new_secret

# Of one person. Whoever sends more than that in a day gets the newest back.
MOST_OF_A_PERSON = 20
MOST_CHARACTERS = 2_000_000
LONGEST_ADDRESS = 500
NEVER_KEPT = ("csrfmiddlewaretoken", "typed_text")
# A field with one of these in its name may hold a secret; the forms whose text is kept have none.
SECRET = ("password", "passwd", "secret", "token", "otp", "recovery")


def may_be_kept(name: str) -> bool:
    return name not in NEVER_KEPT and not any(part in name.lower() for part in SECRET)


@transaction.atomic
def keep_typed_text(
    *, user_id: int, path: str, page: str, fields: Iterable[tuple[str, str]], file_names: Iterable[str]
) -> str | None:
    """Keep the fields, without what may be secret, and answer with the token by which their person gets them back.

    None where there is nothing to keep, or more than is kept, or no such person.
    """
    kept = [(name, value.replace("\x00", "")) for name, value in fields if may_be_kept(name)]
    length = sum(len(name) + len(value) for name, value in kept)
    if not any(value.strip() for _, value in kept) or length > MOST_CHARACTERS or len(path) > LONGEST_ADDRESS:
        return None
    # Of two forms sent at once, one waits here for the other.
    if not User.objects.select_for_update().filter(pk=user_id, is_active=True).exists():
        return None
    token = new_secret()
    TypedText.objects.create(
        token_hash=digest_of(token),
        user_id=user_id,
        path=path,
        page=page if len(page) <= LONGEST_ADDRESS else "",
        fields=kept,
        file_names=[name[:255] for name in file_names][:100],
    )
    newest = TypedText.objects.filter(user=user_id).order_by("-at", "-pk").values("pk")[:MOST_OF_A_PERSON]
    TypedText.objects.filter(user=user_id).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    return token


def typed_text_of(user: User, token: str) -> TypedText | None:
    """What `user` typed; None for somebody else's, for what was forgotten, and for a token that nobody was given."""
    since = timezone.now() - timedelta(hours=settings.TYPED_TEXT_HOURS)
    return TypedText.objects.filter(token_hash=digest_of(token), user=user, at__gt=since).first()


def forget_typed_text(user: User, token: str) -> None:
    TypedText.objects.filter(token_hash=digest_of(token), user=user).delete()


def forget_old_texts() -> None:
    TypedText.objects.filter(at__lte=timezone.now() - timedelta(hours=settings.TYPED_TEXT_HOURS)).delete()
