"""Where fractions trade: the quotes of all venues in one form, and the best venue for each order.

A continuous venue shows for each vault the balances of dollars and fractions of the constant product that it equals for
small orders, so `agents.quotes.amount_out` tells about what an order brings. Agents size an order at the deepest venue of
its vault; then each order goes, whole, to the venue that quotes most for it after all that went there before it on that
day: all use one router, and it counts what it has sent. Agents themselves see the quotes of the morning.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.quotes import amount_out
from model.actions import BUY, SELL, Action, Trade
from model.jit import kernel

ENDLESS = np.iinfo(np.int64).max
USUAL = "amm"  # leads where venues are equally deep


@kernel
def _deepest(usd: Any, fractions: Any, fee: Any, most: Any, main: Any, out: Any) -> None:
    """Which venue bears most dollars for each vault, either way; `out` gets its price, both balances and fee [4, vault].

    A curve that has run dry bears nothing, however deep its virtual balances, and its price stands still.
    """
    for v in range(main.size):
        k, deepest = 0, 0.0
        for other in range(usd.shape[0]):
            if usd[other, v] > 0.0 and fractions[other, v] > 0.0:
                price = usd[other, v] / fractions[other, v]
                bears = min(usd[other, v], price * most[BUY, other, v], price * most[SELL, other, v])
                if bears > deepest:
                    k, deepest = other, bears
        traded = usd[k, v] > 0.0 and fractions[k, v] > 0.0
        main[v], out[0, v] = k, usd[k, v] / fractions[k, v] if traded else 0.0
        out[1, v], out[2, v], out[3, v] = usd[k, v], fractions[k, v], fee[k]


@kernel
def _send(rows: Any, n: int, usd: Any, fractions: Any, fee: Any, most: Any, main: Any, choice: Any) -> None:
    """Venue that quotes most for each row (account, vault, side, amount, ...), among those that can fill it.

    The balances `usd` and `fractions` and what can be bought and sold, `most`, are left as that row leaves them.
    """
    for i in range(n):
        v, side, amount = rows[i, 1], rows[i, 2], float(rows[i, 3])
        best, found = 0.0, main[v]
        for k in range(usd.shape[0]):
            if usd[k, v] <= 0.0 or fractions[k, v] <= 0.0:
                continue
            if side == BUY:
                got = amount_out(amount, usd[k, v], fractions[k, v], fee[k])
                fits = got <= most[BUY, k, v]
            else:
                got = amount_out(amount, fractions[k, v], usd[k, v], fee[k])
                fits = amount <= most[SELL, k, v]
            if fits and got > best:
                best, found = got, k
        choice[i] = found
        if best > 0.0:
            paid, bought = (amount, best) if side == BUY else (-best, -amount)
            usd[found, v] += paid
            fractions[found, v] -= bought
            most[BUY, found, v] -= bought
            most[SELL, found, v] += bought


@kernel
def _listed(price: Any, offer: Any, to_be_had: Any, on_offer: Any) -> Any:
    n = n_offered = 0
    for v in range(price.size):
        if offer[v] > 0.0:
            on_offer[n_offered] = v
            n_offered += 1
        if price[v] > 0.0 or offer[v] > 0.0:
            to_be_had[n] = v
            n += 1
    return n, n_offered


def listed(price: NDArray[np.float64], offer: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Vaults that are traded or on offer, and those on offer, by the price [USD] of each; 0 where there is none."""
    to_be_had, on_offer = np.empty(price.size, np.int64), np.empty(price.size, np.int64)
    n, n_offered = _listed(price, offer, to_be_had, on_offer)
    return to_be_had[:n], on_offer[:n_offered]


class Venues:
    """All venues of a market at which one swaps at once, measured with the sheet.

    Args:
        market: whose mechanisms are venues

    Attributes:
        keys, actions: mechanism and swap action of each venue
        main: place of the deepest venue by vault
        usd, fractions, fee: effective balances [base units] by venue and vault, fees by venue, as all saw them this morning
        most: fractions that can be bought and sold [base units], by side, venue and vault
    """

    def __init__(self, market: Any) -> None:
        found = {action.venue: action for action in Trade.__subclasses__() if action.venue in market.mechanisms}
        self.keys = sorted(found, key=lambda key: (key != USUAL, key))
        self.actions: list[type[Trade]] = [found[key] for key in self.keys]
        self._lay_out(0)

    def _lay_out(self, size: int) -> None:
        n = len(self.keys)
        self.main: NDArray[np.int64] = np.zeros(size, np.int64)
        self.usd, self.fractions, self.fee = np.zeros((n, size)), np.zeros((n, size)), np.zeros(n)
        self.most = np.full((2, n, size), float(ENDLESS))
        self.figures = np.zeros((4, size))
        self._sent = (self.usd.copy(), self.fractions.copy(), self.most.copy())

    def look(self, view: Any, size: int) -> NDArray[np.float64]:
        """Price [USD], dollars and fractions [base units] and fee of the deepest venue by vault; zeros where none."""
        if self.main.size != size:
            self._lay_out(size)
        for k, key in enumerate(self.keys):
            seen = getattr(view, key)
            self.usd[k], self.fractions[k] = seen.reserve_usd[:size], seen.reserve_fraction[:size]
            self.fee[k] = seen.fee
            if hasattr(seen, "can_buy"):
                self.most[0, k], self.most[1, k] = seen.can_buy[:size], seen.can_sell[:size]
        if self.keys:
            _deepest(self.usd, self.fractions, self.fee, self.most, self.main, self.figures)
        for counted, seen in zip(self._sent, (self.usd, self.fractions, self.most), strict=True):
            counted[:] = seen
        return self.figures

    def route(self, rows: NDArray[np.int64], n: int) -> Iterable[Action]:
        """Batches of the first n rows (account, vault, side, amount, limit, status, filled), each at its best venue."""
        if n == 0:
            return
        choice = self.choose(rows, n)
        if choice is None:
            yield self.actions[0].of_rows(rows[:n])
            return
        for k, action in enumerate(self.actions):
            chosen = choice == k
            if chosen.any():
                yield action.of_rows(rows[:n][chosen])

    def choose(self, rows: NDArray[np.int64], n: int) -> NDArray[np.int64] | None:
        """Place of the best venue for each of the first n rows, which are counted as sent; None where there is but one."""
        if len(self.keys) == 1:
            return None
        choice = np.empty(n, np.int64)
        usd, fractions, most = self._sent
        _send(rows, n, usd, fractions, self.fee, most, self.main, choice)
        return choice
