"""Parameters of `[rental]`."""

from typing import Literal

from model.params import Params, param

NICEHASH = "NiceHash, hashpower marketplace documentation"


class RentalParams(Params):
    """The hashpower market."""

    clearing: Literal["uniform_price", "pay_as_bid"] = param(
        "uniform_price", "", "standard orders: one price for all, or each buyer pays his own bid"
    )
    orders: Literal["both", "standard", "fixed"] = param("both", "", "which orders are taken")
    fee: float = param(0.03, "1", "fee of the market on what a buyer pays", ge=0, le=0.5, live=True, source=NICEHASH)
    cut: float = param(
        0.02, "1/hour", "most that the price of a standing order may be lowered; it may be raised freely",
        ge=0, lt=1, live=True, source="NiceHash: a small step every ten minutes; its size is an assumption",
    )  # fmt: skip
    premium: float = param(
        0.05, "1", "fixed orders: price over that of standard orders", ge=-0.5, le=5, live=True,
        source="assumption; a fixed price for a term is dearer at NiceHash",
    )  # fmt: skip
    order_days: float = param(
        10.0, "days", "after which an order lapses and is refunded", gt=0, le=3_650, source=NICEHASH
    )
    longest_hours: int = param(8_760, "hours", "longest term of a fixed order or a token", ge=1, le=87_600)
    default_hours: float = param(
        24.0, "hours", "delivery of less than half for this long is a seller's default", gt=0, le=8_760, live=True
    )
    ban_days: float = param(30.0, "days", "a seller in default may not offer for this long", ge=0, le=3_650, live=True)
    vault_share: float = param(
        0.0, "1", "part of the running rigs of vaults that their operator offers for rent", ge=0, le=1, live=True
    )
    vault_floor: float = param(
        1.0, "1", "the operator's least price over net mining revenue", ge=0, le=10, live=True,
        source="assumption: holders must not be worse off than by mining",
    )  # fmt: skip
    most_orders: int = param(5_000, "orders", "most orders open at a time", ge=1, le=1_000_000)
    token_series: int = param(
        0, "series", "series of tokens redeemable for hashpower that may live at a time", ge=0, le=200
    )
    token_bond: float = param(
        0.2,
        "1",
        "part of the value of the hashpower that an issuer of tokens deposits against default",
        ge=0,
        le=1,
        live=True,
    )
