"""People for tests: confirmed and able to sign in, unless a test says otherwise."""

from typing import Any

import factory
from allauth.account.models import EmailAddress

from accounts.models import Role, RoleAssignment, User

PASSWORD = "correct-horse-battery"


class UserFactory(factory.django.DjangoModelFactory):
    """An applicant: somebody with no role of the contractor's. `confirmed_address=False` for one not confirmed yet."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@firm.example")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(*args, password=password, **kwargs)

    @factory.post_generation
    def confirmed_address(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        confirmed = True if extracted is None else extracted
        EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=confirmed)


def contractor_person(*roles: Role, **fields: Any) -> User:
    """One of the contractor's people who holds `roles` (all of them at once)."""
    user = UserFactory(is_staff=Role.ADMINISTRATOR in roles, **fields)
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role)
    user.__dict__.pop("roles", None)
    return user
