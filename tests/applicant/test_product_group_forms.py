"""Each product group's form is filled in, section by section on its pages, and submitted."""

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import address, save, words
from tests.factories.product_groups import (
    answers_for,
    attach_everything,
    begun_draft_of,
    complete_draft_of,
    needed_for,
    posted,
)
from tests.factories.verification import again
from verification.checks import gaps
from verification.models import Application
from verification.product_groups import ProductGroup, groups
from verification.queries.evidence import elements, sized_models
from verification.workflow.states import Status

pytestmark = pytest.mark.django_db
EVERY = [pytest.param(group, id=group.slug) for group in groups()]


def filled_in(client: Client, application: Application) -> Application:
    """Sizes, answers, evidence and signature as a browser sends them; each is saved."""
    document = attach_everything(application)
    group = application.group
    if group.sizes:
        said: dict[str, object] = {}
        code = application.requested_codes.get().code
        for model in sized_models(application):
            said |= {f"size-{model.pk}": "4 × 4 in", f"measure-{model.pk}": "16", f"codes-{model.pk}": [str(code.pk)]}
        assert save(client, again(application), "sizes", said).status_code == 302
    answers = answers_for(group, document=document)
    assert save(client, again(application), "questions", posted(group, answers)).status_code == 302
    assert again(application).answers == answers
    said = {}
    for element in elements(application):
        name = f"evidence-{element.key}"
        said |= {f"{name}_stands": "shown", f"{name}_document": str(document.pk), f"{name}_page": "1"}
    if said:
        assert save(client, again(application), "evidence", said).status_code == 302
    signature = {"signed_name": "Ada Maker", "signed_title": "Director", "attested": "on"}
    assert save(client, again(application), "signature", signature).status_code == 302
    return again(application)


@pytest.mark.parametrize("group", EVERY)
def test_the_form_of_a_group_is_filled_in_and_submitted(client: Client, maker: User, group: ProductGroup) -> None:
    application = begun_draft_of(group.slug, by=maker)
    for section in ("questions", "documents"):
        assert client.get(address("section", application, section)).status_code == 200

    application = filled_in(client, application)

    assert gaps(application) == []
    client.post(address("submit", application), {"seen_version": application.version})
    assert again(application).status == Status.SUBMITTED
    page = words(client.get(application.get_absolute_url()))
    for question in group.questions:
        if question.is_asked(application.answers):
            assert question.label in page
    assert all(f"{', '.join(each.codes)}: {each.row.ask}" in page for each in elements(application))


@pytest.mark.parametrize("group", EVERY)
def test_every_question_can_come_to_be_asked(group: ProductGroup) -> None:
    for question in group.questions:
        needed = needed_for(group, question)
        assert all(needed.values()), f"{question.key}: its conditions contradict each other"
        answers = answers_for(group, wanted=needed)
        assert question.key in answers, question.key


@pytest.mark.parametrize("group", EVERY)
def test_every_code_asks_something_of_the_applicant(group: ProductGroup) -> None:
    assert [code for code in group.codes if len(group.elements_for([code])) < 3] == []


@pytest.mark.parametrize("group", EVERY)
def test_what_the_factory_completes_is_complete(group: ProductGroup) -> None:
    assert gaps(complete_draft_of(group.slug)) == []


def test_an_empty_form_is_told_each_required_question(client: Client, maker: User) -> None:
    application = begun_draft_of("wheelchair-seating", by=maker)

    missing = {gap.field for gap in gaps(application) if gap.section == "questions"}

    unconditional = {q.key for q in application.group.questions if q.required and not q.when}
    assert missing == unconditional
    assert "part" in missing
