"""Arbitrageurs: bots that look every tick and trade until prices differ by no more than costs.

Three gaps are closed. Redemption in kind: buy fractions below the resale value of their TH, redeem them on the same day
(redemptions are settled after swaps), sell the rigs on the next. Offerings: subscribe below what pools pay for equal
income, sell when the pool opens. Pools among themselves: fractions of equal income should cost the same, so buy where
price over NAV is below the median of all pools by more than costs, and sell what is held where it is above. A median
that is itself further from 1 than a bot believes is no measure of what is fair: it counts as that far.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, Strategy, Traits, trait
from agents.bot_orders import bid, bidding, optimal_purchase, optimal_sale
from agents.quotes import amount_out
from agents.rows import claim, put_three, put_two, sell_coins, trade
from agents.sheet import (
    CLAIM,
    CLICK,
    COIN,
    FEE,
    LIFE,
    NAV,
    OFFER,
    OFFER_LEFT,
    PRICE,
    RESERVE,
    RESERVE_USD,
    SALVAGE,
    Seen,
)
from agents.valuation import weighted_median
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.offerings import Subscribe
from model.mechanisms.rigs import SellRigs
from model.mechanisms.vaults import Redeem
from model.sheaf import Sheaf
from model.streams import u01
from model.units import TOKEN, USD
from model.view import MarketView, frozen


class ArbitrageurTraits(Traits):
    """Columns drawn once for each arbitrageur."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 0.7}}, "USD", "own capital", low=1.0, high=1e9)
    attention: Any = trait(1.0, "1/day", "bots look at every tick", low=0.0, high=1.0)
    margin: Any = trait(
        {"uniform": {"low": 0.01, "high": 0.05}},
        "1",
        "gap left after costs below which a bot does nothing",
        source="assumption; covers inventory risk and redemption debts",
        low=0.0,
        high=10.0,
    )
    least_profit: Any = trait(1.0, "USD", "least profit of one trade", low=0.0, high=1e6)
    haste: Any = trait(
        0.1,
        "1/day",
        "probability to be among those who try a given gap on a day",
        source="assumption; about 1 over the number of bots",
        low=0.0,
        high=1.0,
    )
    belief: Any = trait(
        0.7,
        "log",
        "widest gap between price and value, of one pool or of all, that a bot takes for real; of wider ones it trades that much",
        source="assumption; a factor of 2 in one's favour is more often an error of one's own",
        low=0.0,
        high=10.0,
    )
    stake: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.20}}, "1", "part of cash put into one gap at once", low=0.0, high=1.0
    )
    slippage: Any = trait(0.005, "1", "worst price accepted against the quote", low=0.0, high=1.0)
    harvest: Any = trait(50.0, "USD", "income coins worth this much are sold", low=0.0, high=1e9)
    tip_share: Any = trait(
        0.3,
        "1",
        "part of a trade's expected gain bid for an early place, where fees order the day",
        source="assumption; priority gas auctions take a growing part of the gain, Daian et al. 2020",
        low=0.0,
        high=1.0,
    )


class ArbitrageurColumns(Sheaf):
    """Traits by slot, float64[slot]."""

    margin: Any
    least_profit: Any
    haste: Any
    belief: Any
    stake: Any
    slippage: Any
    harvest: Any
    tip_share: Any


