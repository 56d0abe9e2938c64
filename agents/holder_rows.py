"""What holders hand in for many vaults at once: claims on those that have ended, and votes on reserves.

A holder takes a fraction to be worth what all can see, times exp(spread x a lasting draw of his). Under the design that
asks for it he votes what the whole is worth to him, and votes again once that has moved by more than a quarter.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.jit import kernel
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
GUESS = 32  # rows for which there is room at first
NO_VOTES = np.zeros((0, WIDTH), np.int64)


@kernel
def _held(balances: Any, slots: Any, account: Any, vaults: Any, fraction: Any, out: Any) -> int:
    """Fill what `out` has room for; how many rows there are."""
    n = 0
    for k in range(vaults.size):
        for slot in slots:
            held = balances[fraction[k], account[slot]]
            if held > 0:
                if n < out.shape[0]:
                    out[n, ACCOUNT], out[n, VAULT], out[n, AMOUNT] = account[slot], vaults[k], held
                n += 1
    return n


def held_rows(balances: Any, slots: Any, account: Any, vaults: Any, fraction: Any) -> NDArray[np.int64]:
    """Rows of `Redeem`, vault by vault: all that each of those who look holds of some vaults.

    Args:
        balances: holdings by asset and account
        slots: who looks; account: ledger account by slot
        vaults, fraction: which vaults, and their assets
    """
    n = _held(balances, slots, account, vaults, fraction, NO_VOTES)
    if n == 0:
        return NO_VOTES
    out = np.zeros((n, WIDTH), np.int64)
    _held(balances, slots, account, vaults, fraction, out)
    return out


@kernel
def _votes(
    balances: Any, slots: Any, opinion: Any, account: Any, key: Any, vaults: Any, fraction: Any, value: Any, supply: Any,
    votes: Any, newest: Any, before: Any, click: float, out: Any,
) -> int:  # fmt: skip
    """Fill what `out` has room for; how many rows there are."""
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
                if n < out.shape[0]:
                    out[n, ACCOUNT], out[n, VAULT], out[n, AMOUNT] = who, vaults[k], int(whole)
                n += 1
    return n


def reserve_votes(
    balances: Any, slots: Any, opinion: Any, account: Any, key: Any, vaults: Any, fraction: Any, value: Any, supply: Any,
    votes: Any, newest: Any, before: Any, click: float,
) -> NDArray[np.int64]:  # fmt: skip
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
    seen = balances, slots, opinion, account, key, vaults, fraction, value, supply, votes, newest, before, click
    out = np.zeros((GUESS, WIDTH), np.int64)
    n = _votes(*seen, out)
    if n > GUESS:
        out = np.zeros((n, WIDTH), np.int64)
        _votes(*seen, out)
    return out[:n]


@kernel
def both_rows(
    balances: Any, slots: Any, account: Any, ended: Any, ended_assets: Any, opinion: Any, key: Any, vaults: Any,
    fraction: Any, value: Any, supply: Any, votes: Any, newest: Any, before: Any, click: float, claims: Any, cast: Any,
) -> Any:  # fmt: skip
    """Rows of claims and of votes at once, as far as there is room; how many of each, see `held_rows`, `reserve_votes`."""
    n = _held(balances, slots, account, ended, ended_assets, claims)
    return n, _votes(
        balances, slots, opinion, account, key, vaults, fraction, value, supply, votes, newest, before, click, cast
    )


@kernel
def holders(
    slots: Any, account: Any, balances: Any, fraction: int, stake: int, share: int, pledge: int, opener: int, out: Any
) -> int:
    """Of those who look, who has fractions at hand, staked, locked or pledged; not who opened the buy-out.

    Args:
        slots: who looks; account: ledger account by slot
        balances: holdings by asset and account
        fraction, stake, share, pledge: assets, -1 for none
        opener: account
        out: their slots
    """
    n = 0
    for slot in slots:
        who = account[slot]
        held = balances[fraction, who]
        if stake >= 0:
            held += balances[stake, who]
        if share >= 0:
            held += balances[share, who]
        if pledge >= 0:
            held += balances[pledge, who]
        if held > 0 and who != opener:
            out[n] = slot
            n += 1
    return n
