"""Bundles of leverage: loops that pledge, borrow and buy in rounds, and sales of pledged fractions with a flash loan."""

from typing import Any

from agents.leverage.drafts import (
    BORROW,
    FLASH_BORROW,
    FLASH_REPAY,
    PLEDGE,
    RELEASE,
    REPAY,
    TRADE,
    Draft,
    add,
    close,
)
from agents.leverage.plan import AMOUNT, COLLATERAL, FIRST, INTO, PART, ROUNDS, SHARE, SIDE, SPEND, WHO
from agents.quotes import amount_out
from agents.sheet import FEE, RESERVE, RESERVE_USD
from model.actions import BUY, SELL
from model.jit import kernel
from model.ledger import USD_ASSET
from model.units import TOKEN, USD

WORST = 0.97  # of what a pool quotes in the morning, others trade before
LEAST = 1 * USD  # a further round is not worth less
DUST = 2  # base units by which debts are rounded up
MOST_STEPS = 5  # of a sale


@kernel
def loop(loops: Any, n: int, facts: Any, price: Any, cap_left: Any, draft: Draft) -> None:
    """The first n loops as bundles: rounds of pledging, borrowing and buying, each for what the last one's can carry.

    Args:
        price: the oracle's [USD]; cap_left: fractions that may still be pledged [base units]; by vault
    """
    for row in range(n):
        who, into, left, step = loops[row, WHO], loops[row, INTO], loops[row, SPEND], loops[row, FIRST]
        usd, fractions, fee = facts[RESERVE_USD, into], facts[RESERVE, into], facts[FEE, into]
        share, amount, allowed = loops[row, SHARE] / PART, loops[row, AMOUNT], cap_left[into]
        if amount > 0:
            add(draft, PLEDGE, who, loops[row, COLLATERAL], amount, 0, 0)
            allowed -= amount if loops[row, COLLATERAL] == into else 0
        for turn in range(loops[row, ROUNDS]):
            step = min(step, left)
            got = amount_out(step / USD, usd, fractions, fee)
            usd, fractions, least = usd + step / USD * (1.0 - fee), fractions - got, int(got * WORST * TOKEN)
            add(draft, BORROW, who, step, 0, 0, 0)
            add(draft, TRADE, who, into, BUY, step, least)
            left -= step
            step = int(least / TOKEN * price[into] * share * USD)
            if turn + 1 == loops[row, ROUNDS] or min(step, left) < LEAST or least > allowed:
                break
            add(draft, PLEDGE, who, into, least, 0, 0)
            allowed -= least
        close(draft, who)


@kernel
def lacking(rows: Any, balances: Any, fraction: Any, stake: Any, pledge: Any, lacks: Any) -> int:
    """Pledged fractions that each trade must free before it can be settled [base units]; how many trades do.

    Trades of an account stand side by side, and are settled one after another.
    """
    found = 0
    for i in range(rows.shape[0]):
        who, v, amount = rows[i, 0], rows[i, 1], rows[i, 3]
        lacks[i] = 0
        if rows[i, SIDE] != SELL or pledge[v] < 0 or balances[pledge[v], who] == 0:
            continue
        free = balances[fraction[v], who] + (balances[stake[v], who] if stake[v] >= 0 else 0)
        for j in range(i - 1, -1, -1):
            if rows[j, 0] != who:
                break
            free -= rows[j, 3] if rows[j, 1] == v and rows[j, SIDE] == SELL else 0
        lacks[i] = min(max(0, amount - max(0, free)), balances[pledge[v], who])
        found += lacks[i] > 0
    return found


@kernel
def unwind(
    rows: Any, lacks: Any, balances: Any, price: Any, ltv: float, flash_fee: float, collateral: Any, debts: Any,
    kept: Any, releases: Any, draft: Draft,
) -> Any:  # fmt: skip
    """Let trades be settled that lack pledged fractions; of one account one after another, as if the last had been.

    Where the rest carries the debt they are just released, before the day's swaps; else a bundle repays what it cannot
    carry, frees them and sells. Trades that cannot pay for it are dropped.

    Args:
        rows: trades; lacks: see `lacking`
        price: the oracle's [USD], by vault
        collateral, debts: by account [USD]
        kept: out, rows of trades that are to be handed in as they are

    Returns:
        how many rows of `releases` and of `kept` were filled
    """
    n, stay, last, repaid, taken = 0, 0, -1, 0, 0.0
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            kept[stay, k] = rows[i, k]
        stay += 1
        if lacks[i] == 0:
            continue
        who, v, amount, limit, lack = rows[i, 0], rows[i, 1], rows[i, 3], rows[i, 4], lacks[i]
        if who != last:
            last, repaid, taken = who, 0, 0.0
        cash = balances[USD_ASSET, who]
        debt = int(round(debts[who] * USD)) - repaid
        after = taken + lack / TOKEN * price[v]
        carried = ltv * (collateral[who] - after) * USD
        due = min(debt, max(0, debt - int(carried * (1.0 - 1e-9)) + DUST)) if debt > 0 else 0
        if due == 0:
            releases[n, 0], releases[n, 1], releases[n, 2] = who, v, lack
            n, taken = n + 1, after
            continue
        stay -= 1
        if due + int(due * flash_fee) + DUST > limit + (cash if repaid == 0 else 0):
            continue
        lent = due > cash // 2 or repaid != 0
        repaid, taken = repaid + due, after
        if lent:
            add(draft, FLASH_BORROW, who, due, 0, 0, 0)
        add(draft, REPAY, who, due, 0, 0, 0)
        add(draft, RELEASE, who, v, lack, 0, 0)
        add(draft, TRADE, who, v, SELL, amount, limit)
        if lent:
            add(draft, FLASH_REPAY, who, due, 0, 0, 0)
        close(draft, who)
    return n, stay
