"""What every kind of agent shares: thin Mesa agents on the rows of a columnar population."""

import math
from typing import Any, ClassVar

import mesa

from agents.population import Population
from agents.strategy import Cohort, PerAgentStrategy, Receipts, Strategy
from model.agent_tables import AgentTable, Traits, trait
from model.ledger import BTC_ASSET, USD_ASSET
from model.marketplace import Marketplace
from model.mechanisms.lending.liquidations import health_of
from model.units import BTC, USD

__all__ = ["Cohort", "MarketAgent", "PerAgentStrategy", "Population", "Receipts", "Strategy", "Traits", "trait"]


WITHOUT = {"health_factor": ": the scenario has no [lending]"}  # why a figure of the account is not there


class Followed:
    """Name of a strategy: of a kind its default, of an agent the one that he drew."""

    def __init__(self, default: str) -> None:
        self.default = default

    def __get__(self, agent: "MarketAgent | None", kind: type) -> str:
        if agent is None:
            return self.default
        population = agent.population
        return population.strategies[population.strategy.item(agent.slot)].name

    def __set__(self, agent: "MarketAgent", name: str) -> None:
        raise AttributeError(f"{agent.kind} {agent.slot} drew the strategy '{agent.strategy}' and keeps it")


class MarketAgent(mesa.Agent):  # type: ignore[misc]
    """A thin view of one row: attributes read the columns and the ledger and return Python numbers.

    Traits, within their ranges, and state can be assigned: `agent.attention = 0.5` writes the column.

    Attributes:
        slot: in the population
        account: number of the ledger account
    """

    kind: ClassVar[str] = ""
    strategy: ClassVar[str] = ""  # default strategy's name
    reacts: ClassVar[bool] = (
        True  # whether holders among them answer buy-outs as anybody would (`agents.buyout_reactions`)
    )
    needs: ClassVar[tuple[str, ...]] = ()  # mechanisms without which the kind cannot begin
    Traits: ClassVar[type[Traits]] = Traits

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if isinstance(declared := cls.__dict__.get("strategy"), str):
            cls.strategy = Followed(declared)  # type: ignore[assignment]

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
            raise AttributeError(f"{type(self).__name__} has no '{name}'{WITHOUT.get(name, '')}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        population = self.__dict__.get("population")
        if population is None or name not in population.columns or hasattr(type(self), name):
            super().__setattr__(name, value)
            return
        low, high = population.table.bounds.get(name, (-math.inf, math.inf))
        if not low <= value <= high:
            raise ValueError(f"{type(self).__name__}.{name} = {value!r}: allowed {low:g} to {high:g}")
        population.columns.put(name, self.slot, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.slot}, account {self.account}>"

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
        """Everything on the ledger at market value, debts subtracted [USD], as of the last survey; of agents who arrived since, now."""
        market = self.population.market
        if self.account < market.wealth.size:
            return float(market.wealth[self.account])
        held = market.ledger.books.balances[:, self.account]
        assets = held.nonzero()[0]
        return float(held[assets] @ market.ledger.value[assets])

    @property
    def health_factor(self) -> float:
        """Worth of what he pledged at the liquidation threshold over his debt, now; infinite without debt [1]."""
        lending = self.population.market.mechanisms.get("lending")
        if lending is None:
            raise AttributeError  # `__getattr__` says why
        return health_of(lending, self.account)

    def held(self, asset: int) -> int:
        """Holding of one asset [base units]."""
        return self.population.market.ledger.balance(asset, self.account)

    def remove(self) -> None:
        """Leave the market for good; where it closes, what he has stays behind."""
        if self.population.market.populations:
            self.population.depart(self.slot)
        super().remove()
