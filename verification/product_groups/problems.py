"""What is wrong in a product group's file that could be read: every problem in a sentence, for who edits the file."""

from collections.abc import Iterable, Iterator

from verification.product_groups.codes import ALL_CODES
from verification.product_groups.group import PER, SAMPLE_RULES, ProductGroup
from verification.product_groups.question import (
    ANSWERED_FROM_A_LIST,
    NUMBER,
    OF_OPTIONS,
    QUESTION_KINDS,
    Question,
)


def problems(found: ProductGroup) -> Iterator[str]:
    yield from _said_twice(found)
    yield from _of_questions(found.questions)
    yield from _of_codes(found)
    for rule in found.samples:
        if rule.rule not in SAMPLE_RULES:
            yield f"The sample rule {rule.rule!r} is none of {', '.join(SAMPLE_RULES)}."
        if rule.per not in PER:
            yield f"A sample per {rule.per!r} is none of {', '.join(PER)}."
    for code in found.codes:
        if not found.checklist_for(code):
            yield f"The code {code} has no checklist."
        if len(found.samples_for(code)) != 1:
            yield f"The code {code} has {len(found.samples_for(code))} sample rules; it must have one."


def _said_twice(found: ProductGroup) -> Iterator[str]:
    for what, keys in (
        ("question", [question.key for question in found.questions]),
        ("document", [kind.key for kind in found.documents]),
        ("checklist row", [row.key for row in found.checklist]),
    ):
        yield from (f"The {what} {key!r} is there twice." for key in sorted({k for k in keys if keys.count(k) > 1}))


def _of_questions(questions: Iterable[Question]) -> Iterator[str]:
    earlier: dict[str, Question] = {}
    for question in questions:
        name = f"The question {question.key!r}"
        if question.kind not in QUESTION_KINDS:
            yield f"{name} is of the unknown kind {question.kind!r}."
        if question.kind in OF_OPTIONS and not question.options:
            yield f"{name} has no options."
        if question.kind != NUMBER and (question.unit or question.minimum is not None or question.maximum is not None):
            yield f"{name} is no number and has no unit or bounds."
        for condition in question.when:
            other = earlier.get(condition.question)
            if other is None:
                yield f"{name} depends on {condition.question!r}, which is not asked before it."
            elif other.kind not in ANSWERED_FROM_A_LIST:
                yield f"{name} depends on {condition.question!r}, which is not answered from a list."
            elif unknown := sorted(condition.equals - {value for value, _ in other.choices}):
                yield f"{name} depends on the answer {unknown[0]!r}, which {condition.question!r} does not have."
        earlier[question.key] = question


def _of_codes(found: ProductGroup) -> Iterator[str]:
    own = {*found.codes, ALL_CODES}
    named = [
        *((f"The checklist row {row.key!r}", row.codes | row.except_codes) for row in found.checklist),
        *(("A sample rule", rule.codes) for rule in found.samples),
        *(("A size", bound.codes) for bound in (found.sizes.bounds if found.sizes else ())),
    ]
    for what, codes in named:
        if strange := sorted(codes - own):
            yield f"{what} names {strange[0]}, which is not a code of the group."
