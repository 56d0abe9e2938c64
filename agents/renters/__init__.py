"""Those who hire hashpower: bullish miners without rigs, launches of new coins, and attackers."""

from agents.renters.attack import Majority
from agents.renters.launch import Launch
from agents.renters.renting import Bullish, Renter

__all__ = ["Bullish", "Launch", "Majority", "Renter"]
