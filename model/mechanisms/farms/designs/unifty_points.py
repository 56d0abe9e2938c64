"""Points for stake and time alone: other stakers dilute nobody, and points buy NFTs from a shop [Unifty 2021]."""

from typing import TYPE_CHECKING

from model.mechanisms.farms import kernels
from model.mechanisms.farms.design import Design
from model.mechanisms.farms.table import SINCE
from model.units import INDEX

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms
    from model.mechanisms.farms.table import Row


class UniftyPoints(Design):
    """The index of points per staked unit rises with time; it is floor(seconds 1e12 / rate) since the rate changed."""

    name = "unifty_points"
    pays = "points"

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Points of the tick, for as many as are staked."""
        rate, since = farms.params.point_seconds, int(row.state[SINCE])
        before, after = since * INDEX // rate, (since + farms.seconds) * INDEX // rate
        row.state[SINCE] = since + farms.seconds
        kernels.add_points(farms.ledger.books, farms.table, row.first, row.end, farms.points_pot, after - before)

    @classmethod
    def restate(cls, farms: "Farms", row: "Row", old: int, new: int) -> None:
        """A new rate counts for everything that is not yet claimed, as in the contract, which looks back to the last claim."""
        row.state[SINCE] = 0
        kernels.restate(
            farms.ledger.books, farms.table, row.first, row.end, farms.points_pot, farms.ledger.accounts, old, new
        )
