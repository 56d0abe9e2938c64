"""Tenders among sleepers."""

from typing import TYPE_CHECKING

from experiments.presets.looks import ratio, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


AWAKE = "holders who look every other day"


def look(market: "Marketplace") -> Numbers:
    """Tenders, and what became of them."""
    opened, won = value(market, "buyouts.opened"), value(market, "buyouts.succeeded")
    return {
        "tenders": opened,
        "part that won": ratio(won, opened),
        "a tender won": won > 0,
        "offer over appraisal": 1.0 + value(market, "buyouts.premium_over_appraisal"),
    }


def tell(found: "Found") -> str:
    """How often half is reached."""
    return (
        f"Of {found.mean('tenders')} tenders a run, at {found.plain('offer over appraisal')} of appraisal on average, "
        f"{found.mean('part that won')} get more than half of the supply and keep it through the days of rejection; "
        f"one does in {found.chance('a tender won')}. With {AWAKE} and are told, {found.mean('part that won', AWAKE)} do, in "
        f"{found.chance('a tender won', AWAKE)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"tenders": "", "part that won": "%", "a tender won": "%", "offer over appraisal": "%"},
    changes={"clock.ticks": 120},
    against={AWAKE: {"buyouts.notice": 0.9, "agents.retail_investor.attention": 0.5}},
)
