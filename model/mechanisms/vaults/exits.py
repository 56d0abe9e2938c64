"""How holders get out of a living vault: rigs, the NFT or members of a basket against fractions; debts go along."""

from typing import TYPE_CHECKING

from model.actions import Status
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults import baskets, ends, formulas
from model.nft_kind import WITH_NFT, NftKind
from model.units import GHS_PER_TH, TOKEN, USD
from model.vault_status import VaultStatus

if TYPE_CHECKING:
    from model.mechanisms.vaults.making import Making
    from model.mechanisms.vaults.mechanism import Vaults


def take_out(vaults: "Vaults", holder: int, v: int, amount: int) -> tuple[Status, int]:
    """Burn fractions of a living vault for what it holds; why or why not, and GH/s (or NFTs, or fractions) that moved.

    Baskets give members back under every rule. A hashpower contract has nothing to give: its rigs are lent. An NFT
    cannot be divided, so `in_kind` means `whole` for it. Rigs on order stay a club's, so nobody takes out all of it before they
    have come. The holder brings the part of the vault's advances and unpaid
    bills that goes with his fractions, and to take the whole vault the last price of everybody else's fractions, which
    they claim with Redeem.
    """
    t, ledger, rule = vaults.table, vaults.ledger, vaults.params.redemption
    if t.status[v] != VaultStatus.LIVE:
        return Status.CLOSED, 0
    if ledger.balance(int(t.fraction[v]), holder) < amount:  # an earlier row of his took them
        return Status.FUNDS, 0
    if t.kind[v] == NftKind.BASKET:
        return baskets.give_back(vaults, holder, v, amount)
    if rule == "none" or t.kind[v] == NftKind.HASHPOWER_CONTRACT or ledger.books.logging[0] != 0:
        return Status.NOT_ALLOWED, 0  # what left in a bundle could not be taken back
    account, fraction, supply = int(t.account[v]), int(t.fraction[v]), int(t.supply[v])
    there = int(vaults.rigs.registered[account])
    with_nft = t.kind[v] in WITH_NFT
    whole = rule == "whole" or with_nft
    if whole and not formulas.takes_whole(amount, supply, vaults.params.whole_bps):
        return Status.NOT_ALLOWED, 0
    if t.awaits[v] and (whole or amount == supply):  # rigs on order would come to nobody
        return Status.CLOSED, 0
    ghs = there if whole else formulas.rigs_for(amount, there, supply)
    if ghs <= 0 and not with_nft:
        return Status.AMOUNT, 0
    debt = ledger.balance(vaults.advance, account)
    arrears = max(0, ledger.balance(PAYABLE_ASSET, account) - ledger.balance(USD_ASSET, account))
    share = debt if whole else formulas.debt_of(amount, debt, supply)
    bills = arrears if whole else formulas.debt_of(amount, arrears, supply)
    price = round(float(ledger.value[fraction]) * TOKEN * USD)
    deposit = formulas.deposit_for(supply - amount, price, TOKEN) if whole else 0
    if ledger.balance(USD_ASSET, holder) < share + bills + deposit:
        return Status.FUNDS, 0
    repay(vaults, holder, account, share)
    ledger.pay(USD_ASSET, holder, account, bills, Flow.REDEMPTION)
    ledger.pay(USD_ASSET, holder, int(t.pot[v]), deposit, Flow.REDEMPTION)
    moved = hand_nft(vaults, v, holder) if with_nft else int(vaults.rigs.transfer(account, holder, ghs))
    ledger.pay(fraction, holder, account, amount, Flow.REDEMPTION)
    t.supply[v] = supply - amount
    t.ghs[v] = min(int(t.ghs[v]), there - moved) if not with_nft else 0
    if whole or t.supply[v] == 0:
        ends.close(vaults, v, ends.TAKEN, holder)
        what = "its NFT" if with_nft else f"{moved / GHS_PER_TH:,.1f} TH/s"
        text = f"{what} taken out whole; {deposit / USD:,.2f} USD for other holders"
        vaults.journal.event("vault_redeemed", text, account=holder, vault=v, amount=deposit / USD)
    return Status.DONE, moved


def hand_nft(vaults: "Making", v: int, owner: int) -> int:
    """A vault's NFT, if it has one, becomes an account's; how many moved."""
    nft = int(vaults.table.nft[v])
    if nft < 0:
        return 0
    vaults.table.nft[v] = -1
    vaults.nfts.transfer(nft, owner)
    return 1


def repay(vaults: "Making", payer: int, debtor: int, amount: int) -> None:
    """The operator gets back what he advanced to a debtor."""
    vaults.ledger.pay(USD_ASSET, payer, vaults.operator, amount, Flow.REPAYMENT)
    vaults.ledger.pay(vaults.advance, debtor, vaults.operator, amount, Flow.REPAYMENT)


def pass_on(vaults: "Making", source: int, target: int, asset: int, amount: int) -> None:
    """What a vault has or owes becomes another's; the tax in unpaid bills goes along."""
    utilities = vaults.market.mechanisms.get("power")
    if asset == PAYABLE_ASSET and utilities is not None:
        utilities.pass_bills(source, target, amount)
    else:
        vaults.ledger.pay(asset, source, target, amount, Flow.TRANSFER)


def write_off(vaults: "Making", v: int) -> None:
    """What a vault without rigs still owes its operator is his loss."""
    account = int(vaults.table.account[v])
    debt = vaults.ledger.balance(vaults.advance, account)
    if debt:
        vaults.ledger.pay(vaults.advance, account, vaults.operator, debt, Flow.BAD_DEBT)
        vaults.journal.event("bad_debt", "advances that the vault cannot repay", vault=v, amount=debt / USD)
