"""Who decides: kinds of agents and their strategies; intentions without powers."""

from agents.arbitrageurs import Arbitrageur
from agents.attackers import Attacker
from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Strategy
from agents.creators import Creator
from agents.institutions import Institution
from agents.lenders import Lender
from agents.liquidators import Liquidator
from agents.liquidity_providers import LiquidityProvider
from agents.miners import Miner
from agents.nft_lenders import NftLender
from agents.nft_owners import NftOwner
from agents.nft_traders import NftTrader
from agents.rest_of_network import RestOfNetwork
from agents.retail import RetailInvestor

__all__ = [
    "Arbitrageur",
    "Attacker",
    "Cohort",
    "Creator",
    "Institution",
    "Lender",
    "Liquidator",
    "LiquidityProvider",
    "MarketAgent",
    "Miner",
    "NftLender",
    "NftOwner",
    "NftTrader",
    "PerAgentStrategy",
    "Population",
    "RestOfNetwork",
    "RetailInvestor",
    "Strategy",
]
