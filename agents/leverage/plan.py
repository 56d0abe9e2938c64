"""What awake leverage seekers want of the lending pool: one pass over the cohort in a single kernel.

Each works out what he expects of the vaults he has heard of, as he does when he buys with own money, and sizes positions by
the same rule as if he were several times as rich. Where the best of those he wants more of earns more than the rate of
debts, he buys it on credit until he holds L times his own capital in fractions. A round of pledging what was bought lets
him borrow s times its worth, s being the part of the loan to value he uses, so rounds of a loop add up to a debt of

    c s (1 + s + s^2 + ...) = c s / (1 - s)

on collateral c. He tops collateral up when health is below his nerves, repays when he expects less of his
fractions than the rate, and takes pledges back when nothing is owed.
"""

from typing import Any

from numba import types

from agents.leverage.weighing import at_hand, weigh
from agents.quotes import amount_out
from agents.retail.appraisal import rates
from agents.retail.portfolio import remember
from agents.rows import put_one, put_two
from agents.sheet import CLICK, FEE, HALVING, PRICE, RESERVE, RESERVE_USD, Seen
from agents.valuation import until_halving
from model.actions import SELL
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.units import DAYS_PER_YEAR, TOKEN, USD

SIDE = 2  # column of a trade
PART = 1_000_000  # scale of parts in rows of loops
# columns of a loop: who, collateral to add, vault to buy into, USD in all and at first, part of collateral to borrow
WHO, COLLATERAL, AMOUNT, INTO, SPEND, FIRST, SHARE, ROUNDS = range(8)
LOOP = 8


@helper(
    types.int64(
        types.Array(types.int64, 2, "C"), types.int64, types.int64, types.int64, types.float64,
        types.Array(types.float64, 2, "C"), types.float64, types.float64,
    )
)  # fmt: skip
def sell(rows, n, who, v, usd, facts, slippage, small):
    """A row that sells fractions worth so many dollars, no more than the pool takes within the slippage; rows by now."""
    sold = min(usd / facts[PRICE, v], facts[RESERVE, v] * slippage)
    if sold * facts[PRICE, v] < small:
        return n
    quote = amount_out(sold, facts[RESERVE, v], facts[RESERVE_USD, v], facts[FEE, v])
    rows[n, 0], rows[n, 1], rows[n, 2] = who, v, SELL
    rows[n, 3], rows[n, 4] = int(sold * TOKEN), int(quote * USD * (1.0 - slippage))
    return n + 1


@kernel
def embolden(slots: Any, account: Any, boldness: Any, wealth: Any, out: Any) -> None:
    """Wealth by account [USD], that of those who are awake times their boldness."""
    for who in range(wealth.size):
        out[who] = wealth[who]
    for slot in slots:
        if account[slot] < wealth.size:
            out[account[slot]] *= boldness[slot]


@kernel
def without(trades: Any, loops: Any, out: Any) -> int:
    """Copy trades but purchases of accounts that loop, both in the order of accounts; how many were copied."""
    n = loop = 0
    for i in range(trades.shape[0]):
        while loop < loops.shape[0] and loops[loop, WHO] < trades[i, 0]:
            loop += 1
        if trades[i, SIDE] == SELL or loop == loops.shape[0] or loops[loop, WHO] != trades[i, 0]:
            for k in range(trades.shape[1]):
                out[n, k] = trades[i, k]
            n += 1
    return n


