"""The sheet: what anybody can see of all vaults this morning, measured once a tick for all kinds of agents."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.appraisal import fraction_values
from agents.beliefs import NOBODY, Typical, reversion, target_weight, trend_step
from agents.costs import click_of
from agents.valuation import HALVING_BLOCKS, HALVING_DAYS, present_value
from agents.venues import Venues, listed
from model.jit import kernel
from model.mechanisms.rigs.investment import rig_value, rig_value_mark, running_cost
from model.mechanisms.social import SocialParams
from model.mechanisms.vaults import VaultStatus
from model.nft_kind import NftKind
from model.units import DAYS_PER_YEAR, TH_PER_PH, TOKEN, USD
from model.view import frozen

LIVE, ENDED, CONTRACT = int(VaultStatus.LIVE), int(VaultStatus.ENDED), int(NftKind.HASHPOWER_CONTRACT)

# rows of the sheet: one column per vault, USD per whole fraction
INCOME, COST, LIFE, SALVAGE, PRICE, RESERVE_USD, RESERVE, OFFER, OFFER_LEFT, TREND, VARIANCE, NAV, MOVE, CLAIM, FEE = (
    range(15)
)
_LOG_LAST, _HELD_FUNDAMENTAL, _HELD_CHARTIST = 15, 16, 17
BEFORE = 18
ROWS = 19
# scalars of the sheet
COIN, HALVING, SUBSIDY_SHARE, PROFIT_FUNDAMENTAL, PROFIT_CHARTIST, CLICK, WAITS = range(7)
SCALARS = 7


@kernel
def _look(
    status: Any,
    kind: Any,
    worth: Any,
    th: Any,
    cost: Any,
    life: Any,
    net_income: Any,
    quotes: Any,
    on_offer: Any,
    offer: Any,
    offer_left: Any,
    hashprice: float,
    efficiency: Any,
    resale: Any,
    facts: Any,
    scalars: Any,
    typical: Typical,
    days: float,
    anew: bool,
    morning: bool,
    trend_days: float,
    fitness_days: float,
) -> float:
    """Copy the tick's figures and the typical NAV; in the morning update trends, variances, and what each rule earned.

    Rules are compared day by day however long a tick is: measured more often, the same noise would cost them more fees.

    Args:
        days: since the last morning, one in the morning
        anew: whether this is the first tick since that morning
        morning: whether a day has passed

    Returns:
        the largest absolute log return of a fraction since the last morning
    """
    years, risk_aversion, cap = days / DAYS_PER_YEAR, typical.risk_aversion, typical.cap
    top = rig_value(resale[3], running_cost(resale[1], resale[5], resale[2]), resale[4])
    earned_f = earned_c = largest = 0.0
    traded = 0
    for v in range(status.size):
        facts[BEFORE, v], facts[MOVE, v] = 0.0 if anew else facts[MOVE, v], 0.0
        facts[OFFER, v] = offer[v] if on_offer[v] else 0.0
        facts[OFFER_LEFT, v] = offer_left[v] / TOKEN if on_offer[v] else 0.0
        live = status[v] == LIVE
        facts[CLAIM, v] = 1.0 if status[v] == ENDED else 0.0
        if not live and not on_offer[v]:
            facts[PRICE, v] = facts[INCOME, v] = facts[NAV, v] = 0.0
            facts[_LOG_LAST, v] = math.nan
            continue
        if th[v] > 0.0:
            facts[INCOME, v], facts[COST, v] = hashprice * th[v], cost[v]
        else:
            facts[INCOME, v], facts[COST, v] = max(net_income[v], 0.0), 0.0
        facts[LIFE, v], facts[SALVAGE, v] = life[v], 0.0
        if worth[v] >= 0.0:  # of an NFT: all its value lies in what it is appraised at now
            facts[LIFE, v], facts[SALVAGE, v] = 0.0, worth[v]
        elif th[v] > 0.0 and kind[v] != CONTRACT:
            cost_used = running_cost(resale[1], efficiency[v], resale[2])
            used = rig_value(resale[3], cost_used, resale[4])
            facts[SALVAGE, v] = rig_value_mark(resale[0], used, top, 0.0) * th[v]
        facts[RESERVE_USD, v], facts[RESERVE, v], facts[FEE, v] = quotes[1, v] / USD, quotes[2, v] / TOKEN, quotes[3, v]
        facts[NAV, v] = present_value(
            facts[INCOME, v],
            facts[COST, v],
            facts[LIFE, v],
            facts[SALVAGE, v],
            typical.wear / DAYS_PER_YEAR,
            scalars[WAITS] > 0.0,
            (typical.growth - typical.drift) / DAYS_PER_YEAR,
            typical.discount / DAYS_PER_YEAR,
            scalars[HALVING],
            scalars[SUBSIDY_SHARE],
        )
        now = quotes[0, v]
        if not (live and now > 0.0):
            facts[PRICE, v] = 0.0
            facts[_LOG_LAST, v] = math.nan
            facts[TREND, v], facts[VARIANCE, v] = 0.0, typical.variance
            facts[_HELD_FUNDAMENTAL, v] = facts[_HELD_CHARTIST, v] = 0.0
            continue
        log_now, last = math.log(now), facts[_LOG_LAST, v]
        if last == last:
            gain = log_now - last + net_income[v] * days / now
            facts[MOVE, v] = gain
            largest = max(largest, abs(gain))
            facts[PRICE, v] = now
            if not morning:
                continue
            traded += 1
            facts[TREND, v] = trend_step(facts[TREND, v], gain, days, trend_days)
            facts[VARIANCE, v] = trend_step(facts[VARIANCE, v], gain * gain, days, trend_days)
            variance = max(facts[VARIANCE, v], typical.least_variance)
            for row in (_HELD_FUNDAMENTAL, _HELD_CHARTIST):
                z = facts[row, v]
                profit = z * (gain - typical.safe * years) - 0.5 * risk_aversion * variance * z * z * years
                if row == _HELD_FUNDAMENTAL:
                    earned_f += profit
                else:
                    earned_c += profit
        facts[PRICE, v], facts[_LOG_LAST, v] = now, log_now
        variance = max(facts[VARIANCE, v], typical.least_variance)
        excess = reversion(typical.pull, facts[NAV, v], now, typical.discount, typical.safe)
        by_value = target_weight(excess, risk_aversion, variance, cap)
        excess = typical.extrapolation * facts[TREND, v] - typical.safe
        by_trend = target_weight(excess, risk_aversion, variance, cap)
        earned_f -= facts[FEE, v] * abs(by_value - facts[_HELD_FUNDAMENTAL, v])
        earned_c -= facts[FEE, v] * abs(by_trend - facts[_HELD_CHARTIST, v])
        facts[_HELD_FUNDAMENTAL, v], facts[_HELD_CHARTIST, v] = by_value, by_trend
    if not morning:
        return largest
    earned_f, earned_c = earned_f / max(traded, 1), earned_c / max(traded, 1)
    scalars[PROFIT_FUNDAMENTAL] = trend_step(scalars[PROFIT_FUNDAMENTAL], earned_f, days, fitness_days)
    scalars[PROFIT_CHARTIST] = trend_step(scalars[PROFIT_CHARTIST], earned_c, days, fitness_days)
    return largest


class VaultSheet:
    """What anybody can see of all vaults this morning, measured once a tick for all kinds.

    Attributes:
        facts: float64[ROWS, vaults.capacity], rows named above
        scalars: float64[SCALARS], coin price, days to the halving, subsidy's share, profits of both rules, cost of a
            transaction [USD], 1 where rigs cannot be had for fractions
        fraction, receipt, stake, pledge: asset by vault, the last three of those in escrow, staked, pledged; -1 for none
        venues: where they are traded
        typical: the typical investor, by whose traits the rules are compared
        open_vaults, on_offer: vaults that are traded or on offer, and those of them on offer, which are advertised
        moved: largest absolute log return of a fraction since the last morning
    """

    def __init__(self, market: Any) -> None:
        self.market = market
        social = market.mechanisms.get("social")
        self.params = social.params if social is not None else SocialParams()
        self.venues = Venues(market)
        self.facts, self.scalars = np.zeros((ROWS, 0)), np.zeros(SCALARS)
        self.typical = NOBODY
        self.fraction = self.receipt = self.stake = self.pledge = np.zeros(0, np.int64)
        self.open_vaults = self.on_offer = self.fraction
        self.tick, self.moved = -2, 0.0
        self._blank(0)

    def _blank(self, size: int) -> None:
        """Columns that say nothing, for vaults of this number."""
        self._never = frozen(np.zeros(size, np.bool_))
        self._nothing, self._zero = frozen(np.zeros(size)), frozen(np.zeros(size, np.int64))
        self._nothing_known, self._no_asset = frozen(np.full(size, math.nan)), frozen(np.full(size, -1, np.int64))

    def look(self) -> "VaultSheet":
        """Take the morning's figures, once a tick."""
        market = self.market
        if self.tick == market.clock.tick:
            return self
        self.tick, view = market.clock.tick, market.view
        if not view.has("vaults"):
            return self
        vaults, size = view.vaults, view.vaults.fraction.size
        if self.facts.shape[1] == 0:
            self.facts = np.zeros((ROWS, market.mechanisms["vaults"].params.capacity))
            self.facts[VARIANCE] = self.typical.variance
            self.facts[_LOG_LAST] = math.nan
        if self._never.size != size:
            self._blank(size)
        self.fraction, self.receipt, self.stake = vaults.fraction, vaults.receipts, vaults.stake
        self.pledge = view.lending.pledge[:size] if view.has("lending") else self._no_asset
        on_offer, offer, left = self._never, self._nothing, self._zero
        th, cost = self._with_coming(view)
        if view.has("offerings"):
            on_offer, offer, left = (
                column[:size] for column in (view.offerings.open, view.offerings.price, view.offerings.left)
            )
        self.scalars[WAITS] = 0.0 if vaults.redemption == "in_kind" else 1.0
        self.scalars[CLICK] = click_of(view)
        hashprice = self._coin(view)
        worth = self._nothing_known
        if view.has("nfts"):
            worth = frozen(fraction_values(vaults.nft, vaults.supply, view.nfts))
        since = market.clock.tick % market.clock.per_day or market.clock.per_day
        self.moved = _look(
            vaults.status,
            vaults.kind,
            worth,
            th,
            cost,
            vaults.life_left,
            vaults.income,
            self.venues.look(view, size),
            on_offer,
            offer,
            left,
            hashprice,
            vaults.efficiency,
            self._resale(view),
            self.facts,
            self.scalars,
            self.typical,
            since * market.clock.dt_days,
            since == 1,
            market.clock.new_day,
            self.params.trend_days,
            self.params.fitness_days,
        )
        self.open_vaults, self.on_offer = listed(self.facts[PRICE], self.facts[OFFER])
        return self

    def _with_coming(self, view: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """TH and running cost of a whole fraction, rigs that a club has ordered or promises to order among them."""
        vaults = view.vaults
        coming = vaults.th_coming
        if view.has("offerings") and view.offerings.any_open:
            coming = coming + view.offerings.promised_th[: coming.size]
        if np.count_nonzero(coming) == 0:
            return vaults.th_per_fraction, vaults.cost
        r = view.rigs.rules
        new = running_cost(view.rigs.median_power, view.rigs.efficiency, r.overhead * r.pue)
        per_th = np.where(vaults.cost_per_th > 0.0, vaults.cost_per_th, new)
        return frozen(vaults.th_per_fraction + coming), frozen(vaults.cost + coming * per_th)

    def moves(self, least: float) -> Iterator[tuple[int, float, float]]:
        """Vaults whose fractions moved by at least so much since the last morning [log]: how far a tick ago, and now."""
        before, size = np.abs(self.facts[BEFORE, : self.fraction.size]), np.abs(self.facts[MOVE, : self.fraction.size])
        for v in np.flatnonzero((size >= least) & (size > before)):
            yield int(v), float(before[v]), float(size[v])

    def _resale(self, view: Any) -> NDArray[np.float64]:
        """Figures of the rule of used rigs: mark of new ones, power price, overhead, hashprice, payback, new J/TH."""
        out = np.zeros(6)
        if view.has("rigs"):
            rigs, r = view.rigs, view.rigs.rules
            out[:] = (
                rigs.mark, rigs.median_power, r.overhead * r.pue, rigs.hashprice_mean, r.payback_limit, rigs.efficiency,
            )  # fmt: skip
        return out

    def _coin(self, view: Any) -> float:
        """Coin price, halving and subsidy; hashprice [USD/TH/day]."""
        scalars = self.scalars
        scalars[COIN] = view.bitcoin.price if view.has("bitcoin") else 0.0
        scalars[HALVING], scalars[SUBSIDY_SHARE] = math.inf, 1.0
        if not view.has("network"):
            return float(view.rigs.hashprice) if view.has("rigs") else 0.0
        network = view.network
        scalars[HALVING] = network.blocks_to_halving * HALVING_DAYS / HALVING_BLOCKS
        scalars[SUBSIDY_SHARE] = network.split[0]
        return float(network.hashprice) / TH_PER_PH


def sheet_of(market: Any) -> VaultSheet:
    """The market's one sheet, made at the first call."""
    sheet = market.__dict__.get("vault_sheet")
    if sheet is None:
        sheet = market.__dict__["vault_sheet"] = VaultSheet(market)
    return sheet
