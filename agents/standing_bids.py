"""Bids that stand without an end: whoever has waited long enough takes his money back."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.mechanisms.buyouts import BuyoutsView, WithdrawBid

PATIENCE = 14.0  # days for which who bids in defence lets a bid stand; assumption, as long as raiders rest


def taken_back(
    seen: BuyoutsView, account: NDArray[np.int64], patience: NDArray[np.float64] | float = PATIENCE
) -> Iterator[Action]:
    """The best bids of some accounts that have stood for so many days and may be taken back.

    Args:
        account: who looks
        patience: of each, or of all [days]
    """
    standing = (seen.stood >= 0.0).nonzero()[0] if seen.n_open else ()
    for v in standing:
        waits = np.broadcast_to(patience, account.shape)[account == seen.opener[v]]
        if waits.size and seen.stood[v] >= waits[0]:
            yield WithdrawBid(seen.opener[v : v + 1], vault=v)
