"""How vaults end: rigs against fractions while they live, a sale of the rigs after, and debts to the operator."""

from typing import TYPE_CHECKING

from model.actions import Status
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.vaults import formulas
from model.mechanisms.vaults.kernels import GHS_PER_TH
from model.mechanisms.vaults.table import VaultStatus
from model.units import TOKEN, USD

if TYPE_CHECKING:
    from model.mechanisms.vaults.rules import Vaults


def take_rigs(vaults: "Vaults", holder: int, v: int, amount: int) -> tuple[Status, int]:
    """Burn fractions of a living vault for rigs; why or why not, and GH/s that moved.

    The holder brings the part of the vault's advances and unpaid bills that goes with them, and to take the whole
    vault the last price of everybody else's fractions, which they claim with Redeem.
    """
    t, ledger, rule = vaults.table, vaults.ledger, vaults.params.redemption
    if t.status[v] != VaultStatus.LIVE:
        return Status.CLOSED, 0
    if rule == "none" or ledger.books.logging[0] != 0:  # rigs cannot be taken back from a bundle
        return Status.NOT_ALLOWED, 0
    account, fraction, supply = int(t.account[v]), int(t.fraction[v]), int(t.supply[v])
    there = int(vaults.rigs.registered[account])
    whole = rule == "whole"
    if whole and not formulas.takes_whole(amount, supply, vaults.params.whole_bps):
        return Status.NOT_ALLOWED, 0
    ghs = there if whole else formulas.rigs_for(amount, there, supply)
    if ghs <= 0:
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
    moved = vaults.rigs.transfer(account, holder, ghs)
    ledger.pay(fraction, holder, account, amount, Flow.REDEMPTION)
    t.supply[v] = supply - amount
    t.ghs[v] = min(int(t.ghs[v]), there - moved)
    if whole or t.supply[v] == 0:
        vaults.set_status(v, VaultStatus.ENDED)
        value_claims(vaults, v)
        text = f"{moved / GHS_PER_TH:,.1f} TH/s taken out whole; {deposit / USD:,.2f} USD for other holders"
        vaults.journal.event("vault_redeemed", text, account=holder, vault=v, amount=deposit / USD)
    return Status.DONE, moved


def wind_up(vaults: "Vaults", v: int) -> None:
    """Sell the rigs, repay the operator, and hold the rest for claims; wait while no buyer can pay."""
    t, ledger, account = vaults.table, vaults.ledger, int(vaults.table.account[v])
    there = int(vaults.rigs.registered[account])
    got = int(vaults.rigs.sell(account, there)) if there > 0 else 0
    if int(vaults.rigs.registered[account]) > 0:
        return
    free = max(0, ledger.balance(USD_ASSET, account) - ledger.balance(PAYABLE_ASSET, account))
    repaid = min(free, ledger.balance(vaults.advance, account))
    repay(vaults, account, account, repaid)
    write_off(vaults, v)
    owner = int(t.pot[v]) if t.supply[v] > 0 else int(t.creator[v])
    ledger.pay(USD_ASSET, account, owner, free - repaid, Flow.END_OF_LIFE)
    t.ghs[v] = 0
    vaults.set_status(v, VaultStatus.ENDED)
    value_claims(vaults, v)
    why = f"{there / GHS_PER_TH:,.1f} TH/s sold for {got / USD:,.2f} USD" if there else "no rigs are left"
    vaults.journal.event("vault_ended", f"{why}; {(free - repaid) / USD:,.2f} USD to claim", vault=v, amount=got / USD)


def repay(vaults: "Vaults", payer: int, debtor: int, amount: int) -> None:
    """The operator gets back what he advanced to a debtor."""
    vaults.ledger.pay(USD_ASSET, payer, vaults.operator, amount, Flow.REPAYMENT)
    vaults.ledger.pay(vaults.advance, debtor, vaults.operator, amount, Flow.REPAYMENT)


def write_off(vaults: "Vaults", v: int) -> None:
    """What a vault without rigs still owes its operator is his loss."""
    account = int(vaults.table.account[v])
    debt = vaults.ledger.balance(vaults.advance, account)
    if debt:
        vaults.ledger.pay(vaults.advance, account, vaults.operator, debt, Flow.BAD_DEBT)
        vaults.journal.event("bad_debt", "advances that the vault cannot repay", vault=v, amount=debt / USD)


def value_claims(vaults: "Vaults", v: int) -> None:
    """Fractions of an ended vault are worth the cash they claim."""
    cash = vaults.ledger.balance(USD_ASSET, int(vaults.table.pot[v]))
    supply = int(vaults.table.supply[v])
    vaults.ledger.value[int(vaults.table.fraction[v])] = cash / supply / USD if supply else 0.0
