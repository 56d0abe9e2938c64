"""Looking at the whole ledger: one pass for wealth, holdings and the laws, and the flows since the last look."""

from typing import Any

import numpy as np
from numba import types

from model.bits import first_bit
from model.books import BLOCK, BOOKS, KNOWN, LINES_PER_ASSET, TOUCHED, Books
from model.jit import helper, kernel
from model.units import INDEX, wide_floor

SPAN = 16  # blocks whose turn comes together
TURNS = 16  # surveys in which every block is counted anew
TWO_64 = 18446744073709551616.0
_i, _f = types.int64, types.float64


@kernel
def drain(books: Books, out: Any) -> int:
    """Flows since the last drain as rows (kind, group, from sector, to sector, amount) in order of first use; how many."""
    count = books.touched[0]
    shape = books.flows.shape
    n = 0
    for j in range(1, count + 1):
        cell = books.touched[j]
        taker = cell % shape[3]
        giver = cell // shape[3] % shape[2]
        group = cell // (shape[3] * shape[2]) % shape[1]
        kind = cell // (shape[3] * shape[2] * shape[1])
        amount = books.flows[kind, group, giver, taker]
        if amount != 0:
            books.flows[kind, group, giver, taker] = 0
            out[n, 0], out[n, 1], out[n, 2], out[n, 3], out[n, 4] = kind, group, giver, taker, amount
            n += 1
    books.touched[0] = 0
    return n


_F1, _I1 = types.Array(types.float64, 1, "C"), types.Array(types.int64, 1, "C")


@helper(types.UniTuple(_i, 3)(_I1))
def _count(row):
    """Sum of a block of balances, a number below zero if any of them is, and a bit for each that is not zero."""
    total, signs, held = 0, 0, 0
    for i in range(row.size):
        total += row[i]
        signs |= row[i]
        held |= (1 if row[i] != 0 else 0) << i
    return total, signs, held


@helper(types.void(_I1, _f, _F1))
def _add_worth(row, worth, wealth):
    """Value a block of balances: wealth += max(0, balance) worth."""
    for i in range(wealth.size):
        wealth[i] += max(0, row[i]) * worth


def _plain_claims(
    row: Any, first: int, held: int, worth: float, settled: Any, index: int, per_unit: float, wealth: Any
) -> tuple[int, float]:
    total = 0
    while held:
        account = first + first_bit(held)
        held &= held - 1
        balance, gap = max(0, int(row[account])), int(index) - int(settled[account])
        total += balance * gap
        wealth[account] = wealth[account] + balance * worth + float(balance) * float(gap) * per_unit
    return total, 0.0


def _plain_whole_units(total: int, _: float) -> int:
    return total // INDEX


@helper(types.Tuple((_i, _f))(_I1, _i, _i, _f, _I1, _i, _f, _F1), plain=_plain_claims)
def _claims(row, first, held, worth, settled, index, per_unit, wealth):
    """Income owed on a block of balances in fractions of units; their worth and each claim are added to wealth.

    The sum needs 128 bits: its low half modulo 2^64, and the sum in floats, from which its high half follows.
    """
    low, estimate = 0, 0.0
    while held != 0:
        account = first + first_bit(held)
        held &= held - 1
        balance = row[account]
        if balance > 0:
            gap = index - settled[account]
            low += balance * gap
            claim = float(balance) * float(gap)
            estimate += claim
            wealth[account] = wealth[account] + balance * worth + claim * per_unit
    return low, estimate


@helper(_i(_i, _f), plain=_plain_whole_units)
def _whole_units(low, estimate):
    unsigned = np.uint64(low)
    high = np.uint64(max(0.0, round((estimate - float(unsigned)) / TWO_64)))
    return wide_floor(high, unsigned, INDEX)


@helper(types.void(BOOKS, _i, _i, _i, _I1))
def _find_negative(books, asset, start, end, fault):
    """Note an account below zero that does not issue the asset."""
    for account in range(start, end):
        held = books.balances[asset, account]
        if held < 0 and account != books.issuer[asset, 0] and account != books.issuer[asset, 1]:
            fault[0], fault[1], fault[2] = 1, asset, account