@kernel
def _decide(
    slots: Any,
    account: Any,
    own: ArbitrageurColumns,
    balances: Any,
    seen: Seen,
    key: Any,
    days: float,
    in_kind: bool,
    here: Any,
    coming: Any,
    registered: Any,
    rows: Any,
    count: Any,
    ratio: Any,
    weight: Any,
) -> None:
    """Fill rows of trades, subscriptions, sales of coins, redemptions and sales of rigs; `count` gets how many of each.

    Args:
        days: length of the tick
        in_kind: whether fractions are redeemed for rigs; here, coming: TH of a fraction, and of those on order, by vault
        registered: GH/s by account
        ratio, weight: work space, a number by vault
    """
    trades, offers, sales, claims, rigs = rows
    fraction, facts, coin, click = seen.fraction, seen.facts, seen.scalars[COIN], seen.scalars[CLICK]
    n_trades = n_offers = n_sales = n_claims = n_rigs = 0
    n = 0
    for v in range(fraction.size):
        if facts[PRICE, v] > 0.0 and facts[NAV, v] > 0.0:
            ratio[n], weight[n] = facts[PRICE, v] / facts[NAV, v], 1.0
            n += 1
    level = weighted_median(ratio, weight, n) if n > 2 else 0.0
    for a in range(slots.size):
        slot = slots[a]
        who = account[slot]
        cash, worst, keep = balances[USD_ASSET, who] / USD, 1.0 - own.slippage[slot], 1.0 - own.margin[slot]
        widest = math.exp(own.belief[slot])
        usual = min(max(level, 1.0 / widest), widest) if level > 0.0 else 0.0
        tries = own.haste[slot] if days == 1.0 else 1.0 - (1.0 - own.haste[slot]) ** days
        n_sales = sell_coins(sales, n_sales, who, balances[BTC_ASSET, who], coin, own.harvest[slot])
        if who < registered.size and registered[who] > 0:
            n_rigs = put_two(rigs, n_rigs, who, registered[who], 1)
        for v in range(fraction.size):
            if fraction[v] < 0:
                continue
            held, fair, fee = balances[fraction[v], who], usual * facts[NAV, v], facts[FEE, v]
            if facts[PRICE, v] > 0.0:
                fair = min(fair, facts[PRICE, v] * widest)
            if facts[CLAIM, v] > 0.0:
                if held > 0:
                    n_claims = claim(claims, n_claims, who, v, held)
                continue
            offer = facts[OFFER, v]
            if offer > 0.0 and facts[OFFER_LEFT, v] > 0.0 and fair * (1.0 - fee) * keep > offer:
                spend = min(own.stake[slot] * cash, facts[OFFER_LEFT, v] * offer)
                if spend * (fair * (1.0 - fee) / offer - 1.0) >= own.least_profit[slot] + click:
                    limit = min(fair * (1.0 - fee) * keep, offer * (1.0 + own.slippage[slot]))
                    wanted = int(spend / offer * TOKEN)
                    n_offers = put_three(offers, n_offers, who, v, wanted, int(limit * USD + 0.5))
                    cash -= spend + click
            usd, depth = facts[RESERVE_USD, v], facts[RESERVE, v]
            if facts[PRICE, v] <= 0.0 or usd <= 0.0 or cash < click or u01(key, slot, v) >= tries:
                continue
            redeem = 0.0
            if in_kind and facts[LIFE, v] > 0.0 and here[v] > 0.0:  # an NFT stays whole, rigs on order cannot be had
                redeem = facts[SALVAGE, v] * keep * here[v] / (here[v] + coming[v])
            worth = max(redeem, fair * (1.0 - fee) * keep)
            paid = 0.0
            if worth > 0.0:
                paid = min(optimal_purchase(usd, depth, fee, worth), own.stake[slot] * cash, cash - 2.0 * click)
            if paid > 0.0:
                got = amount_out(paid, usd, depth, fee)
                if got * worth / keep - paid >= own.least_profit[slot] + click:
                    least = int(got * TOKEN * worst)
                    n_trades = trade(trades, n_trades, who, v, BUY, int(paid * USD), least)
                    bid(trades, n_trades - 1, own.tip_share[slot] * max(0.0, got * worth / keep - paid - click))
                    if redeem >= worth and least > 0:
                        n_claims = claim(claims, n_claims, who, v, least + held)
                    cash -= paid + click
            elif held > 0:
                believed = max(fair, facts[PRICE, v] / widest)
                floor = max(redeem, believed) if fair > 0.0 else facts[PRICE, v] * keep
                sold = min(optimal_sale(usd, depth, fee, floor), held / TOKEN)
                if sold * facts[PRICE, v] >= own.least_profit[slot] + click:
                    got = amount_out(sold, depth, usd, fee)
                    amount = min(int(sold * TOKEN), held)
                    n_trades = trade(trades, n_trades, who, v, SELL, amount, int(got * USD * worst))
                    bid(trades, n_trades - 1, own.tip_share[slot] * max(0.0, got - sold * floor - click))
    count[0], count[1], count[2], count[3], count[4] = n_trades, n_offers, n_sales, n_claims, n_rigs


class Arbitrageur(MarketAgent):
    """A bot with own capital that trades price gaps away."""

    kind = "arbitrageur"
    strategy = "close_gaps"
    Traits = ArbitrageurTraits
    reacts = False  # bots do what they were made for


BATCHES = (Swap, Subscribe, TradeCoins, Redeem, SellRigs)


class CloseGaps(Strategy):
    """Trades redemption, offerings and pools against one another until the gaps are as wide as costs."""

    serves = "arbitrageur"
    name = "close_gaps"
    claims = True

    def open(self) -> None:
        """Where nothing is redeemed there are no rigs to sell."""
        self.no_rigs, self.no_th = frozen(np.zeros(0, np.int64)), frozen(np.zeros(0))

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Swaps, subscriptions, sales of coins and rigs, and redemptions."""
        population, n = self.population, len(cohort)
        sheet = sheet_of(population.market).look()
        size = sheet.fraction.size
        in_kind = market.has("vaults") and market.vaults.redemption == "in_kind"
        rows = (n * size, n * size, n, n * size, n)
        matrices = [np.empty((most, action.width), np.int64) for most, action in zip(rows, BATCHES, strict=True)]
        count = np.empty(5, np.int64)
        _decide(
            cohort.slots,
            population.account,
            population.columns.of(ArbitrageurColumns),
            market.balances,
            sheet.seen,
            market.key("haste", population.table.kind),
            market.dt_days,
            in_kind,
            market.vaults.th_per_fraction if in_kind else self.no_th,
            market.vaults.th_coming if in_kind else self.no_th,
            market.rigs.registered if in_kind else self.no_rigs,
            tuple(matrices),
            count,
            np.empty(size),
            np.empty(size),
        )
        for action, matrix, found in zip(BATCHES, matrices, count.tolist(), strict=True):
            if action is Swap:
                yield from bidding(sheet.venues.route(matrix, found), market)
            elif found:
                yield action.of_rows(matrix[:found])
