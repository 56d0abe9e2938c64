"""The run on BendDAO."""

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.bend import EMPTY, FULL
from experiments.presets.looks import path
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """How fast the cash went, and who bid."""
    cash, bids = path(market, "nft_loans.cash"), path(market, "nft_loans.bids").sum()
    empty = np.flatnonzero(cash < EMPTY * cash.max())
    full = np.flatnonzero(cash[: empty[0]] >= FULL * cash.max()) if empty.size else empty
    return {
        "emptied": bool(empty.size),
        "days from full to empty": float(empty[0] - full[-1]) * market.clock.dt_days if full.size else math.nan,
        "bids": float(bids),
        "debts without a bid": float(np.nanmax(path(market, "nft_loans.stuck"))),
    }


def tell(found: "Found") -> str:
    """Why nobody bid, and how fast depositors were."""
    return (
        f"No bid below the debt or .95 of the floor counts, and bidders ask for .10 off: {found.mean('bids')} bids a run, while debts of up to "
        f"{found.mean('debts without a bid')} of the pool wait for one. Depositors see it and leave: the pool is emptied in "
        f"{found.chance('emptied')}, within {found.mean('days from full to empty')} days from .90 to .02 of its most cash."
    )


ANSWER = Answer(
    look,
    tell,
    {"emptied": "%", "days from full to empty": "", "bids": "", "debts without a bid": "%"},
    real="15,000 to 18,000 ETH of cash fell to 15 or less within 48 hours from 2022-08-19",
    source="Etherscan in press of 2022-08-22",
)
