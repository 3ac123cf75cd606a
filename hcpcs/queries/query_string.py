"""A safe part of Elasticsearch's query-string syntax, as a condition on the catalogue.

Understood: `field:value`, `field:"two words"`, `field:(a OR b)`, `field:*` and `_exists_:field` (has a value), `*` and
`?` in a value, ranges of codes and dates (`add_dt:[20230101 TO 20231231]`, `{` and `}` without the ends, `*` for an
open end, `add_dt:>=20230101`), words without a field, AND, OR, NOT, `&&`, `||`, `!`, `+`, `-`, parentheses, a backslash
before a sign that is meant as itself. What stands side by side is joined as Elasticsearch does: one of them must hold,
unless some are marked `+`. Not understood, and said so: fuzzy words (`~`), weights (`^`), regular expressions (`/…/`),
and AND beside OR without parentheses, which Elasticsearch reads otherwise than people do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import Q

MOST_CONDITIONS = 40
DEEPEST = 10


class QueryStringError(ValueError):
    """A query that cannot be understood. The message says which part, and what to write instead."""


class FieldKind(Enum):
    KEYWORD = auto()
    """One value, compared as a whole."""
    WORDS = auto()
    """A text, of which one word or phrase must be the value."""
    DAY = auto()
    """A date as a text, `20230401`."""


@dataclass(frozen=True)
class Field:
    # The column, or the alias of one, that holds the text.
    column: str
    kind: FieldKind


_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | "(?P<phrase>(?:[^"\\]|\\.)*)"
    | (?P<range>[\[{][^\]}]*[\]}])
    | (?P<sign>&&|\|\||[()!:]|[+-](?=\S))
    | (?P<word>(?:[^\s"()\[\]{}:!\\]|\\.)+)
    """,
    re.VERBOSE,
)
_COMPARISON = re.compile(r"(>=|<=|>|<)(.+)")
_RANGE = re.compile(r"([\[{])\s*(\S+)\s+TO\s+(\S+)\s*([\]}])")
_UNSUPPORTED = {"~": "similar words (~)", "^": "weights (^)"}
_LOOKUPS = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}
_DAY_DIGITS = {4, 6, 8}
_MUST, _MUST_NOT, _MAY = "+", "-", ""
_JOINTS = {"AND": ("AND", "&&"), "OR": ("OR", "||")}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def condition_in(text: str, *, fields: Mapping[str, Field], default: Sequence[str]) -> Q:
    """The condition that `text` means. Words without a field are looked for in the `default` ones.

    Raises QueryStringError.
    """
    parser = _Parser(_tokens(text), fields, default)
    condition = parser.any_of(None)
    parser.refuse_rest()
    return condition


