"""A frozen pool's members, and what vaults lose."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, ratio, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DAY = 35.0  # 2022-09-05
RECEIPT, POOLS = "receipt", "mining_pools"  # promises, and who makes them


def look(market: "Marketplace") -> Numbers:
    """Members before and after, and coins kept."""
    before = at(market, "freeze.members", DAY)
    flows = market.journal.flow_table()
    promised = flows[(flows["asset"] == RECEIPT) & (flows["from"] == POOLS)]
    of_vaults = promised[promised["to"] == "vaults"]
    return {
        "members gone in six days": 1.0 - at(market, "freeze.members", DAY + 6.0) / before,
        "members gone in 120 days": 1.0 - at(market, "freeze.members", DAY + 120.0) / before,
        "frozen pay of vaults": ratio(float(of_vaults["amount"].sum()), float(promised["amount"].sum())),
        "frozen at most": value(market, "freeze.owed"),
        "kept for good": value(market, "freeze.lost"),
    }


def tell(found: "Found") -> str:
    """How fast, and how much."""
    return (
        f"{found.mean('members gone in six days')} of members' hash rate is gone after six days and {found.mean('members gone in 120 days')} after 120. "
        f"Up to {found.mean('frozen at most')} is frozen, {found.mean('frozen pay of vaults')} of it pay of vaults, "
        f"which cannot leave; {found.mean('kept for good')} is lost for good."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "members gone in six days": "%",
        "members gone in 120 days": "%",
        "frozen pay of vaults": "%",
        "frozen at most": "BTC",
        "kept for good": "BTC",
    },
    real="almost half gone from 2022-08-31 to 09-11; from 10 % of the network in August to 2.6 % in January",
    source="BlocksBridge in CoinDesk 2022-09-13; CoinDesk 2023-01-06",
)
