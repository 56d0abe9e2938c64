"""Looking at the whole ledger: one pass for wealth, holdings and the laws, and the flows since the last look."""

from typing import Any

import numpy as np
from numba import types

from model.bits import first_bit, wide_add
from model.books import BLOCK, BOOKS, KNOWN, LINES_PER_ASSET, TOUCHED, Books
from model.flows import Group
from model.jit import helper, kernel
from model.sheaf import Sheaf
from model.units import INDEX, LARGEST, wide_floor

SPAN = 16  # blocks whose turn comes together
TURNS = 16  # surveys in which every block is counted anew
WORD, BITS = 8, 8  # bytes of a word, bits of a byte
ANY_TOUCHED = sum(TOUCHED << BITS * byte for byte in range(WORD))
DEBT = int(Group.DEBT)
_i, _f = types.int64, types.float64


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


@helper(types.UniTuple(_i, 2)(_i, _i, _I1, _i, _i, _f, _I1, _i, _f, _F1))
def _claims(high, low, row, first, held, worth, settled, index, per_unit, wealth):
    """Income owed on a block of balances, added to that of the blocks before; their worth and each claim join wealth.

    In fractions of units, a sum in two words of 64 bits.
    """
    while held != 0:
        account = first + first_bit(held)
        held &= held - 1
        balance = row[account]
        if balance > 0:
            gap = index - settled[account]
            high, low = wide_add(high, low, balance, gap)
            wealth[account] = wealth[account] + balance * worth + float(balance) * float(gap) * per_unit
    return high, low


