"""Lenders: depositors of the lending pool who weigh its rate against what they may lose, and who run when others do.

Money in the pool must earn the safe rate and a premium, for the loss expected and for waiting one's turn, which grows
with the square of utilisation. Lenders' idea of the pool's rate follows what it pays with a memory, or everybody would
come and go at once. Fear is the worst of these: debt in bad health or already under water, over all debt; new bad debt,
over ten per cent of deposits; the share of lending neighbours who fled yesterday; .4 of how far utilisation is from .9
to 1, or of what was asked for yesterday in vain, over a quarter of deposits; and what a shock "rumour" says. It fades
slowly. Beyond his nerve a lender takes out all he can, day after day: first come, first served, so it pays to be early
[DiamondDybvig1983].
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from agents import social
from agents.base import Cohort, MarketAgent, Population, Strategy, Traits, trait
from agents.sheet import CLICK
from agents.vault_sheet import sheet_of
from model.actions import Action, Bundle
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.lending import Supply, Withdraw
from model.sheaf import Sheaf
from model.units import INDEX, USD
from model.view import MarketView

ALARM = 0.9  # utilisation at which every depositor looks
CROWDED = 0.4  # fear at full utilisation, or when much was asked for in vain; high rates speak against it
LOST, QUEUED = 0.10, 0.25  # of deposits: new bad debt, and unpaid withdrawals, at which fear is full
FRAIL, SOUND = 1.0, 1.25  # health of a debt that frightens fully, and not at all
NEVER = -2.0
UTILISATION, RATE, DEPOSITS, BAD, QUEUE, WORTH, RUMOUR = range(7)  # what lenders see of the pool


class LenderTraits(Traits):
    """Columns drawn once for each lender."""

    cash: Any = trait(
        {"lognormal": {"median": 10_000.0, "sigma": 1.0}}, "USD", "wealth at the start", low=1.0, high=1e9
    )
    attention: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.30}},
        "1/day",
        "probability to look at the pool on a day; certain after an alarm",
        low=0.0,
        high=1.0,
    )
    safe: Any = trait(
        {"uniform": {"low": 0.01, "high": 0.045}},
        "1/year",
        "safe rate of his money",
        source="assumption; between an idle stablecoin and US Treasury bills of 2023",
        low=-0.1,
        high=1.0,
    )
    loss: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.01}},
        "1/year",
        "loss on deposits expected without any fear",
        source="assumption",
        low=0.0,
        high=1.0,
    )
    illiquidity: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.02}},
        "1/year",
        "premium for waiting, at full utilisation; it goes with the square",
        low=0.0,
        high=1.0,
    )
    caution: Any = trait(0.10, "1/year", "premium at full fear", low=0.0, high=10.0)
    expected: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.09}},
        "1/year",
        "what lenders expect the pool to pay before they have seen it",
        source="assumption",
        low=0.0,
        high=10.0,
    )
    memory: Any = trait(30.0, "days", "of what the pool paid", low=0.1, high=3650.0)
    lasting: Any = trait(
        0.12,
        "1/year",
        "highest rate that lenders take for lasting; what a crowded pool pays above passes",
        low=0.0,
        high=10.0,
    )
    cap: Any = trait(
        {"uniform": {"low": 0.3, "high": 0.9}}, "1", "largest part of own wealth in the pool", low=0.0, high=1.0
    )
    appetite: Any = trait(
        0.03, "1/year", "return above what is required at which that part is reached", low=1e-4, high=10.0
    )
    pace: Any = trait({"uniform": {"low": 0.1, "high": 0.4}}, "1", "part of the gap moved at once", low=0.0, high=1.0)
    band: Any = trait(0.1, "1", "gap over own wealth below which a lender does nothing", low=0.0, high=1.0)
    nerve: Any = trait(
        {"uniform": {"low": 0.3, "high": 1.2}},
        "1",
        "fear beyond which he takes everything out; 1 and more is never reached",
        source="form: cutoffs explain withdrawals in laboratory runs, Garratt & Keister 2009; size: assumption",
        low=0.0,
        high=10.0,
    )
    calming: Any = trait(30.0, "days", "in which fear fades to 37 %", low=0.1, high=3650.0)


class Columns(Sheaf):
    """Traits and state by slot, float64[slot]."""

    safe: Any
    loss: Any
    illiquidity: Any
    caution: Any
    expected: Any  # moves with what is paid
    memory: Any
    lasting: Any
    cap: Any
    appetite: Any
    pace: Any
    band: Any
    nerve: Any
    calming: Any
    fear: Any  # 0 to 1
    looked: Any  # day of the last look, NEVER before
    bad_seen: Any  # bad debt of the pool by then [USD]
    fled: Any  # tick in which he last asked for everything, NEVER before


@kernel
def frailty(known: Any, debt: Any, health: Any) -> float:
    """Debt in bad health over all debt: each debt counts by how far its health is from sound to frail."""
    whole = frail = 0.0
    for account in range(known):
        if debt[account] > 0.0:
            whole += debt[account]
            frail += debt[account] * min(1.0, max(0.0, (SOUND - health[account]) / (SOUND - FRAIL)))
    return frail / whole if whole > 0.0 else 0.0


@kernel
def anybody_fled(fled: Any, n: int, tick: float, around: Any) -> bool:
    """Whether any of the first n lenders fled in the last tick; until that is looked into, nobody has seen it."""
    found = False
    for slot in range(n):
        found |= fled[slot] == tick - 1.0
        around[slot] = 0.0
    return found


@kernel
def warn(account: Any, n: int, shares: Any, fled: Any, alert: Any, all_look: bool) -> None:
    """Let depositors look today: all, or those of whose neighbours some fled yesterday, by the shares `fled`."""
    for slot in range(n):
        if shares[account[slot]] > 0 and (all_look or fled[slot] > 0.0):
            alert[slot] = True


@kernel
def fled_around(account: Any, n: int, place: Any, fled: Any, tick: float, indptr: Any, indices: Any, out: Any) -> None:
    """Share of each lender's neighbours, lenders among them, who fled in the last tick."""
    for slot in range(n):
        who, lenders, gone = account[slot], 0, 0
        out[slot] = 0.0
        if who + 1 >= indptr.size:
            continue
        for e in range(indptr[who], indptr[who + 1]):
            other = place[indices[e]]
            if other >= 0:
                lenders += 1
                gone += 1 if fled[other] == tick - 1.0 else 0
        out[slot] = gone / (lenders + 1.0)


