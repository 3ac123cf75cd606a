"""The demonstration's past: every stage, every product group, told once, and only in demo mode."""

from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from pcl.models import Listing, ListingChange
from verification.clocks import clocks
from verification.demo.clock import as_of
from verification.demo.history import tell_history
from verification.demo.told import events, products
from verification.models import Application, TransitionLog
from verification.product_groups import group, groups
from verification.workflow.clock import Reading, clock_of
from verification.workflow.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings: Any) -> None:
    settings.DEMO = True
    call_command("load_seed", verbosity=0)
    tell_history()


def test_the_past_has_every_stage_lies_in_order_and_is_told_once(told: None) -> None:
    # In one test, since telling it takes as long as thirty others.
    every_stage_and_every_group_is_there_and_k1007_has_its_one_listing()
    what_happened_lies_in_the_past_in_order_and_the_clocks_agree_with_it()
    told_again_nothing_changes_and_nobody_signs_in_as_who_the_stories_bring()


def every_stage_and_every_group_is_there_and_k1007_has_its_one_listing() -> None:
    stages = Counter(Application.objects.values_list("status", flat=True))
    assert stages == {
        "draft": 1,
        "submitted": 6,
        "in_review": 5,
        "information_requested": 1,
        "recommended": 1,
        "approved": 1,
        "determined": 9,
        "rejected": 2,
        "withdrawn": 1,
    }
    assert set(stages) == set(Status.values)
    assert {known.slug for known in groups()} == set(Application.objects.values_list("product_group", flat=True))
    assert [listing.code.code for listing in Listing.objects.filter(code__code="K1007")] == ["K1007"]
    assert Application.objects.get(kind="reconsideration").reconsiders is not None
    first = ListingChange.objects.order_by("seq").first()
    assert first is not None
    assert first.after["product"] == "ReWalk"


def what_happened_lies_in_the_past_in_order_and_the_clocks_agree_with_it() -> None:
    now = timezone.now()
    for application in Application.objects.all():
        steps = list(TransitionLog.objects.filter(application=application).order_by("number"))
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert steps[-1].at <= now
        said = [(step.source, step.target, timezone.localdate(step.at)) for step in steps]
        assert clock_of(said, clocks().review_of(application.kind)) == Reading(
            application.due_on, application.days_left
        )
    by_day = list(Application.objects.exclude(dcn=None).order_by("submitted_at").values_list("dcn", flat=True))
    assert [dcn[-6:] for dcn in by_day] == sorted(dcn[-6:] for dcn in by_day)
    assert Application.objects.filter(due_on__lt=timezone.localdate(), closed_at=None).count() == 1


def told_again_nothing_changes_and_nobody_signs_in_as_who_the_stories_bring() -> None:
    before = list(Application.objects.order_by("pk").values())
    assert tell_history() == 0
    assert list(Application.objects.order_by("pk").values()) == before
    assert not User.objects.get(email="nora@northfield.example").has_usable_password()


def test_outside_demo_mode_there_is_no_past(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        tell_history()
    with pytest.raises(ImproperlyConfigured), as_of(timezone.now()):
        pass
    assert Application.objects.count() == 0


def test_the_stories_know_their_products_and_the_products_their_questions() -> None:
    assert {event.said["product"] for event in events()} == set(products())
    for product in products().values():
        known = group(product.group)
        assert set(product.codes) <= set(known.codes), product.key
        assert set(product.answers) <= {question.key for question in known.questions}, product.key
