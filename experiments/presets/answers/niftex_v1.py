"""Shotguns of NIFTEX v1 among holders who look as often as people look."""

from typing import TYPE_CHECKING

from experiments.presets.looks import ratio, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


CLOSED = "the interface closes on day 60 and nobody watches for profit"


def look(market: "Marketplace") -> Numbers:
    """Offers, and what became of them."""
    opened, won = value(market, "buyouts.opened"), value(market, "buyouts.succeeded")
    return {
        "offers": opened,
        "won": won,
        "part of offers that won": ratio(won, opened),
        "offer over appraisal": 1.0 + value(market, "buyouts.premium_over_appraisal"),
        "an NFT was taken": won > 0,
        "loss of those bought out": value(market, "buyouts.holders_loss"),
    }


def tell(found: "Found") -> str:
    """How often, and at what loss."""
    text = (
        f"Of {found.mean('offers')} offers a run, at {found.plain('offer over appraisal')} of appraisal on average, "
        f"{found.mean('part of offers that won')} take the fractions; a run loses an NFT this way in {found.chance('an NFT was taken')}."
    )
    text += (
        f" Where {CLOSED}, so that holders look a thousand times less, {found.mean('part of offers that won', CLOSED)} do, and "
        f"{found.mean('won', CLOSED)} NFTs a run are lost"
    )
    if found.hits("an NFT was taken", CLOSED)[0] > 1:
        text += f" at a loss of {found.mean('loss of those bought out', CLOSED)} of their appraisal"
    return f"{text}."


ANSWER = Answer(
    look,
    tell,
    {
        "offers": "",
        "won": "",
        "part of offers that won": "%",
        "offer over appraisal": "%",
        "an NFT was taken": "%",
        "loss of those bought out": "%",
    },
    changes={"clock.ticks": 150},
    against={
        CLOSED: {
            "agents.counter_bidder.count": 0,
            "shocks": [{"channel": "attention", "size": -0.999, "day": 60.0, "source": "the interface closes"}],
        },
    },
    real="one offer of 10 USD took a collectible of about 600 from 257 holders",
    source="the replay, see sleeping_holders",
)
