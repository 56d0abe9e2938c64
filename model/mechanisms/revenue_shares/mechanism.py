"""Revenue shares: offers come together or are paid back; companies pay daily, after their power, until cap or term."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.errors import InvariantViolated
from model.ledger import USD_ASSET
from model.mechanism import settles, stage
from model.mechanisms.revenue_shares.desk import Desk
from model.mechanisms.revenue_shares.formulas import present_value
from model.mechanisms.revenue_shares.params import RevenueSharesParams
from model.mechanisms.revenue_shares.public import BuyRevenueShare, OfferRevenueShare, RevenueSharesView
from model.mechanisms.revenue_shares.table import (
    ARREARS,
    ASKED,
    FREE,
    ISSUER,
    OFFERED,
    PHASE,
    RAISED,
    RUNNING,
    SHARE,
    TERM,
    UNTIL,
)
from model.units import BPS, BTC, LARGEST_POSTING, PPM, USD
from model.view import frozen


class RevenueShares(Desk):
    """Offers of revenue shares, and companies that have sold some."""

    key = "revenue_shares"
    needs = ("bitcoin", "rigs", "payout", "power")
    wants = ("rental", "gpu_coin")
    Params = RevenueSharesParams

    @classmethod
    def room(cls, params: RevenueSharesParams) -> tuple[int, int, int]:
        """An asset with an income line for each; escrow and pot."""
        return params.capacity, params.capacity, 2

    # -- the day

    @stage("accrual")
    def reckon(self) -> None:
        """What companies mined with their own rigs, and were paid for hashpower, is reckoned as revenue.

        Anybody may rent from a friend at any price, so rent makes a company's mean no larger than mining would.
        """
        self._reserve()
        self._begin()
        coins = self.payout.gross
        if self.rental is not None:
            coins = np.floor(coins * self.rental.own_part[: coins.size]).astype(np.int64)
        price = max(1, round(float(self.bitcoin.price) * USD))
        usd = np.zeros(self.revenue.size, np.int64)
        usd[: coins.size] = np.floor(np.minimum(coins * (price / BTC), LARGEST_POSTING)).astype(np.int64)
        if self.gpu_coin is not None:
            usd[: self.gpu_coin.gross.size] += self.gpu_coin.gross
        sure, days, first = usd, self.clock.dt_days, self.clock.tick == 0
        if self.rental is not None:
            let = self.rental.let
            sure, usd = usd + np.minimum(let, self.rental.forgone), usd + let
        self.revenue = usd
        part = 1.0 if first else 1.0 - math.exp(-days / self.params.memory_days)
        self.mean += (sure / USD / days - self.mean) * part

    @stage("clear")
    def settle(self) -> None:
        """Offers come together or are paid back; companies pay from cash, then by coin sale, after their power."""
        tick = self.clock.tick
        for k in np.flatnonzero(self.rows[:, PHASE] == OFFERED).tolist():
            row = self.rows[k]
            if row[RAISED] >= row[ASKED] * self.params.full and (row[RAISED] >= row[ASKED] or tick >= row[UNTIL]):
                self._close(k)
            elif tick >= row[UNTIL]:
                self._refund(k)
        for k in np.flatnonzero(
            (self.rows[:, PHASE] == RUNNING) & (self.rows[:, UNTIL] - self.rows[:, TERM] < tick)
        ).tolist():
            self._pay(k)
        self._mark()

    def _mark(self) -> None:
        """Running shares are worth what they pay at mean revenue; offered ones what was paid."""
        tick = self.clock.tick
        for k, row in enumerate(self.rows):
            value = 1.0
            if row[PHASE] == RUNNING:
                daily = float(self.mean[row[ISSUER]]) * int(row[SHARE]) / PPM
                days = (int(row[UNTIL]) - tick) * self.clock.dt_days
                worth = present_value(daily, self.left(k) / USD, days, self.params.mark_rate)
                value = worth / (int(row[RAISED]) / USD)
            self.ledger.value[self.assets[k]] = value / USD

    # -- what agents ask for

    def _each(self, rows: NDArray[Any], order: NDArray[np.int64], act: Any) -> None:
        """Carry rows out one by one; none of it can be taken back from a bundle."""
        names = (rows.dtype.names or ())[:-2]
        for i in order.tolist():
            if self.ledger.books.logging[0] != 0:
                rows[i]["status"] = Status.NOT_ALLOWED
            else:
                rows[i]["status"], rows[i]["filled"] = act(*(int(rows[i][name]) for name in names))

    @settles(OfferRevenueShare)
    def settle_offers(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Companies offer shares of their revenue."""
        self._each(rows, order, self.offer)

    @settles(BuyRevenueShare)
    def settle_purchases(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Investors put money into offers."""
        self._each(rows, order, self.buy)

    # -- looks and laws

    def view(self) -> RevenueSharesView:
        """Offers, shares, revenues."""
        self._reserve()
        sold = np.zeros(self.revenue.size, np.int64)
        live = self.rows[self.rows[:, PHASE] != FREE]
        np.add.at(sold, live[:, ISSUER], live[:, SHARE])
        p = self.params
        return RevenueSharesView(
            frozen(self.rows), frozen(self.assets), frozen(self.mean), sold, int((self.rows[:, PHASE] == FREE).sum()),
            round(p.most_share * PPM), round(p.most_multiple * BPS), int(p.longest_days),
        )  # fmt: skip

    def state(self) -> Iterable[NDArray[Any]]:
        """Rows, mean revenues."""
        return self.rows, self.mean[: self.ledger.accounts]

    def check(self) -> None:
        """Escrow holds what came together for offers; nobody pays beyond his cap; holders have what was raised."""
        offered = self.rows[:, PHASE] == OFFERED
        held, owed = self.ledger.balance(USD_ASSET, self.escrow), int(self.rows[offered, RAISED].sum())
        if held != owed:
            raise InvariantViolated(f"revenue_shares: escrow holds {held}, offers took {owed} USD base units")
        for k, row in enumerate(self.rows):
            issuer = self.escrow if row[PHASE] == OFFERED else int(row[ISSUER])
            out = -self.ledger.balance(int(self.assets[k]), issuer) if row[PHASE] != FREE else 0
            if row[PHASE] != FREE and out != row[RAISED]:
                raise InvariantViolated(
                    f"revenue_shares: holders of share {k} have {out}, raised were {int(row[RAISED])}"
                )
            if row[PHASE] == RUNNING and not 0 <= row[ARREARS] <= self.left(k):
                raise InvariantViolated(f"revenue_shares: share {k} is beyond its cap")
