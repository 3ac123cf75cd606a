"""Answers and whole applications for any product group, by its file.

answers_for(group("orthotics"), document=document)      # every required question that is asked
application = complete_draft_of("surgical-dressings")   # nothing missing, through the services
"""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from tests.factories.register import some_code
from tests.factories.verification import (
    again,
    attached,
    manufacturer,
    organization_of,
    say_why_and_who,
    show_evidence,
    sign,
)
from verification.models import Application, Document
from verification.product_groups import ProductGroup, Question
from verification.product_groups.question import values_of
from verification.services import drafts
from verification.services.evidence import SizeSaid, save_sizes


def answer_to(question: Question, *, document: Document | None, wanted: frozenset[str] = frozenset()) -> Any:
    """A right answer, as it is stored; of a list the first that is `wanted`, or else the first."""
    values = [value for value, _ in question.choices]
    chosen = next((value for value in values if value in wanted), values[0])
    return {
        "choice": chosen,
        "yes_no": chosen,
        "choices": [value for value in values if value in wanted] or [chosen],
        "number": str(question.minimum if question.minimum is not None else 1),
        "text": f"About {question.key}.",
        "day": "2024-03-01",
        "weights": [{"component": "Collagen", "percent": "90.5"}, {"component": "Alginate", "percent": "9.5"}],
        "yes_no_evidence": {"answer": chosen, "document": document.pk, "page": 1} if document else {"answer": chosen},
    }[question.kind]


def needed_for(group: ProductGroup, question: Question) -> dict[str, frozenset[str]]:
    """The answers to other questions with which `question` is asked; an empty set where they contradict each other."""
    needed: dict[str, frozenset[str]] = {}
    by_key = {known.key: known for known in group.questions}
    waiting = list(question.when)
    while waiting:
        condition = waiting.pop()
        needed[condition.question] = needed.get(condition.question, condition.equals) & condition.equals
        waiting += by_key[condition.question].when
    return needed


def answers_for(
    group: ProductGroup,
    *,
    document: Document | None = None,
    wanted: Mapping[str, frozenset[str]] | None = None,
    also_optional: bool = True,
) -> dict[str, Any]:
    """An answer to every question that is asked, given the ones before it; `wanted`: by question, which to choose."""
    answers: dict[str, Any] = {}
    for question in group.questions:
        if question.is_asked(answers) and (question.required or also_optional):
            choose = (wanted or {}).get(question.key, frozenset())
            answers[question.key] = answer_to(question, document=document, wanted=choose)
    return answers


def posted(group: ProductGroup, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as a browser sends them."""
    data: dict[str, Any] = {}
    for question in group.questions:
        answer = answers.get(question.key)
        if answer is None:
            continue
        if question.kind == "weights":
            for number, row in enumerate(answer):
                data[f"{question.key}-{number}-component"] = row["component"]
                data[f"{question.key}-{number}-percent"] = row["percent"]
        elif question.kind == "yes_no_evidence":
            data |= {f"{question.key}_{part}": str(value) for part, value in answer.items()}
        elif question.kind == "choices":
            data[question.key] = list(values_of(answer))
        else:
            data[question.key] = answer
    return data


def begun_draft_of(
    group: str, *, codes: Iterable[str] = (), model_numbers: Iterable[str] = ("M-1",), by: User | None = None
) -> Application:
    """Sections A and B are said; Section C, documents, sizes and evidence are open."""
    by = by or manufacturer()
    application = drafts.start_application(organization=organization_of(by), product_group=group, by=by)
    application = say_why_and_who(application)
    wanted = list(codes) or [application.group.codes[0]]
    return drafts.save_product(
        application=application,
        values={
            "product_name": f"Product of {group}",
            "description": "What it does and how it is made.",
            "first_marketed": None,
            "fda_status": "exempt",
            "fda_submission_number": "",
        },
        model_numbers=model_numbers,
        codes=[some_code(code) for code in wanted],
        seen_version=application.version,
    )


def attach_everything(application: Application) -> Document:
    """Every required document; the first of them is handed back."""
    required = [kind.key for kind in application.group.documents if kind.required]
    documents = [attached(application, kind, f"{kind}.pdf", f"{kind} of {application.pk}") for kind in required]
    return documents[0]


def give_sizes(application: Application) -> Application:
    """To each model the next of the requested codes, with a size that fits it."""
    sizes = application.group.sizes
    if sizes is None:
        return application
    requested = [row.code for row in application.requested_codes.select_related("code")]
    said = {}
    for number, model in enumerate(application.models.all()):
        code = requested[number % len(requested)]
        bound = sizes.bound_of(code.code)
        measure = (bound.up_to or 64) if bound else 4
        said[model.pk] = SizeSaid(size=f"Size {number}", measure=measure, codes=[code])  # type: ignore[arg-type]
    return save_sizes(application=application, sizes=said, seen_version=application.version)


def complete_draft_of(group: str, *, signed: bool = True, **said: Any) -> Application:
    """Nothing is missing; unsigned with `signed=False`."""
    application = begun_draft_of(group, **said)
    document = attach_everything(application)
    application = give_sizes(again(application))
    answers = answers_for(application.group, document=document)
    application = drafts.save_answers(application=application, answers=answers, seen_version=application.version)
    application = show_evidence(application)
    return sign(application) if signed else application
