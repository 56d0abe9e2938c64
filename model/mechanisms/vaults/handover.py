"""A vault changes hands whole: what it holds goes to one account, and the other fractions claim cash for ever."""

from typing import TYPE_CHECKING

from model.flows import Flow
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults import ends, exits
from model.units import GHS_PER_TH

if TYPE_CHECKING:
    from model.mechanisms.vaults.mechanism import Vaults


def hand_over(vaults: "Vaults", v: int, owner: int, payer: int, cash: int, retired: int) -> str:
    """Give a living vault's NFT or rigs to an account and put cash aside for the fractions of all others.

    Unpaid bills beyond the vault's own cash go along, as with whoever redeems a vault whole, and so do the operator's
    advances as far as the new owner can repay them. What the vault itself has earned stays the holders'.

    Args:
        vaults: all vaults
        v: which
        owner: account that gets what is in it
        payer: account that has the cash and the fractions to be burnt
        cash: for all fractions that are left [USD base units]
        retired: fractions that are burnt [base units]

    Returns:
        what changed hands, in words
    """
    t, ledger, account = vaults.table, vaults.ledger, int(vaults.table.account[v])
    ledger.pay(int(t.fraction[v]), payer, account, retired, Flow.BUYOUT)
    t.supply[v] -= retired
    arrears = max(0, ledger.balance(PAYABLE_ASSET, account) - ledger.balance(USD_ASSET, account))
    exits.pass_on(vaults, account, owner, PAYABLE_ASSET, arrears)
    debt = ledger.balance(vaults.advance, account)
    exits.repay(vaults, owner, account, min(debt, max(0, ledger.balance(USD_ASSET, owner))))
    exits.write_off(vaults, v)
    if t.nft[v] >= 0:
        what = f"NFT {t.nft[v]}"
        exits.hand_nft(vaults, v, owner)
    else:
        ghs = int(vaults.rigs.transfer(account, owner, int(vaults.rigs.registered[account])))
        what = f"{ghs / GHS_PER_TH:,.1f} TH/s"
    ledger.pay(USD_ASSET, payer, int(t.pot[v]), cash, Flow.BUYOUT)
    if t.supply[v] == 0:  # nobody is left to share what the vault has earned
        for asset in (BTC_ASSET, USD_ASSET, PAYABLE_ASSET):
            exits.pass_on(vaults, account, owner, asset, max(0, ledger.balance(asset, account)))
    ends.close(vaults, v, ends.TAKEN, owner)
    return what
