"""One emission for all farms, by weight; a farm without stakes emits nothing [SushiSwap 2020, MasterChef]."""

from typing import TYPE_CHECKING

from model.mechanisms.farms import kernels
from model.mechanisms.farms.design import Design
from model.mechanisms.farms.formulas import chef_reward
from model.mechanisms.farms.table import EMITTED

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms
    from model.mechanisms.farms.table import Row


class MasterChef(Design):
    """Every farm that is open counts in the total of weights, whether somebody stakes or not."""

    name = "master_chef"

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Amount weight // total for each farm with stakes."""
        total, weight = farms.chef_weight, row.params.weight
        if not row.open or total == 0:
            return
        rate, amount = farms.chef_now()
        row.state[EMITTED] += kernels.emit_to(
            farms.ledger.books, farms.table, row.numbers, farms.token, farms.issuer, chef_reward(1, amount, weight, total),
            farms.room_left, rate * weight / total,
        )  # fmt: skip
