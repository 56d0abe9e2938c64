"""Burning and minting again: what a token's price does over the run, beside no burning."""

from typing import TYPE_CHECKING

import numpy as np

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
MEAN, LOW, HIGH, LAST = (f"{what} price over that at the start" for what in ("mean", "lowest", "highest", "last"))
WIDE = "highest price over lowest"
HELD = 2.0  # a price that doubles or halves meanwhile is not held


def look(market: "Marketplace") -> Numbers:
    """The price's level and range over its start, tokens burnt, left and staked."""
    price, supply = path(market, "farms.token_price"), path(market, "farms.token_supply")
    first = float(price[0])
    return {
        MEAN: float(np.nanmean(price)) / first,
        LOW: float(np.nanmin(price)) / first,
        HIGH: float(np.nanmax(price)) / first,
        LAST: float(price[-1]) / first,
        WIDE: float(np.nanmax(price) / np.nanmin(price)),
        "burnt over supply": value(market, "farms.burned") / float(supply[0]),
        "supply at the end over the start": float(supply[-1] / supply[0]),
        "staked tokens": value(market, "farms.staked_tokens"),
    }


def tell(found: "Found") -> str:
    """Whether the price holds."""
    level = {-1: "below", 1: "above", 0: "about at"}[found.side(MEAN, 1.0)]
    lead = "Yes" if found.side(WIDE, HELD) < 0 else "No: the price swings"
    return (
        f"{lead}, between {found.mean(LOW)} and {found.mean(HIGH)} of its start within a run; it is {level} its start on average, at {found.mean(MEAN)}, "
        f"and ends at {found.mean(LAST)}. {beside(found)} {found.plain('burnt over supply')} of the supply is burnt in the run, "
        f"four fifths of it are minted again."
    )


def beside(found: "Found") -> str:
    """What the market without burning tells: nothing, where nobody stakes there and so nobody buys the token."""
    if found.hits("staked tokens", NONE)[0] == 0:
        return "Where nothing is burnt nobody stakes, the token does not trade and its price stands still: there is nothing to compare."
    return f"Beside a market where nothing is burnt, its mean {found.moved(MEAN, NONE)}."


ANSWER = Answer(
    look,
    tell,
    {
        **dict.fromkeys((MEAN, LOW, HIGH, LAST), "%"),
        WIDE: "",
        "burnt over supply": "%",
        "supply at the end over the start": "%",
        "staked tokens": "USD",
    },
    changes={"clock.ticks": 180},
    against={NONE: {"farms.farm": BARE}},
)
