"""A person who signs in, by e-mail address."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(
        "e-mail address", unique=True, error_messages={"unique": "An account with this address exists."}
    )
    name = models.CharField("full name", max_length=150)
    is_staff = models.BooleanField("may open the reference data", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    last_seen_at = models.DateTimeField(
        null=True, editable=False, help_text="When the person was here last; kept to the hour (accounts/last_seen.py)."
    )
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often all sign-ins of this person were ended at once."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Held against each session: it ends where the password is another one, or once `sessions_ended` rises."""
        said: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # Django's own two ask it
        return f"{said}-{self.sessions_ended}" if self.sessions_ended else said

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The contractor's roles that this person holds now; read once per request."""
        if not self.is_active:
            return frozenset()
        return frozenset(self.role_assignments.filter(revoked_at=None).values_list("role", flat=True))

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)
