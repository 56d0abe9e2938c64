"""What a stress test is asked: a run, one shock to it, and over how many seeds; from a link and to a link."""

import shlex
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app.address import AGENTS, TICKS, Setup, decode, encode, load, whole
from experiments.stress import shocks
from experiments.stress.shocks import Rows
from model.errors import ScenarioError, nearest
from model.mechanism import catalogue
from model.scenario import Scenario

STEP, PULSE, RAMP = "step", "pulse", "ramp"
SHAPES = ((STEP, "at once, and it stays"), (PULSE, "at once, and it ends"), (RAMP, "little by little"))
SEEDS = (10, 30, 100, 200, 400)
MOST_SEEDS = 400
LEAST_SIZE, LARGEST_SIZE = -0.95, 3.0  # part by which a channel changes
FIRST = Setup("credit_baseline", 1, 0, ((TICKS, 90),))
FANS = 6
DRAWN = (  # fans, in order of preference, of what the scenario records
    "amm.price_median",
    "lending.at_risk_20",
    "lending.lost_depositors",
    "lending.liquidated_debt",
    "amm.depth",
    "nft_loans.lost_by_depositors",
    "nft_loans.cash_share",
    "nft_market.floor_of_collectibles",
    "weighted.depth",
    "curve.depth",
    "buyouts.succeeded",
    "buyouts.lost_to_raiders",
    "farms.staked_usd",
    "farms.token_price",
    "rental.price",
    "rental.rented",
    "insolvency.miners",
    "network.hashprice",
    "bitcoin.price",
    "nfts.index",
)


@dataclass(frozen=True)
class Ask:
    """One stress test.

    Attributes:
        setup: the run under stress; its seed is that from which all seeds derive, its tick means nothing
        channel: what the shock acts on
        size: part by which the channel changes, -.5 halves it
        day: on which it begins
        shape: step, pulse or ramp
        days: length of a pulse or a ramp
        seeds: runs with the shock, and as many without
    """

    setup: Setup = FIRST
    channel: str = "price"
    size: float = -0.5
    day: int = 30
    shape: str = STEP
    days: int = 30
    seeds: int = 30

    def with_(self, **parts: Any) -> "Ask":
        """The same question but for some parts."""
        return replace(self, **parts)

    def line(self) -> str:
        """The shock as the command line takes it.

        >>> Ask(shape="pulse").line()
        'channel=price,size=-0.5,day=30,shape=pulse,days=30'
        """
        plain = f"channel={self.channel},size={self.size:g},day={self.day},shape={self.shape}"
        return plain if self.shape == STEP else f"{plain},days={self.days}"

    def rows(self, base: Scenario) -> Rows:
        """The shock, checked against a scenario.

        Raises:
            ScenarioError: it cannot be used
        """
        return shocks.from_line(self.line(), base)

    def command(self) -> str:
        """What gives the same numbers on the command line."""
        words = ["python", "run.py", "stress", self.setup.scenario, "--shock", self.line(), "--seeds", str(self.seeds)]
        for path, value in self.setup.settings:
            words += ["--agents", str(value)] if path == AGENTS else ["--set", f"{path}={_toml(value)}"]
        if self.setup.seed != load(self.setup.scenario).clock.seed:
            words += ["--set", f"clock.seed={self.setup.seed}"]
        return " ".join(map(shlex.quote, words))

    def query(self) -> str:
        """The query part of a link."""
        more = {"channel": self.channel, "size": f"{self.size:g}", "day": self.day, "shape": self.shape}
        return f"{encode(self.setup.at(0))}&{urlencode({**more, 'days': self.days, 'seeds': self.seeds})}"


def _toml(value: Any) -> str:
    from app.scenario_file import written

    return written(value)


def channels(scenario: Scenario) -> dict[str, str]:
    """What shocks can act on in a scenario, and what that is."""
    found: dict[str, str] = {}
    for key in scenario.mechanisms:
        for name, meaning in getattr(catalogue()[key], "channels", {}).items():
            found.setdefault(name, meaning)
    return found


def length(setup: Setup) -> int:
    """Ticks of a run."""
    return int(dict(setup.settings).get(TICKS, load(setup.scenario).clock.ticks))


def last_day(setup: Setup) -> int:
    """Last day on which a shock can begin."""
    hours = load(setup.scenario).clock.hours_per_tick
    return max(0, int((length(setup) - 1) * hours // 24))


def early(setup: Setup) -> int:
    """A day after a third of the run, so that most of it can show what follows."""
    return (last_day(setup) + 1) // 3


def drawn(base: Scenario) -> tuple[str, ...]:
    """Metrics whose fans are drawn."""
    known = {m.name for m in base.recorded()}
    return tuple(name for name in DRAWN if name in known)[:FANS]


def fitted(ask: Ask) -> Ask:
    """The same question, its channel and day brought into what the scenario and its length allow."""
    known = channels(load(ask.setup.scenario))
    channel = ask.channel if ask.channel in known else next(iter(known), ask.channel)
    return replace(ask, channel=channel, day=ask.day if ask.day <= last_day(ask.setup) else early(ask.setup))


def read(query: str | None) -> tuple[Ask, list[str]]:
    """The question of a link, and a sentence for each thing that was left out."""
    pairs = dict(reversed(parse_qsl(query or "")))
    if not pairs:
        return Ask(), []
    setup, notes = decode(query) if "scenario" in pairs else (FIRST, [])
    ask = Ask(replace(setup, tick=0, changes=()), day=min(Ask.day, early(setup)))
    if setup.changes:
        notes.append("left out of the link: changes while it ran; a stress test sets parameters from the start")
    for key, low, high in (("day", 0, last_day(ask.setup)), ("days", 1, 3_650), ("seeds", 1, MOST_SEEDS)):
        if key in pairs:
            try:
                ask = ask.with_(**{key: whole(pairs[key], key, low, high)})
            except ScenarioError as error:
                notes.append(f"left out of the link: {error}")
    try:
        size = float(pairs.get("size", ask.size))
        if not LEAST_SIZE <= size <= LARGEST_SIZE:
            raise ScenarioError(f"size = {size:g}: give a number between {LEAST_SIZE:g} and {LARGEST_SIZE:g}")
        ask = replace(ask, size=size)
    except ScenarioError as error:
        notes.append(f"left out of the link: {error}")
    except ValueError:
        notes.append(f"left out of the link: size = {pairs['size'][:20]!r} is no number")
    shape = pairs.get("shape", ask.shape)
    if shape in dict(SHAPES):
        ask = replace(ask, shape=shape)
    known = channels(load(ask.setup.scenario))
    channel = pairs.get("channel", ask.channel)
    if channel not in known:
        notes.append(
            f"left out of the link: channel {channel[:40]!r} is none of this scenario{nearest(channel, known)}"
        )
    return fitted(replace(ask, channel=channel)), notes
