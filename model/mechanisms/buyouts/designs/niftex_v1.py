"""The first shotgun of NIFTEX: an offer for all other fractions, and a counter that buys the proposer out at his price.

Price of a fraction = offer / (supply - own). Fractions may not move meanwhile. Holders together may pay in price x own,
to the unit and no more; then they share the proposer's fractions and he is paid. Otherwise the NFT is his after the
deadline, and the offer waits for all others.                                                         [NIFTEX v1, 2020]
"""

from model.actions import Status
from model.mechanisms.buyouts import formulas
from model.mechanisms.buyouts.design import REFUSED, Answer, Design
from model.mechanisms.buyouts.table import Phase


class NiftexV1(Design):
    """Shotgun with a pause of transfers, 14 days, no least stake."""

    name = "niftex_v1"
    pauses = True

    @property
    def window(self) -> float:
        """Days to counter."""
        return float(self.house.params.shotgun_days)

    def least_stake(self, v: int) -> int:
        """One base unit: who holds nothing cannot be bought out."""
        return 1

    def open(self, v: int, account: int, fractions: int, usd: int) -> Answer:
        """Lock own fractions and the offer for all others."""
        h, rest = self.house, int(self.house.vaults.supply[v]) - fractions
        if fractions <= 0 or rest <= 0:
            return REFUSED
        price = formulas.price_of(usd, rest)
        if not h.payable(v, price):
            return Status.AMOUNT, 0
        h.begin(v, account, price, fractions, Phase.COUNTER, days=self.window)
        h.table.due[v] = formulas.counter_of(fractions, usd, rest)
        h.lock(v, account, account, fractions)
        h.pay_in(v, account, account, usd)
        return Status.DONE, usd

    def need(self, v: int) -> int:
        """What is missing to the counter."""
        return int(self.house.table.due[v]) - self._paid(v)

    def _paid(self, v: int) -> int:
        """What others than the proposer have paid in."""
        h = self.house
        return h.cash(v) - h.claimed(v, int(h.table.opener[v]))

    def counter(self, v: int, account: int, usd: int) -> Answer:
        """Holders pay towards price x own; more than what is missing is refused."""
        h = self.house
        if account == h.table.opener[v] or not h.holds(v, account):
            return REFUSED
        if usd > self.need(v):
            return Status.DEPTH, 0
        h.pay_in(v, account, account, usd)
        return Status.DONE, usd

    def settle(self, v: int, late: bool) -> None:
        """Blocked as soon as the counter is complete; won at the deadline."""
        h = self.house
        opener = int(h.table.opener[v])
        offer = h.claimed(v, opener)
        others = [(a, paid) for a, paid in h.claimants(v) if a != opener]
        if self.need(v) == 0:
            shares = formulas.parts(h.locked(v), [paid for _, paid in others])
            for (account, paid), share in zip(others, shares, strict=True):
                h.unlock(v, opener, account, share)
                h.hand_claim(v, account, opener, paid)
            h.lose(v, f"{len(others)} holders countered with {h.table.due[v] / h.unit:,.2f} USD", blocked=True)
        elif late:
            for account, paid in others:
                h.pay_back(v, account, account, paid)
            h.win(v, opener, cash=offer, retired=h.locked(v))

    def owes(self, v: int) -> tuple[int, int]:
        """The offer and what others have paid in, which is not more than the counter; the proposer's fractions."""
        h, t = self.house, self.house.table
        others = sum(paid for account, paid in h.claimants(v) if account != t.opener[v])
        return int(t.offer[v]) + min(others, int(t.due[v])), int(t.stake[v])
