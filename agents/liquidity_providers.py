"""Liquidity providers: enter pools whose measured return beats their hurdle, leave those that fall below it.

The measured return is the pool's running mean of fees and income passed through, minus the loss against holding the
same balances without their income. Against it stand, spread over the time that a provider means to stay, the fee and the
slippage of a purchase now and a sale later, and what fractions cost above the net asset value of a typical investor: he
reckons that prices come back to it, and with no gain where they lie below. To enter, he buys fractions for the pool's
weight of the sum, half of it in a constant product, and deposits them with the rest on the same day: swaps are settled
before deposits, so no bundle is needed, and a deposit whose purchase failed is refused for lack of funds. Who leaves
sells the fractions he gets back from the next day on, unless they cost less than they are worth.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from agents import social
from agents.base import Cohort, MarketAgent, Population, Strategy
from agents.farming import tend, yields
from agents.provider_traits import ProviderColumns, ProviderTraits
from agents.quotes import amount_out
from agents.rows import claim, put_four, put_three, sell_coins, trade
from agents.sheet import CLAIM, COIN, NAV, Seen
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle
from model.jit import helper, kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity, Swap
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.vaults import Redeem
from model.mechanisms.weighted import AddWeighted, RemoveWeighted
from model.streams import u01
from model.units import DAYS_PER_YEAR, TOKEN, USD
from model.view import MarketView, frozen


@helper("float64(float64, float64, float64, float64, float64, float64)")
def largest_deposit(usd, fractions, weight, held, share, slippage):
    """Most to deposit at once [USD]: a share of the pool's value, and bought with no more slippage than accepted.

    min(h U / (2 w (1 - w)), (H + s F / 2) U / (F w)): buying q of F fractions raises the price by about 2 q / F.

    Args:
        usd, fractions: balances U [USD] and F of the constant product that the pool equals
        weight: of fractions, w [1]
        held: fractions that need not be bought, H
        share: deposit over the pool's value, at most, h [1]
        slippage: rise of the price accepted, s [1]

    >>> round(largest_deposit(10_000.0, 1_000.0, 0.5, 0.0, 0.04, 0.03), 6)
    300.0
    """
    by_share = 0.5 * usd * share / (weight * (1.0 - weight))
    return min(by_share, (held + 0.5 * slippage * fractions) * usd / fractions / weight)


class Pools(NamedTuple):
    """Pools of one kind, by vault.

    Attributes:
        share, shares: asset of their shares, and how many there are [base units]
        lp_return: what a dollar in them earns [per day]
        price, reserve_usd, reserve_fraction: of a fraction [USD], and balances [base units]
        fee, weight: of all of them; of the value the part that is fractions [1]
    """

    share: Any
    shares: Any
    lp_return: Any
    price: Any
    reserve_usd: Any
    reserve_fraction: Any
    fee: float
    weight: float


@kernel
def _decide(
    slots: Any, account: Any, alert: Any, own: ProviderColumns, balances: Any, seen: Seen, pools: Pools, first: bool,
    key: Any, idle: Any, rows: Any, unsuited: Any, count: Any,
) -> None:  # fmt: skip
    """Fill rows of trades, deposits, withdrawals, sales of coins, and claims; `count` gets how many of each.

    `first` of several kinds of pools is the one with which all is done that concerns no pool.
    `idle` has the fractions of which nothing is decided yet [base units], by vault and place in `slots`; those put in or
    sold are taken from it, for pools of several kinds are looked at one after the other.
    `unsuited` gets, by vault and place in `slots`, whether a pool earns less than keeps one in it.
    """
    trades, deposits, exits, sales, claims = rows
    fraction, facts, coin = seen.fraction, seen.facts, seen.scalars[COIN]
    share, shares, lp_return, price, reserve_usd, reserve_fraction, fee, weight = pools
    n_trades = n_deposits = n_exits = n_sales = n_claims = 0
    for a in range(slots.size):
        slot = slots[a]
        who = account[slot]
        cash, worst = balances[USD_ASSET, who] / USD, 1.0 - own.slippage[slot]
        if first:
            n_sales = sell_coins(sales, n_sales, who, balances[BTC_ASSET, who], coin, own.harvest[slot])
        least = own.hurdle[slot] - own.hysteresis[slot]
        for v in range(lp_return.size):
            unsuited[v, a] = lp_return[v] * DAYS_PER_YEAR < least
        best, best_return = -1, own.hurdle[slot]
        for j in range(int(own.considered[slot])):
            v = int(u01(key, slot, j) * fraction.size)
            if price[v] <= 0.0 or reserve_fraction[v] <= 0:
                continue
            usd, depth, has = reserve_usd[v] / USD, reserve_fraction[v] / TOKEN, idle[v, a] / TOKEN
            most = largest_deposit(usd, depth, weight, has, own.largest_share[slot], own.slippage[slot])
            short = max(0.0, weight * min(most, own.commitment[slot] * cash) / price[v] - has)
            dear = max(0.0, 1.0 - max(0.0, facts[NAV, v]) / price[v])
            cost = weight * (2.0 * (fee + short / depth) + dear)
            earned = lp_return[v] * DAYS_PER_YEAR - cost / own.stay[slot]
            if earned > best_return:
                best, best_return = v, earned
        for v in range(fraction.size):
            if fraction[v] < 0:
                continue
            held = idle[v, a]
            if first and facts[CLAIM, v] > 0.0 and held > 0:
                n_claims = claim(claims, n_claims, who, v, held)
            if share[v] < 0:
                continue
            earns = lp_return[v] * DAYS_PER_YEAR >= least and facts[CLAIM, v] == 0.0
            mine = balances[share[v], who]
            if mine > 0 and not earns:
                back = 0.5 * (reserve_usd[v] / USD) / weight * mine / max(shares[v], 1)
                n_exits = put_three(exits, n_exits, who, v, mine, int(back * USD * worst))
                alert[slot] = True
            fair = price[v] * (1.0 - fee) >= facts[NAV, v]
            if first and held > 0 and not earns and fair and v != best and price[v] > 0.0:
                depth, part = reserve_fraction[v] / TOKEN, held / TOKEN
                amount = min(part, depth * 0.5 * own.slippage[slot])
                if amount * price[v] >= own.smallest[slot] or amount == part:
                    least_usd = int(amount_out(amount, depth, reserve_usd[v] / USD, fee) * USD * worst)
                    sold = min(int(amount * TOKEN), held)
                    n_trades = trade(trades, n_trades, who, v, SELL, sold, least_usd)
                    idle[v, a] -= sold
                    alert[slot] = alert[slot] or amount < part
        if best < 0:
            continue
        v = best
        usd, depth = reserve_usd[v] / USD, reserve_fraction[v] / TOKEN
        own_usd, own_fractions = 0.5 * usd / weight, 0.5 * depth / (1.0 - weight)
        eager = min(1.0, (best_return - own.hurdle[slot]) / own.appetite[slot])
        has = idle[v, a] / TOKEN
        most = largest_deposit(usd, depth, weight, has, own.largest_share[slot], own.slippage[slot])
        put_in = min(own.commitment[slot] * cash * eager, most)
        if put_in < own.smallest[slot]:
            continue
        wanted = weight * put_in / price[v]
        short = max(0.0, wanted - has)
        paid = usd * short / (depth - short) / (1.0 - fee)
        if short > 0.0:
            n_trades = trade(trades, n_trades, who, v, BUY, int(paid * USD), int(short * TOKEN * worst))
        put = min((1.0 - weight) * put_in, cash - paid)
        if put <= 0.0:
            continue
        brought = int((min(has, wanted) + short * worst) * TOKEN)
        least_shares = int(shares[v] * min(put / own_usd, wanted / own_fractions) * worst * worst)
        n_deposits = put_four(deposits, n_deposits, who, v, int(put * USD), brought, least_shares)
        idle[v, a] -= int(min(has, wanted) * TOKEN)
    count[0], count[1], count[2], count[3], count[4] = n_trades, n_deposits, n_exits, n_sales, n_claims


class LiquidityProvider(MarketAgent):
    """Someone who lends fractions and dollars to pools for fees and income."""

    kind = "liquidity_provider"
    strategy = "hurdle"
    Traits = ProviderTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """Acquaintances."""
        social.connect(population.market)

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """What attention is multiplied by; rumours make providers look."""
        mechanism = population.market.mechanisms.get("social")
        if mechanism is not None:
            mechanism.reserve()
            social.listen(mechanism.heard, population.account, population.alert, len(population))
        return population.market.attention


EQUAL = 0.5  # weight of fractions in a constant product
JOINT = {"amm": (AddLiquidity, RemoveLiquidity), "weighted": (AddWeighted, RemoveWeighted)}
WIDTHS = tuple(action.width for action in (Swap, *JOINT["amm"], TradeCoins, Redeem))  # at each kind of pool


class Hurdle(Strategy):
    """Enters the best of some pools if its measured return beats the own hurdle, leaves pools below it.

    Where a vault has pools of several kinds, each kind is judged by its own return.
    """

    serves = "liquidity_provider"
    name = "hurdle"
    claims = True

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Deposits with the swaps they need, withdrawals, sales of fractions got back, of coins, and claims."""
        fraction = sheet_of(self.population.market).look().fraction
        idle, first = market.balances[np.ix_(fraction, cohort.account)], True
        for key, (add, remove) in JOINT.items():
            if market.has(key):
                batches = (Swap, add, remove, TradeCoins, Redeem)
                yield from self._at(getattr(market, key), key, batches, cohort, market, idle, first)
                first = False

    def _at(
        self, venue: Any, key: str, batches: tuple[type[Action], ...], cohort: Cohort, market: MarketView, idle: Any,
        first: bool,
    ) -> Iterable[Action]:  # fmt: skip
        """What to do at one kind of pool; what concerns no pool is done with the first kind."""
        population, n = self.population, len(cohort)
        sheet = sheet_of(population.market).look()
        size = sheet.fraction.size
        unsuited = np.empty((size, n), np.bool_)
        shapes = (
            (n * (size + 1), WIDTHS[0]),
            (n, WIDTHS[1]),
            (n * size, WIDTHS[2]),
            (n, WIDTHS[3]),
            (n * size, WIDTHS[4]),
        )
        matrices = [np.empty(shape, np.int64) for shape in shapes]
        count = np.empty(5, np.int64)
        farmed = market.has("farms")
        lp_return = frozen(venue.lp_return[:size] + yields(market, key, size)) if farmed else venue.lp_return[:size]
        pools = Pools(
            *(
                venue.share[:size],
                venue.shares[:size],
                lp_return,
                venue.price,
                venue.reserve_usd,
                venue.reserve_fraction,
            ),
            *(float(venue.fee), float(venue.weight) if key == "weighted" else EQUAL),
        )
        _decide(
            cohort.slots,
            population.account,
            population.alert,
            population.columns.of(ProviderColumns),
            market.balances,
            sheet.seen,
            pools,
            first,
            market.key("pools" if first else f"pools of {key}", population.table.kind),
            idle,
            tuple(matrices),
            unsuited,
            count,
        )
        for action, matrix, found in zip(batches, matrices, count.tolist(), strict=True):
            if action is Swap:
                yield from sheet.venues.route(matrix, found)
            elif found:
                yield action.of_rows(matrix[:found])
        if farmed:
            yield from tend(market, cohort.account, (key,), unsuited, matrices[2][: count[2]])
