"""Rows of an investor's purchases and sales: as far as the marginal gain beats fee and slippage x / (R + x)."""

from numba import types

from agents.quotes import amount_out
from agents.retail.appraisal import FACTS
from agents.retail.traits import RETAIL
from agents.rows import put_three, trade
from agents.sheet import FEE, OFFER, OFFER_LEFT, PRICE, RESERVE, RESERVE_USD
from model.actions import BUY, SELL
from model.jit import helper
from model.units import TOKEN, USD

_i, _f = types.int64, types.float64
_rows = types.Array(types.int64, 2, "C")


@helper(_i(RETAIL, _i, _i, _i, FACTS, _rows, _i, _i))
def flee(own, slot, who, v, facts, trades, n, held):
    """Sell all fractions of a vault at what they fetch, as row n; how many rows there are by now."""
    whole, fee = held / TOKEN, facts[FEE, v]
    quote = facts[PRICE, v] * (1.0 - fee) * whole * facts[RESERVE, v] / (facts[RESERVE, v] + whole)
    return trade(trades, n, who, v, SELL, held, int(quote * USD * (1.0 - 2.0 * own.slippage[slot])))


@helper(_f(RETAIL, _i, _i, _i, FACTS, _rows, _i, _f, _f, _f, _f, _f))
def subscribe(own, slot, who, v, facts, offers, n, value, gap, gain, cash, click):
    """Ask for fractions on offer, as row n; what is spent [USD], 0 for nothing.

    Args:
        value: of a fraction to him [USD]
        gap: what he lacks [USD]
        gain: of a dollar more
    """
    offer = facts[OFFER, v]
    spend = min(own.pace[slot] * gap, cash - 2.0 * click)
    spend = min(spend, facts[OFFER_LEFT, v] * offer)
    if spend < own.smallest[slot] or gain * spend <= click:
        return 0.0
    limit = min(value, offer * (1.0 + own.slippage[slot]))  # a price that rises with what is sold
    put_three(offers, n, who, v, int(spend / offer * TOKEN), int(limit * USD + 0.5))
    return spend


@helper(_f(RETAIL, _i, _i, _i, FACTS, _rows, _i, _f, _f, _f, _f))
def buy(own, slot, who, v, facts, trades, n, gap, gain, cash, click):
    """Buy in the pool, as row n; what is spent [USD], 0 for nothing."""
    fee, depth = facts[FEE, v], facts[RESERVE_USD, v]
    spare = gain - fee
    if spare <= 0.0:
        return 0.0
    slip = min(spare, own.impact[slot])
    spend = min(min(own.pace[slot] * gap, cash - 2.0 * click), depth * slip / (1.0 - slip))
    if spend < own.smallest[slot] or spare * spend <= click:
        return 0.0
    quote = amount_out(spend, depth, facts[RESERVE, v], fee)
    trade(trades, n, who, v, BUY, int(spend * USD), int(quote * TOKEN * (1.0 - own.slippage[slot])))
    return spend


@helper(_i(RETAIL, _i, _i, _i, FACTS, _rows, _i, _f, _f, _f, _i, types.boolean, _f))
def sell(own, slot, who, v, facts, trades, n, price, gap, gain, held, all_of_it, click):
    """Sell in the pool, as row n; how many rows there are by now.

    Args:
        gap: what he wants less, negative [USD]
        held: what he has [base units]
        all_of_it: whether he wants nothing of the vault and has little
    """
    fee, depth, whole = facts[FEE, v], facts[RESERVE, v], held / TOKEN
    spare = gain - fee
    if spare <= 0.0:
        return n
    slip = min(spare, own.impact[slot])
    amount = min(own.pace[slot] * -gap / price, whole, depth * slip / (1.0 - slip))
    if all_of_it:
        amount = whole
    if spare * amount * price <= click or (amount * price < own.smallest[slot] and amount * TOKEN < held):
        return n
    quote = amount_out(amount, depth, facts[RESERVE_USD, v], fee)
    least = int(quote * USD * (1.0 - own.slippage[slot]))
    return trade(trades, n, who, v, SELL, min(int(amount * TOKEN), held), least)
