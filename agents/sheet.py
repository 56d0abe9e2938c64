"""The sheet: what anybody can see of all vaults this morning, in rows that kernels read, and how it is measured.

`agents.vault_sheet` keeps it.
"""

import math
from typing import Any

from agents.beliefs import Typical, reversion, target_weight, trend_step
from agents.valuation import present_value
from model.jit import kernel
from model.mechanisms.rigs.investment import rig_value, rig_value_mark, running_cost
from model.mechanisms.vaults import VaultStatus
from model.nft_kind import NftKind
from model.sheaf import Sheaf
from model.units import DAYS_PER_YEAR, TOKEN, USD

LIVE, ENDED, CONTRACT = int(VaultStatus.LIVE), int(VaultStatus.ENDED), int(NftKind.HASHPOWER_CONTRACT)

# rows of the sheet: one column per vault, USD per whole fraction
INCOME, COST, LIFE, SALVAGE, PRICE, RESERVE_USD, RESERVE, OFFER, OFFER_LEFT, TREND, VARIANCE, NAV, MOVE, CLAIM, FEE = (
    range(15)
)
LOG_LAST, _HELD_FUNDAMENTAL, _HELD_CHARTIST = 15, 16, 17
BEFORE = 18
ROWS = 19
# scalars of the sheet
COIN, HALVING, SUBSIDY_SHARE, PROFIT_FUNDAMENTAL, PROFIT_CHARTIST, CLICK, WAITS = range(7)
SCALARS = 7


class Seen(Sheaf):
    """The sheet as kernels read it: assets by vault, and figures."""

    fraction: Any
    receipt: Any
    stake: Any
    pledge: Any
    facts: Any
    scalars: Any


@kernel
def look(
    status: Any,
    kind: Any,
    worth: Any,
    th: Any,
    rigs: Any,
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
        th, cost: hash rate [TH/s] and running cost [USD a day] of a whole fraction, rigs that come later by what they are
            worth now; rigs: TH/s, those on order among them
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
            facts[LOG_LAST, v] = math.nan
            continue
        if th[v] > 0.0:
            facts[INCOME, v], facts[COST, v] = hashprice * th[v], cost[v]
        else:
            facts[INCOME, v], facts[COST, v] = max(net_income[v], 0.0), 0.0
        facts[LIFE, v], facts[SALVAGE, v] = life[v], 0.0
        if worth[v] >= 0.0:  # of an NFT: all its value lies in what it is appraised at now
            facts[LIFE, v], facts[SALVAGE, v] = 0.0, worth[v]
        elif rigs[v] > 0.0 and kind[v] != CONTRACT:
            cost_used = running_cost(resale[1], efficiency[v], resale[2])
            used = rig_value(resale[3], cost_used, resale[4])
            facts[SALVAGE, v] = rig_value_mark(resale[0], used, top, 0.0) * rigs[v]
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
            facts[LOG_LAST, v] = math.nan
            facts[TREND, v], facts[VARIANCE, v] = 0.0, typical.variance
            facts[_HELD_FUNDAMENTAL, v] = facts[_HELD_CHARTIST, v] = 0.0
            continue
        log_now, last = math.log(now), facts[LOG_LAST, v]
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
        facts[PRICE, v], facts[LOG_LAST, v] = now, log_now
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
