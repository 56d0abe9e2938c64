"""Where the farms' tokens trade: one constant-product pool against dollars for each, with shares for its providers.

The rule is that of the pools of fractions [AdamsEtAl2020]. These pools hold no fractions and pass no income on, so they
need neither vault nor pot; their shares can be staked.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import USD_ASSET, Ledger
from model.mechanisms.farms import pool_figures as figures
from model.mechanisms.farms import trading
from model.mechanisms.farms.pool_figures import Pools
from model.mechanisms.farms.public import TradeToken
from model.pool_shares import LOCKED_SHARES
from model.units import TOKEN

TOKEN_POOL, PEG_POOL = 0, 1


class TokenPools:
    """The pool of the reward token, and that of the token with a peg where there is one.

    Args:
        ledger: whose books
        fee_bps: part of the input that a pool keeps [1e-4]
    """

    def __init__(self, ledger: Ledger, fee_bps: int) -> None:
        self.ledger, self.fee_bps = ledger, fee_bps
        none, zero = (lambda: np.full(2, -1, np.int64)), (lambda: np.zeros(2, np.int64))
        self.table = Pools(none(), none(), none(), zero(), zero(), np.zeros(2), np.zeros(2), np.zeros(2))
        self._seen = np.zeros(3)  # of a broken law: the pool and two figures

    def open(self, k: int, asset: int, owner: int, nobody: int, tokens: int, usd: int, name: str) -> None:
        """Open a pool with an owner's tokens and dollars; he gets all shares but the locked ones."""
        ledger, t = self.ledger, self.table
        t.account[k] = pool = ledger.open_account("venues", f"pool of the {name}")
        t.asset[k] = asset
        t.share[k] = share = ledger.add_asset(f"share of the {name}'s pool", Group.SHARE, (pool,))
        ledger.pay(asset, owner, pool, tokens, Flow.LIQUIDITY)
        ledger.pay(USD_ASSET, owner, pool, usd, Flow.LIQUIDITY)
        ledger.pay(share, pool, owner, math.isqrt(tokens * usd) - LOCKED_SHARES, Flow.MINT)
        ledger.pay(share, pool, nobody, LOCKED_SHARES, Flow.MINT)
        t.price[k] = t.twap[k] = usd / tokens
        self.mark()

    @property
    def there(self) -> list[int]:
        """Pools that are open."""
        return [k for k in (TOKEN_POOL, PEG_POOL) if self.table.account[k] >= 0]

    def balances(self, k: int) -> tuple[int, int]:
        """Dollars and tokens in a pool [base units]."""
        t = self.table
        pool = int(t.account[k])
        return self.ledger.balance(USD_ASSET, pool), self.ledger.balance(int(t.asset[k]), pool)

    def spot(self, k: int) -> float:
        """Price now [USD per whole token]."""
        usd, tokens = self.balances(k)
        return usd / tokens

    def quote(self, keep: float) -> None:
        """This morning's prices, and their running means, of which a tick keeps the part `keep`."""
        figures.quote(self.ledger.books, self.table, keep)

    def trade(self, k: int, account: int, side: int, amount: int) -> int:
        """Swap an amount at whatever price; what is got [base units], 0 if it could not be done."""
        rows = TradeToken(account, token=k, side=side, amount=amount, limit=1).rows
        self.swap(rows, np.zeros(1, np.int64))
        return int(rows["filled"][0])

    def swap(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Settle swaps in order."""
        trading.settle_swaps(self.ledger.books, self.table, self.fee_bps, rows, order)

    def mark(self) -> None:
        """Value tokens and shares at the pools' prices."""
        figures.mark(self.ledger.books, self.table, self.ledger.value)

    def check(self) -> None:
        """Balances are positive, and sqrt(x y) per share never falls.

        Raises:
            InvariantViolated: one of them does not hold
        """
        fault = figures.find_fault(self.ledger.books, self.table, self._seen)
        if fault:
            k, before, now = self._seen.tolist()
            raise InvariantViolated(f"token pool {k:.0f}: {figures.BROKEN[fault].format(before=before, now=now)}")


def whole(amount: float) -> int:
    """Whole tokens to base units."""
    return round(amount * TOKEN)
