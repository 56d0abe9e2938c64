"""Offers and contracts of revenue shares: how money comes together, is paid back, and how a share ends."""

from typing import Any

import numpy as np

from model.actions import Status
from model.flows import Flow, Group
from model.ledger import NONE, PAYABLE_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.revenue_shares.formulas import due
from model.mechanisms.revenue_shares.params import RevenueSharesParams
from model.mechanisms.revenue_shares.table import (
    ARREARS,
    ASKED,
    CAP_BPS,
    FREE,
    ISSUER,
    NOBODY,
    OFFERED,
    PHASE,
    RAISED,
    REPAID,
    RUNNING,
    SHARE,
    SINCE,
    TERM,
    UNTIL,
    blank,
)
from model.room import note_full
from model.units import BPS, LARGEST_RESERVE, PPM, USD, mul_div

SMALLEST = USD  # base units of an offer or a purchase
LARGEST = LARGEST_RESERVE // 100  # of an offer, so that its cap fits
Outcome = tuple[Status, int]


class Desk(Mechanism):
    """Rows of offers and running shares, and the accounts and assets behind them.

    Attributes:
        escrow: holds what came together for offers; pot: what is paid and not yet collected
        assets: of what holders have, by row; lines: income lines by row; waiting: dust that is credited later, by row
        rows: as in `table`
        revenue: of the tick [USD base units] by account; mean: its mean, rent no dearer than mining [USD a day]
        raised, paid: USD base units in the tick; defaulted: left unpaid by those who failed in it, `failures`
        ended: shares that were paid back or whose term was over, in the tick
    """

    Params = RevenueSharesParams
    bitcoin: Any
    rigs: Any
    gpu_coin: Any

    def __init__(self, market: Any, params: RevenueSharesParams) -> None:
        super().__init__(market, params)
        ledger = self.ledger
        self.escrow = ledger.open_account("credit", "offers of revenue shares")
        self.pot = ledger.open_account("credit", "payments of revenue shares")
        self.assets = np.array(
            [ledger.add_asset(f"revenue share {k}", Group.DEBT, (self.escrow,)) for k in range(params.capacity)],
            np.int64,
        )
        self.lines = [ledger.add_line(int(asset), USD_ASSET, self.pot) for asset in self.assets]
        self.rows = blank(params.capacity)
        self.waiting = np.zeros(params.capacity, np.int64)
        self.revenue, self.mean = np.zeros(0, np.int64), np.zeros(0)
        self._begin()
        self._reserve()

    def _begin(self) -> None:
        self.raised = self.paid = self.defaulted = self.ended = self.failures = 0

    def _reserve(self) -> None:
        more = self.ledger.books.sector.size - self.revenue.size
        if more > 0:
            self.revenue = np.concatenate([self.revenue, np.zeros(more, np.int64)])
            self.mean = np.concatenate([self.mean, np.zeros(more)])

    # -- what agents ask for

    def sold(self, account: int) -> int:
        """Part of an account's revenue that is sold or on offer [parts of a million]."""
        own = (self.rows[:, ISSUER] == account) & (self.rows[:, PHASE] != FREE)
        return int(self.rows[own, SHARE].sum())

    def offer(self, account: int, share_ppm: int, amount: int, cap_bps: int, days: int) -> Outcome:
        """Take an offer of a company with rigs or cards of its own; its number."""
        p = self.params
        if not 0 < share_ppm <= PPM or not SMALLEST <= amount <= LARGEST:
            return Status.AMOUNT, 0
        if not BPS <= cap_bps <= round(p.most_multiple * BPS) or not 1 <= days <= p.longest_days:
            return Status.LIMIT, 0
        if share_ppm + self.sold(account) > round(p.most_share * PPM):
            return Status.NOT_ALLOWED, 0
        if not self.rigs.held(account) and (self.gpu_coin is None or not self.gpu_coin.mhs[account]):
            return Status.NOT_ALLOWED, 0
        if self.mean[account] <= 0.0 or self.ledger.balance(PAYABLE_ASSET, account) > self.revenue[account]:
            return Status.CLOSED, 0
        free = np.flatnonzero(self.rows[:, PHASE] == FREE)
        if free.size == 0:
            return Status.DEPTH, 0
        if free.size == 1:
            note_full(self.journal, "revenue_shares.capacity", p.capacity)
        k, tick = int(free[0]), max(0, self.clock.tick)
        until = tick + self.clock.ticks_of(p.offer_days)
        self.rows[k] = (
            OFFERED, account, share_ppm, amount, cap_bps, self.clock.ticks_of(days), until, 0, 0, 0, NOBODY,
        )  # fmt: skip
        return Status.DONE, k

    def buy(self, account: int, number: int, amount: int) -> Outcome:
        """Take money for an offer, as much as is still asked for."""
        if not 0 <= number < len(self.rows) or self.rows[number, PHASE] != OFFERED:
            return Status.UNKNOWN, 0
        row = self.rows[number]
        if row[ISSUER] == account:
            return Status.NOT_ALLOWED, 0
        left = int(row[ASKED] - row[RAISED])
        taken = min(amount, left)
        if taken < min(SMALLEST, max(1, left)):
            return Status.AMOUNT, 0
        if not self.ledger.move(USD_ASSET, account, self.escrow, taken, Flow.CAPITAL):
            return Status.FUNDS, 0
        self.ledger.pay(int(self.assets[number]), self.escrow, account, taken, Flow.MINT)
        row[RAISED] += taken
        return Status.DONE, taken

    # -- the life of a share

    def _close(self, k: int) -> None:
        """The company gets the money and owes the shares."""
        row, ledger = self.rows[k], self.ledger
        who, asset, raised = int(row[ISSUER]), int(self.assets[k]), int(row[RAISED])
        ledger.books.issuer[asset, 1] = who
        ledger.pay(asset, who, self.escrow, raised, Flow.MINT)
        ledger.pay(USD_ASSET, self.escrow, who, raised, Flow.CAPITAL)
        row[PHASE], row[UNTIL] = RUNNING, self.clock.tick + row[TERM]
        self.raised += raised
        text = (
            f"{raised / USD:,.0f} USD raised for {row[SHARE] / PPM:.1%} of revenue up to {row[CAP_BPS] / BPS:g} times"
        )
        self.journal.event("capital raised", text, account=who, amount=raised / USD)

    def _refund(self, k: int) -> None:
        """Too little came together: everybody gets his money back."""
        row, ledger, asset = self.rows[k], self.ledger, int(self.assets[k])
        for holder in self._holders(k):
            amount = ledger.balance(asset, holder)
            ledger.pay(asset, holder, self.escrow, amount, Flow.BURN)
            ledger.pay(USD_ASSET, self.escrow, holder, amount, Flow.REFUND)
        text = f"an offer of {row[SHARE] / PPM:.1%} of revenue found {row[RAISED] / USD:,.0f} of {row[ASKED] / USD:,.0f} USD"
        self.journal.event("offer lapsed", text, account=int(row[ISSUER]), amount=int(row[RAISED]) / USD)
        self._free(k)

    def _holders(self, k: int) -> list[int]:
        """Accounts with a part of a share."""
        ledger = self.ledger
        return [int(a) for a in np.flatnonzero(ledger.books.balances[self.assets[k], : ledger.accounts] > 0)]

    def _free(self, k: int) -> None:
        """Make room for another share; dust that could not be credited stays out of it, with the platform."""
        self.ledger.pay(USD_ASSET, self.pot, self.market.platform, int(self.waiting[k]), Flow.INTEREST)
        self.waiting[k] = 0
        self.ledger.books.issuer[self.assets[k], 1] = NONE
        self.rows[k] = blank(1)[0]

    def left(self, k: int) -> int:
        """What is left of the cap, arrears included [USD base units]."""
        row = self.rows[k]
        return mul_div(int(row[RAISED]), int(row[CAP_BPS]), BPS) - int(row[REPAID])

    def _pay(self, k: int) -> None:
        """The tick's part of revenue and arrears, as far as power leaves anything."""
        row, ledger = self.rows[k], self.ledger
        who = int(row[ISSUER])
        if self.clock.tick <= row[UNTIL]:
            row[ARREARS] += due(int(self.revenue[who]), int(row[SHARE]), self.left(k) - int(row[ARREARS]))
        owed = int(row[ARREARS])
        if owed > 0 and ledger.balance(PAYABLE_ASSET, who) == 0:
            lack = owed - ledger.balance(USD_ASSET, who)
            if lack > 0:
                self.bitcoin.raise_cash(np.array([who], np.int64), np.array([lack], np.int64))
            paid = min(owed, max(0, ledger.balance(USD_ASSET, who)))
            if paid > 0:
                ledger.pay(USD_ASSET, who, self.pot, paid, Flow.INTEREST)
                self.waiting[k] += paid
                self.waiting[k] -= ledger.share(self.lines[k], int(self.waiting[k]), int(row[RAISED]))
                ledger.collect(int(self.assets[k]), np.array(self._holders(k), np.int64))
                row[ARREARS] -= paid
                row[REPAID] += paid
                self.paid += paid
        tick = self.clock.tick
        row[SINCE] = NOBODY if row[ARREARS] == 0 else tick if row[SINCE] == NOBODY else row[SINCE]
        if self.left(k) == 0:
            self._finish(k, "paid back")
        elif row[ARREARS] > 0 and tick - row[SINCE] >= self.clock.ticks_of(self.params.grace_days):
            self.defaulted += self.left(k)
            self.failures += 1
            self._finish(k, "default")
        elif tick >= row[UNTIL] and row[ARREARS] == 0:
            self._finish(k, "term over")

    def _finish(self, k: int, how: str) -> None:
        """A share ends; what holders have is void."""
        row, ledger, asset = self.rows[k], self.ledger, int(self.assets[k])
        who, kind = int(row[ISSUER]), Flow.DEFAULT if how == "default" else Flow.BURN
        for holder in self._holders(k):
            ledger.pay(asset, holder, who, ledger.balance(asset, holder), kind)
        self.ended += how != "default"
        text = f"{how}: {row[REPAID] / USD:,.0f} USD paid on {row[RAISED] / USD:,.0f} raised"
        word = "revenue share default" if how == "default" else "revenue share ended"
        self.journal.event(word, text, account=who, amount=int(row[REPAID]) / max(1, int(row[RAISED])))
        self._free(k)