def _plain_whole_units(high: int, low: int) -> int:
    return min(((high << 64) + (low & (1 << 64) - 1)) // INDEX, LARGEST)


@helper(_i(_i, _i), plain=_plain_whole_units)
def _whole_units(high, low):
    return wide_floor(np.uint64(high), np.uint64(low), INDEX)


@helper(types.void(BOOKS, _i, _i, _i, _I1))
def _find_negative(books, asset, start, end, fault):
    """Note an account below zero that does not issue the asset."""
    for account in range(start, end):
        held = books.balances[asset, account]
        if held < 0 and account != books.issuer[asset, 0] and account != books.issuer[asset, 1]:
            fault[0], fault[1], fault[2] = 1, asset, account


class Kept(Sheaf):
    """What a survey keeps for the next one."""

    sums: Any  # [asset, block] of balances at the block's last count, base units
    held: Any  # [asset, block] a bit for each account that had a balance then, uint32
    filled: Any  # [asset, word] a bit for each block with such an account, uint32
    alone: Any  # [asset, sector] sum of the blocks whose accounts are of one sector
    holdings: Any  # [asset, sector] base units
    grouped: Any  # [group, sector] the same added up by group of assets


@kernel
def survey(
    books: Books,
    kept: Kept,
    words: Any,
    assets: int,
    whole: bool,
    turn: int,
    block_sector: Any,
    value: Any,
    wealth: Any,
    due: Any,
    fault: Any,
    listed: Any,
) -> None:
    """One pass over all holdings: wealth, holdings by sector, income owed, and the first broken law.

    Only blocks that a posting reached since the last survey are counted anew, and one in `TURNS` of the others, in
    turn: a balance that was written past the postings is found by that many surveys at the latest.

    What an asset's issuers owe in it is not in their wealth, but for debts, which their second issuer owes.

    Args:
        kept: by the last survey, for the next
        words: `books.reached`, eight blocks at a time, int64[asset, block / 8]
        whole: count all blocks, those that no posting ever reached included
        turn: which of the untouched blocks to count, below `TURNS`
        block_sector: sector of each block of accounts, -1 where there are several, int64[block]
        value: USD per base unit of each asset, float64[asset]
        wealth: out, USD, float64[account]
        due: out, income owed by each line, whole units, int64[line]
        fault: out, (law, asset, account); law 0 none, 1 negative balance, 2 asset does not sum to zero, 3 payer short,
            4 more is issued than sums of 64 bits hold
        listed: work space, int64[2, block + 1]
    """
    fault[0] = 0
    wealth[:] = 0.0
    due[:] = 0
    blocks = -(-wealth.size // BLOCK)
    spans, mixed = -(-blocks // SPAN), 0
    several = listed[1]
    for block in range(blocks):
        several[mixed] = block
        mixed += 1 if block_sector[block] < 0 else 0
    if whole:
        kept.alone[:assets] = 0
    for asset in range(assets):
        row, reached, bits, worth = books.balances[asset], books.reached[asset], kept.held[asset], value[asset]
        filled, alone, holdings = kept.filled[asset], kept.alone[asset], kept.holdings[asset]
        n = 0
        for span in range(spans):
            if whole or (span + asset) % TURNS == turn:
                least = 0 if whole else KNOWN
                for block in range(span * SPAN, span * SPAN + SPAN):
                    listed[0, n] = block
                    n += 1 if reached[block] >= least and block < blocks else 0
            else:
                for word in range(span * SPAN // WORD, (span + 1) * SPAN // WORD):
                    some = words[asset, word] & ANY_TOUCHED
                    while some != 0:
                        listed[0, n] = word * WORD + first_bit(some) // BITS
                        some &= some - 1
                        n += 1
        for j in range(n):
            block = listed[0, j]
            start, end = block * BLOCK, min(block * BLOCK + BLOCK, wealth.size)
            total, signs, some = _count(row[start:end])
            if block_sector[block] >= 0:
                alone[block_sector[block]] += total - (0 if whole else kept.sums[asset, block])
            kept.sums[asset, block], bits[block] = total, some
            reached[block] = KNOWN if reached[block] != 0 or some != 0 else 0
            place = 1 << block % BLOCK
            filled[block // BLOCK] = int(filled[block // BLOCK]) & ~place | (place if some != 0 else 0)
            if signs < 0 and fault[0] == 0:
                _find_negative(books, asset, start, end, fault)
        if n > 0:
            total, grouped = 0, kept.grouped[books.group[asset]]
            for sector in range(alone.size):
                grouped[sector] -= holdings[sector]
                holdings[sector] = alone[sector]
                total += alone[sector]
            for j in range(mixed):
                block = several[j]
                total += kept.sums[asset, block]
                some = int(bits[block])
                while some != 0:
                    account = block * BLOCK + first_bit(some)
                    some &= some - 1
                    holdings[books.sector[account]] += row[account]
            for sector in range(alone.size):
                grouped[sector] += holdings[sector]
            if total != 0 and fault[0] == 0:
                fault[0], fault[1], fault[2] = 2, asset, total
        debtor = books.issuer[asset, 1]
        if debtor >= 0 and min(0, row[debtor]) < -LARGEST - min(0, row[books.issuer[asset, 0]]) and fault[0] == 0:
            fault[0], fault[1], fault[2] = 4, asset, debtor
        if debtor >= 0 and books.group[asset] == DEBT:
            wealth[debtor] += min(0, row[debtor]) * worth
        for k in range(LINES_PER_ASSET):
            line = books.line[asset, k]
            if line < 0:
                break
            if books.line_index[line] == 0:
                continue
            settled = books.settled[line]
            per_unit, index, high, low = value[books.line_paid[line]] / INDEX, books.line_index[line], 0, 0
            for word in range(filled.size):
                full = int(filled[word])
                while full != 0:
                    block = word * BLOCK + first_bit(full)
                    full &= full - 1
                    start, some = block * BLOCK, int(bits[block])
                    high, low = _claims(high, low, row, start, some, worth, settled, index, per_unit, wealth)
            due[line], worth = _whole_units(high, low), 0.0
        if worth != 0.0:
            for word in range(filled.size):
                full = int(filled[word])
                while full != 0:
                    start = (word * BLOCK + first_bit(full)) * BLOCK
                    full &= full - 1
                    end = min(start + BLOCK, wealth.size)
                    _add_worth(row[start:end], worth, wealth[start:end])
    for line in range(due.size):
        payer = books.line_payer[line]
        if due[line] > books.balances[books.line_paid[line], payer] and fault[0] == 0:
            fault[0], fault[1], fault[2] = 3, books.line_paid[line], payer


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
