"""Which words an application is found by, as PostgreSQL writes a tsvector."""

from collections.abc import Iterable

from pcl.text import LONGEST_WORD, fold, model_number_words


def words_of(*, dcn: str, names: Iterable[str], codes: Iterable[str], model_numbers: Iterable[str]) -> str:
    """`names`: of the product, its maker, distributor and applicant. A document control number is found by its parts,
    in one piece, and by its running number without the zeros before it."""
    words = set(model_number_words(dcn))
    words |= {dcn.rpartition("-")[2].lstrip("0")}
    words |= {word for name in names for word in fold(name).split()}
    words |= {fold(code) for code in codes}
    words |= {word for number in model_numbers for word in model_number_words(number)}
    # Folded words hold letters and digits only, so nothing in them needs escaping.
    return " ".join(f"'{word}'" for word in sorted({word[:LONGEST_WORD] for word in words if word}))
