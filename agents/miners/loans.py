"""Miners who borrow: they buy rigs from cash first, then on loan against the fractions they kept, then by offering.

A creator keeps part of each vault's fractions. At his weekly review he takes what he could borrow against them like
cash: he commits the same part of it to rigs, by how much they pay, if the rate is bearable; and when cash is short he
borrows what working capital lacks. In a week with a loan he offers nothing. He repays in weekly instalments from what
the rigs bring in, and all that cash allows once the rate is too high.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from agents.base import Cohort, trait
from agents.miners.mining import NO_SALES
from agents.miners.payback import SMALLEST_ORDER, Payback, PaybackTraits
from agents.rows import put_one, put_three, put_two
from agents.staking import unstaked
from model.actions import Action
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.lending import Borrow, Pledge, Release, Repay
from model.mechanisms.offerings import OfferContract, Tokenise
from model.mechanisms.rigs import OrderRigs
from model.mechanisms.rigs.investment import paid_price, relaxed, rig_value, running_cost, willingness
from model.mechanisms.vaults import Stake
from model.sheaf import Sheaf
from model.units import DAYS_PER_WEEK, GHS_PER_TH, TOKEN, USD
from model.view import MarketView

SPARE = 0.98  # of a loan that goes into rigs, the rest for fees
POOL_PART = 0.25  # of the pool's cash that one miner asks for at most


class LoanTraits(PaybackTraits):
    """Traits of miners who borrow."""

    loan_share: Any = trait(
        {"uniform": {"low": 0.4, "high": 0.9}},
        "1",
        "part of the pool's loan to value that a miner uses",
        source="assumption; keeps room for a fall of the fractions",
        low=0.0,
        high=1.0,
    )
    loan_rate: Any = trait(
        {"uniform": {"low": 0.10, "high": 0.30}},
        "1/year",
        "dearest rate at which a miner borrows",
        source="assumption; a payback of 12 months would bear more",
        low=0.0,
        high=5.0,
    )
    loan_weeks: Any = trait(52.0, "weeks", "in which a debt is paid back", source="assumption", low=1.0, high=520.0)
    loan_health: Any = trait(1.2, "1", "health below which a miner adds collateral or repays", low=1.0, high=10.0)


class Borrowing(Sheaf):
    """What the review of loans reads, by slot of the population."""

    power_price: Any
    payback_limit: Any
    working_cash: Any
    loan_share: Any
    loan_rate: Any
    loan_weeks: Any
    loan_health: Any


class Credit(NamedTuple):
    """What it reads of the lending pool: scalars, then columns by vault and by account."""

    ltv: float
    threshold: float
    rate: float  # of debts [1/year]
    cash: float  # of the pool [USD]
    price: Any  # the oracle's [USD]
    fresh: Any  # whether fractions may be pledged and borrowed against
    priced: Any  # whether debtors may pledge more
    cap_left: Any
    pledge: Any
    debt: Any  # by account [USD]
    collateral: Any
    backing: Any  # what new loans count of it
    health: Any


@kernel
def review_loans(
    slots: Any, account: Any, own: Borrowing, day: int, credit: Credit, balances: Any, fraction: Any, stake: Any,
    n_vaults: int, registered: Any, site: Any, sites: Any, per_th: float, efficiency: float, hashprice: float, rules: Any,
    tariff: Any, free: Any, worth: Any, rows: Any,
) -> Any:  # fmt: skip
    """Loans, repayments and collateral of those whose weekly review it is: rows by action, and how many of each.

    Args:
        day: day of the run; a miner reviews on the days that are his slot modulo a week
        fraction, stake: asset by vault, and of what is staked, -1 for none; the first `n_vaults` vaults exist
        registered: GH/s, site: newest site, by account
        per_th: price of new rigs and their site [USD/TH], efficiency: J/TH, hashprice: two-week mean [USD/TH/day]
        sites: columns by site; tariff: see `Tariff`
        free, worth: work space, int64 and float64 [vault]
        rows: out, of `Pledge`, `Borrow`, `OrderRigs`, `Repay` and `Release`
    """
    pledges, borrows, orders, repays, releases = rows
    n_pledges = n_borrows = n_orders = n_repays = n_releases = 0
    least, commit = per_th * SMALLEST_ORDER, relaxed(1.0, rules.spending_weeks)
    for i in range(slots.size):
        slot, who = slots[i], account[slots[i]]
        if (slot + day) % DAYS_PER_WEEK != 0:
            continue
        at_hand = 0.0
        for v in range(n_vaults):
            free[v], worth[v] = 0, 0.0
            if credit.priced[v] and credit.pledge[v] >= 0 and credit.cap_left[v] > 0:
                staked = balances[stake[v], who] if stake[v] >= 0 else 0
                free[v] = min(balances[fraction[v], who] + staked, credit.cap_left[v])
            if free[v] > 0:
                worth[v] = free[v] / TOKEN * credit.price[v]
                at_hand += worth[v] if credit.fresh[v] else 0.0
        debt, collateral, cash = credit.debt[who], credit.collateral[who], balances[USD_ASSET, who] / USD
        part, bearable = own.loan_share[slot] * credit.ltv, credit.rate < own.loan_rate[slot]
        lacks = debt * own.loan_health[slot] / credit.threshold - collateral
        room = min(part * (credit.backing[who] + at_hand) - debt, POOL_PART * credit.cash)
        at = site[who]
        multiple = rules.overhead * rules.pue * (sites.cooling[at] if at >= 0 else 1.0)
        power = paid_price(own.power_price[slot], tariff.factor, tariff.tax_share, tariff.tax)
        cost = running_cost(power, efficiency, multiple)
        value = rig_value(hashprice, cost, own.payback_limit[slot])
        invested = room * willingness(value, per_th, rules.willingness_slope) * commit
        short = own.working_cash[slot] * (registered[who] / GHS_PER_TH * per_th) - cash
        loan = invested + min(max(0.0, short), room - invested)
        borrows_now = bearable and lacks <= 0.0 and loan > least
        wanted = (debt + loan) / part - credit.backing[who] if borrows_now else lacks
        got = 0.0
        while got < wanted and (borrows_now or debt > 0.0):
            top = -1
            for v in range(n_vaults):
                usable = credit.fresh[v] or not borrows_now
                if usable and worth[v] > 0.0 and (top < 0 or worth[v] > worth[top]):
                    top = v
            if top < 0:
                break
            used = min(1.0, (wanted - got) / worth[top] * (1.0 + 1e-3))
            n_pledges = put_two(pledges, n_pledges, who, top, min(free[top], int(free[top] * used) + 1))
            got += worth[top] * used
            worth[top] = 0.0
        if borrows_now:
            n_borrows = put_one(borrows, n_borrows, who, int(loan * USD))
            if invested > least:
                n_orders = put_three(
                    orders, n_orders, who, site[who], int(invested * SPARE * USD), 0
                )  # any limit will do
            continue
        due = max(debt / own.loan_weeks[slot] if bearable else debt, (lacks - got) * credit.threshold, 0.0)
        paid = min(due, debt + 1.0, SPARE * cash)
        if debt > 0.0 and paid > 0.0 and credit.health[who] > 0.0:
            n_repays = put_one(repays, n_repays, who, int(paid * USD) + 1)
        elif debt <= 0.0 and collateral > 0.0:
            for v in range(credit.pledge.size):
                held = balances[credit.pledge[v], who] if credit.pledge[v] >= 0 else 0
                if held > 0:
                    n_releases = put_two(releases, n_releases, who, v, held)
    return n_pledges, n_borrows, n_orders, n_repays, n_releases


REVIEWED: tuple[type[Action], ...] = (Pledge, Borrow, OrderRigs, Repay, Release)


class OnCredit(Payback):
    """Invests and tokenises by payback, and borrows against fractions kept before it offers more of them."""

    name = "on_credit"
    Traits = LoanTraits

    def decide(self, cohort: Cohort, market: MarketView) -> Iterator[Action]:
        """What other miners do, and working capital on loan; who borrows makes no offer."""
        if not (market.has("lending") and market.new_day):
            yield from super().decide(cohort, market)
            return
        loans = self._loans(cohort, market)
        borrowers, pledgers = (
            [loan.rows["account"] for loan in loans if isinstance(loan, kind)] for kind in (Borrow, Pledge)
        )
        for action in super().decide(cohort, market):
            others = pledgers if isinstance(action, Stake) else borrowers
            if others and isinstance(action, (Tokenise, OfferContract, Stake)):
                action.rows = action.rows[~np.isin(action.rows["account"], others[0])]
            yield action
        yield from loans

    def _loans(self, cohort: Cohort, market: MarketView) -> list[Action]:
        """Loans, repayments and collateral, and rigs ordered on loan."""
        pool, rigs, vaults = market.lending, market.rigs, market.vaults
        credit = Credit(
            pool.loan_to_value, pool.threshold, pool.borrow_rate, pool.cash, market.oracle.price, pool.fresh, pool.priced,
            pool.cap_left, pool.pledge, pool.debt_usd, pool.collateral_value, pool.backing, pool.health,
        )  # fmt: skip
        due, size = len(cohort), pool.pledge.size
        shapes = ((due * size, 5), (due, 4), (due, 6), (due, 4), (due * size, 5))
        matrices = [np.empty(shape, np.int64) for shape in shapes]
        space = np.empty(vaults.n, np.int64), np.empty(vaults.n)
        counts = review_loans(
            cohort.slots, self.population.account, self.population.columns.of(Borrowing), market.day, credit,
            market.balances, vaults.fraction, vaults.stake, vaults.n, rigs.registered, rigs.site, rigs.sites,
            rigs.price + rigs.site_cost, rigs.efficiency, rigs.hashprice_mean, rigs.rules, rigs.tariff, *space, tuple(matrices),
        )  # fmt: skip
        found = zip(REVIEWED, matrices, counts, strict=True)
        freed = unstaked(market, NO_SALES, 0, matrices[0], counts[0])
        return [*freed, *(action.of_rows(matrix[:count]) for action, matrix, count in found if count)]
