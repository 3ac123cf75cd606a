from typing import Any


def helpline() -> Any:
    return None