@kernel
def decide(
    slots: Any, account: Any, alert: Any, own: Any, balances: Any, deposit: int, seen: Any, debt: Any, health: Any,
    around: Any, click: float, day: float, tick: float, supplies: Any, exits: Any,
) -> Any:  # fmt: skip
    """Fill rows of deposits and withdrawals; how many of each."""
    n_supplies = n_exits = 0
    frail = frailty(health.size, debt, health)
    deposits = max(seen[DEPOSITS], 1.0)
    for slot in slots:
        who = account[slot]
        days = day - own.looked[slot] if own.looked[slot] >= 0.0 else 0.0
        own.fear[slot] *= math.exp(-days / own.calming[slot])
        kept = math.exp(-days / own.memory[slot])
        own.expected[slot] = kept * own.expected[slot] + (1.0 - kept) * min(seen[RATE], own.lasting[slot])
        used = CROWDED * max(0.0, (seen[UTILISATION] - ALARM) / (1.0 - ALARM))
        lost = max(0.0, seen[BAD] - own.bad_seen[slot]) / deposits / LOST if own.looked[slot] >= 0.0 else 0.0
        worst = max(
            max(used, max(frail, seen[RUMOUR])),
            max(lost, max(around[slot], CROWDED * min(1.0, seen[QUEUE] / deposits / QUEUED))),
        )
        own.fear[slot] = max(own.fear[slot], min(1.0, worst))
        own.looked[slot], own.bad_seen[slot] = day, seen[BAD]
        shares, cash = balances[deposit, who], balances[USD_ASSET, who] / USD - 2.0 * click
        has = shares * seen[WORTH]
        if cash < 0.0:
            continue
        if own.fear[slot] > own.nerve[slot]:
            if shares > 0:
                exits[n_exits, 0], exits[n_exits, 1] = who, shares
                n_exits += 1
                own.fled[slot] = tick
                alert[slot] = True
            continue
        premium = own.loss[slot] + own.caution[slot] * own.fear[slot]
        premium += own.illiquidity[slot] * seen[UTILISATION] * seen[UTILISATION]
        spare = own.expected[slot] - own.safe[slot] - premium
        target = own.cap[slot] * min(1.0, max(0.0, spare / own.appetite[slot]))
        gap = target * (has + cash) - has
        idle = max(own.band[slot] * (has + cash), click)
        last = target == 0.0 and click < has <= idle
        if abs(gap) < idle and not last:
            continue
        if gap > 0.0:
            supplies[n_supplies, 0], supplies[n_supplies, 1] = who, int(min(own.pace[slot] * gap, cash) * USD)
            n_supplies += 1
        else:
            exits[n_exits, 0] = who
            exits[n_exits, 1] = shares if last else min(shares, int(own.pace[slot] * -gap / seen[WORTH]) + 1)
            n_exits += 1
    return n_supplies, n_exits


