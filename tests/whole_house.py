"""A market with everything that agents meet, and a shock of every channel that it listens to."""

from datetime import date, timedelta
from typing import Any

from model import Marketplace, Scenario
from model.mechanism import catalogue
from tests.laws.test_farm_play import FARMS
from tests.laws.test_random_play import TABLES

TICKS = 32  # of a play, after the first
START = date(2023, 1, 1)
MERGE_TICK = 24
FIRST, LASTS = 8, 8  # ticks after which shocks begin one after another, and for which each lasts
SIZES = {
    "gpu_hashrate": 4.0, "power_price": 1.0, "rumour": 1.0, "withdrawals": -0.8, "rental_delivery": -0.7, "attention": -1.0,
    "emission": -1.0,
}  # fmt: skip
SIZE = -0.5  # of all other shocks


def tables(hours: int, design: str) -> dict[str, Any]:
    """Everything on; times are short enough for all of it to end within the play."""
    tick = hours / 24  # days
    merge = START + timedelta(days=round(MERGE_TICK * tick))
    agents = {
        "miner": {**TABLES["agents"]["miner"], "strategy": {"mine_gpu": 0.5, "payback": 0.5}},
        "retail_investor": {**TABLES["agents"]["retail_investor"], "attention": 0.2},
    }
    return {
        **TABLES,
        "clock": {**TABLES["clock"], "hours_per_tick": hours},
        "network": {**TABLES["network"], "gpu": {"merge": f"{merge}"}},
        "nfts": {**TABLES["nfts"], "term_days": max(1.0, 12 * tick), "take_or_pay": 0.5},
        "lending": {"capacity": 240},
        "nft_market": {"offer_days": 5 * tick},
        "nft_loans": {
            "threshold": 0.41, "most_move": 1.0, "floor_hours": hours, "auction_hours": 3.0 * hours, "fine_least": 1.0,
            "offer_days": 6 * tick, "rig_days": 8 * tick, "grace_days": 2 * tick,
        },
        "fees": {"transaction_fee": 0.01},
        "farms": FARMS,
        "rental": {"vault_share": 0.3, "token_series": 4},
        "forwards": {},
        "revenue_shares": {"capacity": 6, "offer_days": 4 * tick, "grace_days": 3 * tick},
        "freeze": {"paid_back": 0.5},
        "social": {"graph": "none", "word_of_mouth": 0.0},
        "buyouts": {"capacity": 240, "design": design, "quorum_bps": 20, "unlock_bps": 300, "notice": 0.3, "shotgun_days": 5 * tick, "timed_days": 4 * tick, "auction_days": 3 * tick, "tender_days": 2 * tick, "rejection_days": 4 * tick, "bid_lock_days": tick, "win_bps": 20},
        "agents": agents,
    }  # fmt: skip


def shocks(found: dict[str, Any], hours: int) -> list[dict[str, Any]]:
    """One pulse of each channel that the mechanisms of these tables listen to."""
    keys = {*found, "gpu_coin"}
    channels = sorted({name for key, rule in catalogue().items() if key in keys for name in rule.channels})
    return [
        {
            "channel": name, "size": SIZES.get(name, SIZE), "day": (FIRST + i % LASTS) * hours / 24,
            "days": LASTS * hours / 24, "shape": "pulse", "source": "a test",
        }
        for i, name in enumerate(channels)
    ]  # fmt: skip


def whole_market(hours: int, seed: int, design: str) -> Marketplace:
    found = tables(hours, design)
    found["shocks"] = shocks(found, hours)
    return Marketplace(Scenario.from_tables(found, f"random play with {design}"), rng=seed)
