"""One voter sells for all."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """Prices of what was sold."""
    won = value(market, "buyouts.succeeded")
    return {
        "NFTs sold": won,
        "one was sold": won > 0,
        "paid over appraisal": 1.0 - value(market, "buyouts.holders_loss"),
        "lost by holders": value(market, "buyouts.lost_to_raiders"),
    }


def tell(found: "Found") -> str:
    """At what price."""
    if not found.hits("one was sold")[0]:
        return f"None is sold: {found.chance('one was sold')}."
    return (
        f"At {found.mean('paid over appraisal')} of the appraisal: one is sold so in {found.chance('one was sold')}, {found.mean('NFTs sold')} a run, and the other "
        f"holders together lose {found.mean('lost by holders')}."
    )


ANSWER = Answer(
    look,
    tell,
    {"NFTs sold": "", "one was sold": "%", "paid over appraisal": "%", "lost by holders": "USD"},
    changes={"clock.ticks": 120},
)
