"""What looks like data of a patient: dropped before anything is kept. Too much dropped is better than too little."""

import re
from collections.abc import Iterable

HEADER = re.compile(
    r"patient|member|beneficiar|\bbene\b|subscriber|insured|\bmbi\b|\bhicn?\b|\bssn\b|social ?security|\bdob\b|birth"
    r"|gender|\bsex\b|\bage\b|address|street|\bcity\b|\bzip|postal|phone|\bfax\b|e ?mail"
    r"|(first|last|middle|full|given|family) ?name"
    r"|surname|guardian|\bmrn\b|medical ?record|chart|account|\bacct\b|claim|diagnos|\bicd|policy ?(no|num|id)|^name$"
    r"|authori[sz]ation|prescri|physician|\bpts?\b|guarantor|\bresident|client ?(name|id|no|num)"
)
# A Medicare Beneficiary Identifier (no S, L, O, I, B, Z), a number of the kind used until 2019, a social security
# number, a telephone number, an e-mail address.
_MBI = r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d"
_EMAIL = r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"
_SSN = r"\d{3}-\d{2}-\d{4}"
_HICN = r"\d{3}-?\d{2}-?\d{4}-?[A-Z]{1,2}\d?"
_PHONE = r"(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}"
ANYWHERE = re.compile(rf"(?<![A-Za-z0-9])(?:{_MBI}|{_EMAIL})(?![A-Za-z0-9])", re.IGNORECASE)
# In a model number these may be just that.
IN_WORDS = re.compile(rf"(?<![A-Za-z0-9])(?:{_MBI}|{_EMAIL}|{_SSN}|{_HICN}|{_PHONE})(?![A-Za-z0-9])", re.IGNORECASE)
# Of a column's values, so many must look alike for all of it to be dropped; single ones are emptied.
_SHARE = 0.2
_FIRST_SERVICE = "2000-01-01"


def header_is_of_a_patient(header: str) -> bool:
    return HEADER.search(" ".join(re.findall(r"[a-z]+|\d+", _words(header)))) is not None


def value_is_of_a_patient(value: str, *, is_model_number: bool = False) -> bool:
    # None of them is without a digit or an @.
    return (ANYWHERE if is_model_number else IN_WORDS).search(value) is not None


def values_are_of_patients(values: Iterable[str], *, is_model_number: bool = False) -> bool:
    given = [value for value in values if value]
    found = sum(value_is_of_a_patient(value, is_model_number=is_model_number) for value in given)
    return found > 0 and found >= _SHARE * len(given)


def values_are_of_births(days: Iterable[str]) -> bool:
    """Whether days, as texts, are so early that they can hardly be of a service; other texts count as neither."""
    given = [day for day in days if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)]
    early = sum(day < _FIRST_SERVICE for day in given)
    return early > 0 and early >= _SHARE * len(given)


def _words(header: str) -> str:
    """In lower case, with `PatientName` as two words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).lower()
