"""Compiled: how vaults grow old: lives counted down, and holders counted one vault a day."""

from typing import Any

from model.jit import kernel
from model.mechanisms.vaults.kernels import BASKET, mines
from model.units import GHS_PER_TH, TOKEN
from model.vault_status import LIVE, OFFERED

PERPETUAL = 36_500.0  # days shown as left of what has no end


@kernel
def follow_lives(table: Any, n: int, registered: Any, tick: int, life: int, days: float, due: Any) -> int:
    """Promise no more than the rigs that are left, and count down lives.

    Args:
        registered: GH/s by account
        tick: now
        life: ticks in circulation of vaults without a term of their own
        days: length of the tick
        due: out, vaults that must end

    Returns:
        how many must end
    """
    found = 0
    for v in range(n):
        status = table.status[v]
        if status not in (OFFERED, LIVE):
            continue
        if table.kind[v] == BASKET:
            table.life_left[v] = PERPETUAL
            continue
        empty = False
        if mines(table.kind[v]):
            a = table.account[v]
            table.ghs[v] = min(table.ghs[v], registered[a] if a < registered.size else 0)
            empty = table.ghs[v] <= 0 and table.awaits[v] == 0
        span = table.term[v] if table.term[v] > 0 else life
        left = table.born[v] + span - tick if status == LIVE and table.awaits[v] == 0 else span
        table.life_left[v] = max(0, left) * days
        if status == LIVE and (left <= 0 or empty):
            due[found] = v
            found += 1
    return found


@kernel
def follow_nfts(table: Any, others: Any, days_left: Any, owner: Any, over: Any) -> int:
    """Let a vault live no longer than its NFT.

    Args:
        others: vaults without rigs
        days_left, owner: by NFT
        over: out, vaults in circulation whose NFT has come to its end, or is no longer theirs

    Returns:
        how many are over
    """
    found = 0
    for v in others:
        n, status = table.nft[v], table.status[v]
        if n < 0 or status not in (OFFERED, LIVE):
            continue
        if days_left[n] < table.life_left[v]:
            table.life_left[v] = days_left[n]
        if status == LIVE and (owner[n] != table.account[v] or days_left[n] <= 0.0):
            over[found] = v
            found += 1
    return found


@kernel
def recount(balances: Any, table: Any, v: int, accounts: int) -> None:
    """Count a vault's holders, and work out what its rigs, if it has any, are and cost by the fraction.

    Args:
        table: `Counted`
        accounts: how many there are
    """
    found = 0
    for account in range(accounts):
        found += 1 if balances[table.fraction[v], account] > 0 else 0
    table.holders[v] = found
    if mines(table.kind[v]) and table.supply[v] > 0:
        table.th_per_fraction[v] = table.ghs[v] / GHS_PER_TH / (table.supply[v] / TOKEN)
        table.cost_per_fraction[v] = table.cost_per_th[v] * table.th_per_fraction[v]
