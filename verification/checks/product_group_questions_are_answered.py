from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Section C: each required question that is asked, given the other answers."""
    for question in application.group.questions:
        answer = application.answers.get(question.key)
        if question.required and question.is_asked(application.answers) and answer in (None, ""):
            yield Gap("questions", f"Answer: {question.label}", question.key)
