"""Launch grants: fractions for those who bring liquidity to a new market [liquidity mining, Compound 2020].

The creator sets fractions aside; an account of the platform pays them out day by day to holders of the pools' shares,
himself and institutions left out, in proportion to their shares. What a day's liquidity did not earn goes back to him.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow
from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.mechanisms.offerings import kernels
from model.units import TOKEN

if TYPE_CHECKING:
    from model.mechanisms.offerings.mechanism import Offerings

NOT_PAID = ("venues", "platform")


class Grants:
    """Grants of all vaults.

    Attributes:
        account: holds what is not yet paid out; made when a scenario has grants
        total, left: base units by vault; since: tick of the launch
        passed: what the days so far were to pay, claimed or not
        running: vaults whose grants are paid out
    """

    def __init__(self, house: "Offerings") -> None:
        self.house = house
        size = house.vaults.status.size
        self.total, self.left, self.passed, self.since = (np.zeros(size, np.int64) for _ in range(4))
        self.running: list[int] = []
        self.account = NONE
        if house.params.grant_bps > 0:
            self.account = house.ledger.open_account("platform", "launch grants")
        self.shut = np.array([sector in NOT_PAID for sector in house.ledger.sectors])

    def set_aside(self, v: int, creator: int, amount: int) -> None:
        """Take a grant from its creator; its time begins."""
        if amount <= 0:
            return
        self.house.ledger.pay(int(self.house.vaults.fraction[v]), creator, self.account, amount, Flow.EMISSION)
        self.total[v] = self.left[v] = amount
        self.passed[v], self.since[v] = 0, max(0, self.house.clock.tick)
        self.running.append(v)

    def pay_out(self) -> None:
        """A day's part to those who provide liquidity; at the end the rest to the creator."""
        o, clock = self.house, self.house.clock
        span = clock.ticks_of(o.params.grant_days)
        for v in tuple(self.running):
            self._pass_income(v)
            elapsed = min(span, clock.tick - int(self.since[v]))
            due = int(self.total[v]) * elapsed // span - int(self.passed[v])
            self.passed[v] += due
            self.left[v] -= self._share_out(v, due) if o.vaults.live[v] else 0
            if elapsed == span or not o.vaults.live[v]:
                self._end(v)

    def _share_out(self, v: int, due: int) -> int:
        """Split a day's part over the venues by their weights, over a venue's kinds of shares alike, and by holdings."""
        o, ledger, given = self.house, self.house.ledger, 0
        for share, part in self._shares(v):
            given += int(
                kernels.grant(
                    ledger.books, ledger.accounts, int(o.vaults.fraction[v]), self.account, share,
                    int(o.vaults.creator[v]), self.shut, int(due * part),
                )
            )  # fmt: skip
        return given

    def _shares(self, v: int) -> list[tuple[int, float]]:
        """Assets of the shares of a vault's pools, one or more a venue, with the part that goes to each."""
        found: list[tuple[int, float]] = []
        for venue, weight in self.house.venues:
            assets = [int(asset) for asset in np.atleast_2d(venue.share)[:, v] if asset != NONE]
            found += [(asset, weight / len(assets)) for asset in assets]
        whole = sum(weight for _, weight in found)
        return [(asset, weight / whole) for asset, weight in found]

    def _pass_income(self, v: int) -> None:
        """What fractions earn while they are set aside is the creator's."""
        o, ledger = self.house, self.house.ledger
        ledger.collect(int(o.vaults.fraction[v]), np.array([self.account], np.int64))
        for asset in (BTC_ASSET, USD_ASSET):
            earned = ledger.balance(asset, self.account)
            ledger.pay(asset, self.account, int(o.vaults.creator[v]), earned, Flow.INCOME)

    def _end(self, v: int) -> None:
        o, rest, creator = self.house, int(self.left[v]), int(self.house.vaults.creator[v])
        o.ledger.pay(int(o.vaults.fraction[v]), self.account, creator, rest, Flow.EMISSION)
        given = (int(self.total[v]) - rest) / TOKEN
        self.left[v] = 0
        self.running.remove(v)
        text = f"launch grant ends: {given:,.0f} fractions to providers, {rest / TOKEN:,.0f} back"
        o.journal.event("grant", text, account=creator, vault=v, amount=given)

    def state(self) -> tuple[NDArray[Any], ...]:
        """All columns, where there are grants."""
        return (self.total, self.left, self.passed, self.since) if self.account != NONE else ()

    def check(self) -> None:
        """The account holds what is not yet paid out, and no money."""
        if self.account == NONE:
            return
        ledger = self.house.ledger
        for v in self.running:
            held = ledger.balance(int(self.house.vaults.fraction[v]), self.account)
            if held != self.left[v]:
                raise InvariantViolated(f"launch grant of vault {v}: {self.left[v]} left to pay, {held} held")
