"""What every kind of agent shares: a columnar population, thin Mesa agents on its rows, cohorts and strategies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Bundle, Row, join
from model.agent_tables import AgentTable, Traits, trait
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.marketplace import Marketplace
from model.streams import u01, uniforms, word
from model.units import BTC, USD
from model.view import MarketView

__all__ = ["Cohort", "MarketAgent", "PerAgentStrategy", "Population", "Strategy", "Traits", "trait"]


@kernel
def _uids(key: Any, slots: Any, out: Any) -> None:
    for i in range(slots.size):
        out[i] = np.int64(word(key, slots[i], 0) >> np.uint64(1))


@kernel
def _awake(key: Any, attention: Any, alert: Any, alive: Any, factor: float, dt_days: float, out: Any) -> int:
    """Slots whose attention fires: probability 1 - (1 - a)^dt for a daily attention a, or certainly after an alert."""
    n = 0
    for slot in range(alive.size):
        if not alive[slot]:
            continue
        p = attention[slot] * factor
        fires = alert[slot] or p >= 1.0
        if not fires and p > 0.0:
            if dt_days != 1.0:
                p = 1.0 - (1.0 - p) ** dt_days
            fires = u01(key, slot, 0) < p
        if fires:
            alert[slot] = False
            out[n] = slot
            n += 1
    return n


class Population:
    """All agents of one kind, as columns; a slot is one agent for good.

    Args:
        market: where they live
        kind: their class
        table: their table in the scenario
        chosen: strategy classes by name

    Attributes:
        columns: traits and state by name, float64[capacity]
        account: ledger account of each slot
        alive: whether the slot's agent is still there
        alert: wakes the agent at its next chance, whatever its attention
    """

    def __init__(
        self, market: Marketplace, kind: type["MarketAgent"], table: AgentTable, chosen: dict[str, type["Strategy"]]
    ) -> None:
        self.market, self.kind, self.table = market, kind, table
        self.size = 0
        self.columns: dict[str, NDArray[np.float64]] = {name: np.zeros(table.count) for name in table.traits}
        self.account = np.zeros(table.count, np.int64)
        self.alive = np.zeros(table.count, np.bool_)
        self.alert = np.zeros(table.count, np.bool_)
        self.strategy = np.zeros(table.count, np.int64)
        self.strategies = [chosen[name](self) for name in table.shares]
        self.agents: list[MarketAgent] = []
        self.arrive(table.count, Flow.ENDOWMENT)

    def __len__(self) -> int:
        return self.size

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        columns = self.__dict__.get("columns", {})
        if name in columns:
            column: NDArray[np.float64] = columns[name][: self.size]
            return column
        raise AttributeError(f"{type(self).__name__} of {self.table.kind} has no column '{name}'")

    def add_column(self, name: str, fill: float = 0.0) -> NDArray[np.float64]:
        """A further state column, one number per slot."""
        self.columns[name] = np.full(max(self.account.size, 1), fill)[: self.account.size]
        return self.columns[name]

    # -- coming and going

    def arrive(self, n: int, why: Flow = Flow.ARRIVAL) -> NDArray[np.int64]:
        """Let n agents come with the cash and coins of their traits; their slots."""
        slots = np.arange(self.size, self.size + n, dtype=np.int64)
        if n == 0:
            return slots
        self._reserve(self.size + n)
        ledger, streams, name = self.market.ledger, self.market.streams, self.table.kind
        uid = np.empty(n, np.int64)
        _uids(streams.key("uid", name), slots, uid)
        self.account[slots] = ledger.open_accounts(name, n, uid)
        for key, drawn in self.table.traits.items():
            low, high = self.table.bounds[key]
            self.columns[key][slots] = np.clip(drawn.sample(streams.key(f"trait {key}", name), slots), low, high)
        shares = np.cumsum(list(self.table.shares.values()))
        draw = uniforms(streams.key("strategy", name), slots, 0)
        self.strategy[slots] = np.minimum(np.searchsorted(shares, draw, side="right"), shares.size - 1)
        self.alive[slots] = True
        self.size += n
        self._endow(slots, why)
        self.agents += [self.kind(self, int(slot)) for slot in slots]
        return slots

    def _endow(self, slots: NDArray[np.int64], why: Flow) -> None:
        ledger = self.market.ledger
        for column, asset, unit in (("cash", USD_ASSET, USD), ("coins", BTC_ASSET, BTC)):
            if column in self.columns:
                amount = np.round(self.columns[column][slots] * unit).astype(np.int64)
                ledger.move_many(asset, np.full(slots.size, ledger.world), self.account[slots], amount, why)

    def _reserve(self, size: int) -> None:
        capacity = self.account.size
        if size <= capacity:
            return
        more = max(size, 2 * capacity) - capacity
        for name, column in self.columns.items():
            self.columns[name] = np.concatenate([column, np.zeros(more)])
        self.account = np.concatenate([self.account, np.zeros(more, np.int64)])
        self.alive = np.concatenate([self.alive, np.zeros(more, np.bool_)])
        self.alert = np.concatenate([self.alert, np.zeros(more, np.bool_)])
        self.strategy = np.concatenate([self.strategy, np.zeros(more, np.int64)])

    def depart(self, slot: int) -> None:
        """Let one agent leave for good; cash and coins go to the world, other holdings stay in the dormant account."""
        ledger, account = self.market.ledger, int(self.account[slot])
        for asset in (USD_ASSET, BTC_ASSET):
            ledger.pay(asset, account, ledger.world, ledger.balance(asset, account), Flow.DEPARTURE)
        self.alive[slot] = False

    def slots_of(self, accounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Slots by account number (accounts of one kind rise with the slot)."""
        slots: NDArray[np.int64] = np.searchsorted(self.account[: self.size], accounts)
        return slots

    # -- the day

    def open(self) -> None:
        """Let the kind and its strategies prepare the first morning."""
        self.kind.open(self)
        for strategy in self.strategies:
            strategy.open()

    def decide(self) -> None:
        """Wake those whose attention fires and hand in what their strategies want."""
        market = self.market
        if self.size == 0:
            return
        key = market.streams.key("attention", self.table.kind, market.clock.tick)
        out = np.empty(self.size, np.int64)
        factor = self.kind.attention_factor(self)
        n = _awake(
            key, self.columns["attention"], self.alert, self.alive[: self.size], factor, market.clock.dt_days, out
        )
        slots = out[:n]
        market.awake += n
        if n == 0:
            return
        which = self.strategy[slots]
        for i, strategy in enumerate(self.strategies):
            own = slots if len(self.strategies) == 1 else slots[which == i]
            if own.size:
                strategy.act(Cohort(self, own, strategy.receipts), market.view)

    def state(self) -> Iterator[NDArray[Any]]:
        """Columns that belong to the market's fingerprint."""
        for name in sorted(self.columns):
            yield self.columns[name][: self.size]
        yield self.account[: self.size]
        yield self.alive[: self.size]
        yield self.alert[: self.size]


