"""Product groups as data: one readable file each. What is uncertain about the process stands here."""

from verification.product_groups.group import ChecklistRow, DocumentKind, ProductGroup, Question
from verification.product_groups.loader import group, groups, groups_of, reasons, versions

__all__ = [
    "ChecklistRow",
    "DocumentKind",
    "ProductGroup",
    "Question",
    "group",
    "groups",
    "groups_of",
    "reasons",
    "versions",
]
