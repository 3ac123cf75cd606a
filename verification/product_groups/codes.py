"""Codes as a product group's file writes them: one by one, as ranges, and as families with a name of their own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

ALL_CODES = "*"
_ONE = re.compile(r"([A-Z])([0-9]{4})")
_RANGE = re.compile(r"([A-Z])([0-9]{4})-([A-Z])([0-9]{4})")
LONGEST_RANGE = 200


def expanded(written: Iterable[str], families: Mapping[str, Sequence[str]] | None = None) -> tuple[str, ...]:
    """Every code that is meant, once, in the order written. `K0813-K0816` means all four; `@name` a family; `*` itself.

    Raises ValueError for what is none of these.
    """
    return tuple(dict.fromkeys(code for each in written for code in _meant(each, families or {})))


def _meant(written: str, families: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if written == ALL_CODES or _ONE.fullmatch(written):
        yield written
    elif written.startswith("@"):
        if written[1:] not in families:
            raise ValueError(f"The family {written[1:]!r} is not there.")
        yield from families[written[1:]]
    elif found := _RANGE.fullmatch(written):
        letter, first, other, last = found.groups()
        if letter != other or not int(first) < int(last) < int(first) + LONGEST_RANGE:
            raise ValueError(f"{written!r} is not a range of codes.")
        yield from (f"{letter}{number:04d}" for number in range(int(first), int(last) + 1))
    else:
        raise ValueError(f"{written!r} is not a code, a range of codes or a family.")


def in_short(codes: Iterable[str]) -> str:
    """Codes as people write a list of them: K0813–K0816, K0820. Two that follow each other stay two."""
    runs: list[list[str]] = []
    for code in sorted(codes):
        if runs and runs[-1][-1][0] == code[0] and int(code[1:]) == int(runs[-1][-1][1:]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)
