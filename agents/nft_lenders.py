"""Lenders to owners of NFTs and to miners: depositors who run when others do, and those who lend to one person for a term.

A depositor weighs what a pool pays against what it may lose: debts above what their NFTs would fetch, after the fall that
he expects; debts that nobody bids for, or that fall behind; and the money that others took out today. First come, first
served: when much is taken out everybody looks [DiamondDybvig1983].
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Strategy, Traits, trait
from model.actions import Action, Bundle, Row
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import NFT_POOL, RIG_DESK, DepositLoans, OfferNote, WithdrawLoans
from model.nft_kind import NftKind
from model.units import DAYS_PER_YEAR, USD
from model.view import MarketView

COLLECTIBLE = int(NftKind.COLLECTIBLE)
LENDER = 1  # column of an offer to lend
ALERT = 0.95  # chance to look within a day, for those who look most often, while others run
ALARMING_USE, ALARMING_WITHDRAWALS = 0.9, 0.05
LATE = 0.05  # of a debt to the rig desk is behind schedule: about a month
LEAST_EXPECTED = 0.2  # nobody expects floors to fall by more than to this part


class NftLenderTraits(Traits):
    """Traits of all lenders."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=1e12)
    attention: Any = trait(0.3, "1/day", "chance to look at the market; .95 while others run", low=0.0, high=1.0)
    desk: Any = trait(0.0, "desk", "whom he lends to: 0 owners of NFTs, 1 miners", low=0.0, high=1.0)


class NftLender(MarketAgent):
    """Somebody who lends against NFTs or rigs."""

    kind = "nft_lender"
    strategy = "depositor"
    Traits = NftLenderTraits

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """Nearly everybody looks within a day while a pool is used up or others take much out."""
        factor, view = population.market.attention, population.market.view
        if view.has("nft_loans") and any(alarming(desk) for desk in (view.nft_loans.pool, view.nft_loans.desk)):
            most = float(population.columns["attention"][: population.size].max(initial=0.0))
            return max(factor, ALERT / most) if most > 0.0 else factor
        return float(factor)


def alarming(desk: Any) -> bool:
    """Whether a pool is nearly used up, or much was taken out within a day."""
    return bool(desk.utilisation > ALARMING_USE or desk.withdrawn > ALARMING_WITHDRAWALS)


class DepositorTraits(Traits):
    """Traits of depositors."""

    deposited: Any = trait(0.8, "1", "part of the cash that is in the pool at the start", low=0.0, high=1.0)
    nerves: Any = trait(
        {"lognormal": {"median": 1.0, "sigma": 0.8}}, "1", "weight of what may be lost against what is paid", low=0.0, high=1e3
    )  # fmt: skip
    horizon: Any = trait(30.0, "days", "over which interest is weighed against losses", low=0.1, high=3_650.0)
    outlook: Any = trait(
        {"uniform": {"low": 0.0, "high": 4.0}}, "days", "for which a fall of the floor is expected to go on", low=0.0, high=365.0
    )  # fmt: skip
    slippage: Any = trait(0.10, "1", "below the floor that a sale in need fetches", low=0.0, high=1.0)
    dismay: Any = trait(0.05, "1", "part held lost of debts that nobody bids for or that are behind", low=0.0, high=1.0)
    contagion: Any = trait(
        0.1,
        "1",
        "part held lost of what others took out within a day, in a pool that is all lent out",
        low=0.0,
        high=1.0,
    )
    premium: Any = trait(0.02, "1/year", "least rate for which he deposits", low=0.0, high=10.0)
    pace: Any = trait(0.1, "1", "part of idle cash deposited in a calm look", low=0.0, high=1.0)


