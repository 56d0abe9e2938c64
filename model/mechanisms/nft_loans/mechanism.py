"""The day of loans against whole NFTs and rigs: what each form of loan does when."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.bound_rigs import MOVES_RIGS
from model.errors import InvariantViolated, ScenarioError
from model.escrow import CashEscrow
from model.mechanism import Mechanism, settles, stage
from model.mechanisms.nft_loans import kernels, laws, public
from model.mechanisms.nft_loans.auctions import PoolLoans
from model.mechanisms.nft_loans.floor import FloorOracle, asks, comparables
from model.mechanisms.nft_loans.looks import Board, view_of
from model.mechanisms.nft_loans.notes import Notes
from model.mechanisms.nft_loans.params import NftLoansParams
from model.mechanisms.nft_loans.pool import Pool
from model.mechanisms.nft_loans.rig_loans import RigLoans
from model.one_by_one import one_by_one
from model.units import HOURS_PER_DAY, USD
from model.view import frozen

Rows = NDArray[Any]
Order = NDArray[np.int64]


class NftLoans(Mechanism):
    """Loans against whole NFTs, from a pool or from one person to another, and against miners' rigs.

    Attributes:
        escrow: account that owns NFTs while they are pledged
        cashbox: that holds the dollars of bids and of open offers to lend
        pool, desk: lenders to NFT owners and to miners
        oracle: reported floors
        loans, notes, rig_loans: the three forms of loan
    """

    key = "nft_loans"
    needs = ("nfts",)
    wants = ("nft_market", "rigs")
    Params = NftLoansParams
    nfts: Any
    nft_market: Any
    rigs: Any

    @classmethod
    def room(cls, params: NftLoansParams) -> tuple[int, int, int]:
        """Deposits and debts of two pools, both sides of fixed-term loans, claims on escrow; five accounts."""
        return 7, 0, 5

    def __init__(self, market: Any, params: NftLoansParams) -> None:
        super().__init__(market, params)
        if params.floor == "market" and self.nft_market is None:
            raise ScenarioError(
                'nft_loans.floor = "market": this scenario has no [nft_market]; add the table, or write "comparables"'
            )
        self.escrow = self.ledger.open_account("credit", "escrow of pledged NFTs")
        self.cashbox = CashEscrow(self.ledger, "credit", "escrow of bids and offers to lend")
        self.pool = Pool(self.ledger, "the pool of NFT loans", self.clock.per_day)
        self.desk = Pool(self.ledger, "the desk of rig loans", self.clock.per_day)
        window = self.clock.ticks_of(params.floor_hours / HOURS_PER_DAY)
        self.oracle = FloorOracle(window, self.clock.dt_days, self.nfts.owner.size)
        self.loans, self.notes, self.rig_loans = PoolLoans(self), Notes(self), RigLoans(self)
        self.board, self.pledged = Board(self.nfts.owner.size), np.zeros(self.nfts.owner.size, np.int64)
        self.floors = frozen(self.oracle.price), frozen(self.oracle.trend), frozen(self.oracle.fresh)

    # -- the day

    @stage("environment")
    def begin(self) -> None:
        """Loans that the run opens with are made; offers to lend that are too old lapse."""
        for part in (self.pool, self.desk, self.loans, self.notes, self.rig_loans):
            part.begin()  # type: ignore[attr-defined]
        if self.loans.waiting:
            self.loans.open_waiting()
        self.notes.lapse()

    @stage("accrual")
    def accrue(self) -> None:
        """Interest on all loans grows; incomes and charges of pledged NFTs pass to their borrowers."""
        loans, _, notes, _, rigs = self._count()
        if loans:
            self.loans.accrue(self.pledged[:loans])
        if notes:
            self.notes.accrue()
        if rigs:
            self.rig_loans.accrue()
        if loans or notes:
            nfts, loaned, noted = self.nfts, self.loans.table.borrower, self.notes.table.borrower
            failed = kernels.pass_incomes(
                self.ledger.books, nfts.n, nfts.owner, self.escrow, nfts.income, loaned, noted
            )
            if failed >= 0:
                raise InvariantViolated(f"nft_loans: income of pledged NFT {failed} cannot be passed on")

    def _count(self) -> tuple[int, ...]:
        """Which loans there are, see `kernels.count`."""
        loans, notes = self.loans.table, self.notes.table
        found: tuple[int, ...] = kernels.count(
            loans.borrower, loans.bidder, loans.ends, notes.borrower, notes.since, notes.term, self.rig_loans.debt,
            self.clock.tick, self.pledged,
        )  # fmt: skip
        return found

    @stage("observe")
    def report(self) -> None:
        """The floor that loans rely on."""
        by_asks = self.params.floor == "market"
        source = asks(self.nfts, self.nft_market) if by_asks else comparables(self.nfts)
        self.oracle.report(source, self.params.most_move)

    @stage("clear")
    def clear(self) -> None:
        """Auctions end, NFTs of loans past their term go to lenders, rigs of defaulted miners are sold."""
        _, auctions, _, over, rigs = self._count()
        if auctions:
            self.loans.end_auctions()
        if over:
            self.notes.end_terms()
        if rigs and self.rigs is not None:
            self.rig_loans.call_in()

    @stage("record")
    def value(self) -> None:
        """Deposits are worth their part of the pools' claims."""
        self.pool.value()
        self.desk.value()

    # -- what agents ask for

    def _desk(self, number: int) -> Pool | None:
        return {public.NFT_POOL: self.pool, public.RIG_DESK: self.desk}.get(number)

    def deposit(self, account: int, desk: int, amount: int) -> tuple[Status, int]:
        """Take a deposit at a desk: the status, and shares got."""
        pool = self._desk(desk)
        return pool.supply(account, amount) if pool is not None else (Status.UNKNOWN, 0)

    def pay_out(self, account: int, desk: int, shares: int) -> tuple[Status, int]:
        """Pay shares of a desk out: the status, and USD base units got."""
        pool = self._desk(desk)
        return pool.withdraw(account, shares) if pool is not None else (Status.UNKNOWN, 0)

    @settles(public.DepositLoans)
    def settle_deposits(self, rows: Rows, order: Order) -> None:
        """Lenders deposit."""
        one_by_one(self.ledger.books, rows, order, self.deposit)

    @settles(public.WithdrawLoans)
    def settle_withdrawals(self, rows: Rows, order: Order) -> None:
        """Lenders withdraw, first come first served."""
        one_by_one(self.ledger.books, rows, order, self.pay_out)

    @settles(public.BorrowOnNft)
    def settle_borrowing(self, rows: Rows, order: Order) -> None:
        """Owners borrow from the pool against their NFTs."""
        one_by_one(self.ledger.books, rows, order, self.loans.borrow)

    @settles(public.RepayNft)
    def settle_repayments(self, rows: Rows, order: Order) -> None:
        """Borrowers repay the pool."""
        one_by_one(self.ledger.books, rows, order, self.loans.repay)

    @settles(public.BidAuction)
    def settle_bids(self, rows: Rows, order: Order) -> None:
        """Bidders bid for NFTs of loans below health 1."""
        one_by_one(self.ledger.books, rows, order, self.loans.bid)

    @settles(public.RedeemNft)
    def settle_redemptions(self, rows: Rows, order: Order) -> None:
        """Borrowers redeem their NFTs from auction."""
        one_by_one(self.ledger.books, rows, order, self.loans.redeem)

    @settles(public.OfferNote)
    def settle_offers(self, rows: Rows, order: Order) -> None:
        """Lenders offer fixed-term loans."""
        one_by_one(self.ledger.books, rows, order, self.notes.offer)

    @settles(public.WithdrawNote)
    def settle_recalls(self, rows: Rows, order: Order) -> None:
        """Lenders take offers back."""
        one_by_one(self.ledger.books, rows, order, self.notes.withdraw)

    @settles(public.AcceptNote)
    def settle_notes(self, rows: Rows, order: Order) -> None:
        """Owners take fixed-term loans."""
        one_by_one(self.ledger.books, rows, order, self.notes.accept)

    @settles(public.RepayNote)
    def settle_note_repayments(self, rows: Rows, order: Order) -> None:
        """Borrowers repay fixed-term loans."""
        one_by_one(self.ledger.books, rows, order, self.notes.repay)

    @settles(public.BorrowOnRigs)
    def settle_rig_borrowing(self, rows: Rows, order: Order) -> None:
        """Miners borrow against rigs."""
        one_by_one(self.ledger.books, rows, order, self.rig_loans.borrow)

    @settles(public.RepayRigs)
    def settle_rig_repayments(self, rows: Rows, order: Order) -> None:
        """Miners repay the rig desk."""
        one_by_one(self.ledger.books, rows, order, self.rig_loans.repay)

    def may_refuse(self, action: type[Action]) -> bool:
        """Whether an action takes rigs away."""
        return action.__name__ in MOVES_RIGS

    def screen(self, action: type[Action], rows: Rows, order: NDArray[Any]) -> NDArray[Any]:
        """Pledged rigs cannot be sold or tokenised."""
        return self.rig_loans.screen(rows, order) if action.__name__ in MOVES_RIGS else order

    # -- shared by the forms of loan

    def mine(self, account: int, n: int) -> Status:
        """Whether an account owns an NFT."""
        if not 0 <= n < self.nfts.n:
            return Status.UNKNOWN
        return Status.DONE if self.nfts.owner[n] == account else Status.FUNDS

    def borrower(self, n: int) -> int:
        """Who pledged an NFT that is in escrow."""
        pooled = int(self.loans.table.borrower[n])
        return pooled if pooled >= 0 else int(self.notes.table.borrower[n])

    def tell(self, kind: str, text: str, account: int, amount: int) -> None:
        """Note an event."""
        self.journal.event(kind, text, account=account, amount=amount / USD)

    def lose(self, pool: Pool, borrower: int, amount: int, what: str) -> None:
        """Write a debt off and say who bore it."""
        for bearer, part in zip(("reserve", "depositors"), pool.write_off(borrower, amount), strict=True):
            if part:
                self.tell(
                    "bad debt", f"{part / USD:,.0f} USD on {what} lost to the {bearer} of {pool.name}", borrower, part
                )

    # -- looks and laws

    def view(self) -> public.NftLoansView:
        """What strategies see."""
        return view_of(self)

    def state(self) -> Iterable[NDArray[Any]]:
        """Pools, floors and all loans."""
        parts = (self.oracle, self.loans, self.notes, self.rig_loans)
        return (self.pool.state(), self.desk.state(), *(column for part in parts for column in part.state()))  # type: ignore[attr-defined]

    def check(self) -> None:
        """Pools balance, debts are those of the tables, escrow holds what is pledged and nothing else."""
        fault = laws.broken(self)
        if fault:
            raise InvariantViolated(fault)
