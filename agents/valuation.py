"""Net asset value: what a fraction's income is worth to someone with given expectations.

Gross income R and cost c per fraction and day, discount rate r, difficulty growth g, coin drift mu: income decays at
delta = g - mu, the rig runs while it earns more than it costs, and what is left is sold for its salvage
(where fractions cannot be redeemed for rigs, only at the end of life, T = L in the last term):

    NAV = R A(r + delta, T) - c A(r, T) + salvage e^(-r T),    A(a, T) = (1 - e^(-a T)) / a,  T where a = 0

delta > 0: T = min(L, ln(R/c)/delta); delta <= 0 and R >= c: T = L; delta < 0 and R < c: it starts at ln(R/c)/delta;
c = 0: T = L. A halving multiplies income by (S/2 + F)/(S + F), and T is found in each segment between halvings.
A fraction of a finite rig is a wasting asset: its NAV already holds all its income.

Who expects income to grow for a hundred years as it did last week would reckon with numbers that no float holds: income and
value end at the most that the books move at a time, which nobody can pay more of.
"""

import math

from model.jit import helper
from model.mechanisms.network import BLOCKS_PER_HALVING
from model.units import BLOCK_SECONDS, DAYS_PER_YEAR, LARGEST_POSTING, SECONDS_PER_DAY, USD

MOST = LARGEST_POSTING / USD  # USD, value of a whole fraction
STEEPEST = 200.0  # log of the most growth between two halvings; times any income it is still a float
HALVING_DAYS = BLOCKS_PER_HALVING * BLOCK_SECONDS / SECONDS_PER_DAY


@helper("float64(float64, float64)")
def annuity(rate, days):
    """Present value of one unit a day for some days: (1 - e^(-a T)) / a, and T at a = 0."""
    if rate == 0.0:
        return days
    return -math.expm1(min(-rate * days, STEEPEST)) / rate


@helper(
    "UniTuple(float64, 2)(float64, float64, float64, float64, float64, float64, float64, float64, float64, float64)"
)
def _run(value, end, start, level, cost, life, decay, rate, halving, subsidy_share):
    """Present value of net income from a day on, added to that before it; and the last day on which the rig runs."""
    while start < life:
        stop = min(life, max(halving, start))
        span = stop - start
        if span > 0.0:
            begin, finish = 0.0, span
            if cost > 0.0:
                if level <= 0.0:
                    finish = 0.0
                else:
                    edge = math.log(level / cost)
                    if decay > 0.0:
                        finish = min(span, max(0.0, edge / decay))
                    elif edge < 0.0:
                        begin = edge / decay if decay < 0.0 else span
            if finish > begin:
                runs = finish - begin
                first = level if begin == 0.0 else level * math.exp(-decay * begin)
                earned = first * annuity(rate + decay, runs) - cost * annuity(rate, runs)
                value += earned if start + begin == 0.0 else math.exp(-rate * (start + begin)) * earned
                end = start + finish
            if stop >= life:
                break
            level = min(level * math.exp(min(-decay * span, STEEPEST)), MOST)
        cut = 1.0 - 0.5 * subsidy_share
        level *= cut
        subsidy_share = 0.5 * subsidy_share / cut
        start = stop
        halving += HALVING_DAYS
    return value, end


@helper("float64(float64, float64, float64, float64, float64, boolean, float64, float64, float64, float64)")
def present_value(income, cost, life, salvage, wear, waits, decay, rate, halving, subsidy_share):
    """Net asset value with all rates per day; see `net_asset_value`."""
    value, end = _run(0.0, 0.0, 0.0, income, cost, life, decay, rate, halving, subsidy_share)
    if waits:
        end = life
    return min(value + salvage * math.exp(-(rate + wear) * end), MOST)


@helper("void(float64, float64, float64, float64, float64[::1])")
def until_halving(decay, rate, wear, halving, known):
    """What somebody needs to value any rig that outlives the next halving: discounts of income and of sale, annuities."""
    known[0], known[1] = math.exp(min(-decay * halving, STEEPEST)), annuity(rate + decay, halving)
    known[2], known[3] = annuity(rate, halving), math.exp(-(rate + wear) * halving)