def _tokens(text: str) -> list[_Token]:
    tokens = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise QueryStringError(
                f"q cannot be understood from “{text[place : place + 20]}” on: something is left open."
            )
        place = match.end()
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(_Token(kind, match[kind]))
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token], fields: Mapping[str, Field], default: Sequence[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.fields = fields
        self.default = default
        self.conditions = 0
        self.depth = 0

    def any_of(self, field: str | None) -> Q:
        """What stands up to a closing parenthesis or the end, all of it joined in one way."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryStringError(f"q has more than {DEEPEST} parentheses inside each other.")
        clauses = [self._clause(field)]
        joined = set()
        while self.place < len(self.tokens) and not self._next_is(")"):
            joined.add(self._joint())
            clauses.append(self._clause(field))
        if len(joined) > 1:
            raise QueryStringError(
                "q joins conditions in different ways side by side. Put parentheses around those that belong together."
            )
        self.depth -= 1
        return _joined(clauses, next(iter(joined), ""))

    def _joint(self) -> str:
        for joint, signs in _JOINTS.items():
            if self._next_is(*signs):
                self.place += 1
                return joint
        return ""

    def refuse_rest(self) -> None:
        if self.place < len(self.tokens):
            raise QueryStringError(f"q has a “{self.tokens[self.place].text}” that belongs to nothing.")

    def _clause(self, field: str | None) -> tuple[str, Q]:
        occurrence = _MAY
        while self._next_is("NOT", "!", "+", "-"):
            sign = _MUST if self.tokens[self.place].text == "+" else _MUST_NOT
            occurrence = _MUST if occurrence == sign == _MUST_NOT else sign
            self.place += 1
        return occurrence, self._operand(field)

    def _operand(self, field: str | None) -> Q:
        if self.place >= len(self.tokens) or self._next_is(")", "AND", "OR", "&&", "||", ":"):
            raise QueryStringError("q has a condition missing: before or after AND, OR, or between parentheses.")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "sign" and token.text == "(":
            inside = self.any_of(field)
            if not self._next_is(")"):
                raise QueryStringError("q has a parenthesis that is not closed.")
            self.place += 1
            return inside
        if token.kind == "word" and self._next_is(":"):
            self.place += 1
            return self._with_field(_plain(token.text))
        return self._value(token, field)

    def _with_field(self, name: str) -> Q:
        if name == "_exists_" and self.place < len(self.tokens):
            name = self.tokens[self.place].text
            self.place += 1
            return _has_a_value(self._field(name))
        self._field(name)
        if self._next_is("+", "-", "!", "NOT"):
            raise QueryStringError(f"After {name}: comes a value. Write the sign before the field's name.")
        return self._operand(name)

    def _value(self, token: _Token, field: str | None) -> Q:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise QueryStringError(f"q has more than {MOST_CONDITIONS} conditions.")
        names = self.default if field is None else [field]
        found = Q()
        for name in names:
            found |= _condition(name, self._field(name), token)
        return found

    def _field(self, name: str) -> Field:
        if name not in self.fields:
            raise QueryStringError(f"q names a field “{name[:40]}”. The fields are: {', '.join(self.fields)}.")
        return self.fields[name]

    def _next_is(self, *texts: str) -> bool:
        if self.place >= len(self.tokens):
            return False
        token = self.tokens[self.place]
        return token.kind in {"sign", "word"} and token.text in texts


def _joined(clauses: Sequence[tuple[str, Q]], joint: str) -> Q:
    if joint == "AND":
        clauses = [(_MUST_NOT if occurrence == _MUST_NOT else _MUST, condition) for occurrence, condition in clauses]
    if joint == "OR" and any(occurrence != _MAY for occurrence, _ in clauses):
        raise QueryStringError("q joins a condition with a sign by OR. Put parentheses around it: a OR (NOT b).")
    together = Q()
    one_of = Q()
    for occurrence, condition in clauses:
        if occurrence == _MUST:
            together &= condition
        elif occurrence == _MUST_NOT:
            together &= ~condition
        else:
            one_of |= condition
    has_to = any(occurrence == _MUST for occurrence, _ in clauses)
    return together if has_to else together & one_of


def _condition(name: str, field: Field, token: _Token) -> Q:
    if token.kind == "range":
        return _range(name, field, token.text)
    if token.kind == "phrase":
        return _phrase(field, _plain(token.text))
    if comparison := _COMPARISON.fullmatch(token.text):
        return _compared(name, field, comparison[1], comparison[2])
    _refuse_unsupported(token.text)
    if token.text == "*":
        return _has_a_value(field)
    return Q(**{f"{field.column}__iregex": _whole(field, _pattern(token.text))})


def _refuse_unsupported(text: str) -> None:
    for sign, what in _UNSUPPORTED.items():
        if re.search(rf"(?<!\\){re.escape(sign)}", text):
            raise QueryStringError(f"q cannot have {what}: “{text[:40]}”.")
    if text.startswith("/"):
        raise QueryStringError(f"q cannot have regular expressions: “{text[:40]}”. Use * and ?.")


def _has_a_value(field: Field) -> Q:
    return Q(**{f"{field.column}__isnull": False}) & ~Q(**{field.column: ""})


def _phrase(field: Field, text: str) -> Q:
    if field.kind is not FieldKind.WORDS:
        return Q(**{f"{field.column}__iregex": _whole(field, re.escape(text.strip()))})
    words = re.findall(r"[^\W_]+", text)
    if not words:
        raise QueryStringError("q has quotation marks without a word between them.")
    return Q(**{f"{field.column}__iregex": _whole(field, "[^[:alnum:]]+".join(words))})


def _range(name: str, field: Field, text: str) -> Q:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise QueryStringError(f"q has a range that cannot be read: “{text[:40]}”. Write [20230101 TO 20231231].")
    opening, low, high, closing = match.groups()
    found = _has_a_value(field)
    if low != "*":
        found &= _compared(name, field, ">=" if opening == "[" else ">", low)
    if high != "*":
        found &= _compared(name, field, "<=" if closing == "]" else "<", high)
    return found


def _compared(name: str, field: Field, sign: str, text: str) -> Q:
    if field.kind is FieldKind.WORDS:
        raise QueryStringError(f"q compares {name} with {sign}; only codes and dates can be compared.")
    value = _plain(text).strip('"').upper()
    if field.kind is FieldKind.DAY:
        value = _day_digits(name, value)
        # A year or a month ends with its last day.
        value = value.ljust(8, "9" if sign in {"<=", ">"} else "0")
    return Q(**{f"{field.column}__{_LOOKUPS[sign]}": value})


def _day_digits(name: str, text: str) -> str:
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in _DAY_DIGITS):
        raise QueryStringError(
            f"q compares {name} with “{text[:30]}”, which is no date. Write 20230401, 202304 or 2023."
        )
    return digits


def _whole(field: Field, pattern: str) -> str:
    if field.kind is FieldKind.WORDS:
        return f"(?<![[:alnum:]]){pattern}(?![[:alnum:]])"
    return f"^{pattern}$"


def _pattern(text: str) -> str:
    """`text` as a regular expression: `*` any letters and digits, `?` one, the rest as it is."""
    pieces = []
    for part in re.findall(r"\\.|.", text):
        if part == "*":
            pieces.append("[[:alnum:]]*")
        elif part == "?":
            pieces.append("[[:alnum:]]")
        else:
            pieces.append(re.escape(part[-1]))
    return "".join(pieces)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
