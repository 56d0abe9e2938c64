"""Two runs under one seed: what a link to them says, their numbers side by side, and who won and who lost.

A link is that of the first run with the second in one further part, `...&b=scenario%3Dprice_crash`; seed and tick are
the first one's for both.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from app.address import Setup, decode, encode, load
from experiments.compare.analysis import GAINS
from experiments.compare.sense import sense
from experiments.console import rule_words
from model.metric import Metric, registry

SECOND = "b"  # key of the second run in a link
SHOWN = "show"  # key of metrics that charts show
LONGEST = 4_000  # characters of the second run
FIRST = Setup("credit_baseline", 1, 60)
OTHER = Setup("credit_baseline", 1, 60, (("lending.loan_to_value", 0.65), ("lending.threshold", 0.8)))
CHARTS = 4
PREFERRED = (  # charts, in order of preference, of what both record
    "amm.price_median",
    "lending.debt",
    "lending.health_median",
    "nft_market.floor_of_collectibles",
    "fractions.premium",
    "amm.depth",
    "lending.deposits",
    "network.hashprice",
    "nft_loans.debt",
    "nfts.index",
    "agents.gini",
    "rigs.miners",
    "bitcoin.price",
)
SHORT = {  # names of what is charted most
    "amm.price_median": "Price of a fraction, median",
    "amm.depth": "Depth of pools",
    "agents.gini": "Gini of wealth",
    "bitcoin.price": "Price of a coin",
    "fractions.premium": "Premium to net asset value",
    "lending.debt": "Debt of borrowers",
    "lending.deposits": "Deposits",
    "lending.health_median": "Health factor of debt, median",
    "network.hashprice": "Hashprice",
    "nft_market.floor_of_collectibles": "Floor of collectibles",
    "rigs.miners": "Hashrate of miners",
}
NO_RATIO = ("log", "1")  # units of which a per cent of the first says nothing; the difference does
ROUNDING = 1e-9  # of the larger; smaller differences of sums are none

Paths = Mapping[str, Sequence[float]]


class End(NamedTuple):
    """One number of both runs so far, by the metric's own rule, as `run.py compare` has it."""

    metric: Metric
    first: float
    second: float
    sense: int

    @property
    def rule(self) -> str:
        """How the days so far became one number, in words."""
        return "now" if self.metric.rule == "last" else rule_words(self.metric)

    @property
    def difference(self) -> float:
        """Second minus first; NaN where one is undefined, 0 where it is nothing but rounding."""
        gap = self.second - self.first
        return 0.0 if abs(gap) <= ROUNDING * max(abs(self.first), abs(self.second)) else gap

    @property
    def better(self) -> str:
        """A, B, or nothing where neither is or nobody can say."""
        towards = self.sense * self.difference
        return "B" if towards > 0.0 else "A" if towards < 0.0 else ""


def read(query: str | None) -> tuple[tuple[Setup, Setup], tuple[str, ...], list[str]]:
    """Two runs, metrics to show, and a sentence for each thing that was left out of a link."""
    pairs = dict(reversed(parse_qsl(query or "")))
    shown = tuple(name for name in pairs.get(SHOWN, "").split(",") if name in registry())[:CHARTS]
    if "scenario" not in pairs and SECOND not in pairs:
        return (FIRST, OTHER), shown, []
    first, notes = decode(query)
    second, more = (first, []) if SECOND not in pairs else decode(pairs[SECOND][:LONGEST])
    second = replace(second, seed=first.seed, tick=first.tick)
    return (first, second), shown, [f"A: {note}" for note in notes] + [f"B: {note}" for note in more]


def written(first: Setup, second: Setup, shown: Sequence[str] = ()) -> str:
    """The query part of a link to two runs.

    >>> pair = Setup("smoke", 3, 2), Setup("smoke", 3, 2, (("amm.fee_bps", 50),))
    >>> read(written(*pair))[0] == pair
    True
    """
    more = {SECOND: encode(second), **({SHOWN: ",".join(shown)} if shown else {})}
    return f"{encode(first)}&{urlencode(more)}"


def unequal(*setups: Setup) -> str:
    """Why runs cannot go in lockstep; empty if they can."""
    hours = {load(setup.scenario).clock.hours_per_tick: setup.scenario for setup in setups}
    if len(hours) < 2:
        return ""
    (one, first), (other, second), *_ = hours.items()
    return f"A tick of {first} lasts {one} hours and one of {second} {other}: choose two scenarios with equal ticks."


def common(paths: Sequence[Paths]) -> list[str]:
    """Metrics that both runs have recorded, in the order of their names."""
    return sorted(name for name in registry() if all(name in each for each in paths))


def charted(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """What charts show: the wanted metrics as far as they are there, then preferred ones, then any.

    >>> charted(["amm.depth", "bitcoin.price", "x"], ["x"])
    ['x', 'amm.depth', 'bitcoin.price']
    """
    found = dict.fromkeys([*wanted, *PREFERRED, *(n for n in names if n in registry() and registry()[n].headline)])
    return [name for name in found if name in names][:CHARTS]


def ends(paths: Sequence[Paths]) -> list[End]:
    """Headline numbers of both runs so far."""
    return [_end(name, paths) for name in common(paths) if registry()[name].headline]


def _end(name: str, paths: Sequence[Paths]) -> End:
    known = registry()[name]
    first, second = (known.summary(each) for each in paths)
    return End(known, first, second, sense(name))


def gains(paths: Sequence[Paths]) -> list[End]:
    """What each kind of agents has gained in both runs [USD], who won most from A to B first."""
    found = [_end(name, paths) for name in common(paths) if name.startswith(GAINS)]
    known = [end for end in found if not (math.isnan(end.first) and math.isnan(end.second))]
    return sorted(known, key=lambda end: -end.difference if not math.isnan(end.difference) else math.inf)


def label(name: str) -> str:
    """A metric in a few words: a name of its own, or what it means without what makes it undefined.

    >>> label("fractions.premium"), label("rigs.price")
    ('Premium to net asset value', 'Price of new rigs')
    """
    return SHORT.get(name) or registry()[name].meaning.split(";")[0]


def kind(end: End) -> str:
    """Kind of agents in words."""
    return end.metric.name.removeprefix(GAINS).replace("_", " ")


def verdict(rows: Sequence[End]) -> str:
    """Who won and who lost, in a sentence."""
    groups: dict[str, list[str]] = {"gain more in B": [], "gain less in B": [], "no difference": []}
    for end in rows:
        gap = end.difference
        word = "gain more in B" if gap > 0.0 else "gain less in B" if gap < 0.0 else "no difference"
        groups[word].append(kind(end))
    return "; ".join(f"{word}: {', '.join(names)}" for word, names in groups.items() if names)


def change(end: End) -> float | None:
    """Difference in per cent of the first; None where the first is nothing, or is no amount of something."""
    gap = end.difference
    useless = math.isnan(gap) or not end.first or end.metric.unit in NO_RATIO
    return None if useless else 100.0 * gap / abs(end.first)


def columns(paths: Sequence[Paths]) -> dict[str, Sequence[float]]:
    """All common paths of both runs under names of their own, for a file."""
    found: dict[str, Any] = {}
    for name in common(paths):
        found |= {f"A {name}": paths[0][name], f"B {name}": paths[1][name]}
    return found
