"""Lead-lag traders: bots that take the coin's moves for news which fractions of rigs have still to follow.

Most investors look at the market every few weeks, so prices of fractions follow the coin late. Such a bot remembers the
usual ratio of a price to the coin, x = ln p - beta ln(coin), as a mean that forgets, and takes the price at which the
ratio is usual for fair. It buys what has not risen yet and sells, of what it holds, what has not fallen yet, as far as
fees and its own margin leave a gain. Fractions are not lent, so falls are only traded by who has bought before.

Leads and lags among prices: [LoMacKinlay1990].
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.arbitrageurs import ArbitrageurColumns
from agents.base import Cohort, Strategy, Traits, trait
from agents.bot_orders import bid, bidding, optimal_purchase, optimal_sale
from agents.quotes import amount_out
from agents.rows import sell_coins, trade
from agents.sheet import CLICK, COIN, FEE, NAV, PRICE, RESERVE, RESERVE_USD, Seen
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.bitcoin import TradeCoins
from model.sheaf import Sheaf
from model.streams import u01
from model.units import TOKEN, USD
from model.view import MarketView


class LeadLagTraits(Traits):
    """What such a bot believes of prices and the coin."""

    coin_memory: Any = trait(
        {"uniform": {"low": 10.0, "high": 40.0}},
        "days",
        "memory of the usual ratio of a fraction's price to the coin; it watches a pool as long before it trades there",
        source="assumption; longer than prices take to follow, shorter than difficulty takes to lower incomes",
        low=1.0,
        high=3_650.0,
    )
    coin_elasticity: Any = trait(
        1.0,
        "1",
        "part of a move of the coin that a fraction's price makes in the end",
        source="docs/explanation/price_moves.md: about 1 after 40 days",
        low=0.0,
        high=10.0,
    )


class LeadLagColumns(Sheaf):
    """Traits by slot, float64[slot]."""

    coin_memory: Any
    coin_elasticity: Any


class Watched(Sheaf):
    """What bots remember of pools, float64[slot, vault]: days of the first and the last look, NaN for none, and the mean ratio."""

    first: Any
    last: Any
    usual: Any


@kernel
def _gap(slot: int, v: int, day: float, price: float, coin: float, own: LeadLagColumns, watched: Watched) -> float:
    """How far a price is below its usual ratio to the coin [log], 0 before that is known; today's ratio is learned after."""
    memory = own.coin_memory[slot]
    ratio = math.log(price) - own.coin_elasticity[slot] * math.log(coin)
    if math.isnan(watched.first[slot, v]):
        watched.first[slot, v] = watched.last[slot, v] = day
        watched.usual[slot, v] = ratio
        return 0.0
    since, watching = day - watched.last[slot, v], day - watched.first[slot, v]
    gap = watched.usual[slot, v] - ratio
    if watching > 0.0:
        watched.usual[slot, v] -= gap * max(since / watching, -math.expm1(-since / memory))
    watched.last[slot, v] = day
    return gap if watching >= memory else 0.0