class Cohort:
    """The awake agents of one strategy: every attribute is a column with one entry per agent.

    Attributes:
        slots: their slots in the population
        account: their ledger accounts
        receipts: yesterday's settled rows by action, `cohort.receipts[Swap]`
    """

    def __init__(
        self, population: Population, slots: NDArray[np.int64], receipts: dict[type[Action], NDArray[Any]]
    ) -> None:
        self.population = population
        self.slots = slots
        self.account = population.account[slots]
        self.receipts = receipts

    def __len__(self) -> int:
        return self.slots.size

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        try:
            column: NDArray[np.float64] = self.population.columns[name][self.slots]
        except KeyError:
            raise AttributeError(f"a cohort of {self.population.table.kind} has no column '{name}'") from None
        self.__dict__[name] = column
        return column

    @property
    def cash(self) -> NDArray[np.float64]:
        """USD at hand."""
        cash: NDArray[np.float64] = self.held(USD_ASSET) / USD
        return cash

    def held(self, asset: int) -> NDArray[np.int64]:
        """Holdings of one asset [base units]."""
        held: NDArray[np.int64] = self.population.market.ledger.books.balances[asset, self.account]
        return held

    def write(self, name: str, values: NDArray[np.float64]) -> None:
        """Store a state column of these agents."""
        self.population.columns[name][self.slots] = values
        self.__dict__.pop(name, None)

    def draw(self, stream: str, k: int = 0) -> NDArray[np.float64]:
        """One uniform per agent from this tick's stream."""
        market = self.population.market
        key = market.streams.key(stream, self.population.table.kind, market.clock.tick)
        draws: NDArray[np.float64] = uniforms(key, self.slots, k)
        return draws


