"""One market of the browser: stepping, what is kept beside it for the pages, and frames. No threads, no Solara.

Beside what the market records itself, a run keeps everybody's financial wealth every few ticks (the inspector shows
the history of whomever one clicks), the median net asset value of a fraction, and fixed places for the network's
nodes. None of it changes a number of the market.
"""

import math
import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import accounts, graph
from app.address import Setup
from app.frame import Frame
from app.log import Reasons
from app.sliders import label
from app.snapshot import snapshot
from experiments import runs
from model.errors import ScenarioError
from model.marketplace import Marketplace
from model.units import TOKEN

HISTORY_BYTES = 8_000_000  # of one student's histories of wealth
MOST_POINTS = 500  # of a history
YIELD_SECONDS = 0.001  # in which those who wait take their turn


class Turns:
    """One market at a time: helpers of the model compile at their first call, and two threads must not do so at once.

    Who has waited lets the others pass when he is done, so that a market at full speed starves nobody.
    """

    def __init__(self) -> None:
        self._lock, self._waiting = threading.Lock(), 0

    def __enter__(self) -> None:
        self._waiting += 1
        self._lock.acquire()
        self._waiting -= 1

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        if self._waiting:
            time.sleep(YIELD_SECONDS)


TURNS = Turns()


class Run:
    """A market with what the pages need beside it.

    Args:
        setup: which run; `setup.tick` is not yet reached, see `ready`

    Raises:
        ScenarioError: the setup cannot be used
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup.at(0)
        self.scenario = setup.build()
        self.compiled = runs.compiled(self.scenario)
        with TURNS:
            self.market = Marketplace(self.scenario, rng=setup.seed)
        self.reasons = Reasons(self.market)
        self.nav: list[float] = []
        self.history: list[NDArray[np.float32]] = [self.market.wealth.astype(np.float32)]
        self.history_ticks = [-1]
        room = max(2, HISTORY_BYTES // (4 * max(1, self.market.ledger.accounts)))
        self.every = max(1, math.ceil(self.market.clock.ticks / min(MOST_POINTS, room)))
        self.places: dict[int, tuple[float, float]] = {}
        self.network: dict[str, Any] | None = None
        self.network_tick = -1

    @property
    def done(self) -> int:
        """Ticks that are done."""
        return self.market.clock.tick + 1

    @property
    def running(self) -> bool:
        """Whether there is a next tick."""
        return bool(self.market.running) and self.done < self.market.clock.ticks

    def change(self, values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Let new values of live parameters act from the next tick on: those that will, and why others cannot."""
        try:
            self.market.change(values)
            return values, []
        except ScenarioError as error:
            if len(values) == 1:
                return {}, [f"{label(path)} stays as it was: {error}" for path in values]
        each = [self.change({path: value}) for path, value in values.items()]
        return {path: value for taken, _ in each for path, value in taken.items()}, [w for _, why in each for w in why]

    def step(self) -> None:
        """One tick."""
        with TURNS:
            self.market.step()
            self.nav.append(median_nav(self.market))
        self.reasons.note()
        if self.market.clock.tick % self.every == 0 or not self.running:
            self.history.append(self.market.wealth.astype(np.float32))
            self.history_ticks.append(self.market.clock.tick)
        if not self.running and not self.compiled:
            runs.note_compiled(self.scenario)

    def frame(self, watched: int | None = None, network: bool = True) -> Frame:
        """What the pages draw.

        Args:
            watched: account that the inspector shows
            network: whether to work the network out anew; otherwise it is that of an earlier tick
        """
        market = self.market
        found = snapshot(market, {"nav": self.nav}, why=self.reasons.why)
        if (network or self.network is None) and self.network_tick != self.done:
            self.network = graph.network(market, self.places)
            self.network_tick = self.done
        found["network"] = self.network
        found["account"] = None
        if watched is not None and 0 <= watched < market.ledger.accounts:
            about = accounts.account(market, watched, self.reasons.why)
            found["account"] = Frame({**about, "history": self.wealth_of(watched)})
        return Frame(found)

    def wealth_of(self, account: int) -> dict[str, list[float]]:
        """Days and financial wealth [USD] of an account since the start."""
        days_per_tick = self.market.clock.dt_days
        days = [max(0.0, (tick + 1) * days_per_tick) for tick in self.history_ticks]
        known = [(day, float(row[account])) for day, row in zip(days, self.history, strict=True) if account < row.size]
        return {"days": [day for day, _ in known], "wealth": [usd for _, usd in known]}

    def paths(self) -> dict[str, list[float]]:
        """All recorded metrics so far, by name, in full."""
        columns = {m.name: list(self.market.recorder.path(m.name)) for m in self.market.recorder.metrics}
        columns["nav"] = list(self.nav)
        ticks = min((len(path) for path in columns.values()), default=0)
        return {name: path[:ticks] for name, path in columns.items()}

    def close(self) -> None:
        """Give all memory back."""
        self.market.close()
        self.history.clear()
        self.nav.clear()


def median_nav(market: Marketplace) -> float:
    """Median reference net asset value of a whole fraction over live vaults with a pool [USD]; NaN without any."""
    vaults, amm = market.mechanisms.get("vaults"), market.mechanisms.get("amm")
    if vaults is None or amm is None or market.reference_nav is None:
        return math.nan
    nav = market.reference_nav()
    n = min(vaults.n, nav.size, amm.pool.size)
    price = market.ledger.value[vaults.fraction[:n]] * TOKEN
    good = vaults.live[:n].astype(bool) & (amm.pool[:n] >= 0) & (nav[:n] > 0) & (price > 0)
    return float(np.median(nav[:n][good])) if good.any() else math.nan
