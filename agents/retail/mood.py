"""What an investor feels when he looks: the coin's drift as he remembers it, and his mood."""

import math

from numba import types

from agents.beliefs import trend_step
from agents.retail.traits import RETAIL
from model.jit import helper

_f = types.float64


@helper(_f(RETAIL, types.int64, _f, _f, _f, _f, _f, _f, _f, _f))
def feel(own, slot, day, log_coin, worth, mood, met, sentiment_days, elation, imitation):
    """Bring drift, memory and peak of wealth up to date; the new mood [-1, 1].

    His mood fades, rises with his wealth since he last looked, and nears that of somebody he knows.

    Args:
        worth: his wealth [USD]
        mood: before, NaN where moods do not exist
        met: mood of the neighbour he meets, NaN for nobody
    """
    first = own.looked[slot] < 0.0
    elapsed = 0.0 if first else day - own.looked[slot]
    if not first:
        own.drift_seen[slot] = trend_step(
            own.drift_seen[slot], log_coin - own.coin_seen[slot], elapsed, own.drift_memory[slot]
        )
    if math.isnan(mood):
        mood = 0.0
    else:
        kept, felt = math.exp(-elapsed / sentiment_days), 0.0
        if own.wealth_seen[slot] > 0.0 and worth > 0.0:
            felt = elation * math.log(worth / own.wealth_seen[slot])
        other = mood if math.isnan(met) else met
        mood = kept * mood + (1.0 - imitation) * felt + imitation * (1.0 - kept) * (other - mood)
        mood = min(max(mood, -1.0), 1.0)
    own.coin_seen[slot], own.looked[slot], own.wealth_seen[slot] = log_coin, day, worth
    own.peak[slot] = max(own.peak[slot], worth)
    return mood