class Strategy:
    """A rule for the whole cohort at once: `decide` yields batches of actions.

    A subclass names the kind it `serves` and its own `name`; further traits go into its `Traits`.
    """

    serves: ClassVar[str] = ""
    name: ClassVar[str] = ""
    Traits: ClassVar[type[Traits] | None] = None

    def __init__(self, population: Population) -> None:
        self.population = population
        self.receipts: dict[type[Action], NDArray[Any]] = {}

    def open(self) -> None:
        """Prepare the first morning: add state columns, look at the market."""

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """What the cohort wants to do, given what it sees."""
        return ()

    def act(self, cohort: Cohort, market: MarketView) -> None:
        """Decide and hand in; keep the batches as tomorrow's receipts."""
        handed: dict[type[Action], list[Action]] = defaultdict(list)
        for action in self.decide(cohort, market):
            if len(getattr(action, "rows", (0,))):
                self.population.market.submit(action)
                if isinstance(action, Action):
                    handed[type(action)].append(action)
        self.receipts = Receipts(handed)


class Receipts(dict[type[Action], Any]):
    """Settled rows by action, joined when first looked at."""

    def __init__(self, batches: dict[type[Action], list[Action]]) -> None:
        super().__init__()
        self._batches = batches

    def __missing__(self, action: type[Action]) -> NDArray[Any]:
        batches = self._batches.get(action)
        rows: NDArray[Any] = join(batches) if batches else np.zeros(0, action.dtype)
        self[action] = rows
        return rows

    def __contains__(self, action: object) -> bool:
        return action in self._batches


class PerAgentStrategy(Strategy):
    """A rule in plain Python, one agent at a time: `decide_one` yields rows (`Swap.row(...)`) or batches."""

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row | Action | Bundle]:
        """What one agent wants to do, given what it sees."""
        return ()

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Collect everybody's rows into one batch per type of action."""
        agents = self.population.agents
        rows: dict[type[Action], list[tuple[int, ...]]] = defaultdict(list)
        for slot in cohort.slots:
            try:
                for wanted in self.decide_one(agents[slot], market):
                    if isinstance(wanted, Row):
                        rows[wanted.action].append(wanted.values)
                    else:
                        yield wanted
            except Exception as error:
                error.add_note(
                    f"strategy '{self.name}' of {self.serves} {slot}, account {self.population.account[slot]}"
                )
                raise
        for action, values in rows.items():
            yield action.of_rows(values)


class MarketAgent(mesa.Agent):  # type: ignore[misc]
    """A thin view of one row: attributes read the columns and the ledger and return Python numbers."""

    kind: ClassVar[str] = ""
    strategy: ClassVar[str] = ""  # default strategy's name
    Traits: ClassVar[type[Traits]] = Traits

    def __init__(self, population: Population, slot: int) -> None:
        super().__init__(population.market)
        self.population = population
        self.slot = slot

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
        population = self.__dict__.get("population")
        if population is None or name not in population.columns:
            raise AttributeError(f"{type(self).__name__} has no '{name}'")
        return float(population.columns[name][self.slot])

    @property
    def account(self) -> int:
        """Number of the ledger account."""
        return int(self.population.account[self.slot])

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
        """Leave the market for good."""
        self.population.depart(self.slot)
        super().remove()
