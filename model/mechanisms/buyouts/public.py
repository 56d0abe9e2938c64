"""What others meet of buy-outs: actions, and the view. Amounts are base units of USD or of fractions.

Whose vault was bought out claims his cash with `Redeem` of the vaults, whenever he likes.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.mechanisms.buyouts.votes import Chains


class OpenBuyout(Action):
    """Lock `fractions` of one's own and put down `usd` for all others, or as first bid; filled: USD put down."""

    fields = ("vault", "fractions", "usd")
    phase = "buyout"


class CounterBuyout(Action):
    """Pay `usd` for the fractions that a proposer has locked, at his own price; filled: USD paid."""

    fields = ("vault", "usd")
    phase = "buyout"

    @classmethod
    def spent(cls, rows: NDArray[Any]) -> NDArray[np.float64]:
        """All that is paid, for what the proposer has locked."""
        return rows["usd"].astype(np.float64)


class VoteBuyout(Action):
    """Stand for `amount`: a reserve for the whole NFT in USD, or fractions locked for the unlocking; 0 takes it back."""

    fields = ("vault", "amount")
    phase = "buyout"


class TenderFractions(Action):
    """Sell `amount` fractions into an open tender at its price; filled: USD got."""

    fields = ("vault", "amount")
    phase = "buyout"


class BidBuyout(Action):
    """Outbid the best bid for the whole NFT with `usd`; filled: USD put down."""

    fields = ("vault", "usd")
    phase = "buyout"


class WithdrawBid(Action):
    """Take one's own best bid back, where the design lets it go; filled: USD that come back."""

    fields = ("vault",)
    phase = "buyout"


ACTIONS = (OpenBuyout, CounterBuyout, VoteBuyout, TenderFractions, BidBuyout, WithdrawBid)


Asked = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


class BuyoutsView(NamedTuple):
    """What strategies see; columns by vault, read-only.

    Attributes:
        n_open: buy-outs that are open
        places: designs by name; `design` holds a vault's place among them
        allowed: vaults of which somebody may open a buy-out now
        phase: `Phase`
        opener: who opened it, or bids most; -1 for none
        price: offered [USD per whole fraction]
        usd: in escrow [base units]
        locked: fractions in escrow [base units]
        need: dollars that block it or outbid the best bid [base units]
        days_left: until it is decided, infinite without a deadline
        stood: days for which the best bid has stood, NaN where it may not be taken back
        threshold: part of the supply that must have voted, or tendered
        supply: fractions outstanding [base units]
        holders: accounts that hold fractions, counted from time to time
        share, claim: assets of claims on locked fractions and on dollars in escrow, -1 for none
        paused: whether fractions may not move
        window: days in which holders can act on an offer, by vault's design; infinite without an end
        votes: rows (vault, account, price of the whole NFT in USD base units) of votes on reserves
        cast: the same, to be looked up by `find_vote`
        ask: works out least stake, least bid and votes at the first question of a morning, when nothing moves
        notice: chance by which holders of such a vault look more often [1/day]
    """

    n_open: int
    places: tuple[str, ...]
    notice: float
    votes: NDArray[np.int64]
    cast: Chains
    ask: Callable[[], Asked]
    design: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    phase: NDArray[np.int64]
    opener: NDArray[np.int64]
    price: NDArray[np.float64]
    usd: NDArray[np.int64]
    locked: NDArray[np.int64]
    need: NDArray[np.int64]
    days_left: NDArray[np.float64]
    stood: NDArray[np.float64]
    threshold: NDArray[np.float64]
    supply: NDArray[np.int64]
    holders: NDArray[np.int64]
    share: NDArray[np.int64]
    claim: NDArray[np.int64]
    paused: NDArray[np.bool_]
    window: NDArray[np.float64]

    @property
    def least_stake(self) -> NDArray[np.int64]:
        """Fractions that who opens must lock [base units]."""
        return self.ask()[0]

    @property
    def least_bid(self) -> NDArray[np.int64]:
        """Dollars that who opens must put down at least [base units]."""
        return self.ask()[1]

    @property
    def voted(self) -> NDArray[np.float64]:
        """Part of the supply that has voted."""
        return self.ask()[2]
