"""How miners invest: one pure function per rule, shared by single miners and by the rest of the network.

A *site* has a power price, a payback limit and cash: one miner, or one power-price bin of an aggregate. Its rigs are
*rows* (site, vintage). Arguments of a site or a row are arrays, those of the market scalars. A step takes `days`: 7 in
a weekly aggregate, 1 in daily ticks. Stopping looks at power alone, investing at all-in cost.

Letters of the equations: h hashprice [USD/TH/day], c power price [USD/kWh] as it is paid today, e efficiency [J/TH, watts of one TH/s],
e* that of rigs now shipping, P rig price [USD/TH], i site cost [USD/W], Q order book [W], K makers' capacity [W/week],
M cash [USD]; TH stands for TH/s. Source of every rule and default: rigshare's own trial on the real network 2015-2025
(structure chosen with that history in view; `experiments.backtest` shows what it reproduces and what not), with the
outside figures named at each parameter. Nothing here touches a balance.
"""

import math
from typing import Any

from model.jit import helper
from model.units import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, LOG_2

KWH_PER_WATT_DAY = 0.024
NEVER = 1e9  # months; payback of a rig whose reference power is not covered


@helper("float64(float64, float64)")
def closed(elapsed: Any, half_life: Any) -> Any:
    """Part of a gap closed after `elapsed`: 1 - 2^(-t/T), both in the same unit.

    >>> closed(1.0, 1.0)
    0.5
    """
    return 1.0 - math.exp(-LOG_2 * elapsed / half_life)


@helper("float64(float64, float64)")
def relaxed(elapsed: Any, time_constant: Any) -> Any:
    """Part of a gap closed after `elapsed`: 1 - e^(-t/T), both in the same unit."""
    return 1.0 - math.exp(-elapsed / time_constant)


@helper("float64(float64)")
def logistic(x: Any) -> Any:
    """1 / (1 + e^-x), without overflow for any x."""
    if x < 0.0:
        z = math.exp(max(x, -700.0))
        return z / (1.0 + z)
    return 1.0 / (1.0 + math.exp(-x))


@helper("float64(float64, float64, float64, float64)")
def hashprice_mean_step(mean: Any, hashprice: Any, days: Any, weeks: Any) -> Any:
    """Trailing mean of hashprice: m += (h - m)(1 - (1 - 1/T)^t), all h and m in USD/TH/day, t and T >= 1 in weeks.

    A week gives today's hashprice the weight 1/T, in one step or in seven.
    """
    if weeks <= 1.0:
        return hashprice
    return mean + (hashprice - mean) * (1.0 - math.exp(math.log(1.0 - 1.0 / weeks) * days / DAYS_PER_WEEK))


@helper("float64(float64, float64, float64, float64)")
def frontier_step(log_frontier: Any, best: Any, days: Any, half_life_weeks: Any) -> Any:
    """Diffusion of the best rig on sale: f += (ln e_best - f)(1 - 2^(-t/T)); rigs now shipping have e* = markup e^f.

    Args:
        log_frontier: state f, log of J/TH
        best: efficiency of the best rig on sale [J/TH]
        days: length of the step
        half_life_weeks: half-life T
    """
    return log_frontier + (math.log(best) - log_frontier) * closed(days / DAYS_PER_WEEK, half_life_weeks)


@helper("float64(float64, float64, float64, float64)")
def paid_price(power_price: Any, factor: Any, tax_share: Any, tax: Any) -> Any:
    """What a kWh costs today: c f (1 + s) + t [USD/kWh], with the day's factor f and the state's tax s and t."""
    return power_price * factor * (1.0 + tax_share) + tax


@helper("float64(float64, float64, float64)")
def running_cost(power_price: Any, efficiency: Any, multiple: Any) -> Any:
    """Cost of running one TH/s for a day: .024 c e m [USD/TH/day]; m = PUE to stop, allin PUE to invest [1].

    >>> round(running_cost(0.05, 30.0, 1.0), 6)
    0.036
    """
    return KWH_PER_WATT_DAY * power_price * efficiency * multiple


@helper("float64(float64, float64, float64)")
def running_target(net_hashprice: Any, cost: Any, width: Any) -> Any:
    """Share of like rigs whose revenue covers their own power: logistic(ln(h (1 - fee) / cost) / width).

    Args:
        net_hashprice: h after the pool's fee [USD/TH/day]
        cost: `running_cost` at PUE [USD/TH/day]
        width: spread of break-evens [log]
    """
    if cost <= 0.0:
        return 1.0
    cover = net_hashprice / cost
    return logistic(math.log(cover) / width) if cover > 0.0 else 0.0


@helper("float64(float64, float64, float64, float64)")
def survival(running: Any, days: Any, failures: Any, scrapping: Any) -> Any:
    """Part of a row left after wear: e^(-(failures + scrapping (1 - running)) t); rates a year, running in [0, 1]."""
    return math.exp(-(failures + scrapping * (1.0 - running)) * days / DAYS_PER_YEAR)


@helper("float64(float64, float64, float64)")
def payback_months(cost: Any, hashprice: Any, power_cost: Any) -> Any:
    """Static payback PB = (P + i e) / (30.4 (h - .024 c e)) [months], or `NEVER`.

    Args:
        cost: rig and site, P + i e [USD/TH]
        hashprice: h [USD/TH/day]
        power_cost: `running_cost` at the reference power price [USD/TH/day]

    >>> round(payback_months(53.0, 0.2, 0.036), 4)
    10.6306
    """
    margin = DAYS_PER_MONTH * (hashprice - power_cost)
    return min(NEVER, cost / margin) if margin > 0.0 else NEVER


