"""How often a thin reserve breaks."""

from typing import TYPE_CHECKING

from experiments.pool_ruin import chance
from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

FORMULA = chance(0.04, 0.3)


def look(market: "Marketplace") -> Numbers:
    """Whether it broke, and when."""
    broke = value(market, "payout.ruined") > 0
    return {"ruined": broke, "day": float(market.clock.day) if broke else float("nan")}


def tell(found: "Found") -> str:
    """Beside the formula."""
    i = found.interval("ruined")
    inside = "holds" if i.low <= FORMULA <= i.high else "does not hold"
    return f"Ruined in {found.chance('ruined')}; the formula gives {FORMULA:.3f}, which the interval {inside}."


ANSWER = Answer(
    look,
    tell,
    {"ruined": "%", "day": ""},
    real="the formula: .29 (the reserve is meant for .30)",
    source="Rosenfeld 2011; dual Cramer-Lundberg model",
    seeds=200,
    until=lambda market: not market.mechanisms["payout"].table.alive[0],
)
