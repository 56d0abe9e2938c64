"""Coins against USD with the world, at a bid and an ask in USD base units a coin.

Neither asset pays income, so what was checked is posted at once.
"""

from typing import Any

from numba import types

from model.actions import BUY, Status
from model.books import BOOKS, can_pay, post
from model.flows import Flow
from model.jit import helper, kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.units import BTC, LARGEST_POSTING, muldiv

DONE, FUNDS, AMOUNT = int(Status.DONE), int(Status.FUNDS), int(Status.AMOUNT)
COIN_TRADE = int(Flow.COIN_TRADE)

_i = types.int64


@helper(_i(BOOKS, _i, _i, types.boolean, _i, _i), from_python=False)
def exchange(books, world, trader, buys, amount, bought):
    """Post a purchase of coins or a sale with the world; what becomes of it. Nothing is bought where that is not positive."""
    pays, gets = (USD_ASSET, BTC_ASSET) if buys else (BTC_ASSET, USD_ASSET)
    if bought <= 0 or bought >= LARGEST_POSTING:
        return AMOUNT
    if not can_pay(books, pays, trader, amount):
        return FUNDS
    post(books, pays, trader, world, amount, COIN_TRADE)
    post(books, gets, world, trader, bought, COIN_TRADE)
    return DONE


@kernel
def settle_trades(books: Any, world: int, ask: int, bid: int, rows: Any, order: Any) -> None:
    """Settle `TradeCoins`: a buyer spends `amount` USD units, a seller gives `amount` satoshi; rounded against him."""
    for j in range(order.size):
        i = order[j]
        amount, buys, bought = rows[i]["amount"], rows[i]["side"] == BUY, 0
        if 0 < amount < LARGEST_POSTING:
            bought = muldiv(amount, BTC, ask) if buys else muldiv(amount, bid, BTC)
        rows[i]["status"] = exchange(books, world, rows[i]["account"], buys, amount, bought)
        if rows[i]["status"] == DONE:
            rows[i]["filled"] = bought


@kernel
def sell_for_cash(books: Any, world: int, bid: int, accounts: Any, needed: Any) -> int:
    """Sell just enough coins of each account to raise `needed` USD units, or all it has; USD units raised in all."""
    raised = 0
    for j in range(accounts.size):
        account, wanted = accounts[j], needed[j]
        held = books.balances[BTC_ASSET, account]
        if wanted <= 0 or held <= 0:
            continue
        if muldiv(held, bid, BTC) <= wanted:
            coins = held
        else:
            coins = muldiv(wanted, BTC, bid)
            if muldiv(coins, bid, BTC) < wanted:
                coins += 1
        cash = muldiv(coins, bid, BTC)
        if cash > 0 and cash < LARGEST_POSTING:
            post(books, BTC_ASSET, account, world, coins, COIN_TRADE)
            post(books, USD_ASSET, world, account, cash, COIN_TRADE)
            raised += cash
    return raised
