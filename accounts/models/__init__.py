from accounts.models.api_key import ApiKey
from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.role_assignment import Role, RoleAssignment
from accounts.models.second_factor_reset import SecondFactorReset
from accounts.models.user import User

__all__ = ["ApiKey", "OutgoingMail", "Role", "RoleAssignment", "SecondFactorReset", "User"]
