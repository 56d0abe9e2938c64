"""Who gets a vault's income: whose fractions earn, and who takes what the others would have earned.

Vaults with rigs whose fractions all earn are shared out by a kernel, `kernels.distribute`, and most of the others by
`kernels.share_others`; this is for the rest.
"""

from typing import TYPE_CHECKING

import numpy as np

from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults import baskets
from model.mechanisms.vaults.formulas import part_of_income
from model.mechanisms.vaults.kernels import BASKET, share_others
from model.mechanisms.vaults.table import NONE
from model.pass_through import Passing
from model.vault_status import OFFERED

if TYPE_CHECKING:
    from model.mechanisms.vaults.mechanism import Vaults

NO_INCOME = np.zeros(0, np.int64)


def share(vaults: "Vaults") -> None:
    """Share the income of vaults without rigs; then, where not all fractions earn, what waits in the pots."""
    t, clock, others = vaults.table, vaults.clock, vaults.others
    incomes = NO_INCOME if vaults.nfts is None else vaults.nfts.income
    weight = min(1.0, clock.dt_days / vaults.params.smoothing_days)
    start, ready = 0, NONE
    while start < others.size:
        start = share_others(
            vaults.ledger.books, vaults.earning, others, vaults.earns, start, ready, vaults.to_all,
            float(vaults.bitcoin.sell_price), weight, clock.dt_days, clock.day_ends, incomes,
        )  # fmt: skip
        ready = start
        if start < others.size:
            _make_ready(vaults, int(others[start]))
    if vaults.to_all:
        return
    vaults.taken[:] = 0
    for one in np.flatnonzero((t.dust[: vaults.n] > 0) | (t.usd_dust[: vaults.n] > 0)).tolist():
        t.dust[one] -= _by_rule(vaults, one, BTC_ASSET, int(t.pot[one]), int(t.dust[one]))
        t.usd_dust[one] -= _by_rule(vaults, one, USD_ASSET, int(t.usd_pot[one]), int(t.usd_dust[one]))


def _make_ready(vaults: "Vaults", v: int) -> None:
    """A basket collects what its members have earned, and dollars to be shared find a line."""
    t, ledger, account = vaults.table, vaults.ledger, int(vaults.table.account[v])
    if t.kind[v] == BASKET:
        baskets.collect(vaults, v)
    dollars = ledger.balance(USD_ASSET, account) - ledger.balance(PAYABLE_ASSET, account)
    if dollars > 0 and t.status[v] != OFFERED and t.supply[v] != 0:
        vaults.usd_line_of(v)


def _by_rule(vaults: "Vaults", v: int, asset: int, pot: int, amount: int) -> int:
    """Pay an amount from a pot to stakers, pools and the taker of the rest, by the rule; what was paid, all of it.

    A staked or pooled fraction earns its part of the supply. The rest is the taker's: the operator, the platform, the
    stakers, or the pools. Fewer stakes than can be credited count as none.
    """
    if amount <= 0:
        return 0
    t, ledger, params = vaults.table, vaults.ledger, vaults.params
    fraction, supply = int(t.fraction[v]), int(t.supply[v])
    staked = ledger.balance(fraction, int(t.stakes[v])) if t.stakes[v] != NONE else 0
    staked = staked if staked >= vaults.staking.least[v] else 0
    pools = [
        (venue, ledger.balance(fraction, int(venue.account[v]))) for venue in vaults.venues if venue.account[v] >= 0
    ]
    pools = [(venue, held) for venue, held in pools if held > 0]
    pooled = sum(held for _, held in pools)
    to_stakes = part_of_income(amount, staked, supply)
    to_pools = part_of_income(amount, pooled, supply) if params.eligibility == "lp_passthrough" else 0
    rest = amount - to_stakes - to_pools
    if params.unstaked_to == "stakers" and staked > 0:
        to_stakes, rest = to_stakes + rest, 0
    elif params.unstaked_to == "providers" and pooled > 0:
        to_pools, rest = to_pools + rest, 0
    if to_stakes > 0:
        _grant(vaults, vaults.staking, v, asset, pot, to_stakes)
    for k, (venue, held) in enumerate(pools):
        part = to_pools if k == len(pools) - 1 else part_of_income(to_pools, held, pooled)
        _grant(vaults, venue, v, asset, pot, part)
        to_pools, pooled = to_pools - part, pooled - held
    if rest > 0:
        taker = vaults.market.platform if params.unstaked_to == "treasury" else vaults.operator
        ledger.pay(asset, pot, taker, rest, Flow.INCOME)
        vaults.taken[v, 0 if asset == BTC_ASSET else 1] += rest
    return amount


def _grant(vaults: "Vaults", venue: Passing, v: int, asset: int, pot: int, amount: int) -> None:
    """Put an amount into the pot of parked fractions, to be credited when their income is passed on."""
    vaults.ledger.pay(asset, pot, int(venue.pot[v]), amount, Flow.INCOME)
    (venue.grant_btc if asset == BTC_ASSET else venue.grant_usd)[v] += amount