@helper(
    "float64(float64, float64, float64, float64, float64, float64, boolean, float64, float64, float64, float64, "
    "float64[::1])"
)
def one_of_many(edge, income, cost, life, salvage, wear, waits, decay, rate, halving, subsidy_share, known):
    """`present_value` to the same bit, quicker for somebody who values many vaults.

    Args:
        edge: ln(income / cost) where both are positive
        known: see `until_halving`
    """
    value = end = start = 0.0
    level, until = income, halving
    if 0.0 < halving < life:
        begin, finish = 0.0, halving
        if cost > 0.0:
            if income <= 0.0:
                finish = 0.0
            elif decay > 0.0:
                finish = min(halving, max(0.0, edge / decay))
            elif edge < 0.0:
                begin = edge / decay if decay < 0.0 else halving
        if finish > begin:
            runs, end = finish - begin, finish
            if begin == 0.0 and finish == halving:
                value = income * known[1] - cost * known[2]
            else:
                first = income if begin == 0.0 else income * math.exp(-decay * begin)
                value = first * annuity(rate + decay, runs) - cost * annuity(rate, runs)
                if begin != 0.0:
                    value = math.exp(-rate * begin) * value
        cut = 1.0 - 0.5 * subsidy_share
        level = min(income * known[0], MOST) * cut
        subsidy_share = 0.5 * subsidy_share / cut
        start, until = halving, halving + HALVING_DAYS
    value, end = _run(value, end, start, level, cost, life, decay, rate, until, subsidy_share)
    if waits:
        end = life
    return min(value + salvage * (known[3] if end == halving and start > 0.0 else math.exp(-(rate + wear) * end)), MOST)


def net_asset_value(
    income: float,
    cost: float,
    life: float,
    drift: float,
    growth: float,
    discount: float,
    salvage: float = 0.0,
    halving: float = math.inf,
    subsidy_share: float = 1.0,
    wear: float = 0.0,
    waits: bool = False,
) -> float:
    """Value of one fraction to one investor [USD].

    Args:
        income: gross income at the start, R [USD per fraction and day]
        cost: power and service, c [USD per fraction and day]
        life: days until the rig is worn out, L
        drift: expected drift of the coin's price, mu [per year]
        growth: expected growth of difficulty, g [per year]
        discount: required return, r [per year]
        salvage: what the rig fetches when it stops [USD per fraction]; at once if it never runs
        halving: days to the next halving
        subsidy_share: subsidy's part of a block's reward today, S/(S + F)
        wear: expected fall of what the rig fetches [per year]
        waits: the rig can only be sold at the end of its life, not when it stops

    >>> round(net_asset_value(income=1.0, cost=0.0, life=100, drift=0.0, growth=0.0, discount=0.0), 9)
    100.0
    >>> round(net_asset_value(2.0, 1.0, 3650, 0.0, 0.365, 0.0), 6)      # runs ln(2)/.001 = 693 days
    306.852819
    """
    year = DAYS_PER_YEAR
    return float(
        present_value(
            float(income),
            float(cost),
            float(life),
            float(salvage),
            wear / year,
            bool(waits),
            (growth - drift) / year,
            discount / year,
            float(halving),
            float(subsidy_share),
        )
    )


@helper("float64(float64[::1], float64[::1], int64)")
def weighted_median(value, weight, n):
    """Weighted median of the first n values, by insertion sort in place; NaN for none [lower median at a tie]."""
    total = 0.0
    for i in range(n):
        x, w = value[i], weight[i]
        total += w
        j = i - 1
        while j >= 0 and value[j] > x:
            value[j + 1], weight[j + 1] = value[j], weight[j]
            j -= 1
        value[j + 1], weight[j + 1] = x, w
    below = 0.0
    for i in range(n):
        below += weight[i]
        if below >= 0.5 * total:
            return value[i]
    return math.nan
