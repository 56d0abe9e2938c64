"""Looking at the whole ledger: one pass for wealth, holdings and the laws, and the flows since the last look."""

from typing import Any

import numpy as np
from numba import types

from model.books import BLOCK, LINES_PER_ASSET, Books
from model.jit import helper, kernel
from model.units import INDEX, wide_floor

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


@helper(types.UniTuple(_i, 2)(_I1))
def _total_and_signs(row):
    """Sum of a run of balances, and a number below zero if any of them is; written so that it compiles to vectors."""
    total, signs = 0, 0
    for i in range(row.size):
        total += row[i]
        signs |= row[i]
    return total, signs


@helper(types.void(_I1, _f, _F1))
def _add_worth(row, worth, wealth):
    """Value a run of balances: wealth += max(0, balance) worth."""
    for i in range(wealth.size):
        wealth[i] += max(0, row[i]) * worth


def _plain_claims(row: Any, worth: float, settled: Any, index: int, per_unit: float, wealth: Any) -> tuple[int, float]:
    total = 0
    for i in range(wealth.size):
        balance, gap = max(0, int(row[i])), int(index) - int(settled[i])
        total += balance * gap
        wealth[i] = wealth[i] + balance * worth + float(balance) * float(gap) * per_unit
    return total, 0.0


def _plain_whole_units(total: int, _: float) -> int:
    return total // INDEX


@helper(types.Tuple((_i, _f))(_I1, _f, _I1, _i, _f, _F1), plain=_plain_claims)
def _claims(row, worth, settled, index, per_unit, wealth):
    """Income owed on a run of balances in fractions of units; their worth and each claim are added to wealth.

    The sum needs 128 bits: its low half modulo 2^64, and the sum in floats, from which its high half follows.
    """
    low, estimate = 0, 0.0
    for i in range(wealth.size):
        balance = row[i]
        if balance > 0:
            gap = index - settled[i]
            low += balance * gap
            claim = float(balance) * float(gap)
            estimate += claim
            wealth[i] = wealth[i] + balance * worth + claim * per_unit
    return low, estimate


@helper(_i(_i, _f), plain=_plain_whole_units)
def _whole_units(low, estimate):
    unsigned = np.uint64(low)
    high = np.uint64(max(0.0, round((estimate - float(unsigned)) / TWO_64)))
    return wide_floor(high, unsigned, INDEX)


@kernel
def survey(
    books: Books,
    assets: int,
    whole: bool,
    block_sector: Any,
    value: Any,
    wealth: Any,
    holdings: Any,
    due: Any,
    fault: Any,
    runs: Any,
) -> None:
    """One pass over all balances: wealth, holdings by sector, income owed, and the first broken law.

    Args:
        whole: look at all accounts, rather than at blocks that ever held an asset
        block_sector: sector of each block of accounts, -1 where there are several, int64[block]
        value: USD per base unit of each asset, float64[asset]
        wealth: out, USD, float64[account]
        holdings: out, base units, int64[asset, sector]
        due: out, income owed by each line, whole units, int64[line]
        fault: out, (law, asset, account); law 0 none, 1 negative balance, 2 asset does not sum to zero, 3 payer short
        runs: work space, first and end of runs of accounts with holdings, int64[block, 2]
    """
    fault[0] = 0
    wealth[:] = 0.0
    holdings[:assets] = 0
    due[:] = 0
    blocks = -(-wealth.size // BLOCK)
    for asset in range(assets):
        row, reached, total = books.balances[asset], books.reached[asset], 0
        block = n = 0
        while block < blocks:
            if not (whole or reached[block]):
                block += 1
                continue
            sector, first = block_sector[block], block * BLOCK
            block += 1
            while block < blocks and (whole or reached[block]) and block_sector[block] == sector:
                block += 1
            end = min(block * BLOCK, wealth.size)
            held, signs = 0, 0
            if sector >= 0:
                held, signs = _total_and_signs(row[first:end])
                holdings[asset, sector] += held
            else:
                for account in range(first, end):
                    held += row[account]
                    signs |= row[account]
                    holdings[asset, books.sector[account]] += row[account]
            total += held
            if signs < 0 and fault[0] == 0:
                for account in range(first, end):
                    if row[account] < 0 and account != books.issuer[asset, 0] and account != books.issuer[asset, 1]:
                        fault[0], fault[1], fault[2] = 1, asset, account
            if signs != 0:
                if books.line[asset, 0] < 0:
                    _add_worth(row[first:end], value[asset], wealth[first:end])
                runs[n, 0], runs[n, 1] = first, end
                n += 1
        if total != 0 and fault[0] == 0:
            fault[0], fault[1], fault[2] = 2, asset, total
        worth = value[asset]
        for k in range(LINES_PER_ASSET):
            line = books.line[asset, k]
            if line < 0:
                break
            per_unit, index, low, estimate = value[books.line_paid[line]] / INDEX, books.line_index[line], 0, 0.0
            for run in range(n):
                first, end = runs[run, 0], runs[run, 1]
                settled = books.settled[line][first:end]
                part = _claims(row[first:end], worth, settled, index, per_unit, wealth[first:end])
                low, estimate = low + part[0], estimate + part[1]
            due[line], worth = _whole_units(low, estimate), 0.0
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
