"""A population: all agents of one kind as columns; who comes, who goes, who is awake."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.buyout_reactions import Reactions, reactions_of
from agents.claims import claims_of
from agents.columns import Columns
from agents.strategy import Cohort, Strategy
from model.agent_tables import AgentTable
from model.errors import ScenarioError
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.marketplace import Marketplace
from model.mechanism import CLOSED
from model.streams import u01, uniforms, word
from model.units import BTC, LARGEST_POSTING, USD, base_units

if TYPE_CHECKING:
    from agents.base import MarketAgent


@kernel
def _uids(key: Any, slots: Any, out: Any) -> None:
    for i in range(slots.size):
        out[i] = np.int64(word(key, slots[i], 0) >> np.uint64(1))


@kernel
def _awake(
    key: Any,
    attention: Any,
    alert: Any,
    alive: Any,
    strategy: Any,
    account: Any,
    factor: float,
    dt_days: float,
    ends: Any,
    out: Any,
) -> int:
    """Slots whose attention fires: probability 1 - (1 - a)^dt for a daily attention a, or certainly after an alert.

    Args:
        ends: out, where each strategy's slots end, int64[strategies]
        out: out, slots in order; slots strategy by strategy; accounts of the latter, int64[3, slot]
    """
    n = 0
    ends[:] = 0
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
            out[0, n] = slot
            ends[strategy[slot]] += 1
            n += 1
    end = 0
    for i in range(ends.size):
        size, ends[i] = ends[i], end  # for now where they begin
        end += size
    for i in range(n):
        slot = out[0, i]
        place = ends[strategy[slot]]
        out[1, place], out[2, place] = slot, account[slot]
        ends[strategy[slot]] = place + 1
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
        sector: place of the kind among the ledger's sectors
    """

    def __init__(
        self, market: Marketplace, kind: type["MarketAgent"], table: AgentTable, chosen: dict[str, type["Strategy"]]
    ) -> None:
        self.market, self.kind, self.table = market, kind, table
        self.size = 0
        self.sector = market.ledger.sectors.index(table.kind)
        self.columns = Columns(table.traits, table.count)
        self.account = np.zeros(table.count, np.int64)
        self.alive = np.zeros(table.count, np.bool_)
        self.alert = np.zeros(table.count, np.bool_)
        self.strategy = np.zeros(table.count, np.int64)
        self.strategies = [chosen[name](self) for name in table.shares]
        self._ends = np.zeros(len(self.strategies), np.int64)
        self.agents: list[MarketAgent] = []
        self.reactions: Reactions | None = None
        self.arrive(table.count, Flow.ENDOWMENT)

    def __len__(self) -> int:
        return self.size

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        columns = self.__dict__.get("columns", {})
        if name in columns:
            column: NDArray[np.float64] = columns[name][: self.size]
            return column
        if "table" not in self.__dict__:
            raise AttributeError(f"{name}: {CLOSED}")
        raise AttributeError(f"{type(self).__name__} of {self.table.kind} has no column '{name}'")

    def add_column(self, name: str, fill: float = 0.0) -> None:
        """A further state column, one number per slot."""
        self.columns.add(name, fill)

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
        for key, fill in self.columns.fills.items():
            self.columns[key][slots] = fill
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
                amount = base_units(self.columns[column][slots], unit, f"agents.{self.table.kind}: {column}")
                ledger.move_many(asset, np.full(slots.size, ledger.world), self.account[slots], amount, why)

    def _reserve(self, size: int) -> None:
        capacity = self.account.size
        if size <= capacity:
            return
        more = max(size, 2 * capacity) - capacity
        self.columns.reserve(capacity + more)
        self.account = np.concatenate([self.account, np.zeros(more, np.int64)])
        self.alive = np.concatenate([self.alive, np.zeros(more, np.bool_)])
        self.alert = np.concatenate([self.alert, np.zeros(more, np.bool_)])
        self.strategy = np.concatenate([self.strategy, np.zeros(more, np.int64)])

    def depart(self, slot: int) -> None:
        """Let one agent leave for good; cash and coins go to the world, other holdings stay in the dormant account."""
        ledger, account = self.market.ledger, int(self.account[slot])
        for asset in (USD_ASSET, BTC_ASSET):
            while amount := ledger.balance(asset, account):
                ledger.pay(asset, account, ledger.world, min(amount, LARGEST_POSTING - 1), Flow.DEPARTURE)
        self.alive[slot] = False

    # -- the day

    def open(self) -> None:
        """Let the kind and its strategies prepare the first morning.

        Raises:
            ScenarioError: nothing says how often the agents look
        """
        self.kind.open(self)
        for strategy in self.strategies:
            strategy.open()
        if "attention" not in self.columns:
            raise ScenarioError(
                f"agents.{self.table.kind}: no trait 'attention', so nothing says how often they look at the market; add "
                f'`attention: Any = trait(1.0, "1/day", "chance to look on a day")` to the Traits of {self.kind.__name__}'
            )
        self.reactions = reactions_of(self)

    def decide(self) -> None:
        """Wake those whose attention fires and hand in what their strategies want."""
        market = self.market
        if self.size == 0:
            return
        if self.reactions is not None:
            self.reactions.wake()
        key = market.streams.key("attention", self.table.kind, market.clock.tick)
        out = np.empty((3, self.size), np.int64)
        factor = self.kind.attention_factor(self)
        n = _awake(
            key,
            self.columns["attention"],
            self.alert,
            self.alive[: self.size],
            self.strategy,
            self.account,
            factor,
            market.clock.dt_days,
            self._ends,
            out,
        )
        if n == 0:
            return
        market.awake += n
        start = 0
        for strategy, end in zip(self.strategies, self._ends.tolist(), strict=True):
            if end > start:
                cohort = Cohort(self, out[1, start:end], strategy.receipts, out[2, start:end])
                strategy.act(cohort, market.view)
                if not strategy.claims:
                    for claim in claims_of(market, cohort.account):
                        market.submit(claim)
                start = end
        if self.reactions is not None:
            self.reactions.act(out[0, :n], market.view)

    def state(self) -> Iterator[NDArray[Any]]:
        """Columns that belong to the market's fingerprint."""
        for name in sorted(self.columns):
            yield self.columns[name][: self.size]
        yield self.account[: self.size]
        yield self.alive[: self.size]
        yield self.alert[: self.size]
        for strategy in self.strategies:
            yield from strategy.state()
