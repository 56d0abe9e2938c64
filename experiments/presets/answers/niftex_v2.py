"""NIFTEX v2 beside the rules of v1 in the same market."""

from typing import TYPE_CHECKING

from experiments.presets.looks import ratio, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

V1 = "buy-outs of v1"
SLEEPERS = {
    "agents.counter_bidder.count": 0,
    "shocks": [{"channel": "attention", "size": -0.999, "day": 60.0, "source": "the interface closes"}],
}


def look(market: "Marketplace") -> Numbers:
    """Offers, and what became of them."""
    opened, won = value(market, "buyouts.opened"), value(market, "buyouts.succeeded")
    return {"offers": opened, "part of offers that won": ratio(won, opened), "NFTs taken": won}


def tell(found: "Found") -> str:
    """What v2's rules change: how often holders are attacked, and how often an attack wins."""
    part, offers = "part of offers that won", "offers"
    taken, likelier, more = (found.clear(name, V1) for name in ("NFTs taken", part, offers))
    lead = {-1: "Yes, beside v1", 1: "No, beside v1 more are taken", 0: "Not visibly, beside v1"}[taken]
    tries = {-1: "fewer attempts", 1: "more attempts", 0: "about as many attempts"}[more]
    wins = {-1: "less likely ones", 1: "likelier ones", 0: "about as likely ones"}[likelier]
    return (
        "Asked where the interface closes on day 60 and nobody watches for profit. "
        f"{lead}: NFTs taken in a run {found.mean('NFTs taken')}, with v1's buy-outs in the same market "
        f"{found.mean('NFTs taken', V1)}. Of {found.plain(offers)} offers a run {found.mean(part)} win, of {found.plain(offers, V1)} "
        f"under v1 {found.mean(part, V1)}: {tries}, {wins}. "
        "Whoever looks may pay for a piece of the stake instead of all of it, but he has five days to look instead of fourteen."
    )


ANSWER = Answer(
    look,
    tell,
    {"offers": "", "part of offers that won": "%", "NFTs taken": ""},
    against={V1: {"buyouts.design": "niftex_v1"}},
    changes={"clock.ticks": 140, **SLEEPERS},
)
