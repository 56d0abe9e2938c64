"""A token minted to hold a peg."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.presets.looks import path, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """Price from its height, the peg, the supply."""
    price, supply = path(market, "farms.token_price"), path(market, "farms.token_supply")
    return {
        "price at the end over its height": float(price[-1] / np.nanmax(price)),
        "lowest price of the peg": value(market, "farms.peg_price"),
        "minted over the first supply": value(market, "farms.minted_for_peg") / float(supply[0]),
        "loses nine tenths": bool(price[-1] <= 0.1 * np.nanmax(price)),
    }


def tell(found: "Found") -> str:
    """Whether it dies."""
    return (
        f"It ends at {found.mean('price at the end over its height')} of its height, and loses nine tenths in {found.chance('loses nine tenths')}; keepers mint "
        f"{found.mean('minted over the first supply')} times the first supply on the way, and the peg falls to {found.mean('lowest price of the peg')}. Slower "
        "than TITAN, and not to nothing: bargain hunters come back."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "price at the end over its height": "%",
        "lowest price of the peg": "USD",
        "minted over the first supply": "",
        "loses nine tenths": "%",
    },
    real="TITAN fell from 65 USD to nearly 0 within a day, and its supply grew to 27.8 trillion",
    source="IRON Finance, post-mortem of 2021-06-17",
)
