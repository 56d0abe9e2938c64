"""What came back of loans against rigs."""

from typing import TYPE_CHECKING

from experiments.presets.looks import path, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace


def look(market: "Marketplace") -> Numbers:
    """Defaults and recovery."""
    return {
        "loans gone bad": value(market, "nft_loans.rig_defaults"),
        "got back of what was owed": value(market, "nft_loans.rig_recovery"),
        "lent at most": float(path(market, "nft_loans.rig_debt").max()),
        "rig price at the end over the start": float(path(market, "rigs.price")[-1] / path(market, "rigs.price")[0]),
    }


def tell(found: "Found") -> str:
    """How much."""
    return (
        f"{found.mean('loans gone bad')} loans go bad a run, and lenders get back {found.mean('got back of what was owed')} of what was owed on them; new rigs end at "
        f"{found.mean('rig price at the end over the start')} of their price."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "loans gone bad": "",
        "got back of what was owed": "%",
        "lent at most": "USD",
        "rig price at the end over the start": "%",
    },
    changes={"agents.retail_investor.count": 60},
    real="rig prices -85 % and a loan-to-value of .60: about .25 got back",
    source="Bloomberg, November 2022",
)
