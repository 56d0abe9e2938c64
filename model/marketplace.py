"""Marketplace: wires mechanisms and populations together and runs the day."""

import gc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import mesa
import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Bundle
from model.changes import Changes
from model.clock import Clock
from model.errors import InvariantViolated, ScenarioError
from model.fingerprint import fingerprint
from model.gains import GainsBook
from model.journal import Journal, balance_sheet
from model.kinds import agent_kinds, packages, strategies
from model.ledger import LARGEST_DENSE, Ledger
from model.mechanism import CLOSED, catalogue
from model.plan import PlanLine, plan_of
from model.recorder import Recorder
from model.scenario import Scenario
from model.schedule import Shocks
from model.settlement import Settlement
from model.streams import Streams
from model.view import MarketView

if TYPE_CHECKING:
    import pandas as pd

INSTITUTIONS = (
    "vaults", "venues", "credit", "mining_pools", "manufacturers", "utilities", "platform", "state", "rest_of_network",
    "protocol", "world",
)  # fmt: skip
OWN_ASSETS, OWN_ACCOUNTS = 3, 16


class Marketplace(mesa.Model):  # type: ignore[misc]
    """A fractional mining marketplace on one ledger.

    Attributes:
        clock: where the run stands; `clock.tick` counts from 0 and is -1 before the first
        running: whether there are ticks to come; Mesa's, as `agents`, `agents_by_type` and `datacollector` are
        populations: agents of each kind as columns, by its name
        mechanisms: the rules that the scenario names, by their keys
        ledger: who holds what
        seed: of all random streams

    Args:
        scenario: a `Scenario`, a scenario's name, or a path to a TOML file
        rng: int seed of all random streams; the scenario's own by default
        plugins: packages with further kinds of agents and strategies
        overrides: parameters by dotted path with double underscores, `amm__fee_bps=50`

    Raises:
        ScenarioError: the scenario cannot be used, or is too large for memory
    """

    # what a closed market still has
    outlive: ClassVar[tuple[str, ...]] = ("_chosen", "seed", "clock", "journal", "recorder", "datacollector", "plugins")

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        rng: int | None = None,
        plugins: Sequence[str] = (),
        **overrides: Any,
    ) -> None:
        values = {name.replace("__", "."): value for name, value in overrides.items()}
        chosen = Scenario.of(scenario, plugins, values)
        self.seed = chosen.seed(rng)
        super().__init__(rng=self.seed)
        self._chosen = chosen
        self.plugins = packages(chosen.plugins)
        self.clock = Clock(chosen.clock)
        self.streams = Streams(self.seed)
        sectors = list(dict.fromkeys((*agent_kinds(self.plugins), *INSTITUTIONS)))
        self.journal = Journal(sectors)
        self.ledger = self._lay_out(sectors)
        self.platform = self.ledger.open_account("platform", "platform")
        self.populations: dict[str, Any] = {}
        self.reference_nav: Callable[[], NDArray[np.float64]] | None = None  # USD a fraction by vault, set by holders
        self.mechanisms: dict[str, Any] = {}
        self.shocks = Shocks(chosen.shocks, self.clock)
        self.attention = 1.0  # multiplies everybody's attention; shocks and events move it
        self.awake = 0
        self._changes = Changes(self)
        self._shown = MarketView(self)
        gc.disable()
        try:
            self._furnish()
        except ScenarioError as error:
            raise error.of(chosen.name) from None
        finally:
            gc.enable()
        self.recorder = Recorder(self)
        self.settlement = Settlement(self)
        self.plan: list[PlanLine] = plan_of(self)
        self._record_opening()
        gc.freeze()

    # -- set-up

    def _lay_out(self, sectors: list[str]) -> Ledger:
        assets, lines, accounts = OWN_ASSETS, 0, OWN_ACCOUNTS
        for key, params in self._chosen.mechanisms.items():
            more = catalogue()[key].room(params)
            assets, lines, accounts = assets + more[0], lines + more[1], accounts + more[2]
        agents = sum(t.count for t in self._chosen.agents.values())
        accounts += agents
        if accounts * assets > LARGEST_DENSE:
            raise ScenarioError(
                f"{self._chosen.name}: {agents:,} agents with {assets} assets need {accounts * assets:,} balances, "
                f"at most {LARGEST_DENSE:,} fit; take fewer agents or fewer vaults"
            )
        return Ledger(sectors, accounts, assets, max(1, lines))

    def _furnish(self) -> None:
        for key, params in self._chosen.mechanisms.items():
            self.mechanisms[key] = catalogue()[key](self, params)
        kinds, known = agent_kinds(self.plugins), strategies(self.plugins)
        for name, table in self._chosen.agents.items():
            chosen = {s: cls for (serves, s), cls in known.items() if serves == name and s in table.shares}
            self.populations[name] = kinds[name].populate(self, table, chosen)
        for mechanism in self.mechanisms.values():
            mechanism.open()
        for population in self.populations.values():
            population.open()

    def refresh_shocks(self) -> None:
        """Begin and end the shocks that are due."""
        self.shocks.refresh(self.journal)
        self.attention = self.shocks["attention"]

    def _record_opening(self) -> None:
        self.wealth, self.holdings = self.ledger.survey()
        self.journal.close_tick(self.ledger)
        self.gains_book = GainsBook(self)

    # -- the day

    @property
    def scenario(self) -> Scenario:
        """The scenario that runs."""
        return self._chosen

    @scenario.setter
    def scenario(self, value: Any) -> None:
        """Mesa hands its own scenario object over; ours stays."""

    @property
    def view(self) -> MarketView:
        """What strategies see."""
        return self._shown

    def step(self) -> None:
        """One tick: every line of the plan, in order.

        Raises:
            InvariantViolated: a law was broken; names tick, seed and shocks, as the next does
            ScenarioError: the scenario drives an amount beyond what the books hold
        """
        self.streams.turn(self.clock.tick + 1)
        self.clock.tick = self.journal.tick = self.clock.tick + 1
        self.awake = self.settlement.acting = 0
        line = self.plan[0]
        try:
            self._changes.refresh()
            for line in self.plan:
                line.call()
        except Exception as error:
            when = f"tick {self.clock.tick}, seed {self.seed}{self.shocks.acting()}"
            if isinstance(error, InvariantViolated | ScenarioError):
                raise type(error)("; ".join((f"{when}: {error}", *getattr(error, "__notes__", ())))) from error
            error.add_note(f"in {line.stage} of {line.owner}, {when}, scenario {self._chosen.name}")
            raise
        if self.clock.tick + 1 >= self.clock.ticks or self._stopped():
            self.running = False
            self.recorder.finish(self)

    def run(self) -> "Marketplace":
        """Step until `clock.ticks`, or until `stop_when` holds; the market itself."""
        while self.running and self.clock.tick + 1 < self.clock.ticks:
            self.step()
        return self

    def record(self) -> None:
        """Survey the ledger, and record flows and metrics."""
        self.wealth, self.holdings = self.ledger.survey()
        self.journal.close_tick(self.ledger)
        self.recorder.record(self)

    def _stopped(self) -> bool:
        rule = self._chosen.clock.stop_when
        if rule is None:
            return False
        value = self.recorder.latest.get(rule.metric)
        if value is None:
            raise ScenarioError(
                f"{self._chosen.name}: clock.stop_when.metric = {rule.metric!r}: this scenario has no such metric"
            )
        hit = value < rule.below if rule.below is not None else value > float(rule.above or 0.0)
        if hit:
            self.journal.event("stop", f"{rule.metric} is {value:g}")
        return bool(hit)

    # -- changes

    def change(self, values: Mapping[str, Any]) -> None:
        """Give live parameters new values from the next tick on; noted as an event.

        Raises:
            ScenarioError: a parameter is unknown, not live, out of range, or does not go with the others; none is taken
        """
        self._changes.ask(values)

    # -- what came out

    def submit(self, action: Action | Bundle) -> None:
        """Hand in a batch, as a strategy's `yield` does; between two ticks it is settled in the next."""
        self.settlement.submit(action)

    def metrics(self) -> "pd.DataFrame":
        """One row per tick, one column per metric; `.attrs["units"]` has their units."""
        return self.recorder.table()

    def summary(self) -> dict[str, float]:
        """The run's number for each metric, by the metric's own rule."""
        return self.recorder.summary()

    def events(self) -> "pd.DataFrame":
        """All events: tick, kind, account, vault, amount, text; account or vault is -1 where there is none."""
        return self.journal.event_table()

    def flows(self, tick: int | None = None, asset: str = "USD") -> "pd.DataFrame":
        """Transactions-flow matrix of an asset group [base units]: reasons by sectors, receipts positive.

        Each row sums to zero. The last is the change in holdings, of the whole run or of one tick; those above add up to it.
        """
        return self.journal.flow_matrix(tick, asset)

    def balance_sheet(self) -> "pd.DataFrame":
        """Balance-sheet matrix at this moment [USD]: groups of assets by sectors, what is owed negative.

        Financial rows sum to zero, real ones to their stock; net worth closes each column.
        """
        return balance_sheet(self.ledger, self.mechanisms.values())

    def check(self) -> None:
        """Raise `InvariantViolated` unless all laws hold now."""
        self.ledger.check()
        for mechanism in self.mechanisms.values():
            mechanism.check()

    def fingerprint(self) -> str:
        """Hex digest of the whole state; equal runs have equal fingerprints."""
        return fingerprint(self)

    # -- release

    def close(self) -> None:
        """End the market and release its memory; scenario, seed, clock, journal and what was recorded can still be read.

        Its parts point to one another; emptied, they are freed at once, where the collector would let a sweep grow with
        every run. Mesa 3.3 keeps every model alive through `Agent._ids`.
        """
        gc.unfreeze()
        if "ledger" not in vars(self):
            return
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        for part in (*self.mechanisms.values(), *self.populations.values()):
            vars(part).clear()
        kept = {name: vars(self)[name] for name in self.outlive}
        self.__dict__.clear()
        self.__dict__.update(kept, running=False, mechanisms={}, populations={})

    def __getattr__(self, name: str) -> Any:
        closed = "recorder" in vars(self) and "ledger" not in vars(self)
        why = CLOSED if closed else "no such attribute"
        raise AttributeError(f"{type(self).__name__}.{name}: {why}", name=name, obj=self)

    def __repr__(self) -> str:
        closed = "" if "ledger" in vars(self) else ", closed"
        return f"<Marketplace {self.scenario.name}, seed {self.seed}: {self.clock.tick + 1} of {self.clock.ticks} ticks{closed}>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(
            f"a market is neither copied nor pickled; for a second one, Marketplace(market.scenario, rng={self.seed}) "
            "gives the same run when stepped as far"
        )

    def __enter__(self) -> "Marketplace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
