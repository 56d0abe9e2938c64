"""Shortfalls: a miner who cannot pay his power sells fractions that he kept, then takes out pool shares, before rigs go.

He counts what he owes and what the coming week loses, less cash and coins. While he still has cash, for a transaction
costs some, he sells as much as covers it, of each vault no more than its pool bears at once. Pool shares that he seeded
may be locked for a while; what comes out of them is sold at the next look.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.claims import Returned, find_held, given_back, pools_of
from agents.makers import MOST, NO_CLAIMS
from agents.quotes import amount_out
from agents.rows import put_four
from agents.sheet import CLICK, FEE, PRICE, RESERVE, RESERVE_USD
from agents.staking import unstaked
from agents.vault_sheet import sheet_of
from model.actions import SELL, Action
from model.jit import kernel
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.units import BTC, DAYS_PER_WEEK, GHS_PER_TH, TOKEN, USD
from model.view import MarketView

CUSHION = 1.02  # sold above what is lacking, for those who sell before
ROOM = 64  # pool shares for which there is room


@kernel
def short_of(
    account: Any, balances: Any, coin: float, bill: Any, running: Any, hashprice: float, days: float, out: Any
) -> None:  # fmt: skip
    """Write down what accounts lack for power, owed and lost in the coming week [USD].

    Args:
        balances: holdings by asset and account; coin: price [USD]
        bill: power of the last tick [USD base units], running: GH/s, by account
        hashprice: USD/TH/day; days: length of a tick
    """
    for k in range(account.size):
        who = account[k]
        loss = bill[who] / USD / days - running[who] / GHS_PER_TH * hashprice
        needs = balances[PAYABLE_ASSET, who] / USD + DAYS_PER_WEEK * max(0.0, loss)
        out[k] = max(0.0, needs - balances[USD_ASSET, who] / USD - balances[BTC_ASSET, who] / BTC * coin)


@kernel
def sell_for_bills(
    account: Any, lacking: Any, balances: Any, fraction: Any, stake: Any, live: Any, facts: Any, click: float, rows: Any
) -> int:
    """Rows of sales, as venues route them, that bring accounts what they lack; how many.

    Args:
        account, lacking: who lacks how much; what is then still lacking, in place [USD]
        balances: holdings by asset and account
        fraction, stake, live: by vault; facts: see `VaultSheet`
        click: cost of a transaction [USD]
        rows: out
    """
    n = 0
    for k in range(account.size):
        who = account[k]
        for v in range(live.size):
            usd, depth, fee = facts[RESERVE_USD, v], facts[RESERVE, v], facts[FEE, v]
            if lacking[k] <= 0.0 or not live[v] or facts[PRICE, v] <= 0.0 or usd <= 0.0:
                continue
            held = balances[fraction[v], who] + (balances[stake[v], who] if stake[v] >= 0 else 0)
            most = min(held / TOKEN, MOST * depth)
            got = amount_out(most, depth, usd, fee)
            if got <= click:
                continue
            wanted = lacking[k] * CUSHION + click
            amount = most if got <= wanted else depth * wanted / (usd - wanted) / (1.0 - fee)
            n = put_four(rows, n, who, v, SELL, min(held, np.int64(math.ceil(amount * TOKEN))), 1)
            lacking[k] = max(0.0, lacking[k] - (got - click) / CUSHION) if got <= wanted else 0.0
    return n


def shortfalls(market: MarketView, account: NDArray[np.int64]) -> NDArray[np.float64]:
    """What accounts lack for power [USD]."""
    rigs, out = market.rigs, np.empty(account.size)
    coin = float(market.bitcoin.price)
    short_of(account, market.balances, coin, rigs.bill, rigs.running, float(rigs.hashprice), market.dt_days, out)
    return out


def raise_money(market: Any, account: NDArray[np.int64], lacking: NDArray[np.float64]) -> Iterator[Action]:
    """Sales of fractions and withdrawals of pool shares of those who are short.

    Args:
        market: the marketplace
        account, lacking: who lacks how much [USD]
    """
    view, sheet = market.view, sheet_of(market).look()
    vaults = view.vaults
    rows = np.empty((account.size * vaults.live.size, 7), np.int64)
    click = float(sheet.scalars[CLICK])
    n = sell_for_bills(
        account, lacking, view.balances, vaults.fraction, vaults.stake, vaults.live, sheet.facts, click, rows
    )  # fmt: skip
    yield from unstaked(view, rows, n, NO_CLAIMS, 0)
    yield from sheet.venues.route(rows, n)
    lists: list[Returned] = list(pools_of(view))
    if lists:
        assets = np.array([np.where(vaults.live, one.assets, -1) for one in lists])
        found = np.empty((ROOM, 4), np.int64)
        n = find_held(view.balances, account[lacking > 0.0], assets, market.ledger.value, click, found)
        yield from given_back(lists, found[: min(n, ROOM)], np.arange(vaults.n))
