"""The unlocking of Unicly: bids for an NFT stand until holders' locked votes reach a threshold; then the best bid wins.

Votes are fractions that are locked, and given back on demand. Nothing holds the NFT back once the threshold is reached,
unless a delay is set; none was in the wild. The dollars of the best bid are shared by all fractions. Until then its bidder
may take it back, once it has stood for three days.                                     [Unicly, Converter.sol, 2021]
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.design import REFUSED, SHUT, Answer, Design
from model.mechanisms.buyouts.table import NONE, Phase
from model.units import BPS, HOURS_PER_DAY


class UnlockVote(Design):
    """Standing bids, and a threshold of locked votes."""

    name = "unlock_vote"
    binding = False

    @property
    def window(self) -> float:
        """No end: a bid stands until votes reach the threshold, another is higher, or its bidder takes it back.

        He may after `bid_lock_days`, unless votes have reached the threshold.
        """
        return math.inf

    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """The first bid."""
        h = self.house
        if fractions != 0:
            return REFUSED
        h.begin(v, account, formulas.price_of(usd, int(h.vaults.supply[v])), 0, Phase.BIDDING)
        h.pay_in(v, account, account, usd)
        return Status.DONE, usd

    def least_bid(self, v: int) -> int:
        """Any."""
        return 1

    def need(self, v: int) -> int:
        """More than the best bid."""
        return formulas.least_raise(self.house.cash(v), 0)

    def bid(self, v: int, account: int, usd: int) -> Answer:
        """Outbid; the one before is paid back at once."""
        if usd < self.need(v):
            return Status.LIMIT, 0
        self.house.replace_bid(v, account, usd)
        return Status.DONE, usd

    def withdraw(self, v: int, account: int) -> Answer:
        """The best bid goes back to its bidder."""
        if account != self.house.table.opener[v]:
            return REFUSED
        if self.reached(v):
            return SHUT
        if self._age(v) < self.house.params.bid_lock_days:
            return Status.LOCKED, 0
        return Status.DONE, self.house.withdraw(v)

    def _age(self, v: int) -> float:
        """Of the best bid [days]."""
        return float((self.house.clock.tick - int(self.house.table.raised[v])) * self.house.clock.dt_days)

    def stood(self, v: int) -> float:
        """Days for which the best bid has stood, NaN while it may not be taken back."""
        age = self._age(v)
        return age if age >= self.house.params.bid_lock_days and not self.reached(v) else math.nan

    def vote(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Have so many fractions locked for the unlocking, more or fewer than before."""
        for i in order:
            v, account, amount = (int(rows[i][name]) for name in ("vault", "account", "amount"))
            rows[i]["status"], rows[i]["filled"] = self._lock(v, account, amount)

    def _lock(self, v: int, account: int, amount: int) -> Answer:
        h = self.house
        before = h.locked_by(v, account)
        if amount > before and h.at_hand(v, account) < amount - before:
            return Status.FUNDS, 0
        if amount > before:
            h.lock(v, account, account, amount - before)
        else:
            h.unlock(v, account, account, before - amount)
        return Status.DONE, amount

    def reached(self, v: int) -> bool:
        """Whether enough votes are locked."""
        return self.house.locked(v) * BPS >= int(self.house.vaults.supply[v]) * self.house.params.unlock_bps

    def settle(self, v: int, late: bool) -> None:
        """The best bid wins once the threshold has been held for the delay."""
        h, t = self.house, self.house.table
        if not self.reached(v):
            t.turn[v] = t.deadline[v] = NONE
            return
        if t.turn[v] == NONE:
            delay, hours = float(h.params.unlock_delay_hours), HOURS_PER_DAY
            t.turn[v] = h.clock.tick
            t.deadline[v] = h.clock.tick + (h.clock.ticks_of(delay / hours) if delay > 0 else 0)
        if h.clock.tick >= t.deadline[v]:
            h.win(v, int(t.opener[v]), cash=h.cash(v), retired=0)

    def voted(self, v: int) -> float:
        """Part of the supply that is locked."""
        supply = int(self.house.vaults.supply[v])
        return self.house.locked(v) / supply if supply else 0.0

    @property
    def threshold(self) -> float:
        """Part of the supply that must be."""
        return float(self.house.params.unlock_bps / BPS)

    def owes(self, v: int) -> tuple[int, int]:
        """The best bid, and all locked votes."""
        h = self.house
        votes = sum(fractions for _, fractions in h.lockers(v))
        return int(h.table.offer[v]), votes
