"""Attackers: they pump a thin pool, borrow against what it makes their fractions seem worth, and keep the loan.

Fractions are gathered first. Then, on a chain where several steps are one transaction, everything happens in a bundle:
a flash loan pays for the pump, the collateral is pledged, the loan taken, the pumped fractions sold, the flash loan paid
back. Without bundles own money pays, and whatever the market does until the next tick is the attacker's risk. What it
costs and from when it pays: `agents.manipulation`. Present only where a scenario names them.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from agents.base import MarketAgent, PerAgentStrategy, Traits, trait
from agents.manipulation import attack_profit, spot_for
from agents.quotes import amount_out
from model.actions import BUY, SELL, Bundle, Row
from model.ledger import USD_ASSET
from model.mechanisms.amm import Swap, price_move_cost
from model.mechanisms.lending import Borrow, FlashBorrow, FlashRepay, Pledge, Release
from model.units import TOKEN, USD
from model.view import MarketView

GATHERING, PUMPED, OVER = 0.0, 1.0, 2.0
NOWHERE = -1.0
EASE, EASINGS = 0.95, 80  # a pump that is too dear for the money at hand is made smaller step by step
PIECES = 10  # loans asked for at once where others may have moved the pool before; as many as it still bears are had
MEANS = "twap"


class AttackerTraits(Traits):
    """Columns drawn once for each attacker."""

    cash: Any = trait(15_000.0, "USD", "own capital; what is more must be lent by flash", low=1.0, high=1e9)
    attention: Any = trait(1.0, "1/day", "attackers look at every tick", low=0.0, high=1.0)


class OraclePumpTraits(Traits):
    """How an attacker pumps."""

    first_day: Any = trait(20.0, "days", "day from which an attack may begin", low=0.0, high=1e6)
    multiple: Any = trait(4.0, "1", "factor on the price that the loan is to see", low=1.0, high=1e3)
    collateral: Any = trait(0.25, "1", "fractions pledged, over those in the pool", low=0.001, high=100.0)
    bundled: Any = trait(
        1.0, "1", "1: in one bundle with a flash loan; 0: over ticks with own money", low=0.0, high=1.0
    )
    taken: Any = trait(
        0.1, "1", "over ticks: what others are expected to sell into the pump, over what it bought", low=0.0, high=10.0
    )
    least_profit: Any = trait(100.0, "USD", "expected profit below which nothing is done", low=-1e12, high=1e12)
    patience: Any = trait(
        5.0, "attempts", "failed bundles, and waits for a report after a pump, until one gives up", low=1.0, high=1e4
    )
    daily_purchase: Any = trait(0.03, "1", "part of the pool's fractions gathered in a day", low=0.0, high=0.9)
    slippage: Any = trait(0.01, "1", "worst price accepted against the quote", low=0.0, high=1.0)
    margin: Any = trait(
        0.002, "1", "how far a pool may have moved since the morning for a bundle to succeed", low=0.0, high=1.0
    )


class Attacker(MarketAgent):
    """Lives on other people's mistakes: pumps the price that a lending pool believes, or rents a majority of hashpower."""

    kind = "attacker"
    strategy = "oracle_pump"
    Traits = AttackerTraits


class Plan(NamedTuple):
    """One attack, in USD and whole fractions.

    Attributes:
        vault: whose pool is pumped
        paid, bought: into and out of the pool
        pledged: collateral
        price: before
        reported: what the loan sees, over the price before
        loan: what is borrowed against it
        flash: part of what is paid that a flash loan brings
        profit: expected
    """

    vault: int
    paid: float
    bought: float
    pledged: float
    price: float
    reported: float
    loan: float
    flash: float
    profit: float


