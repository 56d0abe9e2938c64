"""The study's agents as a package of a user's own: kinds and strategies that come with `plugins`."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from model.actions import Action
from model.flows import Flow
from model.mechanisms.amm import Swap
from model.mechanisms.lending import Borrow, Pledge, Repay, StandBy, Supply
from model.units import TOKEN, USD
from model.view import MarketView

VAULT = 0  # there is one
BUY, SELL = 0, 1
OLD_RIG = (1_000, 10_000.0, 1.0)  # GH/s, J/TH, USD/kWh: a vault must hold something, and this never pays to run


class SponsorTraits(Traits):
    """What opens the market."""

    cash: Any = trait(0.0, "USD", "for the pool and the deposit", low=0.0)
    attention: Any = trait(0.0, "1/day", "he comes on the first day alone", low=0.0, high=1.0)
    deposit: Any = trait(0.0, "USD", "supplied to the lending pool on the first day", low=0.0)
    pool_fractions: Any = trait(0.0, "fractions", "in the pool at the start, with dollars at their worth", low=0.0)
    arbitrage_fractions: Any = trait(0.0, "fractions", "given to the arbitrageur", low=0.0)
    backing: Any = trait(0.001, "BTC", "a fraction is a claim on", low=0.0)


class Sponsor(MarketAgent):
    """Makes the vault, its pool and the deposit."""

    kind = "sponsor"
    strategy = "deposit"
    Traits = SponsorTraits
    reacts = False

    @classmethod
    def open(cls, population: Population) -> None:
        """Make fractions, hand them out and open the pool at their worth."""
        population.alert[:] = True
        market, own = population.market, int(population.account[0])
        vaults, amm = market.mechanisms["vaults"], market.mechanisms["amm"]
        v = vaults.create(own, 0)
        vaults.endow(v, *OLD_RIG)
        fraction, borrowers = int(vaults.fraction[v]), market.populations["borrower"]
        keeper = int(market.populations["price_keeper"].account[0])
        given = round(population.arbitrage_fractions[0] * TOKEN)
        market.ledger.pay(fraction, own, keeper, given, Flow.ENDOWMENT)
        pledges = np.round(borrowers.pledge * TOKEN).astype(np.int64)
        source = np.full(len(borrowers), own)
        market.ledger.move_many(fraction, source, borrowers.account[: len(borrowers)], pledges, Flow.ENDOWMENT)
        price = population.backing[0] * market.mechanisms["bitcoin"].price
        fractions = population.pool_fractions[0]
        amm.seed(v, own, round(fractions * price * USD), round(fractions * TOKEN))


class Deposits(Strategy):
    """Supplies once and waits."""

    serves = "sponsor"
    name = "deposit"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action]:
        """The deposit of the first day."""
        yield Supply(cohort.account, amount=np.round(cohort.deposit * USD).astype(np.int64))


class BorrowerTraits(Traits):
    """Columns drawn once for each borrower."""

    attention: Any = trait(0.14, "1/day", "probability to see to the loan on a day", low=0.0, high=1.0)
    pledge: Any = trait(100.0, "fractions", "own ones, all pledged on the first day", low=0.0)
    target: Any = trait(2.0, "1", "health factor that he likes", low=1.0)
    prudence: Any = trait(0.5, "1", "part of what he owes too much that he repays when he looks", low=0.0, high=1.0)
    band: Any = trait(0.1, "1", "difference from the wanted debt that he does not mind", low=0.0, high=1.0)


class Borrower(MarketAgent):
    """Owes about as much as leaves him his health factor."""

    kind = "borrower"
    strategy = "hold_health"
    Traits = BorrowerTraits
    reacts = False

    @classmethod
    def open(cls, population: Population) -> None:
        """All pledge on the first day."""
        population.alert[:] = True


class HoldsHealth(Strategy):
    """Pledges all, then borrows up to the wanted debt or repays part of what is too much."""

    serves = "borrower"
    name = "hold_health"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action]:
        """Pledges of the first day; then loans and repayments."""
        who = cohort.account
        if market.tick == 0:
            yield Pledge(who, vault=VAULT, amount=np.round(cohort.pledge * TOKEN).astype(np.int64))
            return
        lending = market.lending
        debt = lending.debt_usd[who]
        wanted = lending.threshold * lending.collateral_value[who] / cohort.target
        less, more = debt > wanted * (1.0 + cohort.band), debt < wanted * (1.0 - cohort.band)
        if less.any():
            paid = np.minimum(cohort.prudence * (debt - wanted), cohort.cash)[less]
            yield Repay(who[less], amount=(paid * USD).astype(np.int64))
        if more.any():
            yield Borrow(who[more], amount=((wanted - debt)[more] * USD).astype(np.int64))


class PriceKeeperTraits(Traits):
    """Columns of the arbitrageur."""

    cash: Any = trait(0.0, "USD", "own capital", low=0.0)
    attention: Any = trait(1.0, "1/day", "bots look at every tick", low=0.0, high=1.0)
    backing: Any = trait(0.001, "BTC", "a fraction is a claim on", low=0.0)


class PriceKeeper(MarketAgent):
    """An arbitrageur with fractions and dollars enough."""

    kind = "price_keeper"
    strategy = "close_gap"
    Traits = PriceKeeperTraits
    reacts = False


class ClosesGap(Strategy):
    """Trades until the pool's price with its fee is what a fraction is worth [AngerisChitra2020]."""

    serves = "price_keeper"
    name = "close_gap"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action]:
        """One swap, if the gap is wider than the fee."""
        pool, worth, kept = market.amm, float(cohort.backing[0]) * market.bitcoin.price, 1.0 - market.amm.fee
        usd, fractions = pool.reserve_usd[VAULT] / USD, pool.reserve_fraction[VAULT] / TOKEN
        buys = (math.sqrt(usd * fractions * kept * worth) - usd) / kept
        sells = (math.sqrt(usd * fractions * kept / worth) - fractions) / kept
        amount = int(buys * USD) if buys > 0.0 else int(sells * TOKEN)
        if amount > 0:
            yield Swap(cohort.account, vault=VAULT, side=BUY if buys > 0.0 else SELL, amount=amount, limit=0)


class SeizerTraits(Traits):
    """Columns of the liquidator."""

    cash: Any = trait(0.0, "USD", "own capital", low=0.0)
    attention: Any = trait(1.0, "1/day", "bots look at every tick", low=0.0, high=1.0)


class Seizer(MarketAgent):
    """A liquidator with dollars enough."""

    kind = "seizer"
    strategy = "sell_at_once"
    Traits = SeizerTraits
    reacts = False


class SellsAtOnce(Strategy):
    """Stands ready with all he has, and sells what he seized on the next day."""

    serves = "seizer"
    name = "sell_at_once"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action]:
        """The order of the first day; then sales."""
        if market.tick == 0:
            yield StandBy(cohort.account, capital=(cohort.cash * USD).astype(np.int64), least=0)
            return
        held = cohort.held(self.population.market.mechanisms["vaults"].fraction[VAULT])
        if held[0] > 0:
            yield Swap(cohort.account, vault=VAULT, side=SELL, amount=held, limit=0)
