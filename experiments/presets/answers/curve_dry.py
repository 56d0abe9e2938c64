"""A curve whose dollars run out."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.presets.looks import at, between, path, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DAY = 60.0


def look(market: "Marketplace") -> Numbers:
    """First refusal, refused part, dollars left."""
    dry = np.flatnonzero(path(market, "curve.dry") > 0)
    late = dry[dry >= DAY]
    refused, done = float(between(market, "curve.dry", DAY).sum()), float(between(market, "curve.trades", DAY).sum())
    return {
        "ran dry after the fall": bool(late.size),
        "days from the fall to the first refusal": float(late[0]) - DAY if late.size else np.nan,
        "refused part of swaps": refused / max(refused + done, 1.0),
        "dollars on curves at the end over those before": value(market, "curve.depth") / at(market, "curve.depth", DAY),
        "price at the end over that before": value(market, "curve.price_median")
        / at(market, "curve.price_median", DAY),
    }


def tell(found: "Found") -> str:
    """How long, and who is left."""
    text = f"A curve runs dry after the fall in {found.chance('ran dry after the fall')}"
    if found.hits("ran dry after the fall")[0] > 1:
        text += f", {found.mean('days from the fall to the first refusal')} days after it begins"
    return (
        f"{text}. {found.mean('refused part of swaps')} of swaps are refused from then on; at the end "
        f"{found.mean('dollars on curves at the end over those before')} of the dollars are left, at {found.plain('price at the end over that before')} "
        "of the price. Who comes late keeps his fractions and their income."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "ran dry after the fall": "%",
        "days from the fall to the first refusal": "",
        "refused part of swaps": "%",
        "dollars on curves at the end over those before": "%",
        "price at the end over that before": "%",
    },
)
