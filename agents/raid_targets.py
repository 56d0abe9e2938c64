"""Which vault a raider goes for: of all that he can pay, the one whose buy-out promises him most dollars."""

from typing import Any

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
    tried: Any
    last_try: Any


class Prey(Sheaf):
    """Columns of vaults: the value of a fraction [USD], and what `BuyoutsView` says of them."""

    value: Any
    allowed: Any
    design: Any
    supply: Any
    threshold: Any
    least_stake: Any
    least_bid: Any
    holders: Any
    window: Any


def prey(value: Any, seen: BuyoutsView) -> Prey:
    """What raiders choose from this morning."""
    least_stake, least_bid, _ = seen.ask()
    return Prey(
        value, seen.allowed, seen.design, seen.supply, seen.threshold, least_stake, least_bid, seen.holders, seen.window
    )


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
    for k in range(slots.size):
        slot = slots[k]
        cash, resale, low = balances[USD_ASSET, account[slot]] / USD, own.resale[slot], own.least_share[slot]
        toehold, best = own.toehold[slot], 0.0
        out[0, k] = -1
        for v in range(vaults.allowed.size):
            value, supply = vaults.value[v], vaults.supply[v]
            if not vaults.allowed[v] or value <= 0.0:
                continue
            answer, threshold, least = answers[vaults.design[v]], vaults.threshold[v], vaults.least_bid[v] / USD
            whole, voted = value * supply / TOKEN, answer in (RESERVE, UNLOCK)
            alone = voted and toehold >= threshold
            stake = max(np.int64(np.rint(toehold * supply)), vaults.least_stake[v])
            stake = stake if alone or not voted else 0
            if answer == RESERVE and (least > 0.0 or not alone):
                share, stake = least / whole, 0
                gain = resale - share if least > 0.0 else -1.0
            elif alone:
                share, gain = low, (resale - low) * (1.0 - toehold)
            elif (resale - low) * whole <= best or low * whole > cash * NEARLY:
                continue
            else:
                crowd = Crowd(own.sleepiness[slot], vaults.holders[v], own.crowd_spread[slot])
                high, days = max(low, own.most_share[slot]), max(vaults.window[v], dt_days)
                share, _, gain = best_plan(
                    answer == SHOTGUN, stake / supply, threshold, days, crowd, low, high, resale
                )  # fmt: skip
            if gain >= own.least_gain[slot] and share * value * supply / TOKEN <= cash and gain * whole > best:
                best, out[0, k], out[1, k], offers[k] = gain * whole, v, stake, share * value
