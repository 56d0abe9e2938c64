"""Real revenue: a part of what the platform earns on trades and in the shop goes to the stakers, in dollars."""

from typing import TYPE_CHECKING

from model.flows import Flow, Group
from model.ledger import USD_ASSET
from model.mechanisms.farms.design import Design
from model.mechanisms.farms.table import PAID_IN

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms
    from model.mechanisms.farms.table import Row


class FeeFunded(Design):
    """Nothing is emitted: what nobody paid, nobody gets."""

    name = "fee_funded"
    pays = "dollars"

    @classmethod
    def clear(cls, farms: "Farms", row: "Row") -> None:
        """The row's part of the day's market fees and shop sales, by what is staked; it is credited next morning."""
        ledger, table, staked = farms.ledger, farms.table, [f for f in row.open if farms.staked(f) > 0]
        to = ledger.sectors.index("platform")
        fees = int(ledger.books.flows[Flow.MARKET_FEE, Group.USD, :, to].sum())
        due = int(row.params.share * fees)
        due = max(0, min(due, ledger.balance(USD_ASSET, farms.market.platform)))
        row.state[PAID_IN] += due if staked else 0
        worth = [max(farms.staked_usd(f), 0.0) for f in staked]
        total = sum(worth)
        keep = farms.keep
        for f in row.open:
            table.per_day[f] *= keep
        for f, usd in zip(staked, worth, strict=True):
            part = int(due * usd / total) if total > 0.0 else 0
            ledger.pay(USD_ASSET, farms.market.platform, int(table.account[f]), part, Flow.INCOME)
            table.grant_usd[f] += part
            table.per_day[f] += (1.0 - keep) * part / farms.clock.dt_days
