from accounts.models.outgoing_mail import OutgoingMail
from accounts.models.role_assignment import Role, RoleAssignment
from accounts.models.user import User

__all__ = ["OutgoingMail", "Role", "RoleAssignment", "User"]
