"""What the contractor reports of its work: each report one statement, of one period, product group and kind."""

from verification.queries.reports.figures import Figures, Report
from verification.queries.reports.list import BY_KEY, REPORTS
from verification.queries.reports.scope import Scope

__all__ = ["BY_KEY", "REPORTS", "Figures", "Report", "Scope"]
