"""The trading desk: a large order cut to what pools bear in a day, and what is left over for the batch auction."""

import math

from agents.quotes import amount_out
from agents.sheet import FEE, PRICE, RESERVE, RESERVE_USD
from agents.vault_sheet import VaultSheet
from model.actions import BUY, SELL, Row, Trade
from model.mechanisms.auction import BatchOrder
from model.units import TOKEN, USD
from model.view import MarketView


def price_of(market: MarketView, sheet: VaultSheet, v: int) -> float:
    """Price of a whole fraction: the deepest venue's, else the last batch's; 0 for none."""
    price = float(sheet.facts[PRICE, v])
    if price <= 0.0 and market.has("auction") and market.auction.price[v] > 0.0:
        return float(market.auction.price[v])
    return price


def part_today(tick: int, v: int, depth: float, part: float, least: float) -> float:
    """Part of a venue's depth to trade in this tick; in small pools the parts of several ticks are traded at once.

    Args:
        depth: of the venue [USD]
        part: of the depth, on average over ticks
        least: order whose transaction fee is bearable [USD]

    >>> [round(part_today(tick, 0, 1_000.0, 0.03, 70.0), 2) for tick in range(4)]
    [0.09, 0.0, 0.0, 0.09]
    """
    if part * depth <= 0.0:
        return 0.0
    ticks = max(1, math.ceil(least / (part * depth)))
    return ticks * part if tick % ticks == v % ticks else 0.0


def free_again(tick: int, life: int, every: int) -> int:
    """First tick on which an order for the batch auction is no longer open, if nobody serves it.

    Args:
        tick: on which it is given; batches are cleared at the end of the last of each `every` ticks
        life: of an order, which is at least until the next clearing [ticks]

    >>> [free_again(tick, 1, 7) for tick in (0, 6, 7)], free_again(3, 1, 1), free_again(3, 5, 1)
    ([7, 7, 14], 4, 8)
    """
    return max((tick + life) // every, tick // every + 1) * every


def slice_to_buy(account: int, v: int, sheet: VaultSheet, spend: float, part: float, slippage: float) -> Row:
    """A purchase of at most a part of the deepest venue's depth, to be sent where it gets most."""
    usd, fractions, fee = (float(sheet.facts[row, v]) for row in (RESERVE_USD, RESERVE, FEE))
    paid = min(spend, part * usd)
    limit = amount_out(paid, usd, fractions, fee) * (1.0 - slippage)
    return Row(Trade, (account, v, BUY, int(paid * USD), int(limit * TOKEN), 0, 0))


def slice_to_sell(account: int, v: int, sheet: VaultSheet, amount: float, part: float, slippage: float) -> Row:
    """A sale of at most a part of the deepest venue's depth, to be sent where it gets most."""
    usd, fractions, fee = (float(sheet.facts[row, v]) for row in (RESERVE_USD, RESERVE, FEE))
    sold = min(amount, part * fractions)
    limit = amount_out(sold, fractions, usd, fee) * (1.0 - slippage)
    return Row(Trade, (account, v, SELL, int(sold * TOKEN), int(limit * USD), 0, 0))


def batch_row(account: int, v: int, side: int, fractions: float, price: float) -> Row:
    """An order for the next batch, of whole fractions at a limit [USD]."""
    return BatchOrder.row(account, vault=v, side=side, quantity=int(fractions * TOKEN), price=max(1, int(price * USD)))
