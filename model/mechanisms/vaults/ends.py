"""How vaults end: rigs and NFTs are sold, lent rigs go home, debts are settled, and the cash is there to be claimed."""

from typing import TYPE_CHECKING

from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults import exits, lives
from model.nft_kind import NftKind
from model.units import GHS_PER_TH, USD
from model.vault_status import VaultStatus

if TYPE_CHECKING:
    from model.mechanisms.vaults.mechanism import Vaults

REASONS = ("at the end of its life", "after too long a loss", "taken out whole")
LIFE, LOSSES, TAKEN = range(len(REASONS))


def wind_up(vaults: "Vaults", v: int, reason: int = LIFE) -> None:
    """Part with what the vault holds, repay the operator, and hold the rest for claims; wait while no buyer can pay."""
    t, ledger, account = vaults.table, vaults.ledger, int(vaults.table.account[v])
    parted = _part_with(vaults, v)
    if parted is None:
        return
    got, what = parted
    free = max(0, ledger.balance(USD_ASSET, account) - ledger.balance(PAYABLE_ASSET, account))
    repaid = min(free, ledger.balance(vaults.advance, account))
    exits.repay(vaults, account, account, repaid)
    exits.write_off(vaults, v)
    owner = int(t.pot[v]) if t.supply[v] > 0 else int(t.creator[v])
    ledger.pay(USD_ASSET, account, owner, free - repaid, Flow.END_OF_LIFE)
    close(vaults, v, reason)
    text = f"{REASONS[reason]}: {what}; {(free - repaid) / USD:,.2f} USD to claim"
    vaults.journal.event("vault_ended", text, vault=v, amount=got / USD)


def close(vaults: "Vaults", v: int, reason: int, taker: int | None = None) -> None:
    """The vault has ended; its fractions are worth the cash they claim. What comes later is theirs, or its last taker's."""
    t, ledger = vaults.table, vaults.ledger
    if taker is not None and t.supply[v] == 0:
        t.creator[v] = taker
    t.ghs[v] = t.awaits[v] = 0
    t.th_coming[v] = 0.0
    vaults.set_status(v, VaultStatus.ENDED)
    vaults.ends[reason] += 1
    cash, supply = ledger.balance(USD_ASSET, int(t.pot[v])), int(t.supply[v])
    ledger.value[int(t.fraction[v])] = cash / supply / USD if supply else 0.0


def _part_with(vaults: "Vaults", v: int) -> tuple[int, str] | None:
    """Sell or give back what a vault holds: USD base units got, and what happened; None while no buyer can pay."""
    t, account = vaults.table, int(vaults.table.account[v])
    if t.nft[v] >= 0:
        return _sell_nft(vaults, v)
    there = int(vaults.rigs.registered[account])
    if there == 0:
        return 0, "no rigs are left"
    size = f"{there / GHS_PER_TH:,.1f} TH/s"
    if t.kind[v] == NftKind.HASHPOWER_CONTRACT:
        vaults.rigs.transfer(account, int(t.creator[v]), there)
        return 0, f"{size} go back to their owner"
    got = int(vaults.rigs.sell(account, there))
    if int(vaults.rigs.registered[account]) > 0:
        return None
    return got, f"{size} sold for {got / USD:,.2f} USD"


def _sell_nft(vaults: "Vaults", v: int) -> tuple[int, str] | None:
    """The NFT goes to the world, if it has not left before."""
    nft = int(vaults.table.nft[v])
    got = 0
    if int(vaults.nfts.owner[nft]) == int(vaults.table.account[v]):
        got = int(vaults.nfts.sell(nft))
    vaults.table.nft[v] = -1
    return got, f"NFT {nft} sold for {got / USD:,.2f} USD"


def follow_nfts(vaults: "Vaults") -> None:
    """A vault lives no longer than its NFT."""
    nfts = vaults.nfts
    if nfts is None:
        return
    count = lives.follow_nfts(vaults.lives, vaults.others, nfts.days_left, nfts.owner, vaults.due)
    for v in vaults.due[:count].tolist():
        wind_up(vaults, v)
