"""NFTs that nobody can buy for want of votes."""

from typing import TYPE_CHECKING

from experiments.presets.looks import ratio, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

AWAKE = "holders who look"


def look(market: "Marketplace") -> Numbers:
    """Vaults with a quorum, auctions."""
    return {
        "vaults with a quorum": ratio(value(market, "buyouts.ready"), value(market, "fractions.vaults")),
        "auctions": value(market, "buyouts.opened"),
        "an auction began": value(market, "buyouts.opened") > 0,
        "part of supply that votes": value(market, "buyouts.voted"),
    }


def tell(found: "Found") -> str:
    """How many are locked."""
    began, n = found.hits("an auction began")
    lead = "Yes, for as long as they sleep" if 2 * began < n else "Not for ever"
    return (
        f"{lead}: at the end {found.mean('vaults with a quorum')} of vaults have a quorum, {found.mean('part of supply that votes')} of supply "
        f"votes, and an auction ever begins in {found.chance('an auction began')}. Where holders look on one day in ten it begins in "
        f"{found.chance('an auction began', AWAKE)}, and {found.plain('part of supply that votes', AWAKE)} votes."
    )


ANSWER = Answer(
    look,
    tell,
    {"vaults with a quorum": "%", "auctions": "", "an auction began": "%", "part of supply that votes": "%"},
    changes={"clock.ticks": 110},
    against={
        AWAKE: {f"agents.{kind}.attention": 0.1 for kind in ("retail_investor", "creator")}
        | {"agents.retail_investor.startle": 0.1}
    },
)
