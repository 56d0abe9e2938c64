"""Raiders: they look for vaults that sleeping holders would let go below value, and open the buy-out that pays best.

A raider first buys a toe-hold where the design asks for one, then opens; of other vaults he sells what the market pays him
at least the resale value for. Under reserve auctions he bids the reserve, and outbids others while it pays, and takes a bid
that stands without an end back after his rest; where his own toe-hold is enough to carry the vote, he votes for his own low
offer. What he wins he sells: NFTs to the market or the world, rigs at resale value.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Traits, trait
from agents.possessions import goods_of, has_goods, sold_out
from agents.raid_targets import Aims, answers, choose, prey
from agents.rows import put_four
from agents.sheet import CLICK, FEE, NAV, PRICE, RESERVE, RESERVE_USD
from agents.standing_bids import taken_back
from agents.vault_sheet import sheet_of
from model.actions import BUY, SELL, Action, Bundle, Row
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BidBuyout, OpenBuyout, Phase, VoteBuyout
from model.units import TOKEN, USD
from model.view import MarketView

NOTHING, AUCTION, BIDDING = int(Phase.NONE), int(Phase.AUCTION), int(Phase.BIDDING)
BY_RESERVE, BY_UNLOCK = "reserve_auction", "unlock_vote"
BY_VOTE = (BY_RESERVE, BY_UNLOCK)  # nothing is locked with the offer
NOWHERE = -1.0  # no target
LONG_AGO = -1e6  # days, before any rest could matter


class RaiderTraits(Traits):
    """Traits of all raiders."""

    cash: Any = trait({"lognormal": {"median": 100_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=9e9)
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


@kernel
def stir(
    slots: Any, account: Any, own: Aims, balances: Any, coin: float, owner: Any, registered: Any,
    value: Any, phase: Any, opener: Any, supply: Any, need: Any, n_open: int, day: float, out: Any,
) -> Any:  # fmt: skip
    """Raiders who have something to sell or to outbid, and those who may open a buy-out today.

    Args:
        coin, owner, registered: see `agents.possessions.goods_of`
        value: of a fraction by vault [USD]; phase, opener, supply, need, n_open: see `BuyoutsView`
        day: of the run
        out: their slots, int64[2, slot]

    Returns:
        how many there are of both
    """
    n_busy = n_free = 0
    for slot in slots:
        who = account[slot]
        acts = has_goods(balances, who, own.harvest[slot], coin, owner, registered)
        free = own.tried[slot] < own.attempts[slot] and day - own.last_try[slot] >= own.rest[slot]
        for v in range(phase.size if n_open else 0):
            if phase[v] != 0 and opener[v] == who:
                free = False
            elif phase[v] == AUCTION or phase[v] == BIDDING:
                whole = value[v] * float(supply[v]) / TOKEN
                gain = own.resale[slot] - need[v] / USD / whole if whole > 0.0 else -1.0
                acts |= gain >= own.least_gain[slot] and need[v] <= balances[USD_ASSET, who]
        if acts:
            out[0, n_busy] = slot
            n_busy += 1
        if free:
            out[1, n_free] = slot
            n_free += 1
    return n_busy, n_free


@kernel
def sell_rest(
    slots: Any, account: Any, own: Aims, balances: Any, fraction: Any, live: Any, facts: Any, phase: Any, click: float,
    rows: Any,
) -> int:  # fmt: skip
    """Write down what raiders sell of vaults that are not their target, where the market pays resale value; how many rows.

    Args:
        fraction, live, phase: by vault; facts: see `VaultSheet`
        click: cost of a transaction, which a sale must be worth [USD]
        rows: out, as venues route them
    """
    n = 0
    for slot in slots:
        who = account[slot]
        for v in range(live.size):
            held = balances[fraction[v], who] if live[v] and phase[v] == NOTHING and v != own.target[slot] else 0
            if held <= 0:
                continue
            got = facts[PRICE, v] * (1.0 - facts[FEE, v])
            amount = min(held, np.int64(facts[RESERVE, v] * own.impact[slot] / 2.0 * TOKEN))
            if got >= own.resale[slot] * facts[NAV, v] and amount / TOKEN * got > click:
                n = put_four(rows, n, who, v, SELL, amount, 1)
    return n


class Raid(PerAgentStrategy):
    """Opens the buy-out with the best gain expected, one at a time, and keeps to a target until he has opened."""

    serves = "raider"
    name = "raid"

    def open(self) -> None:
        """Nobody has tried yet, or has a target."""
        self.population.add_column("tried", 0.0)
        self.population.add_column("last_try", LONG_AGO)
        self.population.add_column("target", NOWHERE)

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """One by one, those who have something to do."""
        if not market.has("buyouts"):
            return
        population, seen, balances = self.population, market.buyouts, market.balances
        yield from taken_back(seen, cohort.account, cohort.rest)
        sheet, own = sheet_of(population.market).look(), population.columns.of(Aims)
        self.facts = sheet.facts
        value, day, out = self.facts[NAV], market.tick * market.dt_days, np.empty((2, len(cohort)), np.int64)
        n_busy, n_free = stir(
            cohort.slots, population.account, own, balances, *market.once(goods_of), value, seen.phase, seen.opener,
            seen.supply, seen.need, seen.n_open, day, out,
        )  # fmt: skip
        self.targets: dict[int, tuple[int, int, float]] = {}
        if n_free:
            free, found, offers = out[1, :n_free], np.empty((2, n_free), np.int64), np.empty(n_free)
            n = seen.allowed.size
            vaults = prey(value[:n], self.facts[PRICE, :n], sheet.fraction, seen)
            choose(
                free, population.account, own, balances, vaults, answers(seen), market.dt_days, found, offers
            )  # fmt: skip
            chosen = zip(free.tolist(), *found.tolist(), offers.tolist(), strict=True)
            population.columns.put("target", free, found[0].astype(np.float64))
            self.targets = {slot: (v, stake, offer) for slot, v, stake, offer in chosen if v >= 0}
        live = market.vaults.live
        rows = np.empty((len(cohort) * live.size, 7), np.int64)
        n_rows = sell_rest(
            cohort.slots, population.account, own, balances, sheet.fraction, live, self.facts, seen.phase,
            float(sheet.scalars[CLICK]), rows,
        )  # fmt: skip
        if n_rows:
            yield from sheet.venues.route(rows, n_rows)
        if n_busy or self.targets:
            slots = np.array(sorted({*out[0, :n_busy].tolist(), *self.targets}), np.int64)
            yield from super().decide(Cohort(population, slots, cohort.receipts), market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row | Action]:
        """Sell what was won, outbid, then go for the target."""
        yield from sold_out(agent, market)
        if market.buyouts.n_open:
            yield from self._outbid(agent, market)
        if agent.slot in self.targets:
            yield from self._approach(agent, market, *self.targets[agent.slot])

    def _outbid(self, agent: Any, market: MarketView) -> Iterable[Row]:
        """Bid in auctions of others while what is won is worth more."""
        seen = market.buyouts
        for v in np.flatnonzero((seen.phase == AUCTION) | (seen.phase == BIDDING)):
            whole = float(self.facts[NAV, v]) * float(seen.supply[v]) / TOKEN
            need = int(seen.need[v])
            gain = agent.resale - need / USD / whole if whole > 0.0 else -1.0
            if (
                seen.opener[v] != agent.account
                and gain >= agent.least_gain
                and need <= market.balances[USD_ASSET, agent.account]
            ):
                yield BidBuyout.row(agent.account, vault=int(v), usd=need)

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
        columns["target"][agent.slot] = NOWHERE
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
