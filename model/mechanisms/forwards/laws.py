"""What must hold for forwards after every tick."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.mechanisms.forwards.desk import ASSETS
from model.mechanisms.forwards.table import CURRENCIES, LONG, SHORT, SIZE, TERM

if TYPE_CHECKING:
    from model.mechanisms.forwards.mechanism import Forwards


@kernel
def _add_up(variation: Any, contracts: Any, sums: Any) -> Any:
    """Variation margins by currency; contracts with oneself or about nothing, and the longest term."""
    sums[:] = 0
    for currency in range(variation.shape[0]):
        for who in range(variation.shape[1]):
            sums[currency] += variation[currency, who]
    odd = longest = 0
    for c in range(contracts.shape[0]):
        odd += contracts[c, LONG] == contracts[c, SHORT] or contracts[c, SIZE] <= 0
        longest = max(longest, contracts[c, TERM])
    return odd, longest


def broken(f: "Forwards") -> str:
    """The first law that does not hold, in a sentence; empty if all do.

    Variation margins sum to zero; escrow holds what margin accounts say; terms are within what is traded.
    """
    sums = np.empty(CURRENCIES, np.int64)
    odd, longest = _add_up(f.variation, f.contracts, sums)
    if any(sums.tolist()):
        return f"forwards: variation margins sum to {sums.tolist()}"
    for currency, asset in enumerate(ASSETS):
        held, owed = f.ledger.balance(asset, f.escrow), f.ledger.outstanding(int(f.receipts[currency]))
        if held != owed:
            return f"forwards: escrow holds {held} of asset {asset}, margin accounts {owed}"
    if odd:
        return "forwards: a contract with oneself, or about nothing"
    if longest > max(f.terms.tolist()):
        return "forwards: a contract is longer than any term that is traded"
    return ""
