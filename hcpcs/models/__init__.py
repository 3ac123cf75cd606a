from hcpcs.models.code import Code
from hcpcs.models.fee import Fee, StateAmounts
from hcpcs.models.fee_schedule import FeeSchedule
from hcpcs.models.record_layout import CONTENT_FIELDS, LAYOUT_FIELDS, Kind
from hcpcs.models.release import FileFormat, Release
from hcpcs.models.release_record import ReleaseRecord

__all__ = [
    "CONTENT_FIELDS",
    "LAYOUT_FIELDS",
    "Code",
    "Fee",
    "FeeSchedule",
    "FileFormat",
    "Kind",
    "Release",
    "ReleaseRecord",
    "StateAmounts",
]
