from collections.abc import Iterator
from typing import Any

from verification.checks.gap import Gap
from verification.models import Application
from verification.product_groups import Question
from verification.product_groups.question import WEIGHTS, WHOLE, WITH_EVIDENCE, values_of, weights_sum
from verification.queries.evidence import names_of_documents


def check(application: Application) -> Iterator[Gap]:
    """Section C: each required question that is asked, given the other answers; and what an answer still lacks."""
    documents: dict[int, str] | None = None
    for question in application.group.questions:
        if not question.is_asked(application.answers):
            continue
        answer = application.answers.get(question.key)
        if answer in (None, "", [], {}):
            if question.required:
                yield Gap("questions", f"Answer: {question.label}", question.key)
        elif question.kind == WEIGHTS:
            yield from _weights(question, answer)
        elif question.kind == WITH_EVIDENCE:
            documents = names_of_documents(application) if documents is None else documents
            yield from _evidence(question, answer, documents)


def _weights(question: Question, rows: list[dict[str, str]]) -> Iterator[Gap]:
    if any(not row["component"] for row in rows):
        yield Gap("questions", f"Name each component: {question.label}", question.key)
    if any(not row["percent"] for row in rows):
        yield Gap("questions", f"Give the percent of each component: {question.label}", question.key)
    elif (total := weights_sum(rows)) != WHOLE:
        yield Gap("questions", f"The percentages sum to {total}, not to 100: {question.label}", question.key)


def _evidence(question: Question, answer: dict[str, Any], documents: dict[int, str]) -> Iterator[Gap]:
    said = values_of(answer)
    if not said:
        yield Gap("questions", f"Answer: {question.label}", question.key)
    elif said == ("yes",):
        if answer.get("document") not in documents:
            yield Gap("questions", f"Name the document that shows it: {question.label}", question.key)
        elif not answer.get("page"):
            yield Gap("questions", f"Give the page that shows it: {question.label}", question.key)
