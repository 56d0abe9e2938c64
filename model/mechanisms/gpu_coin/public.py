"""What agents may ask of the second coin's market, and what strategies see of it."""

from typing import Any, NamedTuple

from model.actions import Action


class TradeGpuCoins(Action):
    """Trade the second coin with the world; `filled` is what was bought.

    Columns:
        side: 0 buys with `amount` USD base units, 1 sells `amount` base units of the coin (1e-8)
        amount: what is paid
    """

    fields = ("side", "amount")
    phase = "coins"


class SellGpus(Action):
    """Sell cards of `mhs` MH/s second-hand at the day's price; `filled` is what was paid [USD base units]."""

    fields = ("mhs",)
    phase = "order_rigs"


class GpuView(NamedTuple):
    """What strategies see; arrays are read-only and by account.

    Attributes:
        asset: number of the coin on the ledger
        price: USD
        mined: whether it is still mined
        days_left: days until that ends; infinite where it never does, negative afterwards
        difficulty: hashes that a block takes
        hashrate: of everybody [GH/s]
        hashprice: USD per GH/s and day; 0 after the end
        resale: of used cards [USD per MH/s]
        mhs, running: cards owned, and those that run [MH/s]
        joules: of their cards [J/MH]
        gross: USD base units mined in this tick
    """

    asset: int
    price: float
    mined: bool
    days_left: float
    difficulty: int
    hashrate: float
    hashprice: float
    resale: float
    mhs: Any
    running: Any
    joules: Any
    gross: Any