@kernel
def _decide(
    slots: Any,
    account: Any,
    bot: ArbitrageurColumns,
    own: LeadLagColumns,
    balances: Any,
    seen: Seen,
    mines: Any,
    key: Any,
    day: float,
    days: float,
    watched: Watched,
    rows: Any,
    count: Any,
) -> None:
    """Fill rows of trades and of sales of coins; `count` gets how many of each.

    Args:
        mines: whether rigs earn for a fraction, by vault
        day, days: of the run, and length of the tick
    """
    trades, sales = rows
    fraction, facts, coin, click = seen.fraction, seen.facts, seen.scalars[COIN], seen.scalars[CLICK]
    n_trades = n_sales = 0
    for a in range(slots.size):
        slot = slots[a]
        who = account[slot]
        cash, worst, keep = balances[USD_ASSET, who] / USD, 1.0 - bot.slippage[slot], 1.0 - bot.margin[slot]
        least, widest = bot.least_profit[slot] + click, math.exp(bot.belief[slot])
        tries = bot.haste[slot] if days == 1.0 else 1.0 - (1.0 - bot.haste[slot]) ** days
        n_sales = sell_coins(sales, n_sales, who, balances[BTC_ASSET, who], coin, bot.harvest[slot])
        for v in range(fraction.size):
            price = facts[PRICE, v]
            if not mines[v] or fraction[v] < 0 or price <= 0.0 or coin <= 0.0:
                watched.first[slot, v] = math.nan
                continue
            fair = price * math.exp(_gap(slot, v, day, price, coin, own, watched))
            if fair == price or u01(key, slot, v) >= tries:
                continue
            usd, depth, fee, held = facts[RESERVE_USD, v], facts[RESERVE, v], facts[FEE, v], balances[fraction[v], who]
            ceiling = min(fair, widest * max(facts[NAV, v], 0.0)) * (1.0 - fee)
            paid = 0.0
            if ceiling * keep > 0.0:
                paid = min(
                    optimal_purchase(usd, depth, fee, ceiling * keep), bot.stake[slot] * cash, cash - 2.0 * click
                )
            if paid > 0.0:
                got = amount_out(paid, usd, depth, fee)
                gain = got * ceiling - paid
                if gain >= least:
                    n_trades = trade(trades, n_trades, who, v, BUY, int(paid * USD), int(got * TOKEN * worst))
                    bid(trades, n_trades - 1, bot.tip_share[slot] * (gain - click))
                    cash -= paid + click
            elif held > 0:
                sold = min(optimal_sale(usd, depth, fee, fair), held / TOKEN)
                got = amount_out(sold, depth, usd, fee) if sold > 0.0 else 0.0
                gain = got - sold * fair
                if gain >= least:
                    amount = min(int(sold * TOKEN), held)
                    n_trades = trade(trades, n_trades, who, v, SELL, amount, int(got * USD * worst))
                    bid(trades, n_trades - 1, bot.tip_share[slot] * (gain - click))
    count[0], count[1] = n_trades, n_sales


BATCHES = (Swap, TradeCoins)


class LeadLag(Strategy):
    """Buys fractions of rigs that have not yet followed a rise of the coin, and sells them where they have not yet fallen.

    Attributes:
        watched: what each bot remembers of each pool
    """

    serves = "arbitrageur"
    name = "lead_lag"
    needs = ("vaults", "bitcoin")
    Traits = LeadLagTraits

    def open(self) -> None:
        """Nothing is remembered yet."""
        self.sheet = sheet_of(self.population.market)
        self.watched = Watched(*np.full((3, 0, 0), math.nan))

    def state(self) -> Iterable[NDArray[Any]]:
        """What the bots remember."""
        return self.watched.first, self.watched.last, self.watched.usual

    def _reserve(self, slots: int, vaults: int) -> None:
        had = self.watched.usual.shape
        if slots > had[0] or vaults > had[1]:
            room = (0, max(0, slots - had[0])), (0, max(0, vaults - had[1]))
            self.watched = Watched(*(np.pad(part, room, constant_values=math.nan) for part in self.state()))

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Trades, and sales of income coins."""
        population, n = self.population, len(cohort)
        sheet = self.sheet.look()
        size = sheet.fraction.size
        self._reserve(population.size, size)
        vaults = market.vaults
        matrices = [
            np.empty((most, action.width), np.int64) for most, action in zip((n * size, n), BATCHES, strict=True)
        ]
        count = np.empty(2, np.int64)
        _decide(
            cohort.slots,
            population.account,
            population.columns.of(ArbitrageurColumns),
            population.columns.of(LeadLagColumns),
            market.balances,
            sheet.seen,
            vaults.th_per_fraction + vaults.th_coming > 0.0,
            market.key("haste", population.table.kind),
            market.tick * market.dt_days,
            market.dt_days,
            self.watched,
            tuple(matrices),
            count,
        )
        trades, sales = count.tolist()
        yield from bidding(sheet.venues.route(matrices[0], trades), market)
        if sales:
            yield TradeCoins.of_rows(matrices[1][:sales])
