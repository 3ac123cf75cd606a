"""What each field of an answer means, where its shape does not say so itself: for the schema and its readers.

A name means the same everywhere; where it does not, `Shape.name` comes first. Fields of CMS's record are explained in
hcpcs/data, as on the page /dictionary/.
"""

from functools import cache

from hcpcs.queries.dictionary import dictionary

MEANINGS = {
    "after": "What the register says of the listing since.",
    "amounts": "By state.",
    "answer": "What the line is answered with; docs/api.md tells the rules and their order.",
    "as_of": "The release whose fields are told; null where none is loaded.",
    "before": "What the register said of the listing; null when it was new.",
    "changed_on": "The day of the change.",
    "changes": "What changed, by kind.",
    "citations": "What the answer rests on.",
    "classification": "The product group in words.",
    "code": "The HCPCS code.",
    "code_description": "CMS's long description of the code.",
    "codes": "HCPCS codes that it is about.",
    "comment": "A remark that belongs to the listing.",
    "date_of_service": "As YYYY-MM-DD.",
    "description": "What was changed.",
    "detail": "What is wrong here, and what to do.",
    "differences": "Field by field.",
    "distributor": "The distributor's name; null where there is none.",
    "effective_from": "First date of service to which it applies.",
    "effective_to": "Last date of service to which it applies, inclusive; null while no end is set.",
    "file_name": "Of the file that was loaded.",
    "files": "What there is.",
    "format": "By the file's ending.",
    "history": "What was changed when, oldest first.",
    "id": "Its number; it never changes and is never used again.",
    "in_force_from": "First date of service to which it applies; null where no source names it.",
    "in_force_to": "Last date of service to which it applies, inclusive; null while no end is set.",
    "imported_at": "When it was loaded, with its zone.",
    "kind": "code: a HCPCS code of five characters; modifier: one of two.",
    "label": "What people call it.",
    "last_updated": "The day of its last change.",
    "lcd": "The policy (local coverage determination) by its name; empty where the source names none.",
    "long_description": "CMS's long description.",
    "manufacturer": "The manufacturer's name.",
    "meaning": "What the value stands for; null where CMS has not said.",
    "model_number": "As the source gives it; null where it states none.",
    "modifier": "The first modifier; null where the row has none.",
    "modifier_2": "The second modifier; null where the row has none.",
    "modifiers": "How many modifiers it has.",
    "name": "The name.",
    "noun": "What the rows are.",
    "origin": "determination: of a coding verification review; cms: assigned by CMS; imported: from an earlier list.",
    "other_names": "Former names and other spellings.",
    "policy_article": "The policy article by its number and name; empty where the source names none.",
    "posted": "The day of its first publication.",
    "previous_hash": "The hash of the change before; 64 zeros for the first.",
    "product": "The product's name.",
    "product_group": "The product group, as in addresses.",
    "product_group_name": "The product group in words.",
    "publication": "The publication that says so; null where none is named.",
    "publishers": "Who speaks, jointly.",
    "reason": "Why, in words for everybody.",
    "ref": "The line's own, as it was given; null where none was.",
    "release": "The release.",
    "results": "The results of this page; of a check, one for each line, in their order.",
    "revision": "Higher where CMS issued the release again.",
    "rows": "How many rows it has.",
    "schema_version": "Another one when a column is added, renamed or means something else.",
    "sha256": "The SHA-256 of the file, in hexadecimal.",
    "short_description": "CMS's short description.",
    "slug": "Its name in addresses; it never changes.",
    "snapshot_date": "The day on which the source said so; null where the source is no list of a day.",
    "source": "The document or list that says so.",
    "state": "Two letters.",
    "status": "As seen on the date asked for.",
    "title": "Its title.",
    "type": "An address that says more about this kind of problem, or about:blank.",
    "url": "Its page on the register, for people.",
    "used_from": "First day of the name; null where it is not known.",
    "used_to": "Last day of the name; null where it is not known.",
    "value": "As CMS writes it.",
    "year": "The year of the release.",
    "terminated": "Last day of use, inclusive; null while there is none.",
    "added": "First day of use; null where CMS gives none.",
}
OF_ONE_SHAPE = {
    "Change.kind": "What was done.",
    "Change.listing": "The listing's id.",
    "Problem.title": "What kind of problem it is, in words.",
    "Problem.status": "The HTTP status, again.",
    "Publication.status": "current and revised apply; retired no longer does.",
    "Publication.citations": "Rules and documents that it refers to.",
    "PublicationHistory.description": "What was changed.",
    "Release.codes": "How many codes it has.",
    "Release.source": "Where the file came from.",
    "Release.in_force_from": "The first day of the release.",
    "ReleaseLink.in_force_from": "The first day of the release.",
    "AsOf.in_force_from": "The first day of the release.",
    "AsOf.release": "The release's id.",
    "ReleaseChange.changes": "Of which kinds the change is.",
    "Release.changes": "Records that changed, by kind; null where there is nothing to compare with.",
    "Difference.label": "The field's name for people.",
    "File.url": "Where the file is.",
}


@cache
def meaning_of(shape: str, field: str) -> str:
    """ "" where nobody has written it down; a test finds that."""
    said = OF_ONE_SHAPE.get(f"{shape}.{field}") or MEANINGS.get(field)
    return said or _explanations().get(field, "")


@cache
def _explanations() -> dict[str, str]:
    return {field.name: field.explanation for field in dictionary()}
