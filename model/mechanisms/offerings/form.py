"""What a form of offering is: how it asks for money, and how its sales end.

A sale's price is a line in what is sold: `price` for the first fraction, `rise` more for the last. A form sets both at
the opening, may move the price every day in `quote`, and says in a few attributes how its sales end; `settle` is all
there is to override for any other end.
"""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.offerings import formulas, kernels
from model.nft_kind import WITH_RIGS
from model.units import TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.offerings.mechanism import Offerings


class Form:
    """One form of offering; a file of `forms` each.

    Attributes:
        name: what a scenario calls it
        chosen: whether a scenario may choose it for what is brought to sale, rather than an action of its own
        keeps: at the deadline what is sold is delivered and the rest stays with the creator; else all is paid back
        uniform: all pay the last price, whatever they paid in

    Args:
        house: whose columns and escrow it works with
    """

    name: ClassVar[str] = ""
    chosen: ClassVar[bool] = True
    keeps: ClassVar[bool] = False
    uniform: ClassVar[bool] = False

    def __init__(self, house: "Offerings") -> None:
        self.house = house

    # -- terms

    @property
    def seed_bps(self) -> int:
        """Part of proceeds that opens venues."""
        return int(self.house.params.seed_bps)

    @property
    def grant_bps(self) -> int:
        """Part of the supply for those who bring liquidity."""
        return int(self.house.params.grant_bps)

    def supply(self) -> int:
        """Whole fractions of a new vault."""
        return int(self.house.vaults.params.supply)

    def parts(self, supply: int, keep_bps: int) -> formulas.Parts:
        """Who gets which part of the supply."""
        return formulas.parts_of(supply, keep_bps, self.seed_bps, self.grant_bps)

    def lot(self, price: int) -> int:
        """Base units that are sold at once; whole fractions, so that every price is paid exactly."""
        return TOKEN

    def highest(self, price: int) -> int:
        """Highest price that a sale at a creator's price may ask [USD base units per whole fraction]."""
        return price

    def rise(self, price: int) -> int:
        """By how much the price has risen when all is sold."""
        return 0

    def quote(self, v: int) -> None:
        """The price of the next tick; called at the opening and at the end of every tick."""

    def last_price(self, v: int) -> int:
        """Price at which the market opens after the sale [USD base units per whole fraction]."""
        return int(self.house.sales.price[v])

    # -- a sale

    def subscribe(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Subscribers pay into escrow and get receipts, as long as fractions are left at their limit."""
        self.house.take(rows, order)

    def settle(self, v: int, late: bool) -> bool:
        """Deliver or pay back, if it is time; whether the offering is over."""
        left = int(self.house.sales.left[v])
        if self.gone(v):
            self.refund(v)
        elif left == 0 or (self.keeps and late and left < self.house.sales.offered[v]):
            self.deliver(v, int(self.house.vaults.creator[v]))
            self.house.vaults.square(v)
        elif late:
            self.refund(v)
        else:
            return False
        return True

    def gone(self, v: int) -> bool:
        """Whether nothing is left to sell: utilities took all rigs for unpaid power, or the NFT's term is over."""
        vaults = self.house.vaults
        return bool(vaults.life_left[v] <= 0.0 or (vaults.kind[v] in WITH_RIGS and vaults.ghs[v] == 0))

    def deliver(self, v: int, seller: int) -> None:
        """Fractions to subscribers and what is left to the creator; proceeds to the seller, part of both to venues."""
        o, ledger, vaults = self.house, self.house.ledger, self.house.vaults
        fraction, creator = int(vaults.fraction[v]), int(vaults.creator[v])
        price, unsold = self.last_price(v), int(o.sales.left[v])
        sold = int(kernels.take_receipts(ledger.books, ledger.accounts, o.escrow, int(vaults.receipts[v]), fraction))
        back = o.slips.pay_back(ledger.books, o.escrow, v, price) if self.uniform else 0
        proceeds = o.slips.paid(v) - back
        ledger.pay(USD_ASSET, o.escrow, seller, proceeds, Flow.OFFERING)
        ledger.pay(fraction, o.escrow, creator, int(vaults.supply[v]) - sold, Flow.OFFERING)
        vaults.release(v)
        o.count(v, sold=sold, raised=proceeds, returned=back)
        o.close(v)
        o.pay_fee(seller, proceeds)
        o.launch(self, v, creator, proceeds, price)
        share = "all" if unsold == 0 else f"{sold / (sold + unsold):.0%}, "
        text = f"{share} {sold / TOKEN:,.0f} fractions sold for {proceeds / USD:,.2f} USD"
        o.journal.event("offering_sold", text, account=creator, vault=v, amount=proceeds / USD)

    def refund(self, v: int) -> None:
        """Money back to the last unit, fractions burnt, and what the vault held back to the creator."""
        o, ledger, vaults = self.house, self.house.ledger, self.house.vaults
        creator, missing = int(vaults.creator[v]), int(o.sales.left[v]) / TOKEN
        kernels.take_receipts(ledger.books, ledger.accounts, o.escrow, int(vaults.receipts[v]), kernels.NOTHING)
        paid = o.slips.pay_back(ledger.books, o.escrow, v, 0)
        vaults.dissolve(v, o.escrow)
        o.count(v, returned=paid, failed=True)
        o.close(v)
        text = f"{missing:,.0f} fractions unsold; {paid / USD:,.2f} USD refunded"
        o.journal.event("offering_failed", text, account=creator, vault=v, amount=paid / USD)

    # -- laws

    def owes(self, v: int, sold: int, paid: int) -> bool:
        """Whether what was paid into escrow is what so many fractions cost by this form's rule."""
        return paid == formulas.cost_of(sold, int(self.house.sales.price[v]))
