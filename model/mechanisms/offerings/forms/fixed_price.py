"""Fixed price, all or nothing: sold out by the deadline, or everybody gets his money back [NIFTEX v2, 2021]."""

from model.mechanisms.offerings import formulas
from model.mechanisms.offerings.form import Form


class FixedPrice(Form):
    """One price; all must be sold."""

    name = "fixed_price"

    def lot(self, price: int) -> int:
        """Lots that cost whole base units."""
        return formulas.lot(price)
