"""No public form says only that a field is required: each says what to write into it."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django import forms
from django.test import Client

import pcl.public
import verification.criteria
import verification.public

pytestmark = pytest.mark.django_db
DEFAULT = forms.Field.default_error_messages["required"]


def forms_of_the_public_pages() -> set[type[forms.BaseForm]]:
    modules = [
        import_module(f"{room.__name__}.{each.name}")
        for room in (pcl.public, verification.public, verification.criteria)
        for each in iter_modules(room.__path__)
    ]
    named = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    return {each for each in named if issubclass(each, forms.BaseForm)}


def test_each_required_field_says_what_to_write() -> None:
    found = forms_of_the_public_pages()
    required = {
        f"{form.__name__}.{name}": field.error_messages["required"]
        for form in found
        for name, field in getattr(form, "base_fields", {}).items()
        if field.required
    }

    assert {"CheckForm.date_of_service", "NumberForm.number", "FollowForm.email", "ReportForm.text"} <= set(required)
    assert {name for name, said in required.items() if said == DEFAULT} == set()


def test_a_statement_without_its_number(client: Client) -> None:
    answer = client.get("/statements/?number=")

    assert answer.status_code == 400
    assert "Write the number of the statement, such as S-2026-7KQ4-9MZP-3." in answer.content.decode()
