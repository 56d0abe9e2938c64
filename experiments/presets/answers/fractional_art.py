"""What reserve auctions pay, and what credit adds."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """Prices of auctions, votes, loans and stakes."""
    lost = sum(value(market, f"lending.lost_{who}") for who in ("reserve", "fund", "depositors"))
    return {
        "auctions": value(market, "buyouts.succeeded"),
        "paid over appraisal": 1.0 - value(market, "buyouts.holders_loss"),
        "part of supply that votes": value(market, "buyouts.voted"),
        "debt": value(market, "lending.debt"),
        "bad debt": lost,
        "staked in farms": value(market, "farms.staked_usd"),
    }


def tell(found: "Found") -> str:
    """Whether holders get the worth."""
    paid = found.side("paid over appraisal", 1.0)
    lead = {-1: "Less than that", 1: "More than that", 0: "About that"}[paid]
    return (
        f"{lead}: {found.mean('auctions')} auctions a run pay {found.mean('paid over appraisal')} of appraisal on average. "
        f"{found.plain('part of supply that votes')} of supply votes at any time. Against fractions {found.mean('debt')} is owed, "
        f"of which {found.plain('bad debt')} goes bad, and {found.plain('staked in farms')} is staked."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "auctions": "",
        "paid over appraisal": "%",
        "part of supply that votes": "%",
        "debt": "USD",
        "bad debt": "USD",
        "staked in farms": "USD",
    },
    changes={"clock.ticks": 110},
)
