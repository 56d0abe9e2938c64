"""One emission for all farms, by weight; a farm without stakes emits nothing [SushiSwap 2020, MasterChef]."""

from typing import TYPE_CHECKING

from model.mechanisms.farms import kernels
from model.mechanisms.farms.design import Design
from model.mechanisms.farms.formulas import chef_reward
from model.mechanisms.farms.table import EMITTED

if TYPE_CHECKING:
    from model.mechanisms.farms.rules import Farms
    from model.mechanisms.farms.table import Row


class MasterChef(Design):
    """Every farm that is open counts in the total of weights, whether somebody stakes or not."""

    name = "master_chef"

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Amount weight // total for each farm with stakes."""
        total = sum(other.params.weight * len(other.open) for other in farms.rows if other.design is cls)
        if not row.open or total == 0:
            return
        table, (rate, amount) = farms.table, farms.chef_now()
        table.per_day[row.numbers] = rate * row.params.weight / total
        each = chef_reward(1, amount, row.params.weight, total)
        row.state[EMITTED] += kernels.emit_to(
            farms.ledger.books, table, row.numbers, farms.token, farms.issuer, each, farms.room_left
        )
