"""A pump by its multiple, and behind a guard, beside the same attacker who holds still."""

from typing import TYPE_CHECKING

from experiments.answers.words import chance, within
from experiments.presets.looks import value
from experiments.presets.spec import PLAIN, Answer, Numbers
from experiments.pump import OWN, SETTING
from experiments.statistics import mean_interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from experiments.presets.found import Found
    from model import Marketplace

MULTIPLES = (2.0, 2.5, 3.0)
GUARD, STILL, STILL_GUARDED = "4 times, guarded", "no attack", "no attack, guarded"
NEVER = 1e6  # days
NO_ATTACK, GUARDED = {f"{OWN}first_day": NEVER}, {"oracle.guard": True}
LOST = tuple(f"lending.lost_{who}" for who in ("reserve", "fund", "depositors"))


def look(market: "Marketplace") -> Numbers:
    """What the attacker gained, and what is left for the pool."""
    lost = sum(value(market, name) for name in LOST)
    return {"gain": value(market, "gains.attacker"), "bad debt": lost + value(market, "lending.uncovered")}


def profit(found: "Found", variant: str) -> "NDArray[np.float64]":
    """Gain of the attack: over what his fractions do to him anyway under the same rules, seed by seed [USD]."""
    return found.values("gain", variant) - found.values("gain", STILL_GUARDED if variant == GUARD else STILL)


def told(found: "Found", variant: str) -> str:
    """How often an attack pays, and how much."""
    gains = profit(found, variant)
    average = within(mean_interval(gains, f"{found.scenario} {variant}"), "USD")
    return f"it pays in {chance(int((gains > 0.0).sum()), gains.size)}, {average} on average"


def tell(found: "Found") -> str:
    """From when it pays."""
    said = [f"at {m:g} times {told(found, f'{m:g} times')}" for m in MULTIPLES]
    return (
        f"Beside holding still, {'; '.join(said)}; at 4 times {told(found, PLAIN)}. Bad debt is then {found.mean('bad debt')}, without an attack "
        f"{found.plain('bad debt', STILL)}. With the oracle's guard, beside holding still behind the same guard, at 4 times {told(found, GUARD)}; "
        f"bad debt is then {found.plain('bad debt', GUARD)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"gain": "USD", "bad debt": "USD"},
    changes=SETTING,
    against={
        **{f"{m:g} times": {f"{OWN}multiple": m} for m in MULTIPLES},
        GUARD: GUARDED,
        STILL: NO_ATTACK,
        STILL_GUARDED: NO_ATTACK | GUARDED,
    },
    real="bZx lost about 350,000 and 650,000 USD in February 2020, Mango Markets 114 million in October 2022",
    source="post-mortems in press; as remembered",
)
