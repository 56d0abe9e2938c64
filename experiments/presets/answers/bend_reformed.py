"""The reform beside the old rules."""

from typing import TYPE_CHECKING

from experiments.presets.answers.bend_2022 import look
from experiments.presets.spec import Answer

if TYPE_CHECKING:
    from experiments.presets.found import Found

OLD = "old rules"
RULES = {
    "nft_loans.threshold": 0.90,
    "nft_loans.base_rate": 0.03,
    "nft_loans.bid_floor_share": 0.95,
    "nft_loans.auction_hours": 48.0,
}


def tell(found: "Found") -> str:
    """What the reform changes."""
    milder = found.clear("debts without a bid", OLD)
    lead = {-1: "Milder", 1: "Worse", 0: "Not clearly milder"}[milder]
    return (
        f"{lead}: the part of the pool that waits for a bid {found.moved('debts without a bid', OLD)}; the number of bids {found.moved('bids', OLD)}. "
        f"The pool is still emptied in {found.chance('emptied')}; under the old rules in {found.chance('emptied', OLD)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"emptied": "%", "days from full to empty": "", "bids": "", "debts without a bid": "%"},
    against={OLD: RULES},
)
