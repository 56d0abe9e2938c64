"""What strategies see of forwards."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.mechanisms.forwards.public import ForwardsView
from model.mechanisms.forwards.settlement import add_needs
from model.mechanisms.forwards.table import CURRENCIES, LONG, SHORT, SIZE, USD_SETTLED
from model.units import USD
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.forwards.mechanism import Forwards


@kernel
def _sides(contracts: Any, needs: Any, lacks: Any, sides: Any, called: Any) -> None:
    """Clear `needs`; fill GH/s sold and bought forward by account, and what is called, with room for new accounts."""
    needs[:] = 0
    sides[:] = 0
    called[:] = 0
    for c in range(contracts.shape[0]):
        size = contracts[c, SIZE]
        sides[0, contracts[c, SHORT]] += size
        sides[1, contracts[c, LONG]] += size
    for currency in range(lacks.shape[0]):
        for who in range(lacks.shape[1]):
            called[currency, who] = lacks[currency, who]


class Board:
    """Columns by account that are worked out every morning and stay read-only in between."""

    def __init__(self) -> None:
        self.needs = self.sides = self.called = np.zeros((CURRENCIES, 0), np.int64)
        self.shown: tuple[NDArray[Any], ...] = ()
        self._balances = self._margin = self.needs

    def margin_of(self, balances: NDArray[np.int64], first: int) -> NDArray[np.int64]:
        """Receipts of all currencies, which were made one after another, by account."""
        if balances is not self._balances:
            self._balances, self._margin = balances, frozen(balances[first : first + CURRENCIES])
        return self._margin

    def grow(self, size: int) -> None:
        """Room for all accounts."""
        if self.needs.shape[1] != size:
            self.needs, self.sides, self.called = (np.zeros((CURRENCIES, size), np.int64) for _ in range(3))
            self.shown = tuple(frozen(c) for c in (self.needs, self.sides[0], self.sides[1], self.called))


def look(house: "Forwards") -> ForwardsView:
    """All of a morning."""
    board, p, books = house.board, house.params, house.ledger.books
    board.grow(books.sector.size)
    _sides(house.contracts, board.needs, house.lacks, board.sides, board.called)
    add_needs(
        house.contracts, house.orders, house.settled, house.clock.hours, house.terms, house.index, house.rates,
        board.needs,
    )  # fmt: skip
    margin = board.margin_of(books.balances, int(house.receipts[0]))
    needs, short, long, called = board.shown
    return ForwardsView(
        int(house.index[USD_SETTLED]) / USD, frozen(house.index), tuple(p.tenors), frozen(house.last), (p.margin_usd, p.margin_btc), frozen(house.orders),
        frozen(house.contracts), margin, needs, short, long, called,
    )  # fmt: skip
