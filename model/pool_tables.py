"""Tables of pools, one entry per vault, before any pool is open."""

from typing import Any, TypeVar

import numpy as np

from model.sheaf import Sheaf
from model.units import TOKEN

NO_POOL = -1
FILL = {
    "price": np.nan,
    "twap": np.nan,
    "least": TOKEN,
    **dict.fromkeys(("account", "pot", "share", "locked_by"), NO_POOL),
}  # zero in others
Table = TypeVar("Table", bound=Sheaf)


def empty_pools(
    table: type[Table],
    capacity: int,
    sides: int = 1,
    by_side: tuple[str, ...] = ("share", "locked"),
    wide: tuple[str, ...] = (),
) -> Table:
    """A table without pools: int64, float64 from its column `price` on.

    Args:
        table: its columns
        capacity: vaults that there may be
        sides: kinds of shares of a pool
        by_side: columns by kind of share and vault
        wide: columns of uint64
    """
    floats = table._fields[table._fields.index("price") :]

    def column(name: str) -> Any:
        shape = (sides, capacity) if name in by_side else (capacity,)
        kind = np.float64 if name in floats else np.uint64 if name in wide else np.int64
        return np.full(shape, FILL.get(name, 0), kind)

    return table(**{name: column(name) for name in table._fields})
