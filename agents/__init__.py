"""Who decides: kinds of agents and their strategies; intentions without powers."""

from agents.arbitrageurs import Arbitrageur
from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Strategy
from agents.creators import Creator
from agents.institutions import Institution
from agents.liquidity_providers import LiquidityProvider
from agents.miners import Miner
from agents.rest_of_network import RestOfNetwork
from agents.retail import RetailInvestor

__all__ = [
    "Arbitrageur",
    "Cohort",
    "Creator",
    "Institution",
    "LiquidityProvider",
    "MarketAgent",
    "Miner",
    "PerAgentStrategy",
    "Population",
    "RestOfNetwork",
    "RetailInvestor",
    "Strategy",
]