@kernel
def survey(
    books: Books,
    assets: int,
    whole: bool,
    turn: int,
    block_sector: Any,
    value: Any,
    sums: Any,
    held: Any,
    wealth: Any,
    holdings: Any,
    due: Any,
    fault: Any,
    listed: Any,
) -> None:
    """One pass over all holdings: wealth, holdings by sector, income owed, and the first broken law.

    Only blocks that a posting reached since the last survey are counted anew, and one in `TURNS` of the others, in
    turn: a balance that was written past the postings is found by that many surveys at the latest.

    Args:
        whole: count all blocks, those that no posting ever reached included
        turn: which of the untouched blocks to count, below `TURNS`
        block_sector: sector of each block of accounts, -1 where there are several, int64[block]
        value: USD per base unit of each asset, float64[asset]
        sums: of each block's balances at its last count, base units, int64[asset, block]
        held: a bit for each account of a block that had a balance at its last count, uint32[asset, block]
        wealth: out, USD, float64[account]
        holdings: out, base units, int64[asset, sector]
        due: out, income owed by each line, whole units, int64[line]
        fault: out, (law, asset, account); law 0 none, 1 negative balance, 2 asset does not sum to zero, 3 payer short
        listed: work space, int64[block + 1]
    """
    fault[0] = 0
    wealth[:] = 0.0
    holdings[:assets] = 0
    due[:] = 0
    blocks = -(-wealth.size // BLOCK)
    spans = -(-blocks // SPAN)
    for asset in range(assets):
        row, reached, bits, worth = books.balances[asset], books.reached[asset], held[asset], value[asset]
        n = 0
        for span in range(spans):
            least = 0 if whole else KNOWN if (span + asset) % TURNS == turn else TOUCHED
            for block in range(span * SPAN, span * SPAN + SPAN):
                listed[n] = block
                n += 1 if reached[block] >= least else 0
        for j in range(n):
            block = listed[j]
            start, end = block * BLOCK, min(block * BLOCK + BLOCK, wealth.size)
            sums[asset, block], signs, some = _count(row[start:end])
            bits[block], reached[block] = some, KNOWN if reached[block] != 0 or some != 0 else 0
            if signs < 0 and fault[0] == 0:
                _find_negative(books, asset, start, end, fault)
        n = 0
        for block in range(blocks):
            listed[n] = block
            n += 1 if bits[block] != 0 else 0
        total = part = 0
        sector = -1
        for j in range(n):
            block = listed[j]
            if block_sector[block] != sector:
                if sector >= 0:
                    holdings[asset, sector] += part
                total += part
                sector, part = block_sector[block], 0
            part += sums[asset, block]
            if sector < 0:
                some = int(bits[block])
                while some != 0:
                    account = block * BLOCK + first_bit(some)
                    some &= some - 1
                    holdings[asset, books.sector[account]] += row[account]
        if sector >= 0:
            holdings[asset, sector] += part
        total += part
        if books.line[asset, 0] < 0:
            for j in range(n):
                start, end = listed[j] * BLOCK, min(listed[j] * BLOCK + BLOCK, wealth.size)
                _add_worth(row[start:end], worth, wealth[start:end])
        for k in range(LINES_PER_ASSET):
            line = books.line[asset, k]
            if line < 0:
                break
            settled = books.settled[line]
            per_unit, index, low, estimate = value[books.line_paid[line]] / INDEX, books.line_index[line], 0, 0.0
            for j in range(n):
                block = listed[j]
                owed = _claims(row, block * BLOCK, int(bits[block]), worth, settled, index, per_unit, wealth)
                low, estimate = low + owed[0], estimate + owed[1]
            due[line], worth = _whole_units(low, estimate), 0.0
        if total != 0 and fault[0] == 0:
            fault[0], fault[1], fault[2] = 2, asset, total
    for line in range(due.size):
        payer = books.line_payer[line]
        if due[line] > books.balances[books.line_paid[line], payer] and fault[0] == 0:
            fault[0], fault[1], fault[2] = 3, books.line_paid[line], payer


@kernel
def group_holdings(holdings: Any, group: Any, grouped: Any) -> None:
    """Add holdings [asset, sector] up by group of assets."""
    for asset in range(holdings.shape[0]):
        for sector in range(holdings.shape[1]):
            grouped[group[asset], sector] += holdings[asset, sector]
