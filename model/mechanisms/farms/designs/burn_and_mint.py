"""Services are paid by burning the token, and a part of what was burnt is minted again each week [GoMining 2024].

What is minted is streamed over the seven days that follow, so that a stake earns by the days for which it is there.
"""

from typing import TYPE_CHECKING

from model.actions import BUY
from model.flows import Flow, Group
from model.ledger import USD_ASSET
from model.mechanisms.farms.design import Design
from model.mechanisms.farms.formulas import DAY, minted_again, split_of
from model.mechanisms.farms.table import BURNED, BURNED_WEEK
from model.mechanisms.farms.token_pools import TOKEN_POOL
from model.units import mul_div

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms
    from model.mechanisms.farms.table import Row

WEEK = 7 * DAY  # seconds


class BurnAndMint(Design):
    """The operator of vaults buys tokens for a part of his service fees and burns them; stakers live on new ones."""

    name = "burn_and_mint"
    needs = ("vaults",)

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Once a week .8 of what was burnt is minted; each tick a part by its length of what is left is split."""
        if farms.clock.new_week:
            farms.fund(row, minted_again(int(row.state[BURNED_WEEK]), row.params.mint))
            row.state[BURNED_WEEK] = 0
        left = farms.ledger.balance(farms.token, row.pot)
        streamed = mul_div(left, farms.seconds, WEEK - farms.now % WEEK)
        for other in farms.rows:
            if other is row or other.params.name in row.params.split_to:
                farms.table.per_day[other.open] = 0.0
        for part, name in zip(split_of(streamed, row.params.split), row.params.split_to, strict=True):
            cls._give(farms, row, part, name)

    @classmethod
    def _give(cls, farms: "Farms", row: "Row", part: int, name: str) -> None:
        """To this row's stakers, to those of another row of that name, or to an account; the treasury where nobody stakes."""
        other = row if name == "stakers" else next((r for r in farms.rows if r.params.name == name), None)
        takers = other.open if other is not None else []
        for f in takers:
            farms.table.per_day[f] += part / len(takers) / farms.clock.dt_days
        staked = [f for f in takers if farms.staked(f) > 0]
        for k, f in enumerate(staked):
            given = part // (len(staked) - k)
            part -= given
            farms.hand_on(row, f, given)
        if part > 0:
            farms.ledger.pay(farms.token, row.pot, farms.account_of(name if other is None else ""), part, Flow.EMISSION)

    @classmethod
    def clear(cls, farms: "Farms", row: "Row") -> None:
        """The operator spends a part of the day's service fees on tokens and burns them."""
        ledger, operator = farms.ledger, farms.vaults.operator
        giver, taker = (ledger.sectors.index(name) for name in ("vaults", "platform"))
        fees = int(ledger.books.flows[Flow.SERVICE_FEE, Group.USD, giver, taker])
        spent = min(int(row.params.burn * fees), ledger.balance(USD_ASSET, operator))
        bought = farms.pools.trade(TOKEN_POOL, operator, BUY, spent) if spent > 0 else 0
        if bought > 0:
            ledger.pay(farms.token, operator, farms.issuer, bought, Flow.BURN)
            row.state[BURNED] += bought
            row.state[BURNED_WEEK] += bought
