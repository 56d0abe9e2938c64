"""What a vault is to an investor: its worth by his own expectations, what he expects to earn, and how much he wants."""

import math

from numba import types

from agents.beliefs import sobered, target_weight
from agents.retail.traits import RETAIL
from agents.sheet import COST, HALVING, INCOME, LIFE, SALVAGE, SUBSIDY_SHARE, TREND, VARIANCE, WAITS
from agents.valuation import MOST, one_of_many
from model.jit import helper
from model.streams import normal
from model.units import DAYS_PER_YEAR

_i, _f, _b = types.int64, types.float64, types.boolean
FACTS, ROW = types.Array(types.float64, 2, "C"), types.Array(types.float64, 1, "C")


@helper(types.UniTuple(_f, 2)(RETAIL, _i))
def rates(own, slot):
    """How fast he expects income to decay, and the discount rate [per day]."""
    drift = own.drift_prior[slot] + own.drift_weight[slot] * own.drift_seen[slot]
    return (own.growth[slot] - drift) / DAYS_PER_YEAR, own.discount[slot] / DAYS_PER_YEAR


@helper(_f(RETAIL, _i, _i, FACTS, ROW, ROW, _f, _f, types.uint64, ROW))
def appraise(own, slot, v, facts, scalars, edges, decay, rate, opinion_key, known):
    """Net asset value of a fraction by his own expectations, times his lasting opinion of the vault [USD].

    Args:
        edges: ln(income / cost) by vault
        known: his discounts until the next halving, see `until_halving`
    """
    value = one_of_many(
        edges[v],
        facts[INCOME, v],
        facts[COST, v],
        facts[LIFE, v],
        facts[SALVAGE, v],
        own.wear[slot] / DAYS_PER_YEAR,
        scalars[WAITS] > 0.0,
        decay,
        rate,
        scalars[HALVING],
        scalars[SUBSIDY_SHARE],
        known,
    )
    return min(value * math.exp(own.opinion[slot] * normal(opinion_key, slot, 2 * v + 1)), MOST)


@helper(_f(RETAIL, _i, _i, FACTS, _f, _f, _b, _f, _f))
def excess_return(own, slot, v, facts, value, price, trendy, leaning, p):
    """What he expects a fraction to earn above the safe rate, before his mood [per year]; see `agents.beliefs`.

    Args:
        value, price: of a fraction [USD]
        trendy: whether there is a trend that he may follow
        leaning: his draw, a chartist below p
        p: probability to follow the chartists
    """
    cheap, excess = 0.0, -own.pull[slot]
    if value > 0.0:  # see `agents.beliefs.reversion`
        cheap = math.log(value / price)
        excess = own.pull[slot] * cheap + own.discount[slot] - own.safe[slot]
    if trendy and leaning < p and value > 0.0 and leaning < p * sobered(cheap, own.sobriety[slot]):
        excess = own.extrapolation[slot] * facts[TREND, v] - own.safe[slot]
    return excess


@helper(_f(RETAIL, _i, _i, FACTS))
def variance_of(own, slot, v, facts):
    """Variance of a fraction's return as he reckons with it [per year]."""
    return max(facts[VARIANCE, v], own.least_volatility[slot] * own.least_volatility[slot])


@helper(_f(RETAIL, _i, _f, _f))
def wanted_part(own, slot, excess, variance):
    """Part of his wealth that he wants in a vault."""
    return target_weight(excess, own.risk_aversion[slot], variance, own.cap[slot])


@helper(_f(RETAIL, _i, _f, _f, _f))
def marginal_gain(own, slot, excess, variance, part):
    """What a dollar more or less in a vault gains over his horizon, while he has such a part of his wealth in it."""
    return own.horizon[slot] * abs(excess - own.risk_aversion[slot] * variance * part)
