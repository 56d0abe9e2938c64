"""The price others rely on: what credit, art and games take a fraction to be worth.

The reported price follows a source. Under the guard it moves in a day at most by a fixed part of itself towards that
source, in a shorter tick by as much as compounds to that: a clamp, never a rejection, since a feed that rejects large moves sticks for ever once the market has moved. A
source that has no price leaves the report where it is, and the report grows stale. How each source can be moved, and at
what cost, is derived in docs/explanation/oracle_manipulation.md.

A source is one function of the oracle's memory; a further one is a function here and its name in `SOURCES`.
"""

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.ledger import NONE, USD_ASSET
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.units import HOURS_PER_DAY, TOKEN
from model.vault_status import LIVE
from model.view import Aliases, frozen

Prices = NDArray[np.float64]


class OracleParams(Params):
    """Reserved table `[oracle]`."""

    source: Literal["spot", "twap", "median", "delayed", "nav"] = param(
        "twap", "",
        "what is reported: the last price of a venue; its mean over a window; the median of all venues' prices in the "
        "window; the price some hours ago; or an appraisal", live=True,
    )  # fmt: skip
    window_hours: float = param(
        72.0, "hours", "window of the mean and of the median, rounded up to ticks", live=True, gt=0, le=8_760
    )
    delay_hours: float = param(
        24.0, "hours", "age of the price that `delayed` reports, rounded up to ticks", live=True, ge=0, le=8_760,
        source="a day; MakerDAO's oracle security module: one hour",
    )  # fmt: skip
    guard: bool = param(
        True, "", "whether moves are limited; spot without a guard is read from the pool itself, in the midst of a day",
        live=True,
    )  # fmt: skip
    most_move: float = param(
        0.20, "1/day", "largest move in a day under the guard, as part of the price, compounded", live=True, gt=0, le=10,
        source="20 % guards of NFT oracles, BendDAO 2022",
    )  # fmt: skip
    stale_hours: float = param(
        24.0, "hours", "time without a price after which a report is stale", live=True, ge=0, le=8_760,
        source="heartbeat of Chainlink's NFT floor feeds: 24 hours",
    )  # fmt: skip


class OracleView(NamedTuple):
    """What strategies see; columns by vault, read-only.

    Attributes:
        price: reported [USD per whole fraction], NaN before the first
        age: time since the source last gave a price [hours]
        stale: whether nobody should borrow on it
        source: where it comes from
        window: ticks that a mean or median takes
        most_rise: largest factor on a report in a tick; infinite without a guard
        instant: whether who uses it reads the pool at that moment instead
    """

    price: Prices
    age: Prices
    stale: NDArray[np.bool_]
    source: str
    window: int
    most_rise: float
    instant: bool


@kernel
def _note(price: Any, status: Any, k: int, memory: Any, quotes: Any) -> None:
    """Note what the k-th venue quotes for vaults in circulation; it is the spot where no venue before has a price.

    Before the first the memory makes room for this tick: the oldest is forgotten. Without venues (k = -1) that is all.
    """
    last = memory.shape[0] - 1
    for row in range(last + 1 if k <= 0 else 0):
        for v in range(memory.shape[1]):
            memory[row, v] = memory[row + 1, v] if row < last else np.nan
            for other in range(quotes.shape[1]):
                quotes[row, other, v] = quotes[row + 1, other, v] if row < last else np.nan
    for v in range(memory.shape[1] if k >= 0 else 0):
        if status[v] == LIVE:
            quotes[last, k, v] = price[v]
            if math.isnan(memory[last, v]):
                memory[last, v] = price[v]


@kernel
def _mean(memory: Any, window: int, out: Any) -> None:
    """Mean of the last rows by column, of what is known; NaN where the last is not."""
    last = memory.shape[0] - 1
    for v in range(out.size):
        total = known = 0.0
        for row in range(last + 1 - window, last + 1):
            if memory[row, v] > 0.0:
                total += memory[row, v]
                known += 1.0
        out[v] = total / max(known, 1.0) if memory[last, v] > 0.0 else np.nan


