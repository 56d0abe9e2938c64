"""Raiders: they look for vaults that sleeping holders would let go below value, and open the buy-out that pays best.

A raider first buys a toe-hold where the design asks for one, then opens. Under reserve auctions he bids the reserve, and
outbids others while it pays; where his own toe-hold is enough to carry the vote, he votes for his own low offer. What he wins he
sells: NFTs to the market or the world, rigs at resale value.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Traits, trait
from agents.possessions import Claims, claims_of, sold_out
from agents.raid_plans import Crowd, best_plan
from agents.sheet import CLICK, FEE, NAV, PRICE, RESERVE, RESERVE_USD, sheet_of
from model.actions import Action, Bundle, Row
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BidBuyout, OpenBuyout, Phase, VoteBuyout
from model.units import TOKEN, USD
from model.view import MarketView

BUY = 0
AUCTION, BIDDING = int(Phase.AUCTION), int(Phase.BIDDING)
BY_RESERVE, BY_UNLOCK = "reserve_auction", "unlock_vote"
BY_VOTE = (BY_RESERVE, BY_UNLOCK)  # nothing is locked with the offer
LONG_AGO = -1e6  # days, before any rest could matter


class RaiderTraits(Traits):
    """Traits of all raiders."""

    cash: Any = trait(
        {"lognormal": {"median": 100_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=1e12
    )
    attention: Any = trait(1.0, "1/day", "chance to look for targets", low=0.0, high=1.0)
    sleepiness: Any = trait(
        {"uniform": {"low": 0.0005, "high": 0.02}}, "1/day", "attention that he believes holders to have", low=0.0, high=1.0,
        source="assumption; fractions of NFTs whose interface had closed were watched by next to nobody, 2021-2022",
    )  # fmt: skip
    crowd_spread: Any = trait(0.2, "log", "spread of holders' values, as he believes", low=0.0, high=3.0)
    toehold: Any = trait(
        {"uniform": {"low": 0.01, "high": 0.05}}, "1", "part of supply that he buys and locks", low=0.0, high=0.49
    )
    least_share: Any = trait(0.05, "1", "least part of value that he offers", low=1e-6, high=10.0)
    most_share: Any = trait(0.95, "1", "largest part of value that he offers", low=1e-6, high=10.0)
    resale: Any = trait(0.85, "1", "part of value that he counts on for what he wins", low=0.0, high=10.0)
    least_gain: Any = trait(0.02, "1", "gain expected over the vault's value from which he acts", low=-10.0, high=10.0)
    impact: Any = trait(0.10, "1", "most by which buying a toe-hold may move the price", low=1e-6, high=0.9)
    rest: Any = trait(14.0, "days", "from one attempt to the next", low=0.0, high=3_650.0)
    attempts: Any = trait(20.0, "buy-outs", "most that he opens", low=0.0, high=1e6)
    harvest: Any = trait(50.0, "USD", "coins worth this much are sold", low=0.0, high=1e9)


class Raider(MarketAgent):
    """Somebody with money who buys whole vaults out below value."""

    kind = "raider"
    strategy = "raid"
    Traits = RaiderTraits
    reacts = False

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """He reads the contracts themselves, whatever becomes of the interface."""
        return 1.0


class Raid(PerAgentStrategy):
    """Opens the buy-out with the best gain expected, one at a time."""

    serves = "raider"
    name = "raid"

    def open(self) -> None:
        """Nobody has tried yet."""
        self.claims: Claims = {}
        self.population.add_column("tried", 0.0)
        self.population.add_column("last_try", LONG_AGO)

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """One by one, with what they can claim found beforehand."""
        if market.has("buyouts"):
            self.claims = claims_of(cohort, market)
            yield from super().decide(cohort, market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row | Action]:
        """Sell what was won, claim, outbid, then look for a target."""
        yield from sold_out(agent, market, self.claims)
        seen, mine = market.buyouts, agent.account
        if seen.n_open:
            yield from self._outbid(agent, market)
        day = market.tick * market.dt_days
        busy = seen.n_open > 0 and bool(np.any((seen.opener == mine) & (seen.phase != 0)))
        if busy or agent.tried >= agent.attempts or day - agent.last_try < agent.rest:
            return
        target = self._target(agent, market)
        if target is not None:
            yield from self._approach(agent, market, *target)

    def _outbid(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Bid in auctions of others while what is won is worth more."""
        seen, facts = market.buyouts, sheet_of(self.population.market).look().facts
        for v in np.flatnonzero((seen.phase == AUCTION) | (seen.phase == BIDDING)):
            whole = float(facts[NAV, v]) * float(seen.supply[v]) / TOKEN
            need = int(seen.need[v])
            gain = agent.resale - need / USD / whole if whole > 0.0 else -1.0
            if (
                seen.opener[v] != agent.account
                and gain >= agent.least_gain
                and need <= market.balances[USD_ASSET, agent.account]
            ):
                yield BidBuyout.row(agent.account, vault=int(v), usd=need)

    def _target(self, agent: Any, market: MarketView) -> tuple[int, int, float] | None:
        """The vault that promises most: its number, fractions to lock, and the offer for a fraction [USD]."""
        seen = market.buyouts
        best, found, known = 0.0, None, market.once(self._known)
        toehold, resale, cash, least_share, least_gain = (
            getattr(agent, name) for name in ("toehold", "resale", "cash", "least_share", "least_gain")
        )
        for v, value, supply, place, least_stake, least_bid, threshold in known:
            design = seen.places[place]
            if value <= 0.0:
                continue
            stake = max(round(toehold * supply), least_stake)
            alone = design in BY_VOTE and toehold >= threshold
            stake = stake if alone or design not in BY_VOTE else 0
            whole, least = value * supply / TOKEN, least_bid / USD
            if design == BY_RESERVE and (least > 0.0 or not alone):
                share, stake = least / whole, 0
                gain = resale - share if least > 0.0 else -math.inf
            elif alone:
                share, gain = least_share, (resale - least_share) * (1.0 - toehold)
            else:
                crowd = Crowd(agent.sleepiness, int(seen.holders[v]), agent.crowd_spread)
                high = max(least_share, agent.most_share)
                plan = best_plan(
                    design, stake / supply, threshold, float(max(seen.window[v], market.dt_days)), crowd,
                    least_share, high, resale,
                )  # fmt: skip
                share, gain = plan.share, plan.gain
            usd = share * value * supply / TOKEN
            if gain >= least_gain and usd <= cash and gain * whole > best:
                best, found = gain * whole, (v, stake, share * value)
        return found

    def _known(self, market: MarketView) -> list[tuple[Any, ...]]:
        """Vaults on which a buy-out may be opened: number, value, supply, design, stake, bid and threshold."""
        seen, facts = market.buyouts, sheet_of(self.population.market).look().facts
        open_to = np.flatnonzero(seen.allowed)
        columns = (facts[NAV], seen.supply, seen.design, seen.least_stake, seen.least_bid, seen.threshold)
        return list(zip(open_to.tolist(), *(column[open_to].tolist() for column in columns), strict=True))

    def _approach(self, agent: Any, market: MarketView, v: int, stake: int, offer: float) -> Iterable[Row | Action]:
        """Open if the toe-hold is there, otherwise buy of it what the market gives."""
        seen, account = market.buyouts, agent.account
        held = int(market.balances[market.vaults.fraction[v], account])
        if held < stake:
            yield from self._buy(agent, v, stake - held)
            return
        design, supply, least = seen.places[seen.design[v]], int(seen.supply[v]), int(seen.least_bid[v])
        if design == BY_RESERVE and least == 0:
            yield VoteBuyout.row(account, vault=v, amount=max(1, round(offer * supply / TOKEN * USD)))
            return
        locked = 0 if design in BY_VOTE else stake
        usd = max(1, least, round(offer * (supply - locked) / TOKEN * USD))
        columns = self.population.columns
        columns["tried"][agent.slot] += 1.0
        columns["last_try"][agent.slot] = market.tick * market.dt_days
        yield OpenBuyout.row(account, vault=v, fractions=locked, usd=usd)
        if design == BY_UNLOCK and stake > 0:
            yield VoteBuyout.row(account, vault=v, amount=held)

    def _buy(self, agent: Any, v: int, wanted: int) -> Iterable[Action]:
        """Fractions on the market, as far as the price moves little."""
        sheet = sheet_of(self.population.market)
        price, depth, usd, fee = (float(sheet.facts[row, v]) for row in (PRICE, RESERVE, RESERVE_USD, FEE))
        if price <= 0.0 or depth <= 0.0:
            return
        amount = min(wanted / TOKEN, depth * agent.impact / 2.0)
        paid = usd * amount / (depth - amount) / (1.0 - fee) * (1.0 + fee) + 1.0 / USD
        if paid + float(sheet.scalars[CLICK]) > agent.cash:
            return
        rows = np.array([[agent.account, v, BUY, math.ceil(paid * USD), 1, 0, 0]], np.int64)
        yield from sheet.venues.route(rows, 1)
