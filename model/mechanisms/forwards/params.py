"""Parameters of `[forwards]`."""

from pydantic import model_validator

from model.params import Params, param

LUXOR = "Luxor, hashprice non-deliverable forwards, 2022-24"
LONGEST = 366.0  # days
LEAST_MARGIN = 0.001  # a thousand times one's money in hashpower


class ForwardsParams(Params):
    """Forwards on hashprice."""

    tenors: list[float] = param([30.0, 90.0, 180.0], "days", "terms that are traded, at most 12 months", source=LUXOR)
    margin_usd: float = param(
        0.35,
        "1",
        "initial margin over notional, quoted and settled in USD",
        ge=LEAST_MARGIN,
        le=1,
        live=True,
        source=LUXOR,
    )
    margin_btc: float = param(
        0.18, "1", "initial margin over notional, quoted and settled in BTC: hashprice in coins moves less", ge=LEAST_MARGIN, le=1,
        live=True, source=LUXOR,
    )  # fmt: skip
    maintenance: float = param(
        0.6,
        "1",
        "part of the initial margin of what is left of the term below which more is called",
        gt=0,
        le=1,
        live=True,
    )
    call_hours: float = param(
        24.0, "hours", "to follow a margin call before positions are closed out", gt=0, le=720, live=True
    )
    fee: float = param(0.0005, "1", "fee of the platform on notional, of each side", ge=0, le=0.1, live=True)
    order_days: float = param(3.0, "days", "after which an order lapses", gt=0, le=365)
    most_orders: int = param(5_000, "orders", "most orders open at a time", ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _terms(self) -> "ForwardsParams":
        if (
            not self.tenors
            or any(not 1 <= days <= LONGEST for days in self.tenors)
            or len(set(self.tenors)) < len(self.tenors)
        ):
            raise ValueError(f"tenors = {self.tenors}: name at least one term, each once, of 1 to {LONGEST:g} days")
        return self
