"""What a hired majority costs."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

MAJORITY, HOURS = 0.5, 6.0


def look(market: "Marketplace") -> Numbers:
    """Bill, share and hours."""
    share, hours = value(market, "rental.attack_share"), value(market, "rental.attack_hours")
    return {
        "had for six hours": share > MAJORITY and hours >= HOURS,
        "share of the chain": share,
        "bill": value(market, "rental.attack_cost"),
    }


def tell(found: "Found") -> str:
    """The bill."""
    return (
        f"{found.mean('bill')} for {found.plain('share of the chain')} of the chain; six hours of majority are had in {found.chance('had for six hours')}. "
        "Whoever has rigs sells, at a little more than mining pays: what the chain loses is not counted."
    )


ANSWER = Answer(
    look,
    tell,
    {"had for six hours": "%", "share of the chain": "%", "bill": "USD"},
)
