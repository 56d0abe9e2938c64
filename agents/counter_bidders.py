"""Counter-bidders: funds that watch buy-outs and take the other side of those below value.

Under NIFTEX v1 only holders may counter, so they keep a few fractions of every vault.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents.base import Cohort, MarketAgent, PerAgentStrategy, Population, Traits, trait
from agents.possessions import claims_of, sold_out
from agents.sheet import CLICK, FEE, NAV, PRICE, RESERVE, RESERVE_USD, sheet_of
from model.actions import Action, Bundle, Row
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BidBuyout, CounterBuyout, Phase
from model.sheaf import Sheaf
from model.units import TOKEN, USD
from model.view import MarketView

BUY, SELL = 0, 1
NOTHING = int(Phase.NONE)
PAID_PIECEWISE = (int(Phase.COUNTER), int(Phase.REJECTION))
OUTBID = (int(Phase.AUCTION), int(Phase.BIDDING))
QUOTES = [PRICE, RESERVE, RESERVE_USD, FEE, NAV]
VALUE = QUOTES.index(NAV)
ALMOST = (1.0 - 1e-9) * TOKEN  # nobody who could sell is left out by rounding


class CounterBidderTraits(Traits):
    """Traits of all counter-bidders."""

    cash: Any = trait({"lognormal": {"median": 50_000.0, "sigma": 1.0}}, "USD", "cash at the start", low=0.0, high=1e12)
    attention: Any = trait(0.9, "1/day", "chance to look at buy-outs", low=0.0, high=1.0)
    foothold: Any = trait(20.0, "USD", "worth of fractions that he keeps of every vault", low=0.0, high=1e9)
    margin: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}}, "1", "below value at which he pays", low=0.0, high=1.0
    )
    part: Any = trait(0.5, "1", "most of his cash in one buy-out", low=0.0, high=1.0)
    impact: Any = trait(0.05, "1", "most by which a sale may move the price", low=1e-6, high=0.9)
    harvest: Any = trait(50.0, "USD", "coins worth this much are sold", low=0.0, high=1e9)


class CounterBidder(MarketAgent):
    """A fund that buys what raiders offer too little for."""

    kind = "counter_bidder"
    strategy = "counter"
    Traits = CounterBidderTraits
    reacts = False

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """He reads the contracts themselves, whatever becomes of the interface."""
        return 1.0


class Footholds(Sheaf):
    """Columns by slot that say how many fractions of each vault one keeps."""

    foothold: Any
    margin: Any
    impact: Any


@kernel
def worth_a_look(
    slots: Any, account: Any, own: Footholds, balances: Any, live: Any, fraction: Any, phase: Any, facts: Any, out: Any
) -> int:  # fmt: skip
    """Live vaults at which anybody may act: a buy-out is open, his foothold is missing, or above it the market pays value.

    Args:
        live, fraction, phase, facts: by vault, see `VaultsView`, `BuyoutsView` and `VaultSheet`
        out: rows of account, vault, and fractions held [base units], agent by agent
    """
    n = 0
    for slot in slots:
        who, foothold = account[slot], own.foothold[slot]
        for v in range(live.size):
            if not live[v]:
                continue
            held, price, fee = balances[fraction[v], who], facts[PRICE, v], facts[FEE, v]
            buys = held == 0 and foothold <= facts[RESERVE_USD, v] * own.impact[slot]
            pays = price * (1.0 - fee) >= facts[NAV, v] * (1.0 - own.margin[slot] / 2.0)
            if phase[v] != NOTHING or buys or (pays and held * price > ALMOST * foothold):
                out[n, 0], out[n, 1], out[n, 2] = who, v, held
                n += 1
    return n


class Counter(PerAgentStrategy):
    """Pays for fractions in escrow, or outbids, where the price is below value by his margin."""

    serves = "counter_bidder"
    name = "counter"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """One by one, with what they can claim and where they may act found beforehand."""
        if not market.has("buyouts"):
            return
        population, vaults = self.population, market.vaults
        self.sheet, self.claims = sheet_of(population.market).look(), claims_of(cohort, market)
        out = np.empty((len(cohort) * vaults.live.size, 3), np.int64)
        n = worth_a_look(
            cohort.slots, population.account, population.columns.of(Footholds), market.balances, vaults.live,
            vaults.fraction, market.buyouts.phase, self.sheet.facts, out,
        )  # fmt: skip
        self.seen: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for who, v, held in out[:n].tolist():
            self.seen[who].append((v, held))
        yield from super().decide(cohort, market)

    def decide_one(self, agent: Any, market: MarketView) -> Iterable[Row | Action]:
        """Claim and sell what is over; then answer buy-outs, and keep the footholds."""
        account = agent.account
        yield from sold_out(agent, market, self.claims)
        if account not in self.seen:
            return
        sheet, seen = self.sheet, market.buyouts
        cash = int(market.balances[USD_ASSET, account] - math.ceil(float(sheet.scalars[CLICK]) * USD))
        own = {name: getattr(agent, name) for name in ("part", "cash", "margin", "foothold", "impact")}
        for v, held in self.seen[account]:
            now, quote = int(seen.phase[v]), sheet.facts[QUOTES, v].tolist()
            if now == NOTHING:
                yield from self._trade(account, own, v, cash, held, *quote)
                continue
            most, need = min(int(own["part"] * own["cash"] * USD), cash), int(seen.need[v])
            worth = quote[VALUE] * (1.0 - own["margin"])
            if now in PAID_PIECEWISE:
                pays = min(most, need)
                if seen.price[v] < worth and pays > 0 and seen.opener[v] != account:
                    yield CounterBuyout.row(account, vault=v, usd=pays)
                    cash -= pays
            elif now in OUTBID:
                whole = worth * float(seen.supply[v]) / TOKEN * USD
                if need <= min(cash, whole) and seen.opener[v] != account:
                    yield BidBuyout.row(account, vault=v, usd=need)
                    cash -= need

    def _trade(
        self, account: int, own: dict[str, float], v: int, cash: int, held: int, price: float, depth: float, usd: float,
        fee: float, value: float,
    ) -> Iterable[Action]:  # fmt: skip
        """Buy the foothold if it is missing; sell what is above it where the market pays the value."""
        if price <= 0.0 or depth <= 0.0:
            return
        foothold, impact, side, amount = own["foothold"], own["impact"], BUY, 0
        if held == 0 and 0.0 < foothold * USD <= cash and foothold <= usd * impact:
            amount = int(foothold * USD)
        elif price * (1.0 - fee) >= value * (1.0 - own["margin"] / 2.0) > 0.0:
            side = SELL
            amount = min(held - int(foothold / price * TOKEN), int(depth * impact / 2.0 * TOKEN))
        if amount > 0:
            rows = np.array([[account, v, side, amount, 1, 0, 0]], np.int64)
            yield from self.sheet.venues.route(rows, 1)
