"""Miners: run rigs, sell coins, choose pools, buy rigs by payback, and tokenise rigs and hashpower."""

from agents.miners.mining import Mine, Miner
from agents.miners.payback import Payback, typical_vault

__all__ = ["Mine", "Miner", "Payback", "typical_vault"]
