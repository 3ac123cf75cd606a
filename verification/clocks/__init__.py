"""How long the contractor's work may take, as data: lengths, what counts as a day, when to remind."""

from verification.clocks.clock import AnswerClock, AuthorizationClock, Clock, Clocks
from verification.clocks.loader import clocks

__all__ = ["AnswerClock", "AuthorizationClock", "Clock", "Clocks", "clocks"]
