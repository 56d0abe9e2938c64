"""Fixed price, all or nothing: sold out by the deadline, or everybody gets his money back."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.offerings import formulas, kernels
from model.units import TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.offerings.rules import Offerings


class FixedPrice:
    """One form of offering; others have the same two methods.

    Args:
        house: whose columns and escrow it works with
    """

    def __init__(self, house: "Offerings") -> None:
        self.house = house

    def subscribe(self, rows: NDArray[Any], order: NDArray[np.int64]) -> None:
        """Subscribers pay the price into escrow and get receipts, as long as fractions are left."""
        o = self.house
        kernels.subscribe(
            o.ledger.books, o.vaults.n, o.escrow, o.is_open, o.price, o.lots, o.left, o.vaults.receipts, rows, order
        )

    def settle(self, v: int, late: bool) -> bool:
        """Deliver what is sold out, refund what is late or has lost its rigs; whether the offering is over."""
        if self.house.left[v] == 0:
            self.deliver(v)
        elif late or self.house.vaults.ghs[v] == 0:  # power unpaid, and utilities took the rigs
            self.refund(v)
        else:
            return False
        return True

    def deliver(self, v: int) -> None:
        """All sold: fractions to subscribers, proceeds to the creator, part of both into the pool."""
        o, ledger, vaults, price = self.house, self.house.ledger, self.house.vaults, int(self.house.price[v])
        fraction, creator = int(vaults.fraction[v]), int(vaults.creator[v])
        sold = int(kernels.deliver(ledger.books, ledger.accounts, o.escrow, int(vaults.receipts[v]), fraction))
        proceeds = formulas.cost_of(sold, price)
        ledger.pay(USD_ASSET, o.escrow, creator, proceeds, Flow.OFFERING)
        ledger.pay(fraction, o.escrow, creator, int(vaults.supply[v]) - sold, Flow.OFFERING)
        vaults.release(v)
        o.close(v)
        o.succeeded += 1
        o.raised += proceeds
        o.pay_fee(creator, proceeds)
        o.seed_pool(v, creator, proceeds, price)
        text = f"all {sold / TOKEN:,.0f} fractions sold for {proceeds / USD:,.2f} USD"
        o.journal.event("offering_sold", text, account=creator, vault=v, amount=proceeds / USD)

    def refund(self, v: int) -> None:
        """Not all sold: money back to the last unit, fractions burnt, rigs back to the creator."""
        o, ledger, vaults = self.house, self.house.ledger, self.house.vaults
        creator, missing = int(vaults.creator[v]), int(o.left[v]) / TOKEN
        paid = int(kernels.refund(ledger.books, ledger.accounts, o.escrow, int(vaults.receipts[v]), int(o.price[v])))
        vaults.dissolve(v, o.escrow)
        o.close(v)
        o.failed += 1
        text = f"{missing:,.0f} fractions unsold; {paid / USD:,.2f} USD refunded"
        o.journal.event("offering_failed", text, account=creator, vault=v, amount=paid / USD)
