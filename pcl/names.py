"""When two names of organizations look alike to a person, so that nobody passes for somebody else."""

import unicodedata

from pcl.text import fold

# Letters of other alphabets that are drawn like Latin ones. Enough to notice; a person decides.
LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЬаеѕіјкорсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ",
    "ABESIJKMHOPCTYXbaesijkopcyxdqwhABEZHIKMNOPTYXaiknoptux",
)
LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "corp", "corporation", "co", "company", "llc", "lllp", "llp", "lp", "ltd", "limited", "plc"}
    | {"gmbh", "ag", "kg", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "oy", "pty", "pte"}
)
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})


def has_unseen_characters(name: str) -> bool:
    """Whether it holds control, format or private characters: nobody types them, and nobody sees them."""
    return any(unicodedata.category(character) in UNSEEN for character in name)


def name_key(name: str) -> str:
    """What is left of a name without case, accents, punctuation, blanks, look-alike letters and legal form."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) not in UNSEEN)
    words = fold(seen.translate(LOOK_ALIKES)).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return "".join(words)
