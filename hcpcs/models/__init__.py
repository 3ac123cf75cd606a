from hcpcs.models.code import Code
from hcpcs.models.fee import Fee, StateAmounts
from hcpcs.models.fee_schedule import FeeSchedule
from hcpcs.models.record_layout import CONTENT_FIELDS, LAYOUT_FIELDS, Kind
from hcpcs.models.release import FileFormat, Release
from hcpcs.models.release_import import AT_WORK, ImportState, ReleaseImport, ReleaseImportLine, Section
from hcpcs.models.release_record import ReleaseRecord

__all__ = [
    "AT_WORK",
    "CONTENT_FIELDS",
    "LAYOUT_FIELDS",
    "Code",
    "Fee",
    "FeeSchedule",
    "FileFormat",
    "ImportState",
    "Kind",
    "Release",
    "ReleaseImport",
    "ReleaseImportLine",
    "ReleaseRecord",
    "Section",
    "StateAmounts",
]
