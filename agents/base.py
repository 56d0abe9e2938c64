"""What every kind of agent shares: thin Mesa agents on the rows of a columnar population."""

from typing import ClassVar

import mesa

from agents.population import Population
from agents.strategy import Cohort, PerAgentStrategy, Receipts, Strategy
from model.agent_tables import AgentTable, Traits, trait
from model.ledger import BTC_ASSET, USD_ASSET
from model.marketplace import Marketplace
from model.units import BTC, USD

__all__ = ["Cohort", "MarketAgent", "PerAgentStrategy", "Population", "Receipts", "Strategy", "Traits", "trait"]


class MarketAgent(mesa.Agent):  # type: ignore[misc]
    """A thin view of one row: attributes read the columns and the ledger and return Python numbers.

    Attributes:
        slot: in the population
        account: number of the ledger account
    """

    kind: ClassVar[str] = ""
    strategy: ClassVar[str] = ""  # default strategy's name
    reacts: ClassVar[bool] = (
        True  # whether holders among them answer buy-outs as anybody would (`agents.buyout_reactions`)
    )
    Traits: ClassVar[type[Traits]] = Traits

    def __init__(self, population: Population, slot: int) -> None:
        super().__init__(population.market)
        self.population = population
        self.slot = slot
        self.account = int(population.account[slot])

    @classmethod
    def populate(cls, market: Marketplace, table: AgentTable, chosen: dict[str, type[Strategy]]) -> Population:
        """Make the population of this kind."""
        return Population(market, cls, table, chosen)

    @classmethod
    def open(cls, population: Population) -> None:
        """Prepare the first morning of the whole kind."""

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """What today's attention is multiplied by."""
        return population.market.attention

    def __getattr__(self, name: str) -> float:
        try:
            return float(self.__dict__["population"].columns[name].item(self.__dict__["slot"]))
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no '{name}'") from None

    @property
    def cash(self) -> float:
        """USD at hand."""
        return self.held(USD_ASSET) / USD

    @property
    def coins(self) -> float:
        """BTC at hand."""
        return self.held(BTC_ASSET) / BTC

    @property
    def wealth(self) -> float:
        """Everything on the ledger at market value, debts subtracted [USD], as of the last survey."""
        return float(self.population.market.wealth[self.account])

    def held(self, asset: int) -> int:
        """Holding of one asset [base units]."""
        return self.population.market.ledger.balance(asset, self.account)

    def remove(self) -> None:
        """Leave the market for good; where it closes, what he has stays behind."""
        if self.population.market.populations:
            self.population.depart(self.slot)
        super().remove()