@kernel
def steer(
    slots: Any,
    account: Any,
    alert: Any,
    trades: Any,
    own: Any,
    lever: Any,
    credit: Any,
    balances: Any,
    wealth: Any,
    seen: Seen,
    sentiment: Any,
    opinion_key: Any,
    rows: Any,
    count: Any,
    edges: Any,
    known: Any,
) -> None:
    """Fill rows of repayments, pledges, releases, sales of pledged fractions, and loops.

    What an agent expects of vaults is worked out only where it may matter: for debtors, for those with idle collateral,
    and for those who hold enough to borrow against.

    Args:
        trades: what they want to buy and sell with own money; who sells does nothing else
        wealth: by account, times his boldness [USD]
        rows: out, matrices of each; count: out, how many of each, and the rounds of all loops
        edges: ln(income / cost) by vault, as `decide` leaves it; known: work space, see `one_of_many`
    """
    repays, pledges, releases, sales, loops = rows
    fraction, stake, pledge, facts, scalars = seen.fraction, seen.stake, seen.pledge, seen.facts, seen.scalars
    trade = rounds = 0
    n_repays = n_pledges = n_releases = n_sales = n_loops = 0
    click = scalars[CLICK]
    for a in range(slots.size):
        slot = slots[a]
        who = account[slot]
        cash = balances[USD_ASSET, who] / USD - 2.0 * click
        debt, collateral, health = credit.debt[who], credit.collateral[who], credit.health[who]
        worth = max(cash, wealth[who]) if who < wealth.size else cash
        alert[slot] = alert[slot] or (debt > 0.0 and health < lever.nerves[slot])
        sells = False
        while trade < trades.shape[0] and trades[trade, 0] <= who:  # both are in the order of accounts
            sells = sells or (trades[trade, 0] == who and trades[trade, SIDE] == SELL)
            trade += 1
        if cash < 0.0 or worth <= 0.0 or sells:
            continue
        mood = sentiment[who] if who < sentiment.size else 0.0
        decay, rate = rates(own, slot)
        small, share = max(own.smallest[slot], 2.0 * click), lever.prudence[slot] * credit.ltv
        frail, idle = debt > 0.0 and health < lever.nerves[slot], debt <= 0.0 and collateral > 0.0
        pledgeable = credit.priced if frail else credit.fresh
        held, top, top_worth = at_hand(
            own, slot, who, balances, fraction, stake, pledge, facts, pledgeable, credit.cap_left, credit.price
        )
        wish = (lever.leverage[slot] - 1.0) * (held - debt) - debt
        first = min(share * (credit.backing[who] + top_worth) - debt, wish)
        looks = not frail and (idle or first >= small)
        if debt <= 0.0 and not looks:
            continue
        until_halving(decay, rate, own.wear[slot] / DAYS_PER_YEAR, scalars[HALVING], known)
        expected, deep, most_pledged, into, room, spare = weigh(
            *(own, slot, who, looks, mood, worth, decay, rate, credit.rate, balances, fraction, stake, pledge),
            *(facts, scalars, credit.fresh, opinion_key, edges, known),
        )
        calm = lever.nerves[slot] * lever.relief[slot]
        if frail:
            lacks = debt * calm / credit.threshold - collateral
            if top >= 0:
                add = min(top_worth, lacks)
                n_pledges = put_two(pledges, n_pledges, who, top, int(add / credit.price[top] * TOKEN))
                lacks -= add
            if lacks > 0.0:
                pay = min(lacks * credit.threshold / calm, cash)
                if pay >= small:
                    n_repays = put_one(repays, n_repays, who, int(pay * USD))
                    lacks -= pay * calm / credit.threshold
            if lacks > 0.0 and deep >= 0:
                kept = 1.0 - facts[FEE, deep] - own.slippage[slot]
                sold = lacks * credit.threshold / max(calm * kept - credit.threshold, 0.1)
                n_sales = sell(sales, n_sales, who, deep, min(sold, most_pledged), facts, own.slippage[slot], small)
        elif debt > 0.0 and expected < (credit.rate - lever.patience[slot]) * held:
            pay = min(debt + click, cash)
            if pay >= min(small, debt):
                n_repays = put_one(repays, n_repays, who, int(pay * USD) + 1)
            if pay < debt and deep >= 0:
                sold = min(own.pace[slot] * (debt - pay), most_pledged)
                n_sales = sell(sales, n_sales, who, deep, sold, facts, own.slippage[slot], small)
        elif idle and into < 0:
            for v in range(fraction.size):
                if pledge[v] >= 0 and balances[pledge[v], who] > 0:
                    n_releases = put_two(releases, n_releases, who, v, balances[pledge[v], who])
        elif into >= 0:
            slip = min(spare, own.impact[slot])
            spend = min(wish, min(room, facts[RESERVE_USD, into] * slip / (1.0 - slip)))
            spend = min(spend, min(credit.cash, first / (1.0 - share)))
            if spend < small or first < small:
                continue
            needed = max(0.0, (min(first, spend) + debt) / share - credit.backing[who])
            remember(own.portfolio, slot, into)
            loops[n_loops, WHO], loops[n_loops, COLLATERAL] = who, top
            if needed > 0.0 and top >= 0:
                free = min(balances[fraction[top], who], credit.cap_left[top])
                loops[n_loops, AMOUNT] = min(free, int(needed * 1.001 / credit.price[top] * TOKEN) + 1)
            loops[n_loops, INTO], loops[n_loops, SPEND] = into, int(spend * USD)
            loops[n_loops, FIRST], loops[n_loops, SHARE] = int(min(first, spend) * USD), int(share * PART)
            loops[n_loops, ROUNDS] = int(lever.rounds[slot])
            rounds, n_loops = rounds + int(lever.rounds[slot]), n_loops + 1
    count[0], count[1], count[2], count[3], count[4] = n_repays, n_pledges, n_releases, n_sales, n_loops
    count[5] = rounds
