"""Deposits of farms after their emission."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, first_day
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DAY, DAYS = 80.0, 7.0


def look(market: "Marketplace") -> Numbers:
    """Deposits, token and pools after the end."""
    before, token = at(market, "farms.staked_usd", DAY), at(market, "farms.token_price", DAY)
    return {
        "gone in three days": 1.0 - at(market, "farms.staked_usd", DAY + 3.0) / before,
        "gone in a week": 1.0 - at(market, "farms.staked_usd", DAY + 7.0) / before,
        "days until half is gone": first_day(market, "farms.staked_usd", 0.5 * before, DAY, above=False),
        "token's price after a month over that before": at(market, "farms.token_price", DAY + 30.0) / token,
        "dollars in pools after a month over those before": at(market, "amm.depth", DAY + 30.0)
        / at(market, "amm.depth", DAY),
    }


def tell(found: "Found") -> str:
    """How fast."""
    token = "token's price after a month over that before"
    lead = "Within days" if found.side("days until half is gone", DAYS) < 0 else "Not within days"
    return (
        f"{lead}: {found.mean('gone in three days')} of deposits are gone after three days and {found.mean('gone in a week')} after a week; half is gone "
        f"after {found.mean('days until half is gone')} days. A month later the token is at {found.mean(token)} of its price and pools hold "
        f"{found.mean('dollars in pools after a month over those before')} of their dollars."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "gone in three days": "%",
        "gone in a week": "%",
        "days until half is gone": "",
        "token's price after a month over that before": "%",
        "dollars in pools after a month over those before": "%",
    },
    real="Uniswap's deposits fell by 38 % in 24 hours and by 43 % from their high in three days",
    source="Cointelegraph 2020-11-18, from DeFi Pulse",
)
