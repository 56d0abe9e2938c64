"""Cohorts and strategies: rules for many agents at once, or in plain Python for one at a time."""

import reprlib
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


BATCHES = "yield batches such as Swap(cohort.account, ...), or bundles"
ROWS = "yield rows such as Swap.row(agent.account, ...), batches or bundles"


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
        self.population.columns.put(name, self.slots, values)
        self.__dict__.pop(name, None)

    def draw(self, stream: str, k: int = 0) -> NDArray[np.float64]:
        """One uniform per agent from this tick's stream."""
        market = self.population.market
        key = market.streams.key(stream, self.population.table.kind, market.clock.tick)
        draws: NDArray[np.float64] = uniforms(key, self.slots, k)
        return draws


class Strategy:
    """A rule for the whole cohort at once: `decide` yields batches of actions.

    A subclass names the kind it `serves`, its own `name`, and the mechanisms that it `needs` to decide at all; further traits
    go into its `Traits`. Where it `claims` what ended vaults owe, it says so; for others that is done, see `agents.claims`.
    """

    serves: ClassVar[str] = ""
    name: ClassVar[str] = ""
    claims: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ()
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
        submit, sector = self.population.market.settlement.submit, self.population.sector
        handed: dict[type[Action], list[Action]] = {}
        try:
            for action in several(self.decide(cohort, market), BATCHES):
                if isinstance(action, Action):
                    if not len(action):
                        continue
                    handed.setdefault(type(action), []).append(action)
                elif not isinstance(action, Bundle):
                    raise unusable(action, BATCHES)
                submit(action, sector)
        except Exception as error:
            if not getattr(error, "__notes__", ()):  # which name the agent too
                error.add_note(f"strategy '{self.name}' of {self.population.table.kind}")
            raise
        self.receipts = Receipts(handed) if handed else NO_RECEIPTS


def several(found: Any, wanted: str) -> Iterable[Any]:
    """What a strategy decided, if that can be gone through one by one."""
    if isinstance(found, Row) or not hasattr(found, "__iter__"):
        raise unusable(found, wanted)
    return found  # type: ignore[no-any-return]


def unusable(found: Any, wanted: str) -> TypeError:
    """That something is no transaction, and what is."""
    shown = f"one {found.action.__name__}.row(...)" if isinstance(found, Row) else reprlib.repr(found)
    return TypeError(f"gives {shown}, which is no transaction here; {wanted}")


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
        for slot, account in zip(cohort.slots.tolist(), cohort.account.tolist(), strict=True):
            try:
                for wanted in several(self.decide_one(agents[slot], market), ROWS):
                    if isinstance(wanted, Row):
                        if wanted.values[0] != account:
                            raise foreign(wanted.action, wanted.values[0], account)
                        rows[wanted.action].append(wanted.values)
                    else:
                        for part in parts_of(wanted):
                            others = part.rows["account"][part.rows["account"] != account]
                            if others.size:
                                raise foreign(type(part), others[0], account)
                        yield wanted
            except Exception as error:
                error.add_note(f"strategy '{self.name}' of {self.serves} {slot}, account {account}")
                raise
        for action, values in rows.items():
            yield action.of_rows(values)


def parts_of(wanted: Any) -> Sequence[Action]:
    """The batches of a batch or bundle."""
    if isinstance(wanted, Action):
        return (wanted,)
    if isinstance(wanted, Bundle):
        return wanted.actions
    raise unusable(wanted, ROWS)


def foreign(action: type[Action], account: Any, own: int) -> ValueError:
    """That an agent would act with an account of somebody else."""
    return ValueError(f"{action.__name__} of account {account}: an agent acts with his own, {own}; give agent.account")
