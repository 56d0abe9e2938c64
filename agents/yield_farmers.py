"""Yield farmers: mercenaries who go where the reward is and sell it at once, and the loyal who stake for points.

What a farm pays is judged after one's own money has come, for everybody shares the same emission:

    apr = 365 reward / (staked + own) + what the stake earns besides - (cost of entry and exit, transactions) / stay.

A mercenary leaves when what he gets falls below his hurdle, or when another farm is better by what moving costs. He sells
what he harvests on the same day, so that an emission presses on its own price. Fractions that come back from a pool he
sells, or puts into the pool that he enters next; coins that stakes have earned he sells.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, Strategy, Traits, trait
from agents.farm_figures import (
    AMM,
    CLICKS,
    DEPTH,
    DOLLARS,
    ENTERED,
    ENTRY,
    FRACTION,
    MORE,
    PAID,
    PEG,
    PEG_SHARE,
    POOL_PRICE,
    REWARD,
    TOKEN_ITSELF,
    TOKENS,
    UNIT,
    figures_of,
    pools_of,
    stakes_of,
)
from agents.farm_orders import (
    ALL,
    COINS,
    HARVEST,
    MOST_TO_ENTER,
    STAKE,
    UNSTAKE,
    WIDTH,
    Quotes,
    batches,
    dispose,
    enter,
    put,
    quotes_of,
    sell_token,
)
from agents.farming import GOLDEN
from agents.sheet import CLICK, COIN, Seen
from agents.vault_sheet import sheet_of
from model.actions import SELL, Action, Bundle
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.farms import Stakes, waits_for
from model.sheaf import Sheaf
from model.streams import u01
from model.units import BTC, DAYS_PER_YEAR, TOKEN, USD
from model.view import MarketView

NEVER = -math.inf
WEEK = 7  # days
LARGEST_LOT = 100_000  # rows of orders written at once


class FarmerTraits(Traits):
    """Columns drawn once for each yield farmer."""

    cash: Any = trait(
        {"lognormal": {"median": 5_000.0, "sigma": 1.2}},
        "USD",
        "wealth at the start",
        source="assumption",
        low=1.0,
        high=1e9,
    )
    attention: Any = trait(
        {"uniform": {"low": 0.2, "high": 0.8}}, "1/day", "probability to look at farms on a day", low=0.0, high=1.0
    )
    hurdle: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}}, "1/year", "least return after costs", low=-1.0, high=100.0
    )
    margin: Any = trait(0.5, "1", "part by which another farm must pay more than his own", low=0.0, high=100.0)
    sees: Any = trait(
        0.3, "1", "part of all farms that he looks at when awake; or all would go to the same", low=0.0, high=1.0
    )
    stay: Any = trait(
        {"uniform": {"low": 10.0, "high": 60.0}},
        "days",
        "time over which costs are spread",
        source="assumption",
        low=0.1,
        high=3_650.0,
    )
    commitment: Any = trait(
        {"uniform": {"low": 0.3, "high": 0.9}}, "1", "part of cash put into one farm at once", low=0.0, high=1.0
    )
    largest_share: Any = trait(
        0.03, "1", "purchase at once over the dollars of the pool it is made in", low=0.0, high=10.0
    )
    slippage: Any = trait(0.05, "1", "worst outcome accepted against the quote", low=0.0, high=0.99)
    smallest: Any = trait(20.0, "USD", "smallest purchase", low=0.01, high=1e6)


class YieldFarmer(MarketAgent):
    """Somebody who stakes for rewards."""

    kind = "yield_farmer"
    strategy = "mercenary"
    Traits = FarmerTraits


class Wishes(Sheaf):
    """Traits of all mercenaries, float64[slot]."""

    hurdle: Any
    margin: Any
    sees: Any
    stay: Any
    commitment: Any
    largest_share: Any
    slippage: Any
    smallest: Any


@kernel
def _choose(
    first: int, end: int, slots: Any, account: Any, alert: Any, wishes: Wishes, key: Any, day: int, balances: Any,
    sheet: Seen, index: Any, settled: Any, token: int, peg: int, farms: Stakes, figures: Any, quotes: Quotes, space: Any,
    rows: Any,
) -> int:  # fmt: skip
    """Harvests and sales, exits, purchases and stakes of some of the awake, one after another.

    Args:
        first, end: places in `slots`
        alert: set for those who leave a farm: what comes back is sold in the morning
        key: of the draws that say which farms each looks at
        day: of the run
        index, settled: of income lines, see `model.books`
        token, peg: assets
        figures: of all farms, see `agents.farm_figures`
        space: work space for a number of each asset, two of each farm, and a mark of each farm
        rows: out, orders, see `agents.farm_orders`

    Returns:
        rows
    """
    fraction, click, coin = sheet.fraction, sheet.scalars[CLICK], sheet.scalars[COIN]
    seen, paying, own, left = space
    n, n_paying, size = 0, 0, farms.kind.size
    price = quotes.pools[REWARD, POOL_PRICE]
    seen[:] = -1
    for f in range(size):
        if farms.kind[f] in ENTERED and farms.open[f] > 0 and figures[UNIT, f] > 0.0 and figures[PAID, f] > 0.0:
            paying[n_paying] = f
            n_paying += 1
    for i in range(first, end):
        slot = slots[i]
        who, slippage, hurdle = account[slot], wishes.slippage[slot], wishes.hurdle[slot]
        # the farm that pays him most after costs, once his own money has come
        money = wishes.commitment[slot] * max(balances[USD_ASSET, who] / USD - CLICKS * click, 0.0)
        luck = 1.0 + u01(key, slot, 0) * size
        best, most, sum_best = -1, NEVER, 0.0
        for k in range(n_paying):
            f = paying[k]
            spread = (f + 1) * GOLDEN * luck
            if not spread - math.floor(spread) < wishes.sees[slot]:
                continue
            sum_f = figures[DEPTH, f] * wishes.largest_share[slot]
            sum_f = money if sum_f > money else sum_f
            if not sum_f >= wishes.smallest[slot]:
                continue
            cost = figures[ENTRY, f] * 2.0 + CLICKS * click / max(sum_f, 1e-9)
            rate = figures[PAID, f] / max(farms.staked_usd[f] + sum_f, 1.0) + figures[MORE, f]
            net = rate - cost * DAYS_PER_YEAR / wishes.stay[slot]
            if net > most:
                best, most, sum_best = f, net, sum_f
        floor = hurdle
        if best >= 0 and most >= hurdle:
            floor = max(hurdle, most / (1.0 + wishes.margin[slot]))
        else:
            best = -1
        # leave what pays less than that, harvest the rest
        tokens, holds_token, holds_peg, n_own = balances[token, who], False, False, 0
        for f in range(size):
            staked = balances[farms.claim[f], who] if farms.claim[f] >= 0 else 0
            if staked <= 0:
                continue
            own[n_own], n_own = f, n_own + 1
            pays = NEVER
            if figures[PAID, f] > 0.0:
                pays = figures[PAID, f] / max(farms.staked_usd[f], 1.0) + figures[MORE, f]
            left[f] = pays < floor and f != best and figures[UNIT, f] * staked > click
            if farms.pays[f] == TOKENS:
                waits = waits_for(index, settled, farms.line[f], who, staked)
                if left[f]:
                    tokens += waits  # paid with the stake
                elif waits / TOKEN * price > 2.0 * click:
                    n = put(rows, n, HARVEST, who, f, 0, 0, 0)
                    tokens += waits
            elif farms.pays[f] == DOLLARS and not left[f] and (day + who) % WEEK == 0:
                n = put(rows, n, HARVEST, who, f, 0, 0, 0)
            if not left[f]:
                holds_token |= farms.kind[f] == TOKEN_ITSELF
                holds_peg |= farms.kind[f] == PEG_SHARE
        for k in range(n_own):
            f = own[k]
            if left[f]:
                staked = balances[farms.claim[f], who]
                n = put(rows, n, UNSTAKE, who, f, staked, 0, 0)
                n = dispose(rows, n, quotes, slippage, who, farms.kind[f], farms.vault[f], staked, True)
                alert[slot] = True
        if best >= 0:
            v = farms.vault[best]
            idle = balances[fraction[v], who] if farms.kind[best] == AMM else 0
            n = enter(
                rows, n, quotes, slippage, who, best, farms.kind[best], v, np.int64(sum_best * USD), idle
            )  # fmt: skip
            holds_token |= farms.kind[best] == TOKEN_ITSELF
            holds_peg |= farms.kind[best] == PEG_SHARE
        # sell tokens first of all, stake what is at hand for farms that he keeps, and sell all else that farms take
        if not holds_token and tokens / TOKEN * price > 2.0 * click:
            n = sell_token(rows, n, quotes, slippage, who, REWARD, tokens)
        if peg >= 0 and not holds_peg and balances[peg, who] > 0:
            n = sell_token(rows, n, quotes, slippage, who, PEG, balances[peg, who])
        if balances[BTC_ASSET, who] / BTC * coin > 2.0 * click:
            n = put(rows, n, COINS, who, SELL, balances[BTC_ASSET, who], 0, 0)
        seen[token] = i
        if best >= 0:
            seen[farms.asset[best]] = i
            if farms.kind[best] == AMM:
                seen[fraction[farms.vault[best]]] = i
        for k in range(n_own):
            f = own[k]
            if not left[f]:
                asset = farms.asset[f]
                if seen[asset] != i and balances[asset, who] > 0:
                    n = put(rows, n, STAKE, who, f, ALL, 0, 0)
                seen[asset] = i
        for f in range(size):
            asset = farms.asset[f]
            if asset >= 0 and seen[asset] != i:
                seen[asset] = i
                held = balances[asset, who]
                if held > 0:
                    n = dispose(rows, n, quotes, slippage, who, farms.kind[f], farms.vault[f], held, False)
            v = farms.vault[f]
            if asset >= 0 and farms.kind[f] == AMM and seen[fraction[v]] != i:
                seen[fraction[v]] = i
                held = balances[fraction[v], who]
                if held / USD * quotes.venue[0, v] > 2.0 * click:
                    n = dispose(rows, n, quotes, slippage, who, FRACTION, v, held, False)
    return n


class Mercenary(Strategy):
    """Goes to the farm that pays him most after costs, harvests and sells at once, and leaves when it pays too little."""

    serves = "yield_farmer"
    name = "mercenary"

    def open(self) -> None:
        """Room for orders, and work space, as needed."""
        self.rows = np.empty((0, WIDTH), np.int64)
        self.space: tuple[NDArray[Any], ...] = (np.empty(0, np.int64), np.empty(0, np.bool_))

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Harvests and sales, exits, purchases and stakes."""
        if not market.has("farms"):
            return
        sheet, farms, population = sheet_of(self.population.market).look(), market.farms, self.population
        wishes = population.columns.of(Wishes)
        figures = figures_of(market, sheet.venues.figures)
        quotes = quotes_of(sheet.venues.figures, pools_of(market), float(farms.fee))
        each = 5 * farms.n + MOST_TO_ENTER + 3
        lot = max(1, LARGEST_LOT // each)
        if self.rows.shape[0] < min(lot, len(cohort)) * each:
            self.rows = np.empty((min(lot, len(cohort)) * each, WIDTH), np.int64)
        if self.space[0].size != market.balances.shape[0] or self.space[-1].size != farms.n:
            self.space = (
                np.empty(market.balances.shape[0], np.int64), *np.empty((2, farms.n), np.int64), np.empty(farms.n, np.bool_)
            )  # fmt: skip
        for first in range(0, len(cohort), lot):
            n = _choose(
                first, min(first + lot, len(cohort)), cohort.slots, population.account, population.alert, wishes,
                market.key("farms looked at", population.table.kind), market.day, market.balances,
                sheet.seen, farms.line_index, farms.settled, farms.token, farms.peg, stakes_of(market), figures, quotes,
                self.space, self.rows,
            )  # fmt: skip
            yield from batches(self.rows[:n], sheet.venues)
