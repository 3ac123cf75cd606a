"""The people of the demonstration register, as the seed creates them and the sign-in page shows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoPerson:
    role: str
    name: str
    email: str
    password: str = "demo-register-2026"  # noqa: S105 - printed on the sign-in page, and there in demo mode only


DEMO_PEOPLE = (
    DemoPerson("manufacturer", "Dana Maker", "maker@demo.example"),
    DemoPerson("representative", "Casey Consultant", "consultant@demo.example"),
    DemoPerson("reviewer", "Robin Reviewer", "reviewer@demo.example"),
    DemoPerson("approver", "Avery Approver", "approver@demo.example"),
    DemoPerson("registrar", "Reese Registrar", "registrar@demo.example"),
    DemoPerson("administrator", "Ari Administrator", "admin@demo.example"),
    DemoPerson("auditor", "Audrey Auditor", "auditor@demo.example"),
)
# Who decides on what the reviewer and the approver above have decided before: a reconsideration is for others.
DEMO_COLLEAGUES = (
    DemoPerson("reviewer", "Riley Second", "reviewer2@demo.example"),
    DemoPerson("approver", "Alex Second", "approver2@demo.example"),
)
