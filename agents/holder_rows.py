"""What holders hand in for many vaults at once: votes on reserves, and answers to buy-outs.

A holder takes a fraction to be worth what all can see, times exp(spread x a lasting draw of his). Under the design that
asks for it he votes what the whole is worth to him, and votes again once that has moved by more than a quarter.

He answers where what the answer moves gains more than it costs: dollars paid that buy what is worth more, fractions given
for more than they are worth, and with a vote all that he has.
"""

import math
from typing import Any

import numpy as np
from numba import types

from agents.rows import put_two
from model.jit import helper, kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import COUNTERED, PRICE, Phase, find_vote
from model.streams import normal, u01
from model.units import LARGEST_POSTING, TOKEN, USD

NEW_VOTE = 1.25  # a vote is cast again once own value has moved by this factor; assumption
MOST = float(LARGEST_POSTING - 1)  # base units, what the books can pay for a whole
WIDTH = 5  # of rows of account, vault, amount, status and what was filled
LOOKER, SLOT, PLACE, LOOKER_WIDTH = range(4)  # columns of those who look
VOTES, COUNTERS, TENDERS, BIDS, KINDS = range(5)  # of rows
TENDER, BIDDING = int(Phase.TENDER), int(Phase.BIDDING)
_i, _f = types.int64, types.float64


@helper(_i(types.Array(_i, 2, "C"), _i, _i, _i, _i), from_python=False)
def put(rows, n, who, v, amount):
    """Write row n, if there is room for it; the number of rows then, had there been."""
    return put_two(rows, n, who, v, amount) if n < rows.shape[0] else n + 1


@helper(_f(_f, _f, types.uint64, _i, _i), from_python=False)
def own_worth(value, spread, key, slot, v):
    """What a fraction is worth to a holder [USD]: value times exp(spread x a lasting draw of his)."""
    return value * math.exp(spread * normal(key, slot, v)) if spread != 0.0 else value


@kernel
def survey(phase: Any, allowed: Any, design: Any, asks: int, found: Any) -> int:
    """Write down vaults whose buy-out is open, or whose holders vote on a reserve; how many there are.

    Args:
        phase, allowed, design: by vault, see `BuyoutsView`
        asks: place of the design that asks for a reserve, -1 for none
        found: out, numbers of vaults
    """
    n = 0
    for v in range(phase.size):
        if phase[v] != 0 or (allowed[v] and design[v] == asks):
            found[n] = v
            n += 1
    return n


@kernel
def tell(
    key: Any, chance: float, phase: Any, fraction: Any, balances: Any, account: Any, alive: Any, alert: Any
) -> None:  # fmt: skip
    """Wake holders of vaults whose buy-out is open with a chance.

    Args:
        key: of the draws; chance: of each
        phase, fraction: by vault; balances: holdings by asset and account
        account, alive: by slot of the population; alert: out
    """
    for v in range(phase.size):
        for slot in range(alive.size if phase[v] != 0 else 0):
            if alive[slot] and balances[fraction[v], account[slot]] > 0 and u01(key, slot, 0) < chance:
                alert[slot] = True


@kernel
def wanted(
    balances: Any, slots: Any, end: Any, place: Any, agents: Any, asked: Any, vaults: Any, buyouts: Any, cast: Any,
    click: float, space: Any, rows: Any,
) -> Any:  # fmt: skip
    """Rows of votes, counters, tenders and bids, vault by vault, as far as there is room; how many of each.

    Who cannot pay a transaction hands in nothing.

    Args:
        balances: holdings by asset and account
        slots: who looks, population by population; end, place: of each that looks, where its slots end, and its number
        agents: where those of each population begin; the accounts of all of them, and what values vary by [log]; keys of
            lasting draws by slot and vault, by population
        asked: vaults whose buy-out is open or on which votes are taken
        vaults: assets by vault, then of those staked, pledged, locked, -1 for none; USD per whole fraction; base units
        buyouts: phase, price, need and opener by vault, see `BuyoutsView`
        cast: what was voted before, see `find_vote`
        click: cost of a transaction [USD], above which an answer must gain
        space: work space, a row and a number for each of `slots`
        rows: out, int64[4, row, 5]
    """
    first, account, spread, keys = agents
    fraction, stake, pledge, share, value, supply = vaults
    phase, price, need, opener = buyouts
    votes, newest, before = cast
    lookers, spreads = space
    n = n_votes = n_counters = n_tenders = n_bids = 0
    for k in range(end.size):
        while n < end[k]:
            agent = first[place[k]] + slots[n]
            lookers[n, LOOKER], lookers[n, SLOT], lookers[n, PLACE] = account[agent], slots[n], place[k]
            spreads[n] = spread[agent]
            n += 1
    for v in asked:
        for j in range(n):
            who = lookers[j, LOOKER]
            held = balances[fraction[v], who]
            cash = balances[USD_ASSET, who] - np.int64(math.ceil(click * USD))
            if phase[v] == 0:
                if held <= 0 or cash < 0:
                    continue
                worth = own_worth(value[v], spreads[j], keys[lookers[j, PLACE]], lookers[j, SLOT], v)
                whole = min(worth * (float(supply[v]) / TOKEN) * USD, MOST)
                if not (whole >= 1.0 and worth * held / TOKEN > click):
                    continue
                row = find_vote(votes, newest, before, v, who)
                old = float(votes[row, PRICE]) if row >= 0 else 0.0
                if whole > NEW_VOTE * old or whole * NEW_VOTE < old:
                    n_votes = put(rows[VOTES], n_votes, who, v, np.int64(whole))
                continue
            locked = balances[share[v], who] if share[v] >= 0 else np.int64(0)
            bound = balances[stake[v], who] if stake[v] >= 0 else np.int64(0)
            bound += balances[pledge[v], who] if pledge[v] >= 0 else np.int64(0)
            has = held + locked + bound
            if has <= 0 or cash < 0 or who == opener[v]:
                continue
            worth = own_worth(value[v], spreads[j], keys[lookers[j, PLACE]], lookers[j, SLOT], v)
            low, high, gap = price[v] < worth, price[v] > worth, abs(worth - price[v])
            votes_pay = gap * has / TOKEN > click
            if phase[v] in COUNTERED:
                paid = min(cash, need[v])
                if low and paid > 0 and gap * paid / USD > click * price[v]:
                    n_counters = put(rows[COUNTERS], n_counters, who, v, paid)
                elif phase[v] == TENDER and high and held > 0 and gap * held / TOKEN > click:
                    n_tenders = put(rows[TENDERS], n_tenders, who, v, held)
            else:
                gain = worth * (float(supply[v]) / TOKEN) - need[v] / USD
                if low and cash >= need[v] and gain > click:
                    n_bids = put(rows[BIDS], n_bids, who, v, need[v])
                if phase[v] == BIDDING and low and locked > 0 and votes_pay:
                    n_votes = put(rows[VOTES], n_votes, who, v, 0)
                elif phase[v] == BIDDING and high and held > 0 and votes_pay:
                    n_votes = put(rows[VOTES], n_votes, who, v, held + locked)
    return n_votes, n_counters, n_tenders, n_bids
