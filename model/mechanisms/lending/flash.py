"""Flash loans: the pool's cash for the length of a bundle, which fails as a whole unless it comes back with its fee."""

from typing import TYPE_CHECKING, Any

from model.actions import Status
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.lending.formulas import BASIS
from model.mechanisms.lending.table import FEES, FLASH

if TYPE_CHECKING:
    from model.mechanisms.lending.counter import Counter


def borrow(lending: "Counter", row: Any) -> tuple[Status, int]:
    """Pay out a loan within a bundle; why or why not, and USD base units."""
    amount, ledger = int(row["amount"]), lending.ledger
    if ledger.books.logging[0] == 0:
        return Status.NOT_ALLOWED, 0
    if amount <= 0:
        return Status.AMOUNT, 0
    if amount > lending.cash:
        return Status.DEPTH, 0
    ledger.pay(USD_ASSET, lending.pool, int(row["account"]), amount, Flow.LOAN)
    lending.desk.sums[FLASH] += amount
    return Status.DONE, amount


def repay(lending: "Counter", row: Any) -> tuple[Status, int]:
    """Take a loan within a bundle back, and its fee, rounded up; why or why not, and USD base units paid."""
    amount, account, ledger, sums = int(row["amount"]), int(row["account"]), lending.ledger, lending.desk.sums
    if not 0 < amount <= sums[FLASH]:
        return Status.AMOUNT, 0
    fee = -(-amount * lending.params.flash_bps // BASIS)
    if ledger.balance(USD_ASSET, account) < amount + fee:
        return Status.FUNDS, 0
    ledger.pay(USD_ASSET, account, lending.pool, amount, Flow.REPAYMENT)
    ledger.pay(USD_ASSET, account, lending.pool, fee, Flow.INTEREST)
    sums[FLASH] -= amount
    sums[FEES] += fee
    return Status.DONE, amount + fee
