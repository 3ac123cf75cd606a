"""The groups that requirements belong to, and what each is called."""

from django.db.models import Max
from django.utils.text import slugify

from pcl.models import RequirementVersion

NOT_STATED = "not-stated"
LONGEST_GROUP = 60


def group_of(lcd: str) -> str:
    """The product group that a policy's name stands for: "Knee Orthoses" is `knee-orthoses`."""
    return slugify(lcd)[:LONGEST_GROUP].strip("-") or NOT_STATED


def group_names() -> dict[str, str]:
    """What each group is called, in order of the group: as a policy writes it, or else made of the group itself.

    Also those to which requirements belonged only formerly: the list is asked for as it stood, too.
    """
    names: dict[str, str] = {}
    said = RequirementVersion.objects.values_list("product_group", "lcd").annotate(latest=Max("changed_at"))
    for group, lcd, _ in said.order_by("product_group", "latest"):
        if group_of(lcd) == group and lcd:
            names[group] = lcd
        names.setdefault(group, group.replace("-", " ").capitalize())
    return names
