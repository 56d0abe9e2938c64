"""What agents may ask of the hashpower market, and what strategies see of it."""

from typing import Any, NamedTuple

from model.actions import Action


class OfferHashpower(Action):
    """Offer up to `ghs` GH/s of own running rigs at a `floor` price until it is changed; 0 GH/s takes the offer back.

    `currency` 0: USD base units per PH/s and day, 1: satoshi. Buyers pay in theirs. `hours` is the longest term for
    which the seller binds himself; 0 serves standard orders alone.
    """

    fields = ("ghs", "floor", "currency", "hours")
    phase = "rent"


class BidHashpower(Action):
    """Bid for up to `ghs` GH/s at most at `price`, with a `budget` that pays the fee, too, and goes into escrow.

    `hours` 0 is a standard order: served every tick while its price is high enough and its budget lasts. Above 0 it is
    a fixed order: so much hashpower for so long at today's fixed price. `use` 0 mines the market's coin, 1 another
    chain. `filled` is the order's number.
    """

    fields = ("ghs", "price", "budget", "currency", "hours", "use")
    phase = "rent"


class RepriceBid(Action):
    """Change the price of an own standard order: up freely, down slowly. `filled` is the new price."""

    fields = ("number", "price")
    phase = "rent"


class CancelBid(Action):
    """Take back an own order that no fixed contract binds; `filled` is what comes back [base units of its currency]."""

    fields = ("number",)
    phase = "withdraw"


class IssueTokens(Action):
    """Bind `ghs` of own rigs for `hours` and get tokens, one for each TH/s; `price` USD base units asks for each.

    `filled` is the series. Whoever redeems a token has its hashpower until the term ends.
    """

    fields = ("ghs", "hours", "price")
    phase = "tokenise"


class AskForTokens(Action):
    """Offer all own tokens of a `series` at `price` USD base units each; 0 takes the offer back."""

    fields = ("series", "price")
    phase = "offers"


class BuyTokens(Action):
    """Buy `amount` base units of a series' tokens from the cheapest asks, at most at `limit` each; `filled` is what was got."""

    fields = ("series", "amount", "limit")
    phase = "offers"


class RedeemTokens(Action):
    """Give `amount` base units of tokens for their hashpower, which is the holder's until the term ends.

    He may mine with it or offer it for rent. `filled` is GH/s.
    """

    fields = ("series", "amount")
    phase = "rent"


class RentalView(NamedTuple):
    """What strategies see; arrays are read-only.

    Attributes:
        price: of standard orders at the last clearing that traded [satoshi per PH/s and day], 0 for none
        price_usd: the same [USD per PH/s and day]
        quote: of fixed orders now [satoshi per PH/s and day]
        fair: hashprice after expected pool fees [satoshi per PH/s and day]
        volume, demand, supply: GH/s of the last clearing: rented, bid for and offered by standard orders
        fee, cut: of the market; cut is per hour
        taken: which orders it takes: both, standard or fixed
        orders: rows of open orders, columns as in `table`
        offered, floor: by account, GH/s and satoshi per PH/s and day
        free: GH/s of running rigs that an account has not promised, by account
        rented_in, rented_out: GH/s delivered in this tick, by account
        spent: USD paid so far for hashpower with fees, by account
        series: rows of token series; tokens: their assets
        asks: rows (series, account, price, base units there) of tokens for sale
    """

    price: int
    price_usd: float
    quote: int
    fair: int
    volume: int
    demand: int
    supply: int
    fee: float
    cut: float
    taken: str
    orders: Any
    offered: Any
    floor: Any
    free: Any
    rented_in: Any
    rented_out: Any
    spent: Any
    series: Any
    tokens: Any
    asks: Any
