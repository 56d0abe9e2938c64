"""Own votes open a collection to one's own bid, at once or after a delay."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

LATE = "a delay of 72 hours"


def look(market: "Marketplace") -> Numbers:
    """Unlocks and prices."""
    won = value(market, "buyouts.succeeded")
    return {
        "collections taken": won,
        "a collection was taken": won > 0,
        "paid over appraisal": 1.0 - value(market, "buyouts.holders_loss"),
    }


def tell(found: "Found") -> str:
    """What the raider pays."""
    if not found.hits("a collection was taken")[0]:
        return f"The raider takes a collection in {found.chance('a collection was taken')}."
    text = (
        f"He takes a collection in {found.chance('a collection was taken')}, and pays {found.mean('paid over appraisal')} of the appraisal. With a delay of 72 hours "
        f"he, or who outbids him, gets one in {found.chance('a collection was taken', LATE)}"
    )
    if found.hits("a collection was taken", LATE)[0] > 1:
        text += f", for {found.mean('paid over appraisal', LATE)}"
    return text + "."


ANSWER = Answer(
    look,
    tell,
    {"collections taken": "", "a collection was taken": "%", "paid over appraisal": "%"},
    changes={"clock.ticks": 90},
    against={LATE: {"buyouts.unlock_delay_hours": 72.0}},
)