class Depositor(Strategy):
    """Withdraws all when fear outweighs interest; deposits slowly while it pays."""

    serves = "nft_lender"
    name = "depositor"
    Traits = DepositorTraits

    def open(self) -> None:
        """Deposits of the first morning."""
        population = self.population
        loans: Any = population.market.mechanisms.get("nft_loans")
        columns = population.columns
        own = np.flatnonzero(population.strategy[: population.size] == population.strategies.index(self))
        for slot in own.tolist() if loans is not None else []:
            account = int(population.account[slot])
            amount = int(population.market.ledger.balance(USD_ASSET, account) * columns["deposited"][slot])
            if amount > 0:
                loans.deposit(account, int(columns["desk"][slot]), amount)

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Both desks in turn."""
        if not market.has("nft_loans"):
            return
        view = market.nft_loans
        for number, desk in ((NFT_POOL, view.pool), (RIG_DESK, view.desk)):
            own = cohort.desk.astype(np.int64) == number
            if not own.any():
                continue
            lost = self._nft_losses(cohort, market) if number == NFT_POOL else self._rig_losses(cohort, view)
            claims = max(desk.claims, 1.0)
            fear = cohort.nerves * (lost / claims + cohort.contagion * desk.withdrawn * desk.utilisation)
            gain = desk.supply_rate * cohort.horizon / DAYS_PER_YEAR
            held = cohort.held(desk.deposit)
            leave = own & (fear > gain) & (held > 0)
            if leave.any():
                yield WithdrawLoans(cohort.account[leave], desk=number, shares=held[leave])
            amount = (cohort.held(USD_ASSET) * cohort.pace).astype(np.int64)
            calm = own & (fear < 0.5 * gain) & (desk.supply_rate > cohort.premium) & (amount > USD) & ~leave
            if calm.any() and not alarming(desk):
                yield DepositLoans(cohort.account[calm], desk=number, amount=amount[calm])

    @staticmethod
    def _nft_losses(cohort: Cohort, market: MarketView) -> NDArray[np.float64]:
        """What each expects the pool to lose [USD]."""
        view, nfts = market.nft_loans, market.nfts
        lent = np.flatnonzero(view.borrower >= 0)
        if lent.size == 0:
            return np.zeros(len(cohort))
        kind, debt = nfts.kind[lent], view.debt[lent] / USD
        fall = np.minimum(0.0, view.trend[kind])
        left = np.maximum(LEAST_EXPECTED, 1.0 + fall * cohort.outlook[:, None])
        floor = view.floor[kind]
        fetched = np.where(floor > 0.0, floor, 0.0) * left * (1.0 - cohort.slippage[:, None])
        short = np.maximum(0.0, debt - fetched)
        unwanted = debt * ((view.health[lent] < 1.0) & (view.bidder[lent] < 0))
        losses: NDArray[np.float64] = np.cumsum(np.maximum(short, cohort.dismay[:, None] * unwanted), axis=1)[:, -1]
        return losses

    @staticmethod
    def _rig_losses(cohort: Cohort, view: Any) -> NDArray[np.float64]:
        """What each expects the rig desk to lose [USD]: part of the loans that are behind."""
        behind = int(view.rig_debt[view.rig_arrears > LATE * view.rig_debt].sum()) / USD
        losses: NDArray[np.float64] = cohort.dismay * behind
        return losses


class NoteLenderTraits(Traits):
    """Traits of those who lend to one person for a term."""

    note_share: Any = trait(0.35, "1", "principal over the floor", low=0.01, high=1.0, source="NFTfi 2022: 30 to 50 %")
    note_days: Any = trait(30.0, "days", "term", low=1.0, high=3_650.0, source="NFTfi: 7 to 90 days")
    note_rate: Any = trait(
        {"uniform": {"low": 0.3, "high": 0.8}}, "1/year", "interest asked", low=0.0, high=10.0, source="NFTfi 2022"
    )
    note_form: Any = trait(1.0, "form", "0 the whole repayment at any time, 1 pro rata of time", low=0.0, high=1.0)


class NoteLender(PerAgentStrategy):
    """Keeps one offer open to lend on any collectible, a part of the floor for a term."""

    serves = "nft_lender"
    name = "note_lender"
    Traits = NoteLenderTraits

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """A new offer when the last is taken or has lapsed."""
        if not market.has("nft_loans"):
            return
        view, cash = market.nft_loans, int(market.balances[USD_ASSET, agent.account])
        floor = float(view.floor[COLLECTIBLE])
        if not floor > 0.0 or (view.offers[:, LENDER] == agent.account).any():
            return
        principal = int(floor * agent.note_share * USD)
        repayment = principal + int(principal * agent.note_rate * agent.note_days / DAYS_PER_YEAR)
        if 0 < principal <= cash:
            yield OfferNote.row(
                agent.account, kind=COLLECTIBLE, nft=-1, principal=principal, repayment=repayment,
                days=int(agent.note_days), form=int(agent.note_form),
            )  # fmt: skip
