"""The collectible of the replay."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers
from model.mechanisms.buyouts import success_probability

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

BLOCK, HOLDERS = 0.001, 257  # chance that one of them blocks, and how many they are


def look(market: "Marketplace") -> Numbers:
    """Whether the offer won."""
    return {"won": value(market, "buyouts.succeeded") > 0}


def tell(found: "Found") -> str:
    """Beside the formula."""
    i, formula = found.interval("won"), success_probability([BLOCK] * HOLDERS)
    inside = "holds" if i.low <= formula <= i.high else "does not hold"
    return f"Yes, in {found.chance('won')}; the formula gives {formula:.3f}, which the interval {inside}."


ANSWER = Answer(
    look,
    tell,
    {"won": "%"},
    real="an offer of 10 USD in all took a collectible of about 600",
    source="NIFTEX v1, as told to us",
    seeds=200,
)
