"""What agents may ask of the market of revenue shares, and what strategies see of it."""

from typing import Any, NamedTuple

from model.actions import Action


class OfferRevenueShare(Action):
    """Offer a share of the revenue from own rigs and cards; `filled` is the number of the offer. Without any: NOT_ALLOWED.

    Columns:
        share_ppm: part of revenue, in parts of a million
        amount: asked for [USD base units]
        cap_bps: in all paid back over what is raised, 10,000 for once
        days: after which it ends, paid back or not
    """

    fields = ("share_ppm", "amount", "cap_bps", "days")
    phase = "offers"


class BuyRevenueShare(Action):
    """Put at most `amount` USD base units into an offer; `filled` is what it took."""

    fields = ("number", "amount")
    phase = "offers"


class RevenueSharesView(NamedTuple):
    """What strategies see; arrays are read-only.

    Attributes:
        rows: offers and running shares, columns as in `table`
        assets: of what holders have of each, by row; a base unit for each USD base unit paid
        revenue: mean by account, rent at most at what mining pays [USD a day]
        sold: part of an account's revenue that is sold or on offer [parts of a million]
        room: further offers that there is room for
        most_ppm, most_bps, longest_days: limits of share, cap and term
    """

    rows: Any
    assets: Any
    revenue: Any
    sold: Any
    room: int
    most_ppm: int
    most_bps: int
    longest_days: int
