"""Burning and minting again, beside no burning."""

from typing import TYPE_CHECKING

from experiments.presets.looks import path, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

NONE = "nothing burnt"
BARE = [
    {"name": "lockers", "design": "burn_and_mint", "stake": "token", "burn": 0.0, "mint": 0.8},
    {"name": "providers", "design": "staking_rewards", "stake": "token_share", "emission": {"rate": 0}},
]


def look(market: "Marketplace") -> Numbers:
    """Price over its start, tokens burnt and left."""
    price, supply = path(market, "farms.token_price"), path(market, "farms.token_supply")
    return {
        "price at the end over the start": float(price[-1] / price[0]),
        "burnt over supply": value(market, "farms.burned") / float(supply[0]),
        "supply at the end over the start": float(supply[-1] / supply[0]),
        "staked tokens": value(market, "farms.staked_tokens"),
    }


def tell(found: "Found") -> str:
    """Whether the price holds."""
    held = found.side("price at the end over the start", 1.0)
    lead = {-1: "No: the price falls", 1: "The price rises", 0: "The price neither clearly rises nor falls"}[held]
    return (
        f"{lead}, to {found.mean('price at the end over the start')} of its start; where nothing is burnt it ends at "
        f"{found.mean('price at the end over the start', NONE)}: with burning the price {found.moved('price at the end over the start', NONE)}. "
        f"{found.plain('burnt over supply')} of the supply is burnt in the run, four fifths of it are minted again."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "price at the end over the start": "%",
        "burnt over supply": "%",
        "supply at the end over the start": "%",
        "staked tokens": "USD",
    },
    changes={"clock.ticks": 180},
    against={NONE: {"farms.farm": BARE}},
)
