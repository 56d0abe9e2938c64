"""Bundles of leverage: loops that pledge, borrow and buy in rounds, and sales of pledged fractions with a flash loan."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.leverage.plan import AMOUNT, COLLATERAL, FIRST, INTO, PART, ROUNDS, SELL, SHARE, SPEND, WHO
from agents.sheet import FEE, RESERVE, RESERVE_USD, VaultSheet
from agents.venues import Venues
from model.actions import Action, Bundle
from model.ledger import USD_ASSET
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release, Repay
from model.units import TOKEN, USD
from model.view import MarketView

BUY = 0
WORST = 0.97  # of what a pool quotes in the morning, others trade before
LEAST = 1 * USD  # a further round is not worth less
DUST = 2  # base units by which debts are rounded up


def loop(row: NDArray[np.int64], sheet: VaultSheet, market: MarketView) -> Bundle:
    """Rounds of pledging, borrowing and buying; each buys for what the last one's fractions can carry."""
    who, into, left, step = (int(row[place]) for place in (WHO, INTO, SPEND, FIRST))
    usd, fractions, fee = (float(sheet.facts[fact, into]) for fact in (RESERVE_USD, RESERVE, FEE))
    credit, share = market.lending, int(row[SHARE]) / PART
    actions: list[Action] = []
    if row[AMOUNT] > 0:
        actions.append(Pledge(who, vault=int(row[COLLATERAL]), amount=int(row[AMOUNT])))
    allowed = int(credit.cap_left[into]) - (int(row[AMOUNT]) if row[COLLATERAL] == into else 0)
    for turn in range(int(row[ROUNDS])):
        step = min(step, left)
        net = step / USD * (1.0 - fee)
        got = fractions * net / (usd + net)
        usd, fractions, least = usd + net, fractions - got, int(got * WORST * TOKEN)
        actions += [Borrow(who, amount=step), *one(sheet.venues, who, into, BUY, step, least)]
        left -= step
        step = int(least / TOKEN * float(market.oracle.price[into]) * share * USD)
        if turn + 1 == row[ROUNDS] or min(step, left) < LEAST or least > allowed:
            break
        actions.append(Pledge(who, vault=into, amount=least))
        allowed -= least
    return Bundle(actions)


def one(venues: Venues, who: int, v: int, side: int, amount: int, limit: int) -> Iterable[Action]:
    """One swap at the best venue."""
    return venues.route(np.array([[who, v, side, amount, limit, 0, 0]], np.int64), 1)


class Unwinding:
    """Sales of fractions that are partly pledged; of one account one after another, as if the last had been settled.

    Args:
        sheet: of vaults
        market: this morning
    """

    def __init__(self, sheet: VaultSheet, market: MarketView) -> None:
        self.sheet, self.market = sheet, market
        self.paid: dict[int, tuple[int, float]] = {}  # repaid [USD base units] and collateral taken [USD] by account

    def lacking(self, rows: NDArray[Any], n: int) -> NDArray[np.int64]:
        """Pledged fractions that each of the first n trades must free before it can be settled [base units]."""
        balances, sheet, out = self.market.balances, self.sheet, np.zeros(n, np.int64)
        sold: dict[tuple[int, int], int] = {}
        for i in range(n):
            who, v, side, amount = (int(x) for x in rows[i, :4])
            if side != SELL or sheet.pledge[v] < 0 or balances[sheet.pledge[v], who] == 0:
                continue
            free = int(balances[sheet.fraction[v], who]) - sold.get((who, v), 0)
            free += int(balances[sheet.stake[v], who]) if sheet.stake[v] >= 0 else 0
            out[i] = min(max(0, amount - max(0, free)), int(balances[sheet.pledge[v], who]))
            sold[who, v] = sold.get((who, v), 0) + amount
        return out

    def free(self, row: NDArray[Any], lack: int) -> Bundle | Release | None:
        """What lets a trade be settled that lacks pledged fractions.

        Where the rest carries the debt they are just released, before the day's swaps; else a bundle repays what it
        cannot carry, frees them and sells; None if the sale cannot pay for it.
        """
        who, v, amount, limit = int(row[0]), int(row[1]), int(row[3]), int(row[4])
        credit, cash = self.market.lending, int(self.market.balances[USD_ASSET, who])
        repaid, taken = self.paid.get(who, (0, 0.0))
        debt = round(float(credit.debt_usd[who]) * USD) - repaid
        taken += lack / TOKEN * float(self.market.oracle.price[v])
        carried = credit.ltv * (float(credit.collateral_value[who]) - taken) * USD
        due = min(debt, max(0, debt - int(carried * (1.0 - 1e-9)) + DUST)) if debt > 0 else 0
        if due == 0:
            self.paid[who] = repaid, taken
            return Release(who, vault=v, amount=lack)
        if due + int(due * credit.flash_fee) + DUST > limit + cash * (repaid == 0):
            return None
        self.paid[who] = repaid + due, taken
        sale = [Release(who, vault=v, amount=lack), *one(self.sheet.venues, who, v, SELL, amount, limit)]
        if due <= cash // 2 and repaid == 0:
            return Bundle([Repay(who, amount=due), *sale])
        return Bundle([FlashBorrow(who, amount=due), Repay(who, amount=due), *sale, FlashRepay(who, amount=due)])
