"""Staking where only stakes earn, with and without an emission."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

BARE, TOKEN = "no emission", "price of the reward token"


def look(market: "Marketplace") -> Numbers:
    """Staked part of supply, and what stakes earned."""
    return {
        "staked share": value(market, "vaults.staked_share"),
        "income of stakers": value(market, "vaults.income_stakers"),
        TOKEN: value(market, "farms.token_price"),
    }


def tell(found: "Found") -> str:
    """What is staked, and what the emission adds."""
    return (
        f"At the end {found.mean('staked share')} of all tokens are staked, and earn {found.plain('income of stakers')}. "
        f"Without the emission it is {found.mean('staked share', BARE)}: with it the share {found.moved('staked share', BARE)}. "
        f"The reward token ends at {found.mean(TOKEN)} for 1 USD at the start."
    )


ANSWER = Answer(
    look,
    tell,
    {"staked share": "%", "income of stakers": "USD/day", TOKEN: "USD"},
    changes={"clock.ticks": 120},
    against={BARE: {"shocks": [{"channel": "emission", "size": -1.0, "day": 0.0, "source": "none"}]}},
)
