"""The ban of 2021 beside what happened."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.presets.looks import path
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DAY, WEEKS = 77, 90  # of 2021-05-17, and in which the low is looked for


def look(market: "Marketplace") -> Numbers:
    """Fall of hash rate, and the way back."""
    rate = path(market, "network.hashrate")
    base = float(rate[DAY - 7 : DAY].mean())
    low = DAY + int(rate[DAY : DAY + WEEKS].argmin())
    back = np.flatnonzero(rate[low:] >= 0.9 * base)
    return {
        "fall": 1.0 - float(rate[low]) / base,
        "days to the low": float(low - DAY),
        "back at nine tenths": bool(back.size),
        "days from the low to nine tenths": float(back[0]) if back.size else np.nan,
    }


def tell(found: "Found") -> str:
    """Beside the real figures."""
    text = (
        f"Hash rate falls by {found.mean('fall')} in {found.mean('days to the low')} days; nine tenths are back within the year in "
        f"{found.chance('back at nine tenths')}"
    )
    if found.hits("back at nine tenths")[0] > 1:
        text += f", {found.mean('days from the low to nine tenths')} days after the low"
    return text + "."


ANSWER = Answer(
    look,
    tell,
    {"fall": "%", "days to the low": "", "back at nine tenths": "%", "days from the low to nine tenths": ""},
    real="-53 % in 50 days, and nine tenths back 128 days later",
    source="Coin Metrics hash rate, scenarios/data/README.md",
)
