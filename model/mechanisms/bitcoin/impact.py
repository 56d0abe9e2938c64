"""Price impact: what is sold to the world presses the price, for as long as it is sold and after.

The log price falls by `slope` for each satoshi sold, so a sale of q pays the mean of e^(-slope u) over u in [0, q]:
trading there and back never gains [HubermanStanzl2004]. One part of it stays, the other fades [ObizhaevaWang2013].
All of it comes on top of the price process, which knows nothing of this market. Amounts are rounded against the trader.
"""

import math
from typing import Any

import numpy as np

from model.actions import BUY
from model.books import post
from model.clock import Clock
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.bitcoin.kernels import COIN_TRADE, DONE, exchange
from model.mechanisms.bitcoin.params import BitcoinParams
from model.units import BTC, LARGEST_POSTING, muldiv


class Impact:
    """How far trades of this market have moved the log price.

    Attributes:
        slope: fall of the log price for each satoshi sold
        sold: satoshi sold net in this tick, one value
        lasting, fading: parts of the log price made by the ticks before
    """

    def __init__(self, params: BitcoinParams, clock: Clock) -> None:
        self.slope = float(params.impact or 0.0) / (1000 * BTC)
        self.stays = float(params.impact_lasting)
        self.left = math.exp(-math.log(2.0) * clock.dt_days / params.impact_days)
        self.sold = np.zeros(1, np.int64)
        self.lasting = self.fading = 0.0

    def tomorrow(self) -> float:
        """Close the tick's account and say what is left of all impact in the log price."""
        push = self.slope * float(self.sold[0])
        self.sold[0] = 0
        self.lasting -= self.stays * push
        self.fading = (self.fading - (1.0 - self.stays) * push) * self.left
        return self.lasting + self.fading


@kernel
def sale_price(bid: int, slope: float, sold: int, coins: int) -> int:
    """USD units a coin for a sale: bid e^(-slope sold) (1 - e^(-u)) / u, u = slope coins."""
    u = slope * coins
    return int(math.floor(bid * math.exp(-slope * sold) * (-math.expm1(-u) / u))) - 1


@kernel
def purchase_price(ask: int, slope: float, sold: int, amount: int) -> int:
    """USD units a coin when `amount` USD units are spent: ask' u / ln(1 + u), u = slope amount/ask'; ask' as moved."""
    moved = ask * math.exp(-slope * sold)
    u = slope * (amount / moved) * BTC
    return int(math.ceil(moved * (u / math.log1p(u)))) + 1


@kernel
def coins_for(bid: int, slope: float, sold: int, wanted: int, held: int) -> int:
    """Satoshi to sell for `wanted` USD units: -ln(1 - slope wanted/bid') / slope, or all that is held."""
    y = slope * (wanted / (bid * math.exp(-slope * sold))) * BTC
    if y >= 1.0:
        return held
    coins = -math.log1p(-y) / slope
    return held if coins >= held else int(coins) + 1


@kernel
def settle_pressing(books: Any, world: int, ask: int, bid: int, slope: float, sold: Any, rows: Any, order: Any) -> None:
    """Settle `TradeCoins` one after another, each at the price that those before it left."""
    for j in range(order.size):
        i = order[j]
        amount, buys, bought = rows[i]["amount"], rows[i]["side"] == BUY, 0
        if 0 < amount < LARGEST_POSTING:
            if buys:
                bought = muldiv(amount, BTC, purchase_price(ask, slope, sold[0], amount))
            else:
                bought = muldiv(amount, max(0, sale_price(bid, slope, sold[0], amount)), BTC)
        rows[i]["status"] = exchange(books, world, rows[i]["account"], buys, amount, bought)
        if rows[i]["status"] == DONE:
            sold[0] += -bought if buys else amount
            rows[i]["filled"] = bought


@kernel
def sell_pressing(books: Any, world: int, bid: int, slope: float, sold: Any, accounts: Any, needed: Any) -> None:
    """Sell just enough coins of each account to raise `needed` USD units, or all it has, one after another."""
    for j in range(accounts.size):
        account, wanted = accounts[j], needed[j]
        held = books.balances[BTC_ASSET, account]
        if wanted <= 0 or held <= 0:
            continue
        coins = coins_for(bid, slope, sold[0], wanted, held)
        price = max(0, sale_price(bid, slope, sold[0], coins))
        cash = muldiv(coins, price, BTC)
        while price > 0 and cash < wanted and coins < held:
            coins = min(held, coins + muldiv(wanted - cash, BTC, price) + 1)
            price = max(0, sale_price(bid, slope, sold[0], coins))
            cash = muldiv(coins, price, BTC)
        if cash > 0 and cash < LARGEST_POSTING:
            post(books, BTC_ASSET, account, world, coins, COIN_TRADE)
            post(books, USD_ASSET, world, account, cash, COIN_TRADE)
            sold[0] += coins