@helper("float64(float64, float64, float64)")
def attractiveness(payback: Any, longest: Any, cap: Any) -> Any:
    """Outside capital per unit of own revenue: min(cap, max(0, ln(PBmax / PB))) [1]; paybacks in months."""
    return min(cap, max(0.0, math.log(longest / payback))) if payback > 0.0 else cap


@helper("float64(float64, float64, float64, float64, float64)")
def cash_step(cash: Any, retained: Any, outside: Any, days: Any, leak: Any) -> Any:
    """Purse for rigs: M = max(0, (M + (retained + outside) t) e^(-leak t)) [USD].

    Args:
        cash: M before the step [USD]
        retained: s times operating profit, may be negative [USD/day]
        outside: omega times revenue times `attractiveness` [USD/day]
        days: length of the step
        leak: rate at which idle cash leaves [1/year]
    """
    return max(0.0, (cash + (retained + outside) * days) * math.exp(-leak * days / DAYS_PER_YEAR))


@helper("float64(float64, float64, float64)")
def rig_value(hashprice: Any, all_in_cost: Any, payback_limit: Any) -> Any:
    """Value of a rig to a site: V = X 30.4 (h - .024 allin c PUE e) [USD/TH], negative where it loses money.

    Args:
        hashprice: two-week mean of h [USD/TH/day]
        all_in_cost: `running_cost` at allin PUE [USD/TH/day]
        payback_limit: X of the site [months]
    """
    return payback_limit * DAYS_PER_MONTH * (hashprice - all_in_cost)


@helper("float64(float64, float64, float64)")
def willingness(value: Any, cost: Any, slope: Any) -> Any:
    """Eagerness to buy: logistic(slope ln(V / (P + i e*))) in [0, 1], 0 where V <= 0; V and cost in USD/TH.

    >>> willingness(50.0, 50.0, 4.0), willingness(-1.0, 50.0, 4.0)
    (0.5, 0.0)
    """
    worth = value / cost
    return logistic(slope * math.log(worth)) if worth > 0.0 else 0.0


@helper("float64(float64, float64, float64, float64)")
def scarcity(backlog: Any, capacity: Any, backlog_weeks: Any, cap: Any) -> Any:
    """Fullness of the order book: clip(Q / (tau K), 1, cap) [1]; Q in W, K in W/week, tau in weeks."""
    return max(1.0, min(cap, backlog / (backlog_weeks * capacity))) if capacity > 0.0 else 1.0


@helper("float64(float64, float64, float64, float64, float64)")
def rig_price_target(floor: Any, value: Any, price_share: Any, tightness: Any, site: Any) -> Any:
    """Price at which makers would sell: P* = max(kappa e*, theta V_median scarcity - i e*) [USD/TH].

    Args:
        floor: kappa e*, cost of making a rig [USD/TH]
        value: V of the median site [USD/TH]
        price_share: theta [1]
        tightness: `scarcity` [1]
        site: i e*, cost of the site [USD/TH]
    """
    return max(floor, price_share * value * tightness - site)


@helper("float64(float64, float64, float64, float64)")
def rig_price_step(price: Any, target: Any, days: Any, weeks: Any) -> Any:
    """Ln P += (ln P* - ln P)(1 - e^(-t/T)); prices in USD/TH above 0, T in weeks."""
    return price * math.exp(math.log(target / price) * relaxed(days / DAYS_PER_WEEK, weeks))


@helper("float64(float64, float64, float64, float64, float64, float64)")
def capacity_step(capacity: Any, backlog: Any, days: Any, backlog_weeks: Any, rise: Any, fall: Any) -> Any:
    """Makers' capacity follows orders: ln K += clip(ln(Q / (tau K)), -fall t, rise t) [W/week]; rates in log a year."""
    if capacity <= 0.0:
        return backlog / backlog_weeks
    years = days / DAYS_PER_YEAR
    load = backlog / (backlog_weeks * capacity)
    gap = math.log(load) if load > 0.0 else -fall * years
    return capacity * math.exp(max(-fall * years, min(rise * years, gap)))


@helper("float64(float64, float64, float64, float64)")
def shipment(backlog: Any, capacity: Any, days: Any, backlog_weeks: Any) -> Any:
    """Watts shipped in a step: min(Q, K t) while Q/tau > K, else t Q/tau [W]; t in weeks."""
    weeks = days / DAYS_PER_WEEK
    return min(backlog, min(capacity, backlog / backlog_weeks) * weeks)


@helper("float64(float64, float64, float64, float64)")
def rig_value_mark(price: Any, value: Any, value_new: Any, haircut: Any) -> Any:
    """Resale value of a used rig: P max(0, V(e_v) / V(e*)) (1 - haircut) [USD/TH].

    Args:
        price: P of a new rig [USD/TH]
        value: V of the used rig at the median site, by its own J/TH [USD/TH]
        value_new: V of a new rig there [USD/TH]
        haircut: lost in a resale, in [0, 1]

    A rig that new ones do not pay for is marked at 0; no used rig is marked above the price of a new one.
    """
    if value <= 0.0 or value_new <= 0.0:
        return 0.0
    return price * min(1.0, value / value_new) * (1.0 - haircut)
