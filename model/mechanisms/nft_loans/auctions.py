"""Loans from the pool against whole NFTs, and the auctions of those whose health is below 1 (BendDAO's form)."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Status
from model.flows import Flow
from model.ledger import NONE, USD_ASSET
from model.mechanisms.nft_loans import formulas
from model.rates import kinked_rate
from model.units import DAYS_PER_YEAR, HOURS_PER_DAY, LARGEST_POSTING, USD

if TYPE_CHECKING:
    from model.mechanisms.nft_loans.mechanism import NftLoans

Outcome = tuple[Status, int]


class Loans(NamedTuple):
    """Columns by NFT; money in USD base units."""

    borrower: NDArray[np.int64]  # account, -1 for no loan
    debt: NDArray[np.int64]  # with interest so far
    since: NDArray[np.int64]  # tick of the loan; before the run for those it opens with
    bidder: NDArray[np.int64]  # account with the best bid, -1 while no auction runs
    bid: NDArray[np.int64]
    first: NDArray[np.int64]  # account that bid first
    ends: NDArray[np.int64]  # tick at whose end the best bid wins


class PoolLoans:
    """Borrow, repay, bid, redeem; every method tests everything first and then moves.

    Attributes:
        table: columns by NFT
        bids, redemptions, sold: of this tick; fines: paid in this tick [USD base units]
    """

    def __init__(self, house: "NftLoans") -> None:
        self.house, self.ledger, self.pool = house, house.ledger, house.pool
        size = house.nfts.owner.size
        blank = {"debt": 0, "since": 0, "bid": 0, "ends": 0}
        self.table = Loans(*(np.full(size, blank.get(name, NONE), np.int64) for name in Loans._fields))
        self.waiting: list[tuple[int, int, float, float, float]] = []
        self.begin()

    def begin(self) -> None:
        """A new tick."""
        self.bids = self.redemptions = self.sold = self.fines = 0

    @property
    def open(self) -> NDArray[np.int64]:
        """NFTs with a loan."""
        return np.flatnonzero(self.table.borrower >= 0)

    @property
    def rate(self) -> float:
        """What borrowers pay now [1/year]."""
        return self.rate_at(self.pool.utilisation)

    def rate_at(self, utilisation: float) -> float:
        """What borrowers pay at a utilisation [1/year]."""
        p = self.house.params
        return kinked_rate(utilisation, p.base_rate, p.slope1, p.slope2, p.kink)

    def floor(self, n: int) -> int:
        """Reported floor of an NFT's collection [USD base units], 0 for unknown."""
        price = float(self.house.oracle.price[self.house.nfts.collection[n]])
        return int(price * USD) if price > 0.0 else 0

    def health(self, n: int) -> float:
        """Health factor of the loan on an NFT."""
        return formulas.health(float(self.floor(n)), self.house.params.threshold, float(self.table.debt[n]))

    def least_bid(self, n: int) -> int:
        """What a bid needs now [USD base units]; 0 where none is possible."""
        t, p, debt = self.table, self.house.params, int(self.table.debt[n])
        if t.borrower[n] < 0 or (t.bidder[n] < 0 and self.health(n) >= 1.0) or not self.floor(n):
            return 0
        if t.bidder[n] >= 0:
            return formulas.next_bid(int(t.bid[n]), debt, p.bid_step)
        return formulas.first_bid(debt, self.floor(n), p.bid_debt_share, p.bid_floor_share)

    # -- the borrower

    def endow(self, owner: int, n: int, loan_to_value: float, age_days: float, rate: float) -> None:
        """Let a run open with a loan taken some days ago against the floor of then; its money is spent already."""
        self.waiting.append((owner, n, loan_to_value, age_days, rate))

    def open_waiting(self) -> None:
        """Make the loans that the run opens with, as far as the pool's cash goes."""
        nfts, clock = self.house.nfts, self.house.clock
        for owner, n, loan_to_value, age, rate in self.waiting:
            then = float(nfts.anchor[n]) * nfts.scripted(-age) / nfts.scripted(0.0)
            principal = min(int(loan_to_value * then * USD), self.pool.cash)
            if principal <= 0 or nfts.owner[n] != owner:
                continue
            self._lend(owner, n, principal)
            self.ledger.pay(USD_ASSET, owner, self.ledger.world, principal, Flow.DEPARTURE)
            interest = formulas.interest_of(principal, rate, age / DAYS_PER_YEAR)
            self.ledger.move(self.pool.debt, self.pool.account, owner, interest, Flow.INTEREST)
            self.pool.credit(interest, self.house.params.reserve_factor)
            self.table.debt[n] += interest
            self.table.since[n] = -clock.ticks_of(age) if age > 0.0 else 0
        self.waiting = []

    def _lend(self, account: int, n: int, amount: int) -> None:
        self.pool.lend(account, amount)
        self.house.nfts.transfer(n, self.house.escrow)
        t = self.table
        t.borrower[n], t.debt[n], t.since[n] = account, amount, max(0, self.house.clock.tick)

    def borrow(self, account: int, n: int, amount: int) -> Outcome:
        """Lend against the floor, unless it is stale, and take the NFT into escrow."""
        status = self.house.mine(account, n)
        if status != Status.DONE:
            return status, 0
        floor = self.floor(n)
        if not 0 < amount < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if not floor or not self.house.oracle.fresh[self.house.nfts.collection[n]]:
            return Status.CLOSED, 0
        if amount > int(floor * self.house.params.loan_to_value):
            return Status.LIMIT, 0
        if amount > self.pool.cash:
            return Status.DEPTH, 0
        self._lend(account, n, amount)
        return Status.DONE, amount

    def _own(self, account: int, n: int) -> Status:
        if not 0 <= n < self.house.nfts.n or self.table.borrower[n] < 0:
            return Status.UNKNOWN
        return Status.DONE if self.table.borrower[n] == account else Status.NOT_ALLOWED

    def repay(self, account: int, n: int, amount: int) -> Outcome:
        """Take up to the debt; the whole of it frees the NFT. In an auction only redeeming helps."""
        t, status = self.table, self._own(account, n)
        if status != Status.DONE:
            return status, 0
        if t.bidder[n] >= 0:
            return Status.LOCKED, 0
        paid = min(amount, int(t.debt[n]))
        if paid <= 0:
            return Status.AMOUNT, 0
        if self.ledger.balance(USD_ASSET, account) < paid:
            return Status.FUNDS, 0
        self._pay_off(n, paid, account)
        if not t.debt[n]:
            self._release(n, account)
        return Status.DONE, paid

    def _pay_off(self, n: int, paid: int, payer: int, why: Flow = Flow.REPAYMENT) -> None:
        self.pool.repay(int(self.table.borrower[n]), paid, payer, why)
        self.table.debt[n] -= paid

    def _release(self, n: int, owner: int) -> None:
        t = self.table
        self.house.nfts.transfer(n, owner)
        t.borrower[n] = t.bidder[n] = t.first[n] = NONE
        t.debt[n] = t.bid[n] = 0

    def fine(self, n: int) -> int:
        """What redeeming costs beside the debt [USD base units]."""
        p = self.house.params
        return formulas.fine_of(int(self.table.debt[n]), p.fine_share, int(p.fine_least * USD))

    def redeem(self, account: int, n: int, amount: int) -> Outcome:
        """End the auction of an own loan: part of the debt to the pool, a fine to the first bidder, the best bid back."""
        t, p, status = self.table, self.house.params, self._own(account, n)
        if status != Status.DONE:
            return status, 0
        if t.bidder[n] < 0:
            return Status.CLOSED, 0
        low, high = formulas.redeemed(int(t.debt[n]), p.redeem_low, p.redeem_high)
        if not max(1, low) <= amount <= high:
            return Status.AMOUNT, 0
        fine = self.fine(n)
        if self.ledger.balance(USD_ASSET, account) < amount + fine:
            return Status.FUNDS, 0
        self.ledger.pay(USD_ASSET, account, int(t.first[n]), fine, Flow.LIQUIDATION)
        self._refund(n)
        t.bidder[n], t.first[n], t.bid[n] = NONE, NONE, 0
        self._pay_off(n, amount, account)
        self.redemptions, self.fines = self.redemptions + 1, self.fines + fine
        self.house.tell("nft redeemed", f"NFT {n} redeemed from auction", account, amount)
        return Status.DONE, amount

    # -- the bidder

    def _refund(self, n: int) -> None:
        bidder = int(self.table.bidder[n])
        self.house.cashbox.spend(bidder, bidder, int(self.table.bid[n]), Flow.REFUND)

    def bid(self, account: int, n: int, price: int) -> Outcome:
        """Take a bid into escrow and give the beaten one back; the first starts the clock."""
        t, clock = self.table, self.house.clock
        if not 0 <= n < self.house.nfts.n:
            return Status.UNKNOWN, 0
        least = self.least_bid(n)
        if not least:
            return Status.CLOSED, 0
        if t.borrower[n] == account:
            return Status.NOT_ALLOWED, 0
        if not 0 < price < LARGEST_POSTING:
            return Status.AMOUNT, 0
        if price < least:
            return Status.LIMIT, 0
        if not self.house.cashbox.take(account, price, Flow.LIQUIDATION):
            return Status.FUNDS, 0
        if t.bidder[n] >= 0:
            self._refund(n)
        else:
            t.first[n] = account
            t.ends[n] = max(0, clock.tick) + clock.ticks_of(self.house.params.auction_hours / HOURS_PER_DAY)
            self.house.tell("nft auction", f"auction of NFT {n} begins at {price / USD:,.0f} USD", account, price)
        t.bidder[n], t.bid[n] = account, price
        self.bids += 1
        return Status.DONE, price

    def _royalty_bps(self, n: int) -> int:
        """The artist's part of a sale of a pledged NFT; none where he pledged it, or the market pays no royalties."""
        nfts, market = self.house.nfts, self.house.nft_market
        own = nfts.artist[n] == self.table.borrower[n]
        return 0 if own or (market is not None and not market.params.royalties) else int(nfts.royalty[n])

    def end_auctions(self) -> None:
        """Best bids win: the debt is paid, then the artist; the rest is the borrower's, what is missing is a loss."""
        t, box = self.table, self.house.cashbox.account
        for n in self.open[(t.bidder[self.open] >= 0) & (t.ends[self.open] <= self.house.clock.tick)].tolist():
            bid, winner, borrower = int(t.bid[n]), int(t.bidder[n]), int(t.borrower[n])
            paid, royalty, left = formulas.proceeds(bid, int(t.debt[n]), self._royalty_bps(n))
            self.house.cashbox.give_up(winner, bid)
            self._pay_off(n, paid, box, Flow.LIQUIDATION)
            self.ledger.pay(USD_ASSET, box, int(self.house.nfts.artist[n]), royalty, Flow.ROYALTY)
            self.ledger.pay(USD_ASSET, box, borrower, left, Flow.LIQUIDATION)
            lost = int(t.debt[n])
            if lost:
                self.house.lose(self.pool, borrower, lost, f"NFT {n}")
            self.sold += 1
            self.house.tell("nft auctioned", f"NFT {n} auctioned for {bid / USD:,.0f} USD", winner, bid)
            self._release(n, winner)

    def accrue(self, pledged: NDArray[np.int64]) -> None:
        """Interest of a tick on every loan, by its NFT."""
        t, house = self.table, self.house
        rate = float(self.rate * house.clock.dt_years)
        self.pool.accrue(pledged, t.borrower, t.debt, rate, house.params.reserve_factor)

    def state(self) -> tuple[NDArray[Any], ...]:
        """All columns."""
        return tuple(self.table)
