"""Compiled: claims on vaults that have ended, new fractions, stakes and their end, and the laws of all vaults."""

from typing import Any

from model.actions import Status
from model.books import move, owes, pay
from model.flows import Flow
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.units import muldiv
from model.vault_status import ENDED, LIVE, NO_VAULT, OFFERED

DONE, FUNDS, CLOSED, AMOUNT, UNKNOWN = (
    int(s) for s in (Status.DONE, Status.FUNDS, Status.CLOSED, Status.AMOUNT, Status.UNKNOWN)
)
BURN, END_OF_LIFE, STAKE, MINT = int(Flow.BURN), int(Flow.END_OF_LIFE), int(Flow.STAKE), int(Flow.MINT)


@kernel
def settle_claims(books: Any, table: Any, n: int, rows: Any, order: Any) -> int:
    """Pay the claims on vaults that have ended, pro rata in cash; rows on living vaults are left pending.

    Returns:
        how many rows are left
    """
    left = 0
    for j in range(order.size):
        i = order[j]
        v, amount, holder = rows[i]["vault"], rows[i]["amount"], rows[i]["account"]
        if v < 0 or v >= n or table.status[v] == NO_VAULT:
            rows[i]["status"] = UNKNOWN
        elif amount <= 0:
            rows[i]["status"] = AMOUNT
        elif books.balances[table.fraction[v], holder] < amount:
            rows[i]["status"] = FUNDS
        elif table.status[v] != ENDED:
            left += 1
        else:
            pot, supply = table.pot[v], table.supply[v]
            cash = muldiv(books.balances[USD_ASSET, pot], amount, supply)
            move(books, table.fraction[v], holder, table.account[v], amount, BURN)
            pay(books, USD_ASSET, pot, holder, cash, END_OF_LIFE)
            table.supply[v] = supply - amount
            rows[i]["status"], rows[i]["filled"] = DONE, cash
    return left


@kernel
def dilute(books: Any, vaults: Any, table: Any, creator: Any, rate: float, years: float) -> int:
    """Make a part of the supply anew for creators; what was earned before is not theirs.

    Args:
        vaults: which
        table: columns by vault, see `Claims`
        creator: account by vault
        rate: 1/year
        years: length of a tick

    Returns:
        a vault whose fractions cannot be made, -1 for none
    """
    for v in vaults:
        made = int(table.supply[v] * rate * years)
        if not move(books, table.fraction[v], table.account[v], creator[v], made, MINT):
            return v
        table.supply[v] += made
    return -1


@kernel
def find_fault(books: Any, table: Any, n: int, registered: Any, others: Any, held_by: Any, fault: Any) -> None:
    """First broken law of a vault.

    Args:
        registered: GH/s by account
        others: vaults without rigs; held_by: vault that counts as the owner of each NFT
        fault: out, (law, vault, promised, there), where law is a place in `laws.BROKEN` or 0
    """
    fault[0] = 0
    for v in range(n):
        status, line, stake, fraction = table.status[v], table.usd_line[v], table.stake[v], table.fraction[v]
        if line >= 0:
            dust, in_pot = table.usd_dust[v], books.balances[USD_ASSET, table.usd_pot[v]]
            if dust < 0 or dust > in_pot:
                fault[0], fault[1], fault[2], fault[3] = 4, v, dust, in_pot
                return
        if stake >= 0:
            parked = books.balances[fraction, table.stakes[v]]
            claimed = -books.balances[stake, books.issuer[stake, 0]]
            if parked != claimed:
                fault[0], fault[1], fault[2], fault[3] = 5, v, claimed, parked
                return
            if line >= 0 and owes(books, line, table.stakes[v], parked):
                fault[0], fault[1], fault[2], fault[3] = 6, v, 0, 0
                return
        if status == NO_VAULT:
            continue
        a = table.account[v]
        there = registered[a] if a < registered.size else 0
        issued = -books.balances[fraction, a]
        if status in (OFFERED, LIVE) and table.ghs[v] > there:
            fault[0], fault[1], fault[2], fault[3] = 1, v, table.ghs[v], there
            return
        if issued != table.supply[v]:
            fault[0], fault[1], fault[2], fault[3] = 2, v, table.supply[v], issued
            return
        in_pot = books.balances[BTC_ASSET, table.pot[v]]
        if table.dust[v] < 0 or table.dust[v] > in_pot:
            fault[0], fault[1], fault[2], fault[3] = 3, v, table.dust[v], in_pot
            return
    for v in others:
        nft = table.nft[v]
        if nft >= 0 and table.status[v] in (OFFERED, LIVE) and held_by[nft] != v:
            fault[0], fault[1], fault[2], fault[3] = 7, v, nft, held_by[nft]
            return


@kernel
def settle_stakes(books: Any, table: Any, n: int, staking: bool, rows: Any, order: Any) -> None:
    """Fractions against claims on them (`staking`), or claims against fractions; one for one."""
    for j in range(order.size):
        i = order[j]
        v, amount, holder = rows[i]["vault"], rows[i]["amount"], rows[i]["account"]
        if v < 0 or v >= n or table.status[v] == NO_VAULT or (table.stake[v] < 0 and not staking):
            rows[i]["status"] = UNKNOWN
        elif amount <= 0:
            rows[i]["status"] = AMOUNT
        elif staking and table.status[v] != LIVE:
            rows[i]["status"] = CLOSED
        elif books.balances[table.fraction[v] if staking else table.stake[v], holder] < amount:
            rows[i]["status"] = FUNDS
        else:
            parked, fraction, stake = table.stakes[v], table.fraction[v], table.stake[v]
            if staking:
                move(books, fraction, holder, parked, amount, STAKE)
                move(books, stake, parked, holder, amount, MINT)
            else:
                move(books, stake, holder, parked, amount, BURN)
                move(books, fraction, parked, holder, amount, STAKE)
            rows[i]["status"], rows[i]["filled"] = DONE, amount
