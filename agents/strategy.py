"""Cohorts and strategies: rules for many agents at once, or in plain Python for one at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Bundle, Row, join
from model.agent_tables import Traits
from model.ledger import USD_ASSET
from model.streams import uniforms
from model.units import USD
from model.view import MarketView

if TYPE_CHECKING:
    from agents.population import Population


class Cohort:
    """The awake agents of one strategy: every attribute is a column with one entry per agent.

    Attributes:
        slots: their slots in the population
        account: their ledger accounts
        receipts: yesterday's settled rows by action, `cohort.receipts[Swap]`
    """

    def __init__(
        self,
        population: "Population",
        slots: NDArray[np.int64],
        receipts: dict[type[Action], NDArray[Any]],
        account: NDArray[np.int64] | None = None,
    ) -> None:
        self.population = population
        self.slots = slots
        self.account = population.account[slots] if account is None else account
        self.receipts = receipts

    def __len__(self) -> int:
        return self.slots.size

    def part(self, chosen: Sequence[bool]) -> "Cohort":
        """Those of them who are marked."""
        return Cohort(self.population, self.slots[np.array(chosen, np.bool_)], self.receipts)

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

    def __init__(self, population: "Population") -> None:
        self.population = population
        self.receipts = NO_RECEIPTS

    def open(self) -> None:
        """Prepare the first morning: add state columns, look at the market."""

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """What the cohort wants to do, given what it sees."""
        return ()

    def state(self) -> Iterable[NDArray[Any]]:
        """Own columns besides the population's that belong to the market's fingerprint."""
        return ()

    def act(self, cohort: Cohort, market: MarketView) -> None:
        """Decide and hand in; keep the batches as tomorrow's receipts."""
        submit = self.population.market.settlement.submit
        handed: dict[type[Action], list[Action]] = {}
        for action in self.decide(cohort, market):
            if isinstance(action, Action):
                if not len(action):
                    continue
                handed.setdefault(type(action), []).append(action)
            submit(action)
        self.receipts = Receipts(handed) if handed else NO_RECEIPTS


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


NO_RECEIPTS = Receipts({})


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
