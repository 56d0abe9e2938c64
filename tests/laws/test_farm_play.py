"""Random play of every action of a market with farms, most of it foolish; the guard checks all laws after each tick."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import Bundle, Status
from model.mechanisms.amm import Swap
from model.mechanisms.farms import Harvest, StakeFarm, UnstakeFarm
from tests.laws.test_random_play import TABLES, Player, dump

STAKES = ["fraction", "amm", "weighted", "curve", "curve_fractions", "deposit", "token", "token_share", "peg_share"]
POINTS = [{"name": f"points {s}", "design": "unifty_points", "stake": s} for s in ("fraction", "token")]
OTHERS = [
    {"name": "chef", "design": "master_chef", "stake": "fraction"},
    {"name": "burn", "design": "burn_and_mint", "stake": "token"},
    {"name": "fees", "design": "fee_funded", "stake": "token"},
]
FARMS: dict[str, Any] = {
    "capacity": 240,
    "peg": {},
    "farm": [*({"name": s, "design": "staking_rewards", "stake": s} for s in STAKES), *POINTS, *OTHERS],
    "shop": [
        {"name": "card", "count": 5, "restock_days": 3, "points": 2},
        {"name": "print", "kind": "art", "count": 20, "editions": True, "points": 3, "price": 5, "artist_fee": 1},
    ],
}
SMALL = {"farm": 1_200, "item": 3, "pay": 3, "token": 3}  # columns with few sensible values


class FarmPlayer(Player):
    """Also draws numbers of farms, items and tokens."""

    def column(self, name: str, n: int) -> np.ndarray:
        if name == "farm":
            there = np.flatnonzero(self.market.mechanisms["farms"].table.account >= 0)
            wild = self.draw.integers(-1, SMALL["farm"], n)
            return np.where(self.draw.random(n) < 0.1, wild, self.draw.choice(there, n)) if there.size else wild
        if name in SMALL:
            return self.draw.integers(-1, SMALL[name], n)
        return super().column(name, n)

    def rows(self, action: Any, n: int) -> Any:
        batch = super().rows(action, n)
        if action in (StakeFarm, UnstakeFarm, Harvest):
            table, balances = self.market.mechanisms["farms"].table, self.market.ledger.books.balances
            for row in batch.rows[::2]:
                f = int(row["farm"])
                asset = (
                    int((table.asset if action is StakeFarm else table.share)[f]) if 0 <= f < table.share.size else -1
                )
                owners = self.accounts[balances[asset, self.accounts] > 0] if asset >= 0 else self.accounts[:0]
                if owners.size:
                    row["account"] = self.draw.choice(owners)
        return batch


def market_with_farms(hours: int, seed: int) -> Marketplace:
    tables = {
        **TABLES,
        "clock": {**TABLES["clock"], "hours_per_tick": hours},
        "lending": {"capacity": 240},
        "fees": {"transaction_fee": 0.0, "market_fee": 0.0},
        "farms": FARMS,
    }
    return Marketplace(Scenario.from_tables(tables, "random play with farms"), rng=seed)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "hours"), [(1, 24), (2, 4)])
def test_nothing_is_lost_when_farms_are_played_at_random(seed: int, hours: int) -> None:
    with market_with_farms(hours, seed) as market:
        market.step()
        player = FarmPlayer(market, seed)
        for _ in range(25):
            player.tick(100)
        market.check()
        done = {a.__name__ for a, tally in market.settlement.outcomes.items() if tally[Status.DONE] > 0}
        assert {
            "StakeFarm",
            "UnstakeFarm",
            "Harvest",
            "TradeToken",
            "AddTokenLiquidity",
            "RemoveTokenLiquidity",
        } <= done
        assert {"MintPeg", "RedeemPeg", "BuyFromShop"} <= done
        before = dump(market)
        for action in market.settlement.order:
            first = player.rows(action, 1)
            market.submit(Bundle([first, Swap(first.rows["account"], vault=-1, side=0, amount=1, limit=0)]))
            market.settlement.settle(Swap, True)
            assert dump(market) == before, action.__name__
