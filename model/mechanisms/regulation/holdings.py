"""What rows pay for fractions, whoever settles them, and what accounts hold in fractions."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Trade
from model.books import Books
from model.units import TOKEN

BUY = 0


def purchases(action: type[Action], rows: NDArray[np.void]) -> NDArray[np.float64] | None:
    """Most that each row pays for fractions of its vault [USD base units]; None where the action acquires none.

    A swap pays its amount, a bid quantity times price, a subscription fractions times its limit.
    """
    names = set(action.fields)
    if {"vault", "side", "quantity", "price"} <= names:
        spent = rows["quantity"] * (rows["price"] / TOKEN)
        return np.where(rows["side"] == BUY, spent, 0.0)
    if issubclass(action, Trade) and {"vault", "side", "amount"} <= names:
        return np.where(rows["side"] == BUY, rows["amount"].astype(np.float64), 0.0)
    if names == {"vault", "fractions", "limit"}:
        return rows["fractions"] * (rows["limit"] / TOKEN)
    return None


def waits_in_escrow(action: type[Action]) -> bool:
    """Whether what a row pays is neither cash nor fractions until the end of the tick, as in an auction."""
    return "quantity" in action.fields


def held_by(
    books: Books, value: NDArray[np.float64], assets: Iterable[int], accounts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Worth of some assets that accounts hold [USD], added in order.

    Args:
        value: USD per base unit by asset
    """
    worth = np.zeros(accounts.size)
    for asset in assets:
        if value[asset] > 0.0:
            worth += books.balances[asset, accounts] * value[asset]
    return worth
