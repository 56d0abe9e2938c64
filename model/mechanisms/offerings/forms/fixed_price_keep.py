"""Fixed price, keep: at the deadline what is sold is delivered, and the creator keeps the rest [NIFTEX v1, 2020]."""

from model.mechanisms.offerings.forms.fixed_price import FixedPrice


class FixedPriceKeep(FixedPrice):
    """One price; the creator keeps what is not sold."""

    name = "fixed_price_keep"
    keeps = True
