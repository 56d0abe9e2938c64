"""What holders hand in for many vaults at once: claims on those that have ended, and votes on reserves.

A holder takes a fraction to be worth what all can see, times exp(spread x a lasting draw of his). Under the design that
asks for it he votes what the whole is worth to him, and votes again once that has moved by more than a quarter.
"""

import math
from typing import Any

import numpy as np

from model.jit import maker
from model.mechanisms.buyouts import PRICE, find_vote
from model.streams import normal
from model.units import TOKEN, USD

NEW_VOTE = 1.25  # a vote is cast again once own value has moved by this factor; assumption
ACCOUNT, VAULT, AMOUNT, WIDTH = (
    0,
    1,
    2,
    5,
)  # columns of `VoteBuyout` and `Redeem`; the last two are status and what was filled
NO_VOTES = np.zeros((0, WIDTH), np.int64)


@maker
def held_rows(balances: Any, slots: Any, account: Any, vaults: Any, fraction: Any) -> Any:
    """Rows of `Redeem`, vault by vault: all that each of those who look holds of some vaults.

    Args:
        balances: holdings by asset and account
        slots: who looks; account: ledger account by slot
        vaults, fraction: which vaults, and their assets
    """
    n = 0
    for k in range(vaults.size):
        for slot in slots:
            n += balances[fraction[k], account[slot]] > 0
    out = np.zeros((n, WIDTH), np.int64)
    n = 0
    for k in range(vaults.size if out.size else 0):
        for slot in slots:
            held = balances[fraction[k], account[slot]]
            if held > 0:
                out[n, ACCOUNT], out[n, VAULT], out[n, AMOUNT] = account[slot], vaults[k], held
                n += 1
    return out


@maker
def reserve_votes(
    balances: Any,
    slots: Any,
    opinion: Any,
    account: Any,
    key: Any,
    vaults: Any,
    fraction: Any,
    value: Any,
    supply: Any,
    votes: Any,
    newest: Any,
    before: Any,
    click: float,
) -> Any:
    """Rows of `VoteBuyout` of those who look, vault by vault.

    Args:
        balances: holdings by asset and account
        slots, opinion: who looks, and the spread of their values [log]
        account: ledger account by slot
        key: of lasting draws by slot and vault
        vaults: on which votes are taken; fraction, value, supply: their assets, USD per whole fraction, base units
        votes, newest, before: what was voted before, see `find_vote`
        click: cost of a transaction [USD], above which his fractions must be worth it
    """
    out = np.empty((vaults.size * slots.size, WIDTH), np.int64)
    n = 0
    for k in range(vaults.size):
        for j in range(slots.size):
            slot = slots[j]
            who = account[slot]
            held = balances[fraction[k], who]
            if held <= 0:
                continue
            worth = value[k]
            if opinion[j] != 0.0:
                worth = worth * math.exp(opinion[j] * normal(key, slot, vaults[k]))
            whole = worth * (float(supply[k]) / TOKEN) * USD
            row = find_vote(votes, newest, before, vaults[k], who)
            old = float(votes[row, PRICE]) if row >= 0 else 0.0
            moved = whole > NEW_VOTE * old or whole * NEW_VOTE < old
            if moved and whole >= 1.0 and worth * held / TOKEN > click:
                out[n, :] = 0
                out[n, ACCOUNT], out[n, VAULT], out[n, AMOUNT] = who, vaults[k], int(whole)
                n += 1
    return out[:n].copy()
