"""Which votes are heard: those on vaults in circulation that can be bought out."""

from typing import Any

from model.actions import Status
from model.jit import kernel
from model.units import LARGEST_POSTING
from model.vault_status import LIVE

CLOSED, AMOUNT = int(Status.CLOSED), int(Status.AMOUNT)
NOT_ALLOWED, UNKNOWN = int(Status.NOT_ALLOWED), int(Status.UNKNOWN)


@kernel
def hear(
    status: Any, kind: Any, never: Any, n: int, bundled: bool, escrow: Any, supply: Any, part: int, least: Any, rows: Any, order: Any,
    out: Any,
) -> Any:  # fmt: skip
    """Rows of votes that a design may answer, in order; the others are refused.

    Args:
        status, kind: by vault; never: whether a kind can never be bought out; n: vaults so far
        bundled: whether all is refused: accounts and votes cannot be taken back from a bundle
        escrow: accounts of buy-outs by vault, negative while there are none
        supply: fractions by vault; part: of them that must be locked to earn, one in so many; least: out, that number
        rows, order: structured batch, and how it is settled
        out: the order of the rows that are left

    Returns:
        how many are left, and how many of them name a vault that has no account yet
    """
    left = missing = 0
    for i in order:
        v, amount = rows[i]["vault"], rows[i]["amount"]
        rows[i]["filled"] = 0
        if bundled:
            rows[i]["status"] = NOT_ALLOWED
        elif v < 0 or v >= n or status[v] == 0:
            rows[i]["status"] = UNKNOWN
        elif status[v] != LIVE:
            rows[i]["status"] = CLOSED
        elif not 0 <= amount < LARGEST_POSTING:
            rows[i]["status"] = AMOUNT
        elif never[kind[v]]:
            rows[i]["status"] = NOT_ALLOWED
        else:
            out[left] = i
            left += 1
            missing += escrow[v] < 0
            least[v] = max(1, supply[v] // part)
    return left, missing
