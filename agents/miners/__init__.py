"""Miners: run rigs, sell coins, choose pools, buy rigs by payback or on credit, and tokenise rigs and hashpower."""

from agents.miners.loans import OnCredit
from agents.miners.mining import Mine, Miner
from agents.miners.payback import Payback, terms, typical_vault
from agents.miners.renting import RentOut

__all__ = ["Mine", "Miner", "OnCredit", "Payback", "RentOut", "terms", "typical_vault"]
