"""Parameters of `[revenue_shares]`."""

from model.params import Params, param

RBF = "revenue-based financing: caps of 1.2 to 2 times, 2 to 25 % of revenue, 1 to 5 years (US practice)"


class RevenueSharesParams(Params):
    """Terms that the market allows."""

    capacity: int = param(16, "shares", "most revenue shares on offer or running at a time", ge=1, le=1_000)
    most_share: float = param(
        0.5, "1", "largest part of one company's revenue that may be sold in all", gt=0, le=1, live=True
    )
    most_multiple: float = param(3.0, "1", "largest cap over the money raised", ge=1, le=100, live=True, source=RBF)
    longest_days: float = param(1_825.0, "days", "longest term", ge=1, le=36_500, live=True, source=RBF)
    offer_days: float = param(14.0, "days", "an offer that is not full by then is paid back", gt=0, le=365, live=True)
    full: float = param(
        1.0, "1", "part of what is asked for that must come together", gt=0, le=1, live=True, source="all or nothing"
    )
    memory_days: float = param(30.0, "days", "memory of the mean revenue by which shares are judged", ge=1, le=365)
    grace_days: float = param(
        30.0, "days", "time that payments may be behind before the company defaults", ge=0, le=365, live=True,
        source="as with power",
    )  # fmt: skip
    mark_rate: float = param(
        0.20, "1/year", "rate at which running shares are marked", ge=0, le=10, live=True,
        source="assumption; equity of miners returns about so much",
    )  # fmt: skip
