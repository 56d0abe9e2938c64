"""What pools ask of a row before they carry it out, compiled: each check gives `DONE`, or the status of what is refused."""

from numba import types

from model.actions import Status
from model.jit import helper
from model.units import LARGEST_RESERVE
from model.vault_status import LIVE

DONE, FUNDS, CLOSED = int(Status.DONE), int(Status.FUNDS), int(Status.CLOSED)
AMOUNT, UNKNOWN, LOCKED = int(Status.AMOUNT), int(Status.UNKNOWN), int(Status.LOCKED)

_i = types.int64
_1 = types.Array(types.int64, 1, "C")


@helper(_i(_1, _i))
def open_pool(account, v):
    """There is a pool of that number; `account` is -1 where there is none."""
    return DONE if 0 <= v < account.size and account[v] >= 0 else UNKNOWN


@helper(_i(_1, _1, _i))
def open_to_trade(account, status, v):
    """There is a pool of that vault, and its fractions circulate."""
    known = open_pool(account, v)
    return CLOSED if known == DONE and status[v] != LIVE else known


@helper(_i(_i, _i, _i))
def payable(amount, held, reserve):
    """An amount that fits into the pool beside its reserve, and that the account has [base units]."""
    if amount <= 0 or amount > LARGEST_RESERVE - reserve:
        return AMOUNT
    return DONE if held >= amount else FUNDS


@helper(_i(_i, _i, _i, _i))
def both_payable(amount_a, amount_b, held_a, held_b):
    """A deposit that was `matched`, of which the account has both parts [base units]."""
    if amount_a <= 0 or amount_b <= 0:
        return AMOUNT
    return DONE if held_a >= amount_a and held_b >= amount_b else FUNDS


@helper(_i(_i, _i, _i))
def returnable(burned, held, locked):
    """Shares that the account has and may give back [base units]."""
    if burned <= 0:
        return AMOUNT
    if held < burned:
        return FUNDS
    return DONE if held - burned >= locked else LOCKED
