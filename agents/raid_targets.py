"""Which vault a raider goes for: of all that he can pay, the one whose buy-out promises him most dollars.

Where an offer stands without an end he counts on those who look before he would try elsewhere, after his rest.
What he lacks of the toe-hold he must buy, so that a market price above his resale value counts against it. One whose
toe-hold he has begun to buy he keeps while it pays at all.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from agents.raid_plans import Crowd, best_plan
from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.buyouts import BuyoutsView
from model.sheaf import Sheaf
from model.units import TOKEN, USD

SHOTGUN, TENDER, UNLOCK, RESERVE = range(4)  # how holders answer
NEARLY = 1.0 + 1e-9  # nothing that he can just pay is left out by rounding
ANSWERS = {"niftex_v1": SHOTGUN, "niftex_v2": SHOTGUN, "unlock_vote": UNLOCK, "reserve_auction": RESERVE}


class Aims(Sheaf):
    """Columns of raiders by slot."""

    toehold: Any
    least_share: Any
    most_share: Any
    resale: Any
    least_gain: Any
    sleepiness: Any
    crowd_spread: Any
    rest: Any
    attempts: Any
    harvest: Any
    impact: Any
    tried: Any
    last_try: Any
    target: Any  # vault whose toe-hold he buys, -1 for none


class Prey(NamedTuple):
    """Columns of vaults: value and price of a fraction [USD], its asset, and what `BuyoutsView` says of them."""

    value: Any
    price: Any
    fraction: Any
    allowed: Any
    design: Any
    supply: Any
    threshold: Any
    least_stake: Any
    least_bid: Any
    holders: Any
    window: Any


def prey(value: Any, price: Any, fraction: Any, seen: BuyoutsView) -> Prey:
    """What raiders choose from this morning."""
    least_stake, least_bid, _ = seen.ask()
    return Prey(
        value, price, fraction, seen.allowed, seen.design, seen.supply, seen.threshold, least_stake, least_bid, seen.holders,
        seen.window,
    )  # fmt: skip


def answers(seen: BuyoutsView) -> Any:
    """How holders answer under each design in use, by its place."""
    return np.array([ANSWERS.get(name, TENDER) for name in seen.places], np.int64)


@kernel
def choose(
    slots: Any, account: Any, own: Aims, balances: Any, vaults: Prey, answers: Any, dt_days: float, out: Any, offers: Any
) -> None:  # fmt: skip
    """The best target of each of some raiders.

    Args:
        vaults, answers: by `prey` and `answers`
        dt_days: length of a tick
        out: vault, -1 for none, and fractions to lock [base units], int64[2, raider]
        offers: for a fraction, float64[raider] [USD]
    """
    n = vaults.allowed.size
    for k in range(slots.size):
        slot = slots[k]
        who, resale, low, kept = account[slot], own.resale[slot], own.least_share[slot], int(own.target[slot])
        cash, toehold, best = balances[USD_ASSET, who] / USD, own.toehold[slot], 0.0
        out[0, k] = -1
        for i in range(-1, n):  # first the one that he has begun to buy
            v = kept if i < 0 else i
            if i == 0 and out[0, k] >= 0:
                break
            if v < 0 or v >= n or i == kept or not vaults.allowed[v] or vaults.value[v] <= 0.0:
                continue
            value, supply, least_gain = vaults.value[v], vaults.supply[v], own.least_gain[slot]
            answer, threshold, least = answers[vaults.design[v]], vaults.threshold[v], vaults.least_bid[v] / USD
            whole, voted = value * supply / TOKEN, answer in (RESERVE, UNLOCK)
            alone = voted and toehold >= threshold
            stake = max(np.int64(np.rint(toehold * supply)), vaults.least_stake[v])
            stake = 0 if (voted and not alone) or (answer == RESERVE and least > 0.0) else stake
            lacking = max(stake - balances[vaults.fraction[v], who], 0)
            if lacking > 0 and vaults.price[v] <= 0.0:
                continue
            toll = lacking / supply * max(0.0, vaults.price[v] / value - resale)
            left = cash - lacking / TOKEN * vaults.price[v]
            if answer == RESERVE and (least > 0.0 or not alone):
                share = least / whole
                gain = resale - share if least > 0.0 else -1.0
            elif alone:
                share, gain = low, (resale - low) * (1.0 - toehold)
            elif (resale - low) * whole <= best or low * whole > left * NEARLY:
                continue
            else:
                crowd = Crowd(own.sleepiness[slot], vaults.holders[v], own.crowd_spread[slot])
                high, window = max(low, own.most_share[slot]), vaults.window[v]
                days = max(window if window < math.inf else own.rest[slot], dt_days)
                share, _, gain = best_plan(
                    answer == SHOTGUN, stake / supply, threshold, days, crowd, low, high, resale
                )  # fmt: skip
            gain -= toll
            enough = gain >= (min(0.0, least_gain) if i < 0 else least_gain)
            if enough and share * whole <= left and gain * whole > best:
                best, out[0, k], out[1, k], offers[k] = gain * whole, v, stake, share * value
