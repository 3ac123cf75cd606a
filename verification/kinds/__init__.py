"""Kinds of application other than the first, as data: what each asks, and what a change to a listed product needs."""

from verification.kinds.kind_form import KindForm, kind_form, with_kind
from verification.kinds.needs import Need, changes_to_choose, what_a_change_needs

__all__ = ["KindForm", "Need", "changes_to_choose", "kind_form", "what_a_change_needs", "with_kind"]
