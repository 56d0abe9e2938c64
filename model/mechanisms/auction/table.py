"""The book of orders: one row each, in order of arrival; and what the last clearing of each vault brought."""

from typing import Any, NamedTuple

import numpy as np

ACCOUNT, VAULT, SIDE, LEFT, PRICE, ESCROW, UNTIL, NUMBER = range(8)
WIDTH = 8


class Outcomes(NamedTuple):
    """Columns by vault, int64 unless said."""

    price: Any  # of the last batch that traded [USD base units per whole fraction], 0 before
    volume: Any  # dollars exchanged in the last clearing [base units]
    traded: Any  # fractions exchanged in the last clearing [base units]
    demand: Any  # dollars bid for in the last clearing, before it [base units]
    supply: Any  # fractions offered in the last clearing, before it [base units]
    best_bid: Any  # dearest bid left over by the last clearing [USD base units per whole fraction], 0 for none
    best_ask: Any  # cheapest ask left over, before the fee [USD base units per whole fraction], 0 for none
    tick: Any  # of the last clearing with a trade, -1 before


def empty_book(rows: int = 0) -> Any:
    """Orders: account, vault, side, fractions left [base units], limit, dollars in escrow, last tick, number."""
    return np.zeros((rows, WIDTH), np.int64)


def no_outcomes(capacity: int) -> Outcomes:
    """Nothing has traded yet."""
    fill = {"tick": -1}
    return Outcomes(**{name: np.full(capacity, fill.get(name, 0), np.int64) for name in Outcomes._fields})
