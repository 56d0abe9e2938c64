"""How the parts of an institutional market live."""

from typing import TYPE_CHECKING

from experiments.presets.looks import path, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


PART = "institutions' part of fractions"


def look(market: "Marketplace") -> Numbers:
    """One number for each part."""
    return {
        "traded in auctions": value(market, "auction.volume"),
        PART: value(market, "agents.institution_fractions"),
        "sold forward": float(path(market, "forwards.open_interest").max()),
        "owed against rigs": float(path(market, "nft_loans.rig_debt").max()),
        "raised against revenue": value(market, "revenue_shares.raised"),
        "rented part of rigs": value(market, "rental.rented_share"),
        "vaults bought out": value(market, "buyouts.succeeded"),
    }


def tell(found: "Found") -> str:
    """All parts in a row."""
    return (
        f"Institutions end with {found.mean(PART)} of all fractions and auctions turn over "
        f"{found.mean('traded in auctions')}. Miners sell up to {found.mean('sold forward')} forward, owe up to {found.mean('owed against rigs')} "
        f"against rigs, and raise {found.mean('raised against revenue')} against revenue; {found.plain('rented part of rigs')} of what runs is rented. "
        f"{found.mean('vaults bought out')} vaults a run are bought out at their reserve."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "traded in auctions": "USD/day",
        PART: "%",
        "sold forward": "PH/s",
        "owed against rigs": "USD",
        "raised against revenue": "USD",
        "rented part of rigs": "%",
        "vaults bought out": "",
    },
    changes={"clock.ticks": 180},
)
