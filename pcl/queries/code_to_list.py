"""Which meaning of a code a listing is bound to that begins on a day."""

from datetime import date

from hcpcs.models import Code
from hcpcs.queries.codes import as_code, code_in_force, meanings
from pcl.errors import RegisterError


def code_to_list(code: str, *, begins: date) -> Code:
    """The meaning that `code` has on date of service `begins`.

    CMS uses a code string again with another meaning now and then: a listing is bound to the meaning, not the string.
    Raises RegisterError for a code that is not in the catalogue or not valid on that day, and says when it is.
    """
    found = code_in_force(code, on=begins)
    if found is not None:
        return found
    known = list(meanings(code).defer("search"))
    if not known:
        raise RegisterError(
            f"There is no code {as_code(code)} in the catalogue. Mend it, or load the release of CMS that has it first."
        )
    periods = "; ".join(_period(meaning) for meaning in known)
    raise RegisterError(
        f"{as_code(code)} is not valid on {begins:%B %-d, %Y}. It is valid {periods}. "
        "Choose a begin date on which it is, or another code."
    )


def _period(meaning: Code) -> str:
    begin = f"from {meaning.added:%B %-d, %Y}" if meaning.added else "from its beginning"
    return f"{begin} to {meaning.terminated:%B %-d, %Y}" if meaning.terminated else f"{begin} on"
