"""What agents may ask of loans against NFTs and rigs, and what strategies see of them."""

from typing import Any, NamedTuple

from numpy.typing import NDArray

from model.actions import Action

NFT_POOL, RIG_DESK = 0, 1  # values of `desk`


class DepositLoans(Action):
    """Lend `amount` USD base units to the pool of NFT loans (`desk` 0) or of rig loans (1); `filled` is shares got."""

    fields = ("desk", "amount")
    phase = "supply"


class WithdrawLoans(Action):
    """Take `shares` out of a desk's pool, as far as its cash goes; `filled` is USD base units got."""

    fields = ("desk", "shares")
    phase = "withdraw"


class BorrowOnNft(Action):
    """Borrow `amount` USD base units from the pool against an own NFT, which goes into escrow."""

    fields = ("nft", "amount")
    phase = "borrow"


class RepayNft(Action):
    """Repay at most `amount` USD base units of a loan; paid off, the NFT returns. `filled` is what was paid."""

    fields = ("nft", "amount")
    phase = "repay"


class BidAuction(Action):
    """Bid `price` USD base units for the NFT of a loan below health 1; paid into escrow, refunded when beaten."""

    fields = ("nft", "price")
    phase = "offers"


class RedeemNft(Action):
    """End an auction of an own loan: pay `amount` of the debt, within bounds, and the first bidder's fine on top."""

    fields = ("nft", "amount")
    phase = "repay"


class OfferNote(Action):
    """Offer to lend `principal` for `repayment` USD base units after `days` against `nft`, or any of `collection` at -1.

    `form` 0: the whole repayment at any time; 1: interest pro rata of time. `filled` is the offer's number.
    """

    fields = ("collection", "nft", "principal", "repayment", "days", "form")
    phase = "loan_offers"


class WithdrawNote(Action):
    """Take an own offer to lend back; `filled` is what comes back [USD base units]."""

    fields = ("offer",)
    phase = "withdraw"


class AcceptNote(Action):
    """Take the loan of an offer against an own NFT, which goes into escrow; `filled` is the principal."""

    fields = ("nft", "offer")
    phase = "borrow"


class RepayNote(Action):
    """Repay a fixed-term loan and get the NFT back; `filled` is what was paid."""

    fields = ("nft",)
    phase = "repay"


class BorrowOnRigs(Action):
    """Borrow at most `amount` USD base units from the rig desk against `ghs` GH/s of own rigs, as far as they are worth it.

    The rigs stay where they are and cannot be sold. `filled` is what was lent.
    """

    fields = ("ghs", "amount")
    phase = "borrow"


class RepayRigs(Action):
    """Repay at most `amount` USD base units of the own rig loan; `filled` is what was paid."""

    fields = ("amount",)
    phase = "repay"


class DeskView(NamedTuple):
    """One pool of lenders.

    Attributes:
        cash, debt, claims, reserve: USD; cash + debt = claims + reserve
        utilisation: debt over cash and debt
        borrow_rate, supply_rate: [1/year]
        deposit: asset of shares; worth: USD base units that a million shares claim
        withdrawn: part of claims that was taken out in the last day
        queue: USD that were asked for in the last tick and not paid
    """

    cash: float
    debt: float
    claims: float
    reserve: float
    utilisation: float
    borrow_rate: float
    supply_rate: float
    deposit: int
    worth: float
    withdrawn: float
    queue: float


class NftLoansView(NamedTuple):
    """What strategies see; columns read-only.

    Attributes:
        pool, desk: pools of NFT loans and of rig loans
        floor: reported, by collection [USD], NaN for unknown; trend: its mean log change a day over three days
        fresh: whether the floor of a collection was seen lately; else the pool does not lend on it
        loan_to_value, threshold: of NFT loans
        borrower: by NFT, account, -1 for no loan from the pool; debt: USD base units
        health: by NFT, infinite without a loan
        least_bid: by NFT, USD base units that a bid needs now, 0 where no bid is possible
        bidder: by NFT, -1 while no auction runs; fine: what redeems costs beside the debt [USD base units]
        redeem_low: part of the debt that redeems
        note_borrower, note_owed, note_due: by NFT: account, USD base units that repay today, days left
        offers: rows of open offers to lend: number, lender, collection, NFT, principal, repayment, days, form
        rig_debt, rig_arrears: by account, USD base units owed, and of them behind schedule
        rig_pledged: by account, GH/s
        rig_loan_to_value, rig_rate, rig_days: terms of rig loans
    """

    pool: DeskView
    desk: DeskView
    floor: NDArray[Any]
    trend: NDArray[Any]
    fresh: NDArray[Any]
    loan_to_value: float
    threshold: float
    borrower: NDArray[Any]
    debt: NDArray[Any]
    health: NDArray[Any]
    least_bid: NDArray[Any]
    bidder: NDArray[Any]
    fine: NDArray[Any]
    redeem_low: float
    note_borrower: NDArray[Any]
    note_owed: NDArray[Any]
    note_due: NDArray[Any]
    offers: NDArray[Any]
    rig_debt: NDArray[Any]
    rig_arrears: NDArray[Any]
    rig_pledged: NDArray[Any]
    rig_loan_to_value: float
    rig_rate: float
    rig_days: float
