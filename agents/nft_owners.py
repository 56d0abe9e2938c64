"""Owners of NFTs who borrow against them: they guard their loans, redeem from auction, or walk away.

An owner repays when the loan comes near its threshold or grows dear, as far as cash goes, and only while the NFT is worth
more to him than what it costs to save it: its floor, and on top what he is attached to it. Otherwise he keeps the loan and
leaves the NFT to whoever bids.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Traits, trait
from agents.possessions import places_of
from model.actions import Action, Bundle, Row
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import AcceptNote, BorrowOnNft, RedeemNft, RepayNft, RepayNote
from model.mechanisms.nft_market import AcceptOffer
from model.nft_kind import NftKind
from model.sheaf import Sheaf
from model.streams import u01
from model.units import DAYS_PER_YEAR, USD
from model.view import MarketView, frozen

NO_MARKET = frozen(np.zeros(0))
OPENING = "pieces that a run opens with"
SELDOM = 0.01  # looks a day; chances by the day are not raised above those of a look in 100 days


class NftOwnerTraits(Traits):
    """Traits of all owners."""

    cash: Any = trait({"lognormal": {"median": 10_000.0, "sigma": 1.2}}, "USD", "cash at the start", low=0.0, high=9e9)
    attention: Any = trait(0.3, "1/day", "chance to look at the market", low=0.0, high=1.0)
    pieces: Any = trait(1.0, "NFTs", "collectibles owned at the start", low=0.0, high=1_000.0)
    piece: Any = trait(100_000.0, "USD", "what each is appraised at then", low=1.0, high=1e9)
    loan: Any = trait(
        0.0, "1", "loan over the floor of its day, taken before the start; 0 for none", low=0.0, high=0.95
    )
    loan_age: Any = trait(100.0, "days", "age of that loan", low=0.0, high=3_650.0)
    loan_rate: Any = trait(0.10, "1/year", "interest on it so far", low=0.0, high=5.0)


class NftOwner(MarketAgent):
    """Somebody with collectibles."""

    kind = "nft_owner"
    strategy = "borrower"
    Traits = NftOwnerTraits

    @classmethod
    def open(cls, population: Any) -> None:
        """Give everybody his NFTs, and the loans on them."""
        nfts, loans = (population.market.mechanisms.get(key) for key in ("nfts", "nft_loans"))
        columns = population.columns
        for slot in range(population.size if nfts is not None else 0):
            owner = int(population.account[slot])
            for _ in range(int(columns["pieces"][slot])):
                n = nfts.mint(owner, NftKind.COLLECTIBLE, float(columns["piece"][slot]), OPENING)
                if n >= 0 and loans is not None and columns["loan"][slot] > 0.0:
                    loans.loans.endow(owner, n, *(float(columns[c][slot]) for c in ("loan", "loan_age", "loan_rate")))


class BorrowerTraits(Traits):
    """Traits of owners who borrow."""

    attachment: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.3}}, "1", "worth of the NFT to its owner above the floor", low=-1.0, high=10.0
    )  # fmt: skip
    alarm: Any = trait(
        {"uniform": {"low": 1.0, "high": 1.1}}, "1", "health of a loan below which he repays", low=0.0, high=10.0
    )
    target: Any = trait(1.2, "1", "health up to which he repays", low=0.1, high=10.0)
    dear: Any = trait(
        {"uniform": {"low": 0.3, "high": 1.2}}, "1/year", "rate above which he would rather repay", low=0.0, high=100.0
    )
    borrows: Any = trait(0.01, "1/day", "chance to borrow against an NFT that is free", low=0.0, high=1.0)
    panic: Any = trait(0.05, "1/day", "fall of the log floor a day at which he takes an offer", low=0.0, high=10.0)
    patience: Any = trait(0.15, "1", "below the floor that he sells for in a panic", low=0.0, high=1.0)


class Temper(Sheaf):
    """Traits of owners who borrow by slot."""

    attention: Any
    attachment: Any
    alarm: Any
    dear: Any
    borrows: Any
    panic: Any


@kernel
def stir(
    slots: Any, account: Any, own: Temper, balances: Any, collection: Any, owner: Any, floor: Any, trend: Any, offered: Any,
    loans: Any, redeem_low: float, rate: float, notes: Any, luck: Any, dt_days: float, out: Any,
) -> int:  # fmt: skip
    """Owners with a loan to guard, a note to repay, or an NFT to sell or borrow on today; how many they are.

    Args:
        collection, owner: by NFT; offered: best offer by NFT, empty without a market
        floor, trend: by collection; loans: borrower, debt, health, bidder and fine by NFT, see `NftLoansView`
        redeem_low: see there; rate: of its pool [1/year]
        notes: borrower, what repays, and days left by NFT
        luck: key of the draws of who borrows
        out: their slots
    """
    borrower, debt, health, bidder, fine = loans
    noted, owed, due = notes
    n_out = 0
    for slot in slots:
        who, acts = account[slot], False
        cash, often = balances[USD_ASSET, who], 1.0 / max(own.attention[slot], SELDOM)
        for n in range(owner.size):
            if borrower[n] != who and noted[n] != who and owner[n] != who:
                continue
            known = floor[collection[n]]
            worth = known * (1.0 + own.attachment[slot]) * USD if known == known else 0.0
            if borrower[n] == who and bidder[n] >= 0:
                acts |= worth > debt[n] + fine[n] and cash >= math.ceil(debt[n] * redeem_low) + fine[n]
            elif borrower[n] == who and worth > debt[n] and cash > 0:
                acts |= health[n] < own.alarm[slot] or rate > own.dear[slot]
            if noted[n] == who:
                acts |= due[n] <= often + 1.0 and owed[n] <= cash and owed[n] <= worth
            if owner[n] == who and known == known:
                acts |= offered.size > 0 and trend[collection[n]] < -own.panic[slot] and offered[n] > 0.0
                acts |= u01(luck, n, 0) < own.borrows[slot] * max(often, dt_days)
        if acts:
            out[n_out] = slot
            n_out += 1
    return n_out


class Borrower(PerAgentStrategy):
    """Guards his loans, redeems what is worth it, borrows now and then, and sells what is free in a panic."""

    serves = "nft_owner"
    name = "borrower"
    Traits = BorrowerTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """One by one, those who have something to do; each NFT has its own luck."""
        if not market.has("nft_loans"):
            return
        self.luck: Any = market.key("borrows", self.population.table.kind)
        population, out = self.population, np.empty(len(cohort), np.int64)
        view, nfts = market.nft_loans, market.nfts
        n = stir(
            cohort.slots, population.account, population.columns.of(Temper), market.balances, nfts.collection, nfts.owner,
            view.floor, view.trend, market.nft_market.offered if market.has("nft_market") else NO_MARKET,
            (view.borrower, view.debt, view.health, view.bidder, view.fine), float(view.redeem_low),
            float(view.pool.borrow_rate), (view.note_borrower, view.note_owed, view.note_due), self.luck, market.dt_days,
            out,
        )  # fmt: skip
        if n:
            yield from super().decide(Cohort(population, out[:n], cohort.receipts), market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Loans first, as far as cash goes, then NFTs that are free."""
        view, account = market.nft_loans, agent.account
        cash = int(market.balances[USD_ASSET, account])
        for n in places_of(account, view.borrower):
            for row, cost in self._guard(agent, n, market, cash):
                yield row
                cash -= cost
        for n in places_of(account, view.note_borrower):
            owed = int(view.note_owed[n])
            if view.note_due[n] <= 1.0 / max(agent.attention, SELDOM) + 1.0 and owed <= min(
                cash, self._worth(agent, n, market)
            ):
                yield RepayNote.row(account, nft=n)
                cash -= owed
        yield from self._free(agent, market)

    def _worth(self, agent: Any, n: int, market: MarketView) -> float:
        """Of an NFT to its owner [USD base units]; 0 while no floor is known."""
        floor = float(market.nft_loans.floor[market.nfts.collection[n]])
        return 0.0 if math.isnan(floor) else floor * (1.0 + agent.attachment) * USD

    def _guard(self, agent: Any, n: int, market: MarketView, cash: int) -> Iterable[tuple[Row, int]]:
        """What keeps an NFT that is worth its debt."""
        view, debt = market.nft_loans, int(market.nft_loans.debt[n])
        worth = self._worth(agent, n, market)
        if view.bidder[n] >= 0:
            part, fine = math.ceil(debt * view.redeem_low), int(view.fine[n])
            if worth > debt + fine and cash >= part + fine:
                yield RedeemNft.row(agent.account, nft=n, amount=part), part + fine
        elif worth > debt and cash > 0:
            health = float(view.health[n])
            if health < agent.alarm:
                paid = min(cash, debt - int(debt * health / max(agent.target, health)))
            else:
                paid = min(cash, debt) if view.pool.borrow_rate > agent.dear else 0
            if paid > 0:
                yield RepayNft.row(agent.account, nft=n, amount=paid), paid

    def _free(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Sell what is free in a panic; else borrow where it is cheaper."""
        view, nfts, account = market.nft_loans, market.nfts, agent.account
        for n in places_of(account, nfts.owner):
            c = int(nfts.collection[n])
            floor = float(view.floor[c])
            if math.isnan(floor):
                continue
            if market.has("nft_market") and view.trend[c] < -agent.panic and market.nft_market.offered[n] > 0.0:
                yield AcceptOffer.row(account, nft=n, limit=int(floor * (1.0 - agent.patience) * 0.9 * USD))
                continue
            if u01(self.luck, n, 0) >= agent.borrows * max(1.0 / max(agent.attention, SELDOM), market.dt_days):
                continue
            note, rate = self._cheapest(n, c, account, market)
            amount = int(floor * view.loan_to_value * 0.99 * USD)
            if note >= 0 and (rate < view.pool.borrow_rate or view.pool.cash * USD < amount):
                yield AcceptNote.row(account, nft=n, offer=note)
            elif amount > 0 and view.fresh[c] and view.pool.borrow_rate < agent.dear:
                yield BorrowOnNft.row(account, nft=n, amount=amount)

    @staticmethod
    def _cheapest(n: int, collection: int, account: int, market: MarketView) -> tuple[int, float]:
        """Number and yearly rate of the cheapest offer to lend on an NFT, -1 for none."""
        best, least = -1, math.inf
        for number, lender, wanted, nft, principal, repayment, days, _ in market.nft_loans.offers.tolist():
            if lender != account and (nft == n or (nft < 0 and wanted == collection)):
                rate = (repayment / principal - 1.0) * DAYS_PER_YEAR / days
                if rate < least:
                    best, least = number, rate
        return best, least
