"""Blocks one by one, and what cards earn and draw."""

import math
from typing import Any

from model.books import Books, pay, post
from model.flows import Flow
from model.jit import kernel
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.gpu_coin.formulas import LARGEST_DIFFICULTY, LARGEST_FALL, LEAST_DIFFICULTY, PARTS, SLOT
from model.streams import u01
from model.units import BTC, USD, muldiv

MOST_BLOCKS = 1_000_000  # of a tick
MEGA = 1e6
JOULES_PER_KWH = 3.6e6
SUBSIDY, NETWORK_FEES, PAYOUT, POWER = (
    int(k) for k in (Flow.SUBSIDY, Flow.NETWORK_FEES, Flow.PAYOUT, Flow.POWER)
)  # fmt: skip
COIN_TRADE = int(Flow.COIN_TRADE)
DONE, FUNDS, AMOUNT, UNKNOWN = 1, 3, 7, 9


@kernel
def find_blocks(key: Any, hashrate: float, seconds: int, chain: Any) -> int:
    """Blocks of a tick: exponential times D/H, difficulty by EIP-100 without uncles from whole time stamps.

    Args:
        key: of the tick's draws
        hashrate: H [hash/s]
        seconds: length of the tick
        chain: int64[2]: difficulty; time stamp of the last block relative to the tick's start; brought up to date
    """
    difficulty, stamp, now, n = chain[0], chain[1], 0.0, 0
    while hashrate > 0.0 and n < MOST_BLOCKS:
        now += -math.log1p(-u01(key, n, 0)) * difficulty / hashrate
        if now >= seconds:
            break
        found = max(stamp + 1, int(now))
        step = max(1 - (found - stamp) // SLOT, LARGEST_FALL)
        difficulty = min(max(LEAST_DIFFICULTY, difficulty + difficulty // PARTS * step), LARGEST_DIFFICULTY)
        stamp = found
        n += 1
    chain[0], chain[1] = difficulty, stamp - seconds
    return n


@kernel
def run_cards(mhs: Any, joules: Any, power_price: Any, value: float, seconds: float, running: Any, bill: Any) -> float:
    """Cards run where they earn more than their power; their MH/s, and the power of the tick [USD base units].

    Args:
        mhs: MH/s by account; joules: J/MH; power_price: USD/kWh with factors and taxes
        value: USD that 1 MH/s earns in the tick
        running, bill: out, by account
    """
    total = 0.0
    for i in range(mhs.size):
        running[i] = bill[i] = 0
        if mhs[i] <= 0:
            continue
        cost = joules[i] * seconds / JOULES_PER_KWH * power_price[i]
        if value > cost:
            running[i] = mhs[i]
            bill[i] = int(math.ceil(mhs[i] * cost * USD))
            total += mhs[i]
    return total


@kernel
def pay_miners(
    books: Books, coin: int, protocol: int, world: int, pool: int, utilities: int, reward: int, fees: int, keep_ppm: int,
    network: int, price: int, running: Any, bill: Any, gross: Any,
) -> int:  # fmt: skip
    """Members' part of the tick's blocks goes to their pool, and less its fee to them; power is invoiced.

    Args:
        reward, fees: of all blocks of the tick [base units of the coin]
        keep_ppm: part of a million that members get
        network: MH/s of everybody
        price: USD base units of a coin
        gross: out, USD base units by account

    Returns:
        what the pool keeps [base units of the coin]
    """
    kept = 0
    for i in range(running.size):
        gross[i] = 0
        if running[i] <= 0:
            continue
        new, tips = muldiv(reward, running[i], network), muldiv(fees, running[i], network)
        paid = muldiv(new + tips, keep_ppm, 1_000_000)
        post(books, coin, protocol, pool, new, SUBSIDY)
        post(books, coin, world, pool, tips, NETWORK_FEES)
        post(books, coin, pool, i, paid, PAYOUT)
        kept += new + tips - paid
        gross[i] = muldiv(paid, price, BTC)
        post(books, PAYABLE_ASSET, utilities, i, bill[i], POWER)
    return kept


@kernel
def trade(books: Books, coin: int, world: int, ask: int, bid: int, rows: Any, order: Any) -> None:
    """Coins against USD with the world; `ask` and `bid` in USD base units, amounts rounded down."""
    for j in range(order.size):
        i = order[j]
        who, side, amount = rows[i]["account"], rows[i]["side"], rows[i]["amount"]
        if side != 0 and side != 1:
            rows[i]["status"] = UNKNOWN
            continue
        got = 0
        if 0 < amount < (1 << 53):
            got = muldiv(amount, BTC, ask) if side == 0 else muldiv(amount, bid, BTC)
        if got <= 0 or got >= (1 << 53):
            rows[i]["status"] = AMOUNT
            continue
        given, taken = (USD_ASSET, coin) if side == 0 else (coin, USD_ASSET)
        if not pay(books, given, who, world, amount, COIN_TRADE):
            rows[i]["status"] = FUNDS
            continue
        post(books, taken, world, who, got, COIN_TRADE)
        rows[i]["status"], rows[i]["filled"] = DONE, got
