"""Loans by health factor: how much debt lies how near to liquidation, and whose."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.log import named
from app.thin import short
from model.marketplace import Marketplace
from model.units import USD

EDGES = (0.0, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 2.0, 3.0, np.inf)  # of health factors
LABELS = ("< 0.8", "0.8–0.9", "0.9–1", "1–1.1", "1.1–1.2", "1.2–1.35", "1.35–1.5", "1.5–2", "2–3", "> 3")
SOUND = 3  # place of the first class at or above 1
LEAST_HEALTHY = 10  # loans listed


def loans(market: Marketplace) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Account, health factor and debt [USD] of every loan on fractions and from the pool on NFTs."""
    accounts: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    factors: list[NDArray[np.float64]] = [np.zeros(0)]
    debts: list[NDArray[np.float64]] = [np.zeros(0)]
    lending: Any = market.mechanisms.get("lending")
    if lending is not None:
        owing = np.flatnonzero(lending.debt_usd > 0.0)
        accounts.append(owing)
        factors.append(lending.health[owing])
        debts.append(lending.debt_usd[owing])
    nft: Any = market.mechanisms.get("nft_loans")
    if nft is not None:
        part = nft.loans
        accounts.append(np.asarray(part.table.borrower[part.open], np.int64))
        factors.append(np.asarray([part.health(n) for n in part.open.tolist()], float))
        debts.append(np.asarray(part.table.debt[part.open], float) / USD)
    return np.concatenate(accounts), np.concatenate(factors), np.concatenate(debts)


def health(market: Marketplace) -> dict[str, Any] | None:
    """Debt [USD] and loans by class of health factor, and the least healthy loans; None without any lender."""
    if "lending" not in market.mechanisms and "nft_loans" not in market.mechanisms:
        return None
    accounts, factors, debts = loans(market)
    place = np.clip(np.searchsorted(EDGES, factors, side="right") - 1, 0, len(LABELS) - 1)
    order = np.argsort(factors, kind="stable")[:LEAST_HEALTHY]
    return {
        "classes": list(LABELS),
        "debt": [short(float(x)) for x in np.bincount(place, debts, len(LABELS))],
        "loans": np.bincount(place, minlength=len(LABELS)).tolist(),
        "least": [
            {
                "account": int(accounts[i]),
                "name": named(market, int(accounts[i])),
                "health": short(float(factors[i])),
                "debt": short(float(debts[i])),
            }
            for i in order
        ],
    }
