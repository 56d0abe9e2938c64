"""What a leverage seeker thinks of his fractions and of others: collateral at hand, and where a loan earns most."""

import math

from numba import types

from agents.beliefs import reversion, sobered
from agents.retail.appraisal import FACTS, ROW, appraise, variance_of, wanted_part
from agents.retail.portfolio import ASSETS, BALANCES, following, holding
from agents.retail.traits import PORTFOLIO_BITS, RETAIL
from agents.sheet import FEE, PRICE, TREND
from model.jit import helper
from model.streams import u01
from model.units import TOKEN

_i, _f, _b = types.int64, types.float64, types.boolean
_fresh, _price = (types.Array(kind, 1, "C", readonly=True) for kind in (_b, _f))


@helper(types.Tuple((_f, _i, _f))(RETAIL, _i, _i, BALANCES, ASSETS, ASSETS, ASSETS, FACTS, _fresh, ASSETS, _price))
def at_hand(own, slot, who, balances, fraction, stake, pledge, facts, fresh, cap_left, quoted):
    """Worth of his fractions [USD], and the vault of which he can pledge most, -1 for none, with the worth of that.

    Args:
        fresh, cap_left, quoted: whether fractions may be pledged, how many still, and the oracle's price, by vault
    """
    held = most = 0.0
    top, bits = -1, int(own.portfolio[slot])
    v = following(bits, 0, fraction.size)
    while v < fraction.size:
        price = facts[PRICE, v]
        mine = 0
        if fraction[v] >= 0 and price > 0.0:
            mine = holding(balances, fraction[v], stake[v], pledge[v], who)
            held += mine / TOKEN * price
        if mine > 0 and fresh[v] and pledge[v] >= 0:
            worth = min(balances[fraction[v], who], cap_left[v]) / TOKEN * quoted[v]
            if worth > most:
                top, most = v, worth
        v = following(bits, v + 1, fraction.size)
    return held, top, most


@helper(_f(RETAIL, _i, _i, FACTS, _f, _f))
def expected_return(own, slot, v, facts, value, mood):
    """What he expects a fraction to earn, which is worth so much to him [per year]."""
    price = facts[PRICE, v]
    gain = reversion(own.pull[slot], value, price, own.discount[slot], 0.0)
    if own.chartist[slot] > 0.0 and value > 0.0:
        part = sobered(math.log(value / price), own.sobriety[slot])
        gain += part * (own.extrapolation[slot] * facts[TREND, v] - gain)
    return gain + own.herding[slot] * mood


@helper(
    types.Tuple((_f, _i, _f, _i, _f, _f))(
        *(RETAIL, _i, _i, _b, _f, _f, _f, _f, _f, BALANCES, ASSETS, ASSETS, ASSETS, FACTS, ROW, _fresh),
        *(types.uint64, ROW, ROW),
    )
)
def weigh(
    own, slot, who, looks, mood, worth, decay, rate, due, balances, fraction, stake, pledge, facts, scalars, fresh,
    opinion_key, edges, known,
):  # fmt: skip
    """What he expects of his fractions, and of those that he might buy on credit.

    Args:
        looks: whether he thinks of buying more
        worth: what he sizes positions by [USD]
        due: rate of debts [per year]

    Returns:
        expected return of what he has [USD per year]; the vault of which he has pledged what earns least, -1 for none,
        and the worth of that [USD]; the vault that earns most on credit, -1 for none, what he lacks of it [USD], and
        the gain of a dollar over his horizon
    """
    expected = spare = most_pledged = room = best = 0.0
    into, deep, least, bits = -1, -1, 1e9, int(own.portfolio[slot])
    for v in range(fraction.size):
        price = facts[PRICE, v]
        if fraction[v] < 0 or price <= 0.0:
            continue
        mine = 0
        if v >= PORTFOLIO_BITS or (bits >> v) & 1 == 1:
            mine = holding(balances, fraction[v], stake[v], pledge[v], who)
        if mine == 0 and (not looks or not fresh[v] or pledge[v] < 0):
            continue
        if mine == 0 and u01(opinion_key, slot, 2 * v) >= own.awareness[slot]:
            continue
        value = appraise(own, slot, v, facts, scalars, edges, decay, rate, opinion_key, known)
        gain = expected_return(own, slot, v, facts, value, mood)
        has = mine / TOKEN * price
        expected += gain * has
        put = balances[pledge[v], who] / TOKEN * price if mine > 0 and pledge[v] >= 0 else 0.0
        if put > 0.0 and gain < least:
            least, deep, most_pledged = gain, v, put
        if not looks or not fresh[v] or pledge[v] < 0:
            continue
        variance = variance_of(own, slot, v, facts)
        wanted = wanted_part(own, slot, gain - own.safe[slot], variance) * worth
        left = own.horizon[slot] * (gain - due) - facts[FEE, v]
        if wanted > has and left > 0.0 and gain > best:
            into, room, best, spare = v, wanted - has, gain, left
    return expected, deep, most_pledged, into, room, spare
