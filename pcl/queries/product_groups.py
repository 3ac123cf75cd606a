"""The groups that requirements belong to, and what each is called."""

from django.utils.text import slugify

from pcl.models import Requirement

NOT_STATED = "not-stated"
LONGEST_GROUP = 60


def group_of(lcd: str) -> str:
    """The product group that a policy's name stands for: "Knee Orthoses" is `knee-orthoses`."""
    return slugify(lcd)[:LONGEST_GROUP].strip("-") or NOT_STATED


def group_names() -> dict[str, str]:
    """What each group is called, in order of the group: as a policy writes it, or else made of the group itself."""
    names: dict[str, str] = {}
    for group, lcd in Requirement.objects.order_by("product_group").values_list("product_group", "lcd").distinct():
        if group_of(lcd) == group and lcd:
            names[group] = lcd
        names.setdefault(group, group.replace("-", " ").capitalize())
    return names
