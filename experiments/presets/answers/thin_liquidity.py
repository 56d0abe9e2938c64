"""Debts beside thin pools and beside deep ones."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

DEEP = "deep pools"
LOST = tuple(f"lending.lost_{who}" for who in ("reserve", "fund", "depositors"))


def look(market: "Marketplace") -> Numbers:
    """Liquidations and bad debt."""
    bad = sum(value(market, name) for name in LOST) + value(market, "lending.uncovered")
    return {
        "liquidations": value(market, "lending.liquidations"),
        "liquidated": value(market, "lending.liquidated_debt"),
        "bad debt": bad,
        "bad debt over mean debt": bad / max(value(market, "lending.debt"), 1.0),
    }


def tell(found: "Found") -> str:
    """What thin pools cost."""
    return (
        f"{found.mean('bad debt')} goes bad in a run, {found.mean('bad debt over mean debt')} of debt, after {found.mean('liquidations')} liquidations; with deep pools "
        f"under the same fall {found.plain('bad debt', DEEP)} and {found.plain('bad debt over mean debt', DEEP)}. From these to thin pools bad debt {found.moved('bad debt', DEEP)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"liquidations": "", "liquidated": "USD", "bad debt": "USD", "bad debt over mean debt": "%"},
    changes={"clock.ticks": 260, "agents.retail_investor.count": 400, "agents.miner.count": 80},
    against={DEEP: {"offerings.seed_bps": 2_000, "agents.liquidity_provider.count": 50, "lending.cap_share": 1.0}},
)