def spot(oracle: "Oracle") -> Prices:
    """The last price of the first venue that has one."""
    return oracle.memory[-1]


def twap(oracle: "Oracle") -> Prices:
    """Mean of the spot over the window; ticks are equally long, and those without a price are left out.

    To move it by the factor g with the spot held for one tick of T takes a spot of 1 + (g - 1) T
                                                                                        [Uniswap v2, section 2.2].
    """
    mean = np.empty(oracle.price.size)
    _mean(oracle.memory, oracle.window, mean)
    return mean


def median(oracle: "Oracle") -> Prices:
    """Median of what all venues quoted in the ticks of the window, if any quotes now; those without a price count not.

    Nothing below half of the quotes moves it past the others: with one venue and a window of three ticks a price must
    be held for two.
    """
    quotes = oracle.quotes[-oracle.window :].reshape(-1, oracle.price.size)
    ranked = np.sort(np.where(quotes > 0.0, quotes, np.nan), axis=0)  # those without a price come last
    known = np.count_nonzero(quotes > 0.0, axis=0)
    below, above = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, ranked.shape[0] - 1)
    columns = np.arange(known.size)
    middle = 0.5 * (ranked[below, columns] + ranked[above, columns])
    return np.where(oracle.memory[-1] > 0.0, middle, np.nan)


def delayed(oracle: "Oracle") -> Prices:
    """The spot of some hours ago: what is reported tomorrow can be seen today, and whoever is cheated can leave."""
    return oracle.memory[-1 - oracle.delay]


def nav(oracle: "Oracle") -> Prices:
    """Last evening's appraisal: holders' net asset value, of NFTs what comparable sales fetch."""
    return oracle.appraisal


SOURCES: dict[str, Callable[["Oracle"], Prices]] = {
    "spot": spot,
    "twap": twap,
    "median": median,
    "delayed": delayed,
    "nav": nav,
}


@kernel
def _follow(
    found: Any, status: Any, bias: float, follows: float, least: float, most: float, hours: float, longest: float,
    price: Any, target: Any, age: Any, stale: Any,
) -> None:  # fmt: skip
    """Let reports follow their source in one tick.

    Args:
        found: what the source says, NaN for nothing; bias: multiplies it
        follows: part of a move that is reported; least, most: factors on a report within which it stays
        hours: since the last report; longest: age after which a report is stale [hours]
    """
    for v in range(price.size):
        known = found[v] * bias > 0.0 and status[v] == LIVE and follows > 0.0
        if known:
            target[v] = found[v] * bias
        old = price[v]
        to = min(max(target[v], old * least), old * most)
        if follows > 0.0:
            price[v] = target[v] if math.isnan(old) else old + follows * (to - old)
        age[v] = 0.0 if known else age[v] + hours
        stale[v] = age[v] > longest


