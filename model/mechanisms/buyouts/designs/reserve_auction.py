"""The reserve auction of fractional.art: holders vote on a reserve, and whoever bids it starts an auction of the NFT.

The reserve is the mean of voters' prices weighted by the fractions that they hold at that moment. A vote must lie within
.2 to 5 times the mean of the others'. A bid of at least the reserve starts the auction once voters hold the quorum;
others outbid by a step, late bids make it longer, and the winner's dollars are shared by all fractions, his own
included. A curator's fee is paid in new fractions all the time.                                  [fractional.art, 2021]
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.design import REFUSED, Answer, Design
from model.mechanisms.buyouts.table import Phase
from model.mechanisms.buyouts.votes import standing
from model.units import BPS

MINUTES_PER_DAY = 1_440.0


class ReserveAuction(Design):
    """Votes on a reserve, then an English auction."""

    name = "reserve_auction"

    @property
    def window(self) -> float:
        """Days of the auction."""
        return float(self.house.params.auction_days)

    def stand(
        self,
        vaults: NDArray[np.int64],
        voted: NDArray[np.float64],
        least_stake: NDArray[np.int64],
        least_bid: NDArray[np.int64],
    ) -> None:
        """Part of the supply that voters hold; the reserve, the mean of their votes weighted by fractions, rounded up.

        The reserve is 0 without a quorum, when nobody may bid.
        """
        h, table = self.house, self.house.vaults.table
        sums = h.votes.sums(h.ledger.books.balances, table.fraction)
        standing(sums, vaults, table.supply, int(h.params.quorum_bps), voted, least_bid)

    def _standing(self, v: int) -> tuple[float, int]:
        """Part of the supply that voted, and the reserve."""
        voted, least = np.zeros(v + 1), np.zeros(v + 1, np.int64)
        self.stand(np.array([v]), voted, least, least)
        return float(voted[v]), int(least[v])

    def least_bid(self, v: int) -> int:
        """The reserve."""
        return self._standing(v)[1]

    def vote(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Name a price for the whole NFT; not while an auction runs."""
        h, p = self.house, self.house.params
        within = (float(p.vote_low), float(p.vote_high))
        h.votes.take(h.ledger.books.balances, h.vaults.table.fraction, h.table.phase, within, rows, order)

    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """Bid the reserve or more."""
        h, least = self.house, self.least_bid(v)
        if least == 0 or fractions != 0:
            return REFUSED
        if usd < least:
            return Status.LIMIT, 0
        price = formulas.price_of(usd, int(h.vaults.supply[v]))
        h.begin(v, account, price, 0, Phase.AUCTION, days=self.window)
        h.pay_in(v, account, account, usd)
        return Status.DONE, usd

    def need(self, v: int) -> int:
        """The live bid and a step."""
        return formulas.least_raise(self.house.cash(v), int(self.house.params.raise_bps))

    def bid(self, v: int, account: int, usd: int) -> Answer:
        """Outbid; the one before is paid back at once, and a late bid makes the auction last longer."""
        h, t = self.house, self.house.table
        if usd < self.need(v):
            return Status.LIMIT, 0
        h.replace_bid(v, account, usd)
        if h.params.extension_minutes > 0:
            longer = h.clock.ticks_of(h.params.extension_minutes / MINUTES_PER_DAY)
            if t.deadline[v] - max(0, h.clock.tick) < longer:
                t.deadline[v] += longer
        return Status.DONE, usd

    def settle(self, v: int, late: bool) -> None:
        """At the deadline the NFT is the best bidder's."""
        h = self.house
        if late:
            h.win(v, int(h.table.opener[v]), cash=h.cash(v), retired=0)

    def follow(self, vaults: NDArray[np.int64]) -> None:
        """The curator's fee: new fractions for the creator."""
        h, fee = self.house, float(self.house.params.curator_fee)
        if fee > 0.0:
            h.vaults.dilute(vaults, fee, h.clock.dt_years)

    def voted(self, v: int) -> float:
        """Part of the supply that voters hold."""
        return self._standing(v)[0]

    @property
    def threshold(self) -> float:
        """The quorum."""
        return float(self.house.params.quorum_bps / BPS)

    def owes(self, v: int) -> tuple[int, int]:
        """The live bid, and no fractions."""
        return int(self.house.table.offer[v]), 0
