from pcl.models import Helpline


def helpline() -> Helpline | None:
    """The helpline shown at the foot of every page, or None where the register names none."""
    return Helpline.objects.first()
