"""Who decides: kinds of agents and their strategies; intentions without powers."""

from agents.arbitrageurs import Arbitrageur
from agents.attackers import Attacker
from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Strategy
from agents.creators import Creator
from agents.hashprice_dealers import HashpriceDealer
from agents.institutions import Institution
from agents.lenders import Lender
from agents.liquidators import Liquidator
from agents.liquidity_providers import LiquidityProvider
from agents.miners import Miner
from agents.nft_lenders import NftLender
from agents.nft_owners import NftOwner
from agents.nft_traders import NftTrader
from agents.renters import Renter
from agents.rest_of_network import RestOfNetwork
from agents.retail import RetailInvestor
from agents.yield_farmers import YieldFarmer

__all__ = [
    "Arbitrageur",
    "Attacker",
    "Cohort",
    "Creator",
    "HashpriceDealer",
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
    "Renter",
    "RestOfNetwork",
    "RetailInvestor",
    "Strategy",
    "YieldFarmer",
]
