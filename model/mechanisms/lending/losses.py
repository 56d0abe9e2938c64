"""What becomes of loans whose collateral has gone: cash of ended vaults, and who bears bad debt."""

from typing import TYPE_CHECKING

import numpy as np

from model.flows import Flow
from model.ledger import BTC_ASSET, NONE, USD_ASSET
from model.mechanisms.lending import kernels, measures
from model.mechanisms.lending.table import (
    FEES,
    INDEX_DEPOSIT,
    LOST_DEPOSITORS,
    LOST_FUND,
    LOST_RESERVE,
    ROUNDED,
)
from model.units import INDEX, USD
from model.vault_status import VaultStatus

if TYPE_CHECKING:
    from model.mechanisms.lending.mechanism import Lending


def claim_cash(lending: "Lending") -> None:
    """Claim the cash of ended vaults on pledged fractions; it repays debts, and what is left is the pledger's."""
    d, vaults = lending.desk, lending.vaults
    if measures.ended_pledges(lending.ledger.books, d, vaults.status) < 0:
        return
    ended = np.flatnonzero((d.pledge != NONE) & (vaults.status[: d.pledge.size] == VaultStatus.ENDED))
    for v, owed in zip(
        ended.tolist(), lending.ledger.books.balances[d.pledge[ended], d.parked[ended]].tolist(), strict=True
    ):
        if owed < 0:
            _hand_out(lending, v, vaults.claim(int(d.parked[v]), v), -owed)
            _empty_pot(lending, v)


def _hand_out(lending: "Lending", v: int, cash: int, pledged: int) -> None:
    """Share an ended vault's cash among its pledgers; parts are rounded so that they add up."""
    d, ledger = lending.desk, lending.ledger
    pledge, parked = int(d.pledge[v]), int(d.parked[v])
    holdings = ledger.books.balances[pledge, : ledger.accounts].copy()
    before = paid = 0
    for account in np.flatnonzero(holdings > 0):
        before += int(holdings[account])
        part = cash * before // pledged - paid
        paid += part
        ledger.pay(pledge, int(account), parked, int(holdings[account]), Flow.END_OF_LIFE)
        d.moved[account] = 1
        repaid = min(part, lending.owed_by(int(account)))
        if repaid > 0:
            kernels.repay_for(ledger.books, d, parked, int(account), repaid)
        ledger.pay(USD_ASSET, parked, int(account), part - repaid, Flow.END_OF_LIFE)
        text = f"pledged fractions paid {part / USD:,.2f} USD when their vault ended, {repaid / USD:,.2f} of it to the debt"
        lending.journal.event("pledge_ended", text, account=int(account), vault=v, amount=part / USD)


def _empty_pot(lending: "Lending", v: int) -> None:
    """Income that was too little to be credited while few fractions were pledged goes to the insurance fund."""
    passing, parked = lending.passing, int(lending.desk.parked[v])
    for asset, waiting in ((BTC_ASSET, passing.pending_btc), (USD_ASSET, passing.pending_usd)):
        lending.ledger.pay(asset, parked, lending.fund, int(waiting[v]), Flow.INCOME)
        waiting[v] = 0


def write_off(lending: "Lending") -> None:
    """Write off debts whose collateral is gone, or not worth a liquidation; such a rest is left to the insurance fund."""
    if lending.bad == 0:
        return
    p, debt, collateral = lending.params, lending.debt_usd, lending.collateral_value
    bad = (debt > p.threshold * collateral) & (collateral <= p.rest_usd)
    for account in np.flatnonzero(bad):
        _leave_rest(lending, int(account))
        _bear(lending, int(account))


def _leave_rest(lending: "Lending", account: int) -> None:
    """Fractions that nobody troubles to liquidate become the insurance fund's, and make room for others' pledges."""
    ledger, d = lending.ledger, lending.desk
    for v in np.flatnonzero(d.pledge != NONE).tolist():
        pledge, parked = int(d.pledge[v]), int(d.parked[v])
        rest = ledger.balance(pledge, account)
        ledger.pay(pledge, account, parked, rest, Flow.LIQUIDATION)
        ledger.pay(int(lending.vaults.fraction[v]), parked, lending.fund, rest, Flow.LIQUIDATION)


def _bear(lending: "Lending", account: int) -> None:
    """One bad debt: the reserve's claims are burnt for it, then the fund pays, then the deposit index falls."""
    ledger, d, debt = lending.ledger, lending.desk, lending.owed_by(account)
    ledger.pay(lending.debt_asset, account, lending.pool, ledger.balance(lending.debt_asset, account), Flow.BAD_DEBT)
    d.principal[account], d.moved[account] = 0, 1
    by_reserve = min(debt, lending.reserves)
    ledger.pay(lending.claim_asset, lending.reserve, lending.pool, by_reserve, Flow.BAD_DEBT)
    by_fund = min(debt - by_reserve, ledger.balance(USD_ASSET, lending.fund))
    ledger.pay(USD_ASSET, lending.fund, lending.pool, by_fund, Flow.BAD_DEBT)
    by_depositors = _lower_index(lending, debt - by_reserve - by_fund)
    layers = (
        (LOST_RESERVE, by_reserve, "the reserve"),
        (LOST_FUND, by_fund, "the insurance fund"),
        (LOST_DEPOSITORS, by_depositors, "depositors"),
    )
    for place, loss, who in layers:
        if loss > 0:
            d.sums[place] += loss
            text = f"{loss / USD:,.2f} of {debt / USD:,.2f} USD without collateral are lost by {who}"
            lending.journal.event("bad_debt", text, account=account, amount=loss / USD)
    lending.measure(everybody=False)


def _lower_index(lending: "Lending", loss: int) -> int:
    """Let depositors' claims fall by a loss, as far as no dust covers it; by how much they fell."""
    sums, shares = lending.desk.sums, lending.ledger.outstanding(lending.deposit_asset)
    claims, missing = lending.deposits, max(0, int(sums[FEES]) - lending.surplus)
    sums[ROUNDED] += 1
    if loss <= 0 or missing <= 0 or shares == 0:
        return 0
    sums[INDEX_DEPOSIT] = max(1, (claims - missing) * INDEX // shares)
    sums[ROUNDED] += 1 + shares // INDEX
    lending.seen.index_deposit = int(sums[INDEX_DEPOSIT])
    return claims - lending.deposits
