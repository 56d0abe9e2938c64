"""Buy-outs that are open: who offers what, what would stop it, and until when."""

from typing import Any

import numpy as np

from app.log import named
from app.thin import short
from model.marketplace import Marketplace
from model.mechanisms.buyouts.table import Phase
from model.units import TOKEN, USD
from model.vault_status import LIVE

WORDS = {
    Phase.NONE: "votes",
    Phase.COUNTER: "may be countered",
    Phase.AUCTION: "auction",
    Phase.TENDER: "tender",
    Phase.REJECTION: "may be bought back",
    Phase.BIDDING: "bids and votes",
}


def clocks(market: Marketplace) -> list[dict[str, Any]] | None:
    """Vaults with an open buy-out or with votes cast, those to be decided first before others; None without buy-outs.

    Keys: vault, design, phase (in words), who (opens or bids most), day (opened), passed and left (days; None without a
    deadline), offer and market (USD per whole fraction), locked, voted and threshold (parts of the supply), need (USD
    that block or outbid).
    """
    house: Any = market.mechanisms.get("buyouts")
    if house is None:
        return None
    t, dt, tick = house.table, market.clock.dt_days, market.clock.tick
    found = []
    for v in np.flatnonzero((t.phase != Phase.NONE) | (house.vaults.status == LIVE)).tolist():
        design, running = house.design_of(v), int(t.phase[v]) != Phase.NONE
        voted = float(design.voted(v)) if running or house.may_ever(v) else 0.0
        if not running and voted <= 0.0:
            continue
        supply, deadline = int(house.vaults.supply[v]), int(t.deadline[v])
        found.append(
            {
                "vault": v,
                "design": design.name.replace("_", " "),
                "phase": WORDS[Phase(int(t.phase[v]))],
                "who": named(market, int(t.opener[v])) if t.opener[v] >= 0 else "–",
                "day": short(int(t.opened[v]) * dt) if running else None,
                "passed": short((tick - int(t.opened[v])) * dt) if running else None,
                "left": short(max(0, deadline - tick) * dt) if running and deadline >= 0 else None,
                "offer": short(int(t.price[v]) / USD) if t.price[v] > 0 else None,
                "market": short(float(market.ledger.value[house.vaults.fraction[v]]) * TOKEN),
                "locked": short(house.locked(v) / supply) if supply > 0 else None,
                "voted": short(voted),
                "threshold": short(float(design.threshold)),
                "need": short(int(design.need(v)) / USD) if running else None,
            }
        )
    return sorted(found, key=lambda row: (row["passed"] is None, row["left"] is None, row["left"] or 0.0, row["vault"]))
