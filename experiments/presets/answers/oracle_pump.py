"""A pump by its multiple, and behind a guard."""

from typing import TYPE_CHECKING

from experiments.presets.looks import value
from experiments.presets.spec import Answer, Numbers
from experiments.pump import OWN, SETTING

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

MULTIPLES = (2.0, 2.5, 3.0)
GUARD = "4 times, guarded"
LOST = tuple(f"lending.lost_{who}" for who in ("reserve", "fund", "depositors"))


def look(market: "Marketplace") -> Numbers:
    """What the attacker gained, and what is left for the pool."""
    gain, lost = value(market, "gains.attacker"), sum(value(market, name) for name in LOST)
    return {"gain": gain, "bad debt": lost + value(market, "lending.uncovered"), "the attack pays": gain > 0.0}


def tell(found: "Found") -> str:
    """From when it pays."""
    said = [
        f"{m:g} times it pays in {found.chance('the attack pays', f'{m:g} times')}, {found.plain('gain', f'{m:g} times')} on average"
        for m in MULTIPLES
    ]
    return (
        f"At a pump of {'; at '.join(said)}; at 4 times in {found.chance('the attack pays')}, {found.mean('gain')}. Bad debt is then "
        f"{found.mean('bad debt')}. With the oracle's guard 4 times pay in {found.chance('the attack pays', GUARD)}, {found.plain('gain', GUARD)}."
    )


ANSWER = Answer(
    look,
    tell,
    {"gain": "USD", "bad debt": "USD", "the attack pays": "%"},
    changes=SETTING,
    against={**{f"{m:g} times": {f"{OWN}multiple": m} for m in MULTIPLES}, GUARD: {"oracle.guard": True}},
    real="bZx lost about 350,000 and 650,000 USD in February 2020, Mango Markets 114 million in October 2022",
    source="post-mortems in press; as remembered",
)
