"""What strategies see of the hashpower market."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
from model.mechanisms.rental import clearing
from model.mechanisms.rental.delivery import free_of
from model.mechanisms.rental.public import RentalView
from model.mechanisms.rental.table import BTC_PRICED, SERIES_WIDTH
from model.units import BTC
from model.view import frozen

if TYPE_CHECKING:
    from model.mechanisms.rental.mechanism import Rental

NO_SERIES = frozen(np.zeros((0, SERIES_WIDTH + 1), np.int64))
NO_ASKS = frozen(np.zeros((0, 4), np.int64))


@kernel
def _look(currency: Any, floor: Any, coins: float, rented: Any, floors: Any, rented_in: Any) -> None:
    """Fill floors in satoshi, and GH/s got for any chain, by account; `coins` are satoshi of a USD base unit."""
    for who in range(floors.size):
        floors[who] = floor[who] if currency[who] == BTC_PRICED else int(floor[who] * coins)
        rented_in[who] = rented[0, who] + rented[2, who]


class Board:
    """Columns by account that are worked out every morning and stay read-only in between."""

    def __init__(self) -> None:
        self.floors = self.free = self.rented_in = np.zeros(0, np.int64)
        self.shown: tuple[NDArray[Any], ...] = ()

    def grow(self, size: int) -> None:
        """Room for all accounts."""
        if self.floors.size != size:
            self.floors, self.free, self.rented_in = (np.zeros(size, np.int64) for _ in range(3))
            self.shown = tuple(frozen(c) for c in (self.floors, self.free, self.rented_in))


def look(r: "Rental") -> RentalView:
    """All of a morning."""
    r.reserve()
    board, p = r.board, r.params
    board.grow(r.work.size)
    _look(r.currency, r.floor, BTC / r.coin, r.rented, board.floors, board.rented_in)
    free_of(r.contracts, r.series, r.rigs.delivered, board.free)
    floors, free, rented_in = board.shown
    series = frozen(np.hstack([r.series, r.tokens[:, None]])) if r.tokens.size else NO_SERIES
    return RentalView(
        r.price, r.usd_price, clearing.quote(r), r.fair, r.volume, r.demand, r.supply, p.fee, p.cut, p.orders,
        frozen(r.orders), frozen(r.offered), floors, free, rented_in, frozen(r.rented[1]), frozen(r.spent),
        series, frozen(r.tokens), _asks(r) if r.asks else NO_ASKS,
    )  # fmt: skip


def _asks(r: "Rental") -> NDArray[np.int64]:
    """Rows (series, account, price, base units there) of tokens for sale."""
    held = [(s, who, price, r.ledger.balance(int(r.tokens[s]), who)) for (s, who), price in r.asks.items()]
    return np.array([row for row in held if row[-1] > 0], np.int64).reshape(-1, 4)
