"""The tender of Tessera: a pool of dollars buys fractions at the proposer's price, and then sells them back at it.

For two days holders sell into the pool; for four days from the opening anyone buys from it, which is how to reject the
offer. The proposer wins if more than half of the supply is in the pool at the end: the NFT is his and the other fractions
claim the price. Otherwise all that is in the pool is his.                                     [Tessera, Buyout.sol, 2022]
"""

from model.actions import Status
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.design import SHUT, Answer, Piecewise
from model.mechanisms.buyouts.table import Phase
from model.units import BPS


class TenderPool(Piecewise):
    """Two days to tender, four days to reject from the opening on, more than half to win."""

    name = "tender_pool"

    @property
    def window(self) -> float:
        """Days to tender; it can be rejected for longer."""
        return float(self.house.params.tender_days)

    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """Put fractions and the dollars for all others into the pool."""
        h, p = self.house, self.house.params
        answer = self.start(v, account, fractions, usd, Phase.TENDER)
        if h.is_open(v):
            h.set_deadline(v, p.tender_days, turn=True)
            h.set_deadline(v, p.rejection_days)
        return answer

    def tender(self, v: int, account: int, amount: int) -> Answer:
        """Fractions against dollars of the pool, at the price, rounded down."""
        h, t = self.house, self.house.table
        if t.phase[v] != Phase.TENDER:
            return SHUT
        if account == t.opener[v]:
            return Status.NOT_ALLOWED, 0
        if h.at_hand(v, account) < amount:
            return Status.FUNDS, 0
        rest = int(h.vaults.supply[v]) - h.locked(v) - amount
        paid = h.cash(v) - formulas.cost_of(rest, int(t.price[v]))
        if paid <= 0:
            return Status.AMOUNT, 0
        opener = int(t.opener[v])
        h.lock(v, account, opener, amount)
        h.pay_back(v, opener, account, paid)
        return Status.DONE, paid

    def counter(self, v: int, account: int, usd: int) -> Answer:
        """Buy from the pool, during the tender and after it."""
        return self.buy_piece(v, account, usd)

    def settle(self, v: int, late: bool) -> None:
        """No more tenders after their last day; decide at the end by what is in the pool."""
        h, t = self.house, self.house.table
        if t.phase[v] == Phase.TENDER and h.clock.tick >= t.turn[v]:
            t.phase[v] = Phase.REJECTION
        if late:
            if h.locked(v) * BPS > int(h.vaults.supply[v]) * h.params.win_bps:
                h.win(v, int(t.opener[v]), cash=h.cash(v), retired=h.locked(v))
            else:
                self.give_back(v)

    def voted(self, v: int) -> float:
        """Part of the supply in the pool."""
        h = self.house
        supply = int(h.vaults.supply[v])
        return h.locked(v) / supply if supply and h.is_open(v) else 0.0

    @property
    def threshold(self) -> float:
        """Part of the supply that the pool must exceed."""
        return float(self.house.params.win_bps / BPS)
