"""Who gets a vault's income: whose fractions earn, and who takes what the others would have earned.

Vaults with rigs whose fractions all earn are shared out by a kernel, `kernels.distribute`; this is for the rest.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults import baskets
from model.mechanisms.vaults.formulas import part_of_income
from model.mechanisms.vaults.kernels import ENDED, OFFERED
from model.mechanisms.vaults.table import NONE
from model.nft_kind import NftKind
from model.pass_through import Passing
from model.units import BTC, TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.vaults.rules import Vaults

BASKET = int(NftKind.BASKET)


def share(vaults: "Vaults") -> None:
    """Share the income of vaults without rigs; then, where not all fractions earn, what waits in the pots."""
    vaults.taken[:] = 0
    v, t, balances = vaults.others, vaults.table, vaults.ledger.books.balances
    t.usd_income[v] = 0
    v = v[t.status[v] != ENDED]
    account = t.account[v]
    free = np.maximum(0, balances[USD_ASSET, account] - balances[PAYABLE_ASSET, account])
    for one in v[(balances[BTC_ASSET, account] != 0) | (free != 0) | (t.kind[v] == BASKET)].tolist():
        _earn(vaults, one)
    if v.size:
        _smooth(vaults, v)
    if vaults.to_all:
        return
    for one in np.flatnonzero((t.dust[: vaults.n] > 0) | (t.usd_dust[: vaults.n] > 0)).tolist():
        t.dust[one] -= _by_rule(vaults, one, BTC_ASSET, int(t.pot[one]), int(t.dust[one]))
        t.usd_dust[one] -= _by_rule(vaults, one, USD_ASSET, int(t.usd_pot[one]), int(t.usd_dust[one]))


def _earn(vaults: "Vaults", v: int) -> None:
    """Coins and dollars of a vault without rigs, above what it owes, go to its pots and, if all earn, to all."""
    t, ledger, account, status = vaults.table, vaults.ledger, int(vaults.table.account[v]), vaults.table.status[v]
    if t.kind[v] == BASKET:
        baskets.collect(vaults, v)
    coins = ledger.balance(BTC_ASSET, account)
    dollars = max(0, ledger.balance(USD_ASSET, account) - ledger.balance(PAYABLE_ASSET, account))
    t.net_income[v], t.usd_income[v] = t.net_income[v] + coins, dollars
    if status == OFFERED or t.supply[v] == 0:
        ledger.pay(BTC_ASSET, account, int(t.creator[v]), coins, Flow.INCOME)
        ledger.pay(USD_ASSET, account, int(t.creator[v]), dollars, Flow.INCOME)
    else:
        if coins > 0:
            ledger.pay(BTC_ASSET, account, int(t.pot[v]), coins, Flow.INCOME)
            t.dust[v] += coins
            if vaults.to_all:
                t.dust[v] -= ledger.share(int(t.line[v]), int(t.dust[v]), int(t.supply[v]))
        if dollars > 0:
            line = vaults.usd_line_of(v)
            ledger.pay(USD_ASSET, account, int(t.usd_pot[v]), dollars, Flow.INCOME)
            t.usd_dust[v] += dollars
            if vaults.to_all:
                t.usd_dust[v] -= ledger.share(line, int(t.usd_dust[v]), int(t.supply[v]))


def _smooth(vaults: "Vaults", v: NDArray[np.int64]) -> None:
    """What a whole fraction earns a day, smoothed; a standing charge counts with its sign."""
    t, clock = vaults.table, vaults.clock
    t.income[v[t.supply[v] == 0]] = 0.0
    v = v[t.supply[v] != 0]
    nft, dollars = t.nft[v], t.usd_income[v]
    if (nft >= 0).any():
        dollars = np.where(nft >= 0, vaults.nfts.income[nft], dollars)
    earned = (t.net_income[v] / BTC * vaults.bitcoin.sell_price + dollars / USD) / (t.supply[v] / TOKEN)
    earned /= clock.dt_days
    weight = np.where(t.seen[v] != 0, min(1.0, clock.dt_days / vaults.params.smoothing_days), 1.0)
    t.income[v] += (earned - t.income[v]) * weight
    t.seen[v] = 1
    t.losing[v] = np.where(earned < 0.0, t.losing[v] + clock.dt_days, 0.0)


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
