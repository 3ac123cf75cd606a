"""Lines read and reckoned column by column: the same as line by line (a property test compares), in half the time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any

from django.core.exceptions import ValidationError

from pcl.queries.check.line import (
    ASCII_LOWER,
    ASCII_UPPER,
    FIELDS,
    LONGEST,
    Faults,
    Line,
    is_a_name,
    is_text,
    model_key,
    organization_key,
    product_key,
    read_day,
    read_line,
    upper_code,
)

# So many are read together; where one of them has a fault, these are read one by one. Of five hundred on, Python's
# collector, which wakes at 700 new objects, would go through the whole process: a quarter of the time of reading.
AT_ONCE = 200
_LOWER, _UPPER = ({**table, ord("\n"): "\n"} for table in (ASCII_LOWER, ASCII_UPPER))
Key = tuple[str, str, str]
"""Of what a line asks about: organization, product, model."""
NOTHING: Key = ("", "", "")


def read_lines(given: Iterable[Mapping[str, Any]]) -> Iterator[Line | Faults]:
    """What `read_line` gives for each, or raises."""
    left = iter(given)
    while some := list(islice(left, AT_ONCE)):
        yield from _read_together(some) or map(_read_alone, some)


def _read_alone(given: Mapping[str, Any]) -> Line | Faults:
    try:
        return read_line(given)
    except Faults as faults:
        return faults


def _read_together(given: Sequence[Mapping[str, Any]]) -> list[Line] | None:
    """None where one of them has a fault, or what only `read_line` understands."""
    try:
        columns = {name: [line.get(name, "").strip() for line in given] for name in FIELDS}
        days = [*map(read_day, columns["date_of_service"])]
    except (AttributeError, TypeError, ValidationError):
        return None
    names = [columns[name] for name in ("manufacturer", "product", "model_number")]
    if (
        not all(columns["code"])
        or any(max(map(len, column)) > LONGEST[name] for name, column in columns.items())
        or not all(is_text("".join(column)) for column in columns.values())
        or not all(map(_are_names, names))
    ):
        return None
    codes = map(upper_code, columns["code"])
    # As Line(...) makes them, in half the time.
    return [*map(tuple.__new__, repeat(Line), zip(codes, days, *names, columns["ref"], strict=True))]


def _are_names(texts: Sequence[str]) -> bool:
    begin_plainly = "".join([text[:1] for text in texts])
    return not begin_plainly or begin_plainly.isalnum() or all(map(is_a_name, texts))


def keys_of(lines: Sequence[Line]) -> list[Key]:
    """As the rules compare them: organization, product (PostgreSQL folds what is left of it), and model.

    What is not given is an empty text. A name of which nothing is left is "?", nobody's: it must not count as not
    given.
    """
    if not lines:
        return []
    _, _, makers, products, models, _ = zip(*lines, strict=True)
    return [
        *zip(
            _or_nobody(makers, map(organization_key, makers)),
            _or_nobody(products, _folded(products, product_key, _LOWER)),
            _or_nobody(models, _folded(models, model_key, _UPPER)),
            strict=True,
        )
    ]


def _or_nobody(texts: Sequence[str], keys: Iterable[str]) -> list[str]:
    known = list(keys)
    return known if all(known) else [key or "?" if text else "" for text, key in zip(texts, known, strict=True)]


def _folded(texts: Sequence[str], one: Callable[[str], str], table: Mapping[int, str | None]) -> Iterable[str]:
    """`one` of each; where all are ASCII, by its table and all in one."""
    together = "\n".join(texts)
    if together.isascii() and together.count("\n") == len(texts) - 1:
        return together.translate(table).split("\n")
    return map(one, texts)
