"""Random play of a market with everything on: stakes, transfers, pledges, farms, hire, forwards, buy-outs and claims in any order.

The guard checks all laws of the ledger and of every mechanism after each tick, so every unit of income has an owner.
"""

from operator import attrgetter
from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import Status
from tests.laws import test_random_play as base
from tests.laws.test_farm_play import FARMS, FarmPlayer
from tests.laws.test_random_play import FRACTIONS, TABLES

OWNED = {
    "OpenBuyout": ("vaults", FRACTIONS, "fractions"),
    "TenderFractions": ("vaults", FRACTIONS, "amount"),
    "VoteBuyout": ("vaults", FRACTIONS, "amount"),
    "Pledge": ("vaults", FRACTIONS, "amount"),
    "Release": ("lending", attrgetter("desk.pledge"), "amount"),
}
FEW = {"currency": 2, "use": 2, "tenor": 3, "series": 4}  # columns with few sensible values
ALWAYS = {
    "StakeFarm",
    "Stake",
    "Pledge",
    "Swap",
    "Harvest",
    "OfferHashpower",
    "BidHashpower",
    "OrderForward",
    "OpenBuyout",
}


class WholePlayer(FarmPlayer):
    """Also draws terms of hire, forwards and buy-outs."""

    def column(self, name: str, n: int) -> np.ndarray:
        if name in FEW:
            return self.draw.integers(-1, FEW[name] + 1, n)
        if name == "hours":
            return self.draw.integers(0, 200, n)
        if name == "fractions":
            return np.where(self.draw.random(n) < 0.5, 0, super().column(name, n))
        return super().column(name, n)


def whole_market(hours: int, seed: int, design: str) -> Marketplace:
    tables: dict[str, Any] = {
        **TABLES,
        "clock": {**TABLES["clock"], "hours_per_tick": hours},
        "lending": {"capacity": 240},
        "nft_market": {},
        "fees": {"transaction_fee": 0.01},
        "farms": FARMS,
        "rental": {"vault_share": 0.3, "token_series": 4},
        "forwards": {},
        "buyouts": {"capacity": 240, "design": design, "quorum_bps": 20, "unlock_bps": 20},
    }
    return Marketplace(Scenario.from_tables(tables, f"random play with {design}"), rng=seed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "hours", "succeed"),
    [
        ("niftex_v1", 24, {"CounterBuyout"}),
        ("niftex_v2", 4, {"CounterBuyout"}),
        ("reserve_auction", 24, {"VoteBuyout", "BidBuyout"}),
        ("tender_pool", 4, {"TenderFractions"}),
        ("unlock_vote", 24, {"VoteBuyout", "BidBuyout"}),
    ],
)
def test_nothing_is_lost_when_everything_is_played_at_random(
    design: str, hours: int, succeed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "OWNED", {**base.OWNED, **OWNED})
    with whole_market(hours, 7, design) as market:
        market.step()
        player = WholePlayer(market, 7)
        for _ in range(30):
            player.tick(60)
        market.check()
        balances = market.ledger.books.balances[:, : market.ledger.accounts]
        assert np.all(balances.sum(axis=1) == 0)
        done = {a.__name__ for a, tally in market.settlement.outcomes.items() if tally[Status.DONE] > 0}
        assert ALWAYS | succeed <= done
