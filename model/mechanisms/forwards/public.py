"""What agents may ask of the market of hashprice forwards, and what strategies see of it."""

from typing import Any, NamedTuple

from model.actions import Action


class OrderForward(Action):
    """Take a side of a forward on `ghs` GH/s: `side` 0 buys hashprice, 1 sells it (a miner's hedge).

    Columns:
        limit: highest strike of a buyer, lowest of a seller [base units of the currency per PH/s and day]
        tenor: place in the list of terms
        currency: 0 is quoted, settled and margined in USD, 1 in BTC

    Initial margin that the account lacks is taken from its cash or coins. `filled` is the order's number.
    """

    fields = ("side", "ghs", "limit", "tenor", "currency")
    phase = "rent"


class CancelForward(Action):
    """Take an own order back; its margin is free."""

    fields = ("number",)
    phase = "withdraw"


class PostMargin(Action):
    """Add `amount` base units of a `currency` to the own margin account."""

    fields = ("amount", "currency")
    phase = "repay"


class WithdrawMargin(Action):
    """Take at most `amount` base units out of the own margin account, above what orders and positions need."""

    fields = ("amount", "currency")
    phase = "withdraw"


class ForwardsView(NamedTuple):
    """What strategies see; arrays are read-only.

    Attributes:
        hashprice: mean hashprice of the last day [USD per PH/s and day]
        index: the same in USD and in BTC, by currency [base units per PH/s and day]
        tenors: terms [days]
        last: strike of the last trade by currency and tenor [USD or BTC per PH/s and day], NaN for none
        margin_rates: initial margin over notional, by currency
        orders, contracts: rows of open ones, columns as in `table`
        margin, needed: by currency and account, base units: what is deposited, what orders and positions need
        short, long: GH/s by account
        called: by currency and account, base units that a margin call asks for
    """

    hashprice: float
    index: Any
    tenors: tuple[float, ...]
    last: Any
    margin_rates: tuple[float, float]
    orders: Any
    contracts: Any
    margin: Any
    needed: Any
    short: Any
    long: Any
    called: Any
