"""Counter-bidders: funds that watch buy-outs and take the other side of those below value.

Under NIFTEX v1 only holders may counter, so they keep a few fractions of every vault.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Traits, trait
from agents.possessions import goods_of, has_goods, sold_out
from agents.sheet import CLICK, FEE, NAV, PRICE, RESERVE, RESERVE_USD, Seen
from agents.standing_bids import taken_back
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle, Row
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import COUNTERED, BidBuyout, CounterBuyout, Phase
from model.sheaf import Sheaf
from model.units import TOKEN, USD
from model.view import MarketView

NOTHING, AUCTION, BIDDING = int(Phase.NONE), int(Phase.AUCTION), int(Phase.BIDDING)
MOST = 2.0**62  # base units


class CounterBidderTraits(Traits):
    """Traits of all counter-bidders."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=9e9)
    attention: Any = trait(0.9, "1/day", "chance to look at buy-outs", low=0.0, high=1.0)
    foothold: Any = trait(20.0, "USD", "worth of fractions that he keeps of every vault", low=0.0, high=1e9)
    margin: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}}, "1", "below value at which he pays", low=0.0, high=1.0
    )
    part: Any = trait(0.5, "1", "most of his cash in one buy-out", low=0.0, high=1.0)
    impact: Any = trait(0.05, "1", "most by which a sale may move the price", low=1e-6, high=0.9)
    harvest: Any = trait(50.0, "USD", "coins worth this much are sold", low=0.0, high=1e9)


class CounterBidder(MarketAgent):
    """A fund that buys what raiders offer too little for."""

    kind = "counter_bidder"
    strategy = "counter"
    Traits = CounterBidderTraits
    reacts = False

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """He reads the contracts themselves, whatever becomes of the interface."""
        return 1.0


class Stakes(Sheaf):
    """Traits of counter-bidders by slot."""

    foothold: Any
    margin: Any
    part: Any
    impact: Any
    harvest: Any


@kernel
def answer(
    slots: Any, account: Any, own: Stakes, balances: Any, goods: Any, seen: Seen, live: Any, buyouts: Any,
    busy: Any, rows: Any,
) -> Any:  # fmt: skip
    """Who has something to sell that was won, and rows of trades, of counters and of bids, agent by agent.

    Args:
        goods: see `agents.possessions.goods_of`
        live: vaults in circulation
        buyouts: phase, price, need, opener and supply by vault, see `BuyoutsView`
        busy: out, their slots
        rows: out, of trades as venues route them, of `CounterBuyout` and of `BidBuyout`

    Returns:
        how many of each
    """
    coin, owner, registered = goods
    phase, price, need, opener, supply = buyouts
    trades, counters, bids = rows
    fraction, facts, click = seen.fraction, seen.facts, seen.scalars[CLICK]
    n_busy = n_trades = n_counters = n_bids = 0
    for slot in slots:
        who, foothold, margin, impact = account[slot], own.foothold[slot], own.margin[slot], own.impact[slot]
        if has_goods(balances, who, own.harvest[slot], coin, owner, registered):
            busy[n_busy] = slot
            n_busy += 1
        dollars = balances[USD_ASSET, who]
        cash = dollars - np.int64(math.ceil(click * USD))
        for v in range(live.size):
            if not live[v]:
                continue
            held, quote, value = balances[fraction[v], who], facts[PRICE, v], facts[NAV, v]
            if phase[v] == NOTHING:
                # the foothold, if it is missing; above it, what the market pays the value for
                depth, usd = facts[RESERVE, v], facts[RESERVE_USD, v]
                if quote <= 0.0 or depth <= 0.0:
                    continue
                side, amount = BUY, np.int64(0)
                if held == 0 and 0.0 < foothold * USD <= cash and foothold <= usd * impact:
                    amount = np.int64(foothold * USD)
                elif quote * (1.0 - facts[FEE, v]) >= value * (1.0 - margin / 2.0) > 0.0:
                    side, kept = SELL, np.int64(min(foothold / quote * TOKEN, MOST))
                    amount = min(held - kept, np.int64(depth * impact / 2.0 * TOKEN))
                if amount > 0:
                    row = trades[n_trades]
                    row[:] = 0
                    row[0], row[1], row[2], row[3], row[4] = who, v, side, amount, 1
                    n_trades += 1
                continue
            most, worth = min(np.int64(own.part[slot] * (dollars / USD) * USD), cash), value * (1.0 - margin)
            if phase[v] in COUNTERED:
                pays = min(most, need[v])
                if price[v] < worth and pays > 0 and opener[v] != who:
                    row = counters[n_counters]
                    row[0], row[1], row[2], row[3], row[4] = who, v, pays, 0, 0
                    n_counters, cash = n_counters + 1, cash - pays
            elif phase[v] == AUCTION or phase[v] == BIDDING:
                whole = worth * float(supply[v]) / TOKEN * USD
                if need[v] <= cash and need[v] <= whole and opener[v] != who:
                    row = bids[n_bids]
                    row[0], row[1], row[2], row[3], row[4] = who, v, need[v], 0, 0
                    n_bids, cash = n_bids + 1, cash - need[v]
    return n_busy, n_trades, n_counters, n_bids


class Counter(PerAgentStrategy):
    """Pays for fractions in escrow, or outbids, where the price is below value by his margin."""

    serves = "counter_bidder"
    name = "counter"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Sell what was won; then answer buy-outs, and keep the footholds."""
        if not market.has("buyouts"):
            return
        population, seen, live = self.population, market.buyouts, market.vaults.live
        yield from taken_back(seen, cohort.account)
        sheet, most = sheet_of(population.market).look(), len(cohort) * live.size
        open_ones = len(cohort) * seen.n_open
        busy, trades = np.empty(len(cohort), np.int64), np.empty((most, 7), np.int64)
        rows = trades, *np.empty((2, open_ones, 5), np.int64)
        n_busy, n_trades, *found = answer(
            cohort.slots, population.account, population.columns.of(Stakes), market.balances, market.once(goods_of),
            sheet.seen, live, (seen.phase, seen.price, seen.need, seen.opener, seen.supply), busy, rows,
        )  # fmt: skip
        if n_busy:
            yield from super().decide(Cohort(population, busy[:n_busy], cohort.receipts), market)
        if n_trades:
            yield from sheet.venues.route(trades, n_trades)
        for action, matrix, n in zip((CounterBuyout, BidBuyout), rows[1:], found, strict=True):
            if n:
                yield action.of_rows(matrix[:n])

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row | Action]:
        """Sell what was won."""
        yield from sold_out(agent, market)