class OraclePump(PerAgentStrategy):
    """Gathers fractions, pumps their pool once, borrows and walks away; gives up if no loan comes of it."""

    serves = "attacker"
    name = "oracle_pump"
    Traits = OraclePumpTraits

    def open(self) -> None:
        """Nobody has begun."""
        self.population.add_column("target", NOWHERE)
        for name in ("stage", "tries", "before", "kept", "reached", "staked", "profit"):
            self.population.add_column(name)

    def decide_one(self, agent: MarketAgent, market: MarketView) -> Iterable[Row | Bundle]:
        """The next step of the attack."""
        if not (market.has("lending") and market.has("amm") and market.has("oracle")):
            return
        stage = agent.stage
        if stage != GATHERING:
            self._set(agent, profit=self._worth(agent, market) - agent.staked)
        if stage == GATHERING:
            yield from self._begin(agent, market)
        elif stage == PUMPED:
            yield from self._cash_in(agent, market)
        elif self._pledged(agent, market) > 0 and market.lending.debt_usd[agent.account] == 0.0:
            v = int(agent.target)
            yield Release.row(agent.account, vault=v, amount=self._pledged(agent, market))

    # -- looks

    def _set(self, agent: MarketAgent, **values: float) -> None:
        for name, value in values.items():
            self.population.columns[name][agent.slot] = value

    def _held(self, agent: MarketAgent, market: MarketView, v: int) -> int:
        return agent.held(int(market.vaults.fraction[v]))

    def _pledged(self, agent: MarketAgent, market: MarketView) -> int:
        v = int(agent.target)
        pledge = int(market.lending.pledge[v]) if v >= 0 else -1
        return agent.held(pledge) if pledge >= 0 else 0

    def _worth(self, agent: MarketAgent, market: MarketView) -> float:
        """Cash, and fractions at the price before the pump; debts count as far as there is collateral to lose [USD]."""
        free, pledged = self._held(agent, market, int(agent.target)), self._pledged(agent, market)
        owed = float(market.lending.debt_usd[agent.account])
        return agent.cash + free / TOKEN * agent.before + max(0.0, pledged / TOKEN * agent.before - owed)

    def _plan(self, agent: MarketAgent, market: MarketView, v: int, part: float | None = None) -> Plan | None:
        """The attack on one vault that the money at hand allows, with `part` of the pool's fractions pledged."""
        amm, lending, oracle = market.amm, market.lending, market.oracle
        usd, fractions = float(amm.reserve_usd[v]) / USD, float(amm.reserve_fraction[v]) / TOKEN
        if part is None:
            most = min(self._held(agent, market, v), int(lending.cap_left[v])) / TOKEN
            part = min(agent.collateral, most / fractions)
        bundled, price, fee = agent.bundled >= 0.5, usd / fractions, int(amm.fee_bps)
        window = float(oracle.window) if oracle.source == MEANS and not bundled else 1.0
        budget, multiple = agent.cash, spot_for(agent.multiple, window)
        for _ in range(EASINGS):
            reported = 1.0 + (multiple - 1.0) / window
            paid = usd * price_move_cost(1.0, multiple, fee)
            loan = lending.loan_to_value * reported * (1.0 - agent.margin) * part * usd
            flash = max(0.0, min(paid, lending.cash - loan)) if bundled else 0.0
            if loan <= lending.cash and paid - flash <= (1.0 - agent.slippage) * budget:
                break
            multiple = 1.0 + (multiple - 1.0) * EASE
        else:
            return None
        seen = self._seen(oracle, bundled, reported)
        costs = (lending.loan_to_value, fee, lending.flash_fee if bundled else 0.0, 0.0 if bundled else agent.taken)
        bought = amount_out(paid, usd, fractions, amm.fee)
        profit = usd * attack_profit(part, seen, multiple, *costs)
        return Plan(v, paid, bought, part * fractions, price, reported, loan, flash, profit)

    def _seen(self, oracle: Any, bundled: bool, moved: float) -> float:
        """What the loan will see, over the price before: no report moves within a bundle, an appraisal never."""
        if oracle.instant:
            return moved
        stays = bundled or oracle.source == "nav" or (oracle.source == "median" and oracle.window > 2)
        return 1.0 if stays else min(moved, oracle.most_rise)

    def _aim(self, agent: MarketAgent, market: MarketView) -> int:
        """The vault whose attack would pay most; -1 for none."""
        plans = [
            self._plan(agent, market, int(v), agent.collateral)
            for v in np.flatnonzero(market.lending.fresh)
            if market.amm.reserve_usd[v] > 0 and market.vaults.live[v]
        ]
        found = [plan for plan in plans if plan is not None]
        return max(found, key=lambda plan: plan.profit).vault if found else -1

    # -- steps

    def _begin(self, agent: MarketAgent, market: MarketView) -> Iterable[Row | Bundle]:
        """Choose a vault, gather its fractions, and attack when the day has come and it pays."""
        v = int(agent.target)
        if v < 0 or not (market.vaults.live[v] and market.amm.reserve_usd[v] > 0):
            v = self._aim(agent, market)
            self._set(agent, target=float(v))
            if v < 0:
                return
        if market.day < agent.first_day:
            yield from self._gather(agent, market, v)
            return
        plan = self._plan(agent, market, v)
        if plan is None or plan.profit < agent.least_profit or not market.lending.fresh[v] or plan.pledged * TOKEN < 1:
            yield from self._gather(agent, market, v)
            return
        self._set(agent, before=plan.price, reached=plan.reported)
        kept = self._held(agent, market, v) - int(plan.pledged * TOKEN)
        self._set(agent, staked=self._worth(agent, market), tries=agent.tries + 1.0, kept=float(kept), stage=PUMPED)
        if agent.bundled >= 0.5:
            yield self._bundle(agent, plan)
        else:
            yield from self._pump(agent, market, plan)

    def _gather(self, agent: MarketAgent, market: MarketView, v: int) -> Iterable[Row]:
        """Buy a little of what is still missing, in the pool itself."""
        fractions, usd = float(market.amm.reserve_fraction[v]), float(market.amm.reserve_usd[v])
        missing = agent.collateral * fractions - self._held(agent, market, v)
        amount = min(missing, agent.daily_purchase * market.dt_days * fractions)
        paid = usd * amount / (fractions - amount) / (1.0 - market.amm.fee) if amount > 0.0 else 0.0
        if amount >= 1.0 and paid < agent.held(USD_ASSET):
            least = int(amount * (1.0 - agent.slippage))
            yield Swap.row(agent.account, vault=v, side=BUY, amount=int(paid), limit=least)

    def _bundle(self, agent: MarketAgent, plan: Plan) -> Bundle:
        """Everything at once, whole or not at all."""
        who, v = agent.account, plan.vault
        sold = int(plan.bought * (1.0 - agent.margin) * TOKEN)
        steps = [
            Swap(who, vault=v, side=BUY, amount=int(plan.paid * USD), limit=sold),
            Pledge(who, vault=v, amount=int(plan.pledged * TOKEN)),
            Borrow(who, amount=int(plan.loan * USD)),
            Swap(who, vault=v, side=SELL, amount=sold, limit=1),
        ]
        flash = int(plan.flash * USD)
        lent = [FlashBorrow(who, amount=flash), *steps, FlashRepay(who, amount=flash)]
        return Bundle(lent if flash > 0 else steps)

    def _pump(self, agent: MarketAgent, market: MarketView, plan: Plan) -> Iterable[Row]:
        """The first tick without bundles: pump and pledge, and borrow at once where the pool itself is read."""
        least = int(plan.bought * (1.0 - agent.slippage) * TOKEN)
        yield Swap.row(agent.account, vault=plan.vault, side=BUY, amount=int(plan.paid * USD), limit=least)
        yield Pledge.row(agent.account, vault=plan.vault, amount=int(plan.pledged * TOKEN))
        if market.oracle.instant:
            pieces = [Borrow.row(agent.account, amount=int(plan.loan / PIECES * USD)) for _ in range(PIECES)]
            yield from pieces

    def _cash_in(self, agent: MarketAgent, market: MarketView) -> Iterable[Row]:
        """Sell what the pump bought; borrow once the report makes that worth more than the collateral; else give up."""
        v, lending = int(agent.target), market.lending
        held, pledged = self._held(agent, market, v), self._pledged(agent, market)
        if lending.debt_usd[agent.account] == 0.0 and agent.bundled >= 0.5:
            gives_up = agent.tries >= agent.patience
            self._set(agent, stage=OVER if gives_up else GATHERING)
            return
        if held > agent.kept:
            yield Swap.row(agent.account, vault=v, side=SELL, amount=held - int(agent.kept), limit=1)
        if lending.debt_usd[agent.account] > 0.0 or pledged == 0:
            self._set(agent, stage=OVER)
            return
        loan = lending.loan_to_value * float(lending.backing[agent.account]) * (1.0 - 1e-6)
        if loan > pledged / TOKEN * agent.before:
            yield Borrow.row(agent.account, amount=int(min(loan, lending.cash) * USD))
        self._set(agent, tries=agent.tries + 1.0)
        if agent.tries > agent.patience:
            self._set(agent, stage=OVER)
