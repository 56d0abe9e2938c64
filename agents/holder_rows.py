"""What holders hand in for many vaults at once: claims on those that have ended, and votes on reserves.

A holder takes a fraction to be worth what all can see, times exp(spread x a lasting draw of his). Under the design that
asks for it he votes what the whole is worth to him, and votes again once that has moved by more than a quarter.
"""

import math
from typing import Any

import numpy as np

from model.jit import kernel
from model.mechanisms.buyouts import PRICE, find_vote
from model.mechanisms.vaults import VaultStatus
from model.streams import normal
from model.units import TOKEN, USD

NEW_VOTE = 1.25  # a vote is cast again once own value has moved by this factor; assumption
ACCOUNT, VAULT, AMOUNT, WIDTH = 0, 1, 2, 5  # columns of `VoteBuyout` and `Redeem`; then come status and what was filled
LOOKER, SLOT, PLACE, LOOKER_WIDTH = range(4)  # columns of those who look
ENDED = int(VaultStatus.ENDED)
NO_VOTES = np.zeros((0, WIDTH), np.int64)


@kernel
def survey(status: Any, supply: Any, phase: Any, allowed: Any, design: Any, asks: int, found: Any) -> Any:
    """Write down vaults whose fractions claim cash, those whose buy-out is open, and those whose holders vote on a reserve.

    Args:
        status, supply, phase, allowed, design: by vault, see `VaultsView` and `BuyoutsView`
        asks: place of the design that asks for a reserve, -1 for none
        found: out, numbers of the three, int64[3, vault]

    Returns:
        how many there are of each
    """
    n_ended = n_open = n_quiet = 0
    for v in range(status.size):
        if status[v] == ENDED and supply[v] > 0:
            found[0, n_ended] = v
            n_ended += 1
        if phase[v] != 0:
            found[1, n_open] = v
            n_open += 1
        elif allowed[v] and design[v] == asks:
            found[2, n_quiet] = v
            n_quiet += 1
    return n_ended, n_open, n_quiet


@kernel
def gather(
    slots: Any, account: Any, differ: bool, spread: Any, place: int, n: int, lookers: Any, spreads: Any
) -> int:  # fmt: skip
    """Write down who of a population looks, behind those of others; how many they are then.

    Args:
        slots: who looks; account: ledger account by slot
        differ: whether they take a fraction to be worth something else than all can see; spread: by slot [log]
        place: of the population
        n: how many there are before
        lookers: out, rows of account, slot and place of the population
        spreads: out, of their values [log]
    """
    for slot in slots:
        lookers[n, LOOKER], lookers[n, SLOT], lookers[n, PLACE] = account[slot], slot, place
        spreads[n] = spread[slot] if differ else 0.0
        n += 1
    return n


@kernel
def both_rows(
    balances: Any, lookers: Any, spreads: Any, n: int, claiming: Any, keys: Any, ended: Any, quiet: Any, fraction: Any,
    value: Any, supply: Any, votes: Any, newest: Any, before: Any, click: float, claims: Any, cast: Any,
) -> Any:  # fmt: skip
    """Rows of `Redeem` and of `VoteBuyout`, vault by vault, as far as there is room; how many there are of each.

    Args:
        balances: holdings by asset and account
        lookers, spreads, n: who looks, and how many, see `gather`
        claiming, keys: by population: whether they claim here, and key of lasting draws by slot and vault
        ended, quiet: vaults whose fractions claim cash, and those on which votes are taken
        fraction, value, supply: by vault, its asset, USD per whole fraction, base units
        votes, newest, before: what was voted before, see `find_vote`
        click: cost of a transaction [USD], above which his fractions must be worth it
        claims, cast: out
    """
    n_claims = n_votes = 0
    for v in ended:
        for j in range(n):
            held = balances[fraction[v], lookers[j, LOOKER]]
            if held > 0 and claiming[lookers[j, PLACE]]:
                if n_claims < claims.shape[0]:
                    claims[n_claims, ACCOUNT], claims[n_claims, VAULT] = lookers[j, LOOKER], v
                    claims[n_claims, AMOUNT] = held
                n_claims += 1
    for v in quiet:
        for j in range(n):
            who = lookers[j, LOOKER]
            held = balances[fraction[v], who]
            if held <= 0:
                continue
            worth = value[v]
            if spreads[j] != 0.0:
                worth = worth * math.exp(spreads[j] * normal(keys[lookers[j, PLACE]], lookers[j, SLOT], v))
            whole = worth * (float(supply[v]) / TOKEN) * USD
            if not (whole >= 1.0 and worth * held / TOKEN > click):
                continue
            row = find_vote(votes, newest, before, v, who)
            old = float(votes[row, PRICE]) if row >= 0 else 0.0
            if whole > NEW_VOTE * old or whole * NEW_VOTE < old:
                if n_votes < cast.shape[0]:
                    cast[n_votes, ACCOUNT], cast[n_votes, VAULT], cast[n_votes, AMOUNT] = who, v, int(whole)
                n_votes += 1
    return n_claims, n_votes


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
