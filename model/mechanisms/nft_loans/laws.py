"""What must hold for loans against NFTs and rigs after every tick."""

from typing import TYPE_CHECKING, Any

from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans.notes import PRINCIPAL

if TYPE_CHECKING:
    from model.mechanisms.nft_loans.mechanism import NftLoans


@kernel
def _add_up(
    borrower: Any, debt: Any, bidder: Any, bid: Any, noted: Any, booked: Any, owner: Any, escrow: int, rig_debt: Any,
    offers: Any,
) -> Any:  # fmt: skip
    """Debts of loans, of rigs and of notes; bids; offers; NFTs without just one loan or place, and debts without borrower.

    Args:
        borrower, debt, bidder, bid, noted, booked, owner: by NFT; noted: who borrowed from another person
        escrow: owner of pledged NFTs
        rig_debt: by account; offers: rows
    """
    debts = rigs = notes = bids = offered = odd = orphans = 0
    for i in range(borrower.size):
        pledged, lent = borrower[i] >= 0, noted[i] >= 0
        debts += debt[i]
        notes += booked[i]
        bids += bid[i] if bidder[i] >= 0 else 0
        odd += (owner[i] == escrow) != (pledged != lent) or (pledged and lent)
        orphans += not pledged and debt[i] != 0
    for account in range(rig_debt.size):
        rigs += rig_debt[account]
    for k in range(offers.shape[0]):
        offered += offers[k, PRINCIPAL]
    return debts, rigs, notes, bids, offered, odd, orphans


def broken(house: "NftLoans") -> str:
    """The first law that does not hold, in a sentence; empty if all do.

    Pools balance, debts are those of the tables, escrow holds what is pledged and nothing else.
    """
    t, notes, ledger = house.loans.table, house.notes, house.ledger
    debts, rigs, booked, bids, offered, odd, orphans = _add_up(
        t.borrower, t.debt, t.bidder, t.bid, notes.table.borrower, notes.table.booked, house.nfts.owner, house.escrow,
        house.rig_loans.debt, notes.offers,
    )  # fmt: skip
    house.pool.check()
    house.desk.check()
    sides = [ledger.outstanding(asset) for asset in (notes.debt, notes.claim)]
    if sides != [booked, booked]:
        return f"fixed-term loans: debts and claims are {sides}, booked {booked}"
    for pool, known in ((house.pool, debts), (house.desk, rigs)):
        if known != pool.debts:
            return f"{pool.name}: debts are {pool.debts}, its loans {known}"
    if wrong := house.cashbox.differs(bids + offered):
        return f"nft_loans: {wrong}"
    if odd:
        return "nft_loans: an NFT in escrow without a loan, a loan without its NFT, or two on one"
    if orphans or ledger.balance(USD_ASSET, house.escrow):
        return "nft_loans: income stays in escrow, or a debt without a borrower"
    return ""