class Oracle(Mechanism):
    """Reported prices of fractions by vault.

    Attributes:
        price, age, stale: as in `OracleView`
        target: the source's last known price
        memory: spot of the last ticks, latest last; NaN where no venue had a price
        quotes: every venue's price in the last ticks, by tick, venue and vault
        appraisal: net asset value of last evening, NaN for none
        window, delay: `window_hours` and `delay_hours` [ticks]
    """

    key = "oracle"
    needs = ("vaults",)
    wants = ("amm", "weighted", "curve", "auction", "nfts")
    channels = {
        "oracle_bias": "the price that the oracle takes from its source",
        "oracle_stuck": "the part of a move that the oracle reports; size -1 stops it",
    }
    Params = OracleParams
    vaults: Any
    nfts: Any

    def __init__(self, market: Any, params: OracleParams) -> None:
        super().__init__(market, params)
        size, self.aliases = self.vaults.status.size, Aliases()
        self.price, self.target, self.appraisal = (np.full(size, np.nan) for _ in range(3))
        self.age, self.stale = np.full(size, np.inf), np.ones(size, np.bool_)
        self.venues = [v for v in (self.amm, self.weighted, self.curve, self.auction) if v is not None]
        self.memory, self.quotes = np.full((0, size), np.nan), np.full((0, len(self.venues), size), np.nan)
        self.changed()

    def changed(self) -> None:
        """Remember as many ticks as window and delay ask for; what was further back is not known."""
        p, size = self.params, self.price.size
        self.window = self.clock.ticks_of(p.window_hours / HOURS_PER_DAY)
        self.delay = self.clock.ticks_of(p.delay_hours / HOURS_PER_DAY) if p.delay_hours > 0.0 else 0
        rows = max(self.window, self.delay + 1)
        kept = min(rows, len(self.memory))
        memory, quotes = np.full((rows, size), np.nan), np.full((rows, len(self.venues), size), np.nan)
        memory[rows - kept :] = self.memory[len(self.memory) - kept :]
        quotes[rows - kept :] = self.quotes[len(self.quotes) - kept :]
        self.memory, self.quotes = memory, quotes

    def _bounds(self) -> tuple[float, float]:
        """Least and largest factor on a report in a tick: the guard's of a day, compounded."""
        if not self.params.guard:
            return 0.0, math.inf
        most, days = self.params.most_move, self.clock.dt_days
        return max(0.0, 1.0 - most) ** days, (1.0 + most) ** days

    def _listen(self) -> None:
        """Note this morning's prices of all venues, and give those of the first; an old batch gives none."""
        if not self.venues:
            _note(frozen(self.price), self.vaults.status, -1, self.memory, self.quotes)
        for k, venue in enumerate(self.venues):
            price = venue.view().price
            if venue is self.auction:
                price = frozen(np.where(venue.view().age < self.clock.hours, price, np.nan))
            _note(price, self.vaults.status, k, self.memory, self.quotes)

    @stage("observe")
    def report(self) -> None:
        """Reported prices move towards their source, by no more than the guard allows."""
        p, shocks = self.params, self.market.shocks
        self._listen()
        found = SOURCES[p.source](self)
        bias, follows = float(shocks["oracle_bias"]), min(1.0, max(0.0, shocks["oracle_stuck"]))
        least, most = self._bounds()
        _follow(
            found, self.vaults.status, bias, follows, least, most, float(self.clock.hours), p.stale_hours,
            self.price, self.target, self.age, self.stale,
        )  # fmt: skip

    @property
    def instant(self) -> bool:
        """Whether users read the pool at the moment of use, as a contract on a chain may: spot, without a guard."""
        return self.params.source == "spot" and not self.params.guard and self.market.shocks["oracle_stuck"] >= 1.0

    def now(self) -> Prices:
        """Prices at this moment: reports, or, where they are `instant`, what constant-product pools stand at."""
        if not self.instant or self.amm is None:
            return self.price
        pool, price = self.amm.pool[: self.price.size], self.price.copy()
        there = np.flatnonzero((pool != NONE) & (self.vaults.status == LIVE))
        balances = self.ledger.books.balances
        usd, fractions = balances[USD_ASSET, pool[there]], balances[self.vaults.fraction[there], pool[there]]
        price[there] = usd / fractions * self.market.shocks["oracle_bias"]
        return price

    @stage("record")
    def appraise(self) -> None:
        """Net asset values and appraisals are noted for tomorrow, where they are the source."""
        if self.params.source != "nav":
            return
        vaults, size = self.vaults, self.price.size
        reference = self.market.reference_nav
        self.appraisal[:] = np.nan if reference is None else reference()[:size]
        if self.nfts is None:
            return
        for v in np.flatnonzero((vaults.nft != NONE) & (vaults.status == LIVE)):
            whole = float(vaults.supply[v]) / TOKEN
            self.appraisal[v] = float(self.nfts.appraised(int(vaults.nft[v]))) / whole if whole > 0.0 else np.nan

    def view(self) -> OracleView:
        """What strategies see."""
        price, age, stale = self.aliases.of(self.price, self.age, self.stale)
        return OracleView(price, age, stale, self.params.source, self.window, self._bounds()[1], self.instant)

    def state(self) -> tuple[NDArray[Any], ...]:
        """Reports and what they are made from."""
        return self.price, self.target, self.age, self.memory, self.quotes, self.appraisal
