"""A dollar that is part dollars, part promise: redeemed in cash and newly minted reward tokens [IRON Finance 2021].

While it trades below a dollar, whoever redeems it gets tokens that are made at their mean price and sells them at once.
The price of the token falls, the mean lags, more are made for the next dollar: the spiral of TITAN. A dollar that is
covered in full needs no tokens, whatever they cost.
"""

from typing import TYPE_CHECKING

from model.actions import Status
from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanisms.farms.formulas import peg_parts
from model.mechanisms.farms.token_pools import TOKEN_POOL
from model.units import BPS, LARGEST_RESERVE

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms


def mint(farms: "Farms", account: int, amount: int) -> tuple[Status, int]:
    """Make pegged dollars of real ones and of burnt tokens; what became of it, and how many.

    Both parts are rounded up, so that nobody makes a dollar of less.
    """
    peg, ledger = farms.params.peg, farms.ledger
    if peg is None:
        return Status.UNKNOWN, 0
    if not 0 < amount <= LARGEST_RESERVE:
        return Status.AMOUNT, 0
    usd, tokens = amount, 0
    if peg.ratio < 1.0:
        price = float(farms.pools.table.twap[TOKEN_POOL])
        if price < peg.least_price:
            return Status.CLOSED, 0
        usd, tokens = (part + 1 for part in peg_parts(amount, peg.ratio, price))
    if ledger.balance(USD_ASSET, account) < usd or ledger.balance(farms.token, account) < tokens:
        return Status.FUNDS, 0
    ledger.pay(USD_ASSET, account, farms.backing, usd, Flow.DEPOSIT)
    ledger.pay(farms.token, account, farms.issuer, tokens, Flow.BURN)
    ledger.pay(farms.peg, farms.peg_issuer, account, amount, Flow.MINT)
    return Status.DONE, amount


def redeem(farms: "Farms", account: int, amount: int, limit: int) -> tuple[Status, int]:
    """Give pegged dollars back for real ones and new tokens, less the fee; what became of it, and the dollars paid.

    Where the dollars behind the peg do not suffice, or the tokens would outgrow the ledger, nothing happens.
    """
    peg, ledger = farms.params.peg, farms.ledger
    if peg is None:
        return Status.UNKNOWN, 0
    if not 0 < amount <= LARGEST_RESERVE:
        return Status.AMOUNT, 0
    if ledger.balance(farms.peg, account) < amount:
        return Status.FUNDS, 0
    kept = amount - amount * peg.fee_bps // BPS
    usd, tokens = kept, 0
    if peg.ratio < 1.0:
        price = float(farms.pools.table.twap[TOKEN_POOL])
        if price < peg.least_price:
            return Status.CLOSED, 0
        usd, tokens = peg_parts(kept, peg.ratio, price)
    if usd < limit:
        return Status.LIMIT, 0
    if usd > ledger.balance(USD_ASSET, farms.backing) or ledger.outstanding(farms.token) + tokens > LARGEST_RESERVE:
        return Status.DEPTH, 0
    ledger.pay(farms.peg, account, farms.peg_issuer, amount, Flow.BURN)
    ledger.pay(USD_ASSET, farms.backing, account, usd, Flow.REDEMPTION)
    ledger.pay(farms.token, farms.issuer, account, tokens, Flow.MINT)
    farms.minted_for_peg[0] += tokens
    return Status.DONE, usd
