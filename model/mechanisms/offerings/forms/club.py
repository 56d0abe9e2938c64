"""A buyers' club: pledges for rigs that are ordered from the makers once all is pledged, or paid back.

The club's vault is empty until the makers deliver, weeks after the order. All that was pledged, less the platform's
fee, pays for rigs at the price of the day, and never for fewer than the founder promised. The scheme is that of group purchases on chain [PartyBid 2021, ConstitutionDAO 2021].
"""

from model.mechanisms.offerings import formulas
from model.mechanisms.offerings.form import Form
from model.units import GHS_PER_TH, USD


class Club(Form):
    """Pledges buy rigs together, or are paid back."""

    name = "club"
    chosen = False
    seed_bps = grant_bps = 0

    def settle(self, v: int, late: bool) -> bool:
        """Order once all is pledged and buys what was promised; pay back at the deadline."""
        if self.house.sales.left[v] == 0 and self.enough(v):
            self.order(v)
        elif late:
            self.refund(v)
        else:
            return False
        return True

    def enough(self, v: int) -> bool:
        """Whether the pledges buy what was promised at today's price of rigs."""
        return self._purse(v) / USD >= self.house.rigs.per_th * int(self.house.promised[v]) / GHS_PER_TH

    def _purse(self, v: int) -> int:
        pledged = self.house.slips.paid(v)
        return pledged - formulas.fee_of(pledged, self.house.params.fee_bps)

    def order(self, v: int) -> None:
        """The vault pays the makers; pledgers get the fractions, which earn once rigs arrive."""
        o, vault = self.house, int(self.house.vaults.account[v])
        pledged, purse = o.slips.paid(v), self._purse(v)
        self.deliver(v, vault)
        ghs = o.rigs.order(vault, purse, o.params.initial_power_price)
        text = f"{ghs / GHS_PER_TH:,.1f} TH/s ordered from the makers with {pledged / USD:,.2f} USD of pledges"
        o.journal.event("club_order", text, vault=v, amount=purse / USD)
