"""Coins against USD with the world, at a bid and an ask in USD base units a coin.

Neither asset pays income, so what was checked is posted at once.
"""

from typing import Any

from model.actions import BUY, Status
from model.books import can_pay, post
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.units import BTC, LARGEST_POSTING, muldiv

DONE, FUNDS, AMOUNT = int(Status.DONE), int(Status.FUNDS), int(Status.AMOUNT)
COIN_TRADE = int(Flow.COIN_TRADE)


@kernel
def settle_trades(books: Any, world: int, ask: int, bid: int, rows: Any, order: Any) -> None:
    """Settle `TradeCoins`: a buyer spends `amount` USD units, a seller gives `amount` satoshi; rounded against him."""
    for j in range(order.size):
        i = order[j]
        trader, amount = rows[i]["account"], rows[i]["amount"]
        if amount <= 0 or amount >= LARGEST_POSTING:
            rows[i]["status"] = AMOUNT
            continue
        if rows[i]["side"] == BUY:
            pays, gets, bought = USD_ASSET, BTC_ASSET, muldiv(amount, BTC, ask)
        else:
            pays, gets, bought = BTC_ASSET, USD_ASSET, muldiv(amount, bid, BTC)
        if bought <= 0 or bought >= LARGEST_POSTING:
            rows[i]["status"] = AMOUNT
            continue
        if not can_pay(books, pays, trader, amount):
            rows[i]["status"] = FUNDS
            continue
        post(books, pays, trader, world, amount, COIN_TRADE)
        post(books, gets, world, trader, bought, COIN_TRADE)
        rows[i]["status"] = DONE
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
