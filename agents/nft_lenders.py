"""Lenders to owners of NFTs and to miners: depositors who run when others do, and those who lend to one person for a term.

A depositor weighs what a pool pays against what it may lose: debts above what their NFTs would fetch, after the fall that
he expects; debts that nobody bids for, or that fall behind; and the money that others took out today. First come, first
served: when much is taken out everybody looks [DiamondDybvig1983].
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Strategy, Traits, trait
from agents.nft_floors import come_across
from model.actions import Action, Bundle, Row
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.nft_loans import NFT_POOL, DepositLoans, OfferNote, WithdrawLoans
from model.sheaf import Sheaf
from model.streams import u01
from model.units import DAYS_PER_YEAR, USD
from model.view import MarketView

LENDER = 1  # column of an offer to lend
ALERT = 0.95  # chance to look within a day, for those who look most often, while others run
ALARMING_USE, ALARMING_WITHDRAWALS = 0.9, 0.05
LATE = 0.05  # of a debt to the rig desk is behind schedule: about a month
LEAST_EXPECTED = 0.2  # nobody expects floors to fall by more than to this part


class NftLenderTraits(Traits):
    """Traits of all lenders."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=9e9)
    attention: Any = trait(0.3, "1/day", "chance to look at the market; .95 while others run", low=0.0, high=1.0)
    desk: Any = trait(0.0, "", "whom he lends to: 0 owners of NFTs, 1 miners", low=0.0, high=1.0)


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


class Nerves(Sheaf):
    """Traits of depositors by slot."""

    desk: Any
    nerves: Any
    horizon: Any
    outlook: Any
    slippage: Any
    dismay: Any
    contagion: Any
    premium: Any
    pace: Any


@kernel
def weigh(
    slots: Any, account: Any, own: Nerves, pool: Any, rigs: Any, pool_asset: int, rigs_asset: int, calm: Any, borrower: Any,
    debt: Any, health: Any, bidder: Any, collection: Any, floor: Any, trend: Any, rig_debt: Any, rig_arrears: Any, balances: Any,
    exits: Any, deposits: Any,
) -> Any:  # fmt: skip
    """Fill rows of withdrawals and deposits, each at the desk at which one lends; how many of each.

    Args:
        pool, rigs: of the two desks claims [USD], withdrawn, used [1], and rate paid [1/year]
        pool_asset, rigs_asset: claims on their money; calm: by desk, whether anybody deposits
        borrower, debt, health, bidder, collection: by NFT; floor, trend: by collection, see `NftLoansView`
        rig_debt, rig_arrears: by account, see there
    """
    n_exits = n_deposits = 0
    behind = -1.0  # debts to the rig desk that are behind schedule, once somebody asks [USD]
    for slot in slots:
        number = np.int64(own.desk[slot])
        desk, asset = (pool, pool_asset) if number == NFT_POOL else (rigs, rigs_asset)
        claims, withdrawn, used, paid = max(desk[0], 1.0), desk[1], desk[2], desk[3]
        who, lost = account[slot], 0.0
        if number == NFT_POOL:
            for n in range(borrower.size):
                if borrower[n] < 0:
                    continue
                c, owed = collection[n], debt[n] / USD
                fall = 0.0 if trend[c] > 0.0 else trend[c]
                left = 1.0 + fall * own.outlook[slot]
                left = LEAST_EXPECTED if left < LEAST_EXPECTED else left
                known = floor[c]
                fetched = (known if known > 0.0 else 0.0) * left * (1.0 - own.slippage[slot])
                unwanted = owed if health[n] < 1.0 and bidder[n] < 0 else 0.0
                short = 0.0 if owed - fetched < 0.0 else owed - fetched
                lost += max(short, own.dismay[slot] * unwanted)
        else:
            if behind < 0.0:
                late = np.int64(0)
                for who_owes in range(rig_debt.size):
                    late += rig_debt[who_owes] if rig_arrears[who_owes] > LATE * rig_debt[who_owes] else 0
                behind = late / USD
            lost = own.dismay[slot] * behind
        fear = own.nerves[slot] * (lost / claims + own.contagion[slot] * withdrawn * used)
        gain = paid * own.horizon[slot] / DAYS_PER_YEAR
        held = balances[asset, who]
        amount = np.int64(balances[USD_ASSET, who] * own.pace[slot])
        if fear > gain and held > 0:
            exits[n_exits, 0], exits[n_exits, 1], exits[n_exits, 2] = who, number, held
            n_exits += 1
        elif calm[number] and fear < 0.5 * gain and paid > own.premium[slot] and amount > USD:
            deposits[n_deposits, 0], deposits[n_deposits, 1], deposits[n_deposits, 2] = who, number, amount
            n_deposits += 1
    return n_exits, n_deposits


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
        """Those of both desks."""
        if not market.has("nft_loans"):
            return
        view, population = market.nft_loans, self.population
        pool, desk, rows = view.pool, view.desk, np.zeros((2, len(cohort), 5), np.int64)
        n_exits, n_deposits = weigh(
            cohort.slots, population.account, population.columns.of(Nerves), _figures(pool), _figures(desk), pool.deposit,
            desk.deposit, (not alarming(pool), not alarming(desk)), view.borrower, view.debt, view.health, view.bidder,
            market.nfts.collection, view.floor, view.trend, view.rig_debt, view.rig_arrears, market.balances, rows[0], rows[1],
        )  # fmt: skip
        if n_exits:
            yield WithdrawLoans.of_rows(rows[0, :n_exits])
        if n_deposits:
            yield DepositLoans.of_rows(rows[1, :n_deposits])


def _figures(desk: Any) -> tuple[float, float, float, float]:
    """What depositors look at."""
    return float(desk.claims), float(desk.withdrawn), float(desk.utilisation), float(desk.supply_rate)


class NoteLenderTraits(Traits):
    """Traits of those who lend to one person for a term."""

    note_share: Any = trait(0.35, "1", "principal over the floor", low=0.01, high=1.0, source="NFTfi 2022: 30 to 50 %")
    note_days: Any = trait(30.0, "days", "term", low=1.0, high=3_650.0, source="NFTfi: 7 to 90 days")
    note_rate: Any = trait(
        {"uniform": {"low": 0.3, "high": 0.8}}, "1/year", "interest asked", low=0.0, high=10.0, source="NFTfi 2022"
    )
    note_form: Any = trait(1.0, "", "0 the whole repayment at any time, 1 pro rata of time", low=0.0, high=1.0)


class NoteLender(PerAgentStrategy):
    """Keeps one offer open to lend on any piece of a collection that he comes across, a part of the floor for a term."""

    serves = "nft_lender"
    name = "note_lender"
    Traits = NoteLenderTraits

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """A new offer when the last is taken or has lapsed."""
        if not market.has("nft_loans"):
            return
        view, nfts, cash = market.nft_loans, market.nfts, float(market.balances[USD_ASSET, agent.account])
        if (view.offers[:, LENDER] == agent.account).any():
            return
        first = int(u01(market.key("notes", agent.kind), agent.slot, 0) * nfts.n)
        of = come_across(
            first, nfts.owner, nfts.kind, nfts.collection, view.floor, float(agent.note_share), cash / USD
        )  # fmt: skip
        if of < 0:
            return
        principal = int(float(view.floor[of]) * agent.note_share * USD)
        repayment = principal + int(principal * agent.note_rate * agent.note_days / DAYS_PER_YEAR)
        if principal > 0:
            yield OfferNote.row(
                agent.account, collection=of, nft=-1, principal=principal, repayment=repayment,
                days=int(agent.note_days), form=int(agent.note_form),
            )  # fmt: skip