class Lender(MarketAgent):
    """Somebody who lends dollars to the pool, and fears for them."""

    kind = "lender"
    strategy = "fearful"
    Traits = LenderTraits

    @classmethod
    def open(cls, population: Population) -> None:
        """State columns and acquaintances."""
        for name, fill in (("fear", 0.0), ("looked", NEVER), ("bad_seen", 0.0), ("fled", NEVER), ("around", 0.0)):
            population.add_column(name, fill)
        social.connect(population.market)

    @classmethod
    def attention_factor(cls, population: Population) -> float:
        """What attention is multiplied by; all depositors look while the pool is nearly used up, or neighbours flee."""
        market = population.market
        view, n = market.view, len(population)
        if view.has("lending"):
            tick, columns = float(market.clock.tick), population.columns
            crowded = bool(view.lending.utilisation > ALARM or view.lending.queue > 0.0)
            seen = anybody_fled(columns["fled"], n, tick, columns["around"]) and view.has("social")
            if seen:
                place = np.full(view.balances.shape[1], -1, np.int64)
                place[population.account[:n]] = np.arange(n)
                links = (view.social.indptr, view.social.indices)
                fled_around(population.account, n, place, columns["fled"], tick, *links, columns["around"])
            if seen or crowded:
                shares = view.balances[view.lending.deposit_asset]
                warn(population.account, n, shares, columns["around"], population.alert, crowded)
        return market.attention


class Fearful(Strategy):
    """Lends what its rate above safe rate and premium justifies, and withdraws everything beyond its nerve."""

    serves = "lender"
    name = "fearful"

    def decide(self, cohort: Cohort, market: MarketView) -> Iterable[Action | Bundle]:
        """Deposits and withdrawals."""
        if not market.has("lending"):
            return
        population, pool, n = self.population, market.lending, len(cohort)
        columns, sheet = population.columns, sheet_of(population.market).look()
        figures = (pool.utilisation, pool.supply_rate, pool.deposits, pool.bad_debt, pool.queue)
        rumour = population.market.shocks["rumour"] - 1.0
        seen = np.array([*figures, pool.index_deposit / INDEX / USD, rumour], np.float64)
        supplies, exits = np.zeros((n, 4), np.int64), np.zeros((n, 4), np.int64)
        n_supplies, n_exits = decide(
            cohort.slots, population.account, population.alert, columns.of(Columns),
            market.balances, int(pool.deposit_asset), seen,
            pool.debt_usd, pool.health, columns["around"], float(sheet.scalars[CLICK]),
            market.tick * market.dt_days, float(market.tick), supplies, exits,
        )  # fmt: skip
        if n_exits:
            yield Withdraw.of_rows(exits[:n_exits])
        if n_supplies:
            yield Supply.of_rows(supplies[:n_supplies])
