from accounts.models.account_event import AccountEvent, EventKind
from accounts.models.api_key import ApiKey
from accounts.models.contractor_invitation import ContractorInvitation
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.role_assignment import Role, RoleAssignment
from accounts.models.second_factor_reset import SecondFactorReset
from accounts.models.typed_text import TypedText
from accounts.models.user import User

__all__ = [
    "AccountEvent",
    "ApiKey",
    "ContractorInvitation",
    "EventKind",
    "OutgoingMail",
    "Role",
    "RoleAssignment",
    "SecondFactorReset",
    "TypedText",
    "User",
]
