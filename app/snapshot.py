"""Everything the pages draw of a market at one moment, as plain data: a pure look that changes nothing.

`snapshot(market)` is made by the thread that steps the market, and handed to the page; nobody else looks at a market
that runs. Keys:

- scenario, question, seed, tick (ticks done), ticks, day, date, hours, running, agents (by kind);
- ranges: first and last account of each kind of agent;
- days: of the points drawn; series: name -> {unit, meaning, values}, thinned to 500 points of 4 digits;
- latest: every recorded metric now, by name; None where undefined, and before the first tick;
- breakeven: hashprice at which classes of rigs cover their power; health: loans by health factor;
- rewards: coins by who got them, which balance; book: of hashpower for rent; buyouts: their clocks;
- events: the last of each kind with reasons; event_counts.

`app.run.Run.frame` adds `network` and `account`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.clocks import clocks
from app.hashpower import book
from app.health import health
from app.log import events
from app.rewards import rewards
from app.rigs import breakeven
from app.thin import places, rounded
from experiments.console import plain, readable
from model.marketplace import Marketplace
from model.metric import registry
from model.units import HOURS_PER_DAY

CHARTED = (
    "bitcoin.price",
    "amm.price_median",
    "curve.price_median",
    "weighted.price_median",
    "auction.price_median",
    "nft_market.floor_of_collectibles",
    "nft_market.floor_of_art",
    "nfts.index",
    "nfts.appraisal",
    "fractions.premium",
    "network.hashprice",
    "network.difficulty",
    "rigs.breakeven_hashprice",
    "lending.health_min",
    "lending.health_p10",
    "lending.health_median",
    "lending.debt",
    "lending.deposits",
    "nft_loans.median_health",
    "nft_loans.debt",
    "nft_loans.cash",
    "agents.gini",
    "amm.depth",
    "amm.volume",
    "rental.price",
    "rental.rented",
    "farms.staked_fractions",
    "farms.staked_pool_shares",
    "farms.staked_deposits",
    "farms.staked_tokens",
    "farms.apr",
    "farms.token_price",
    "farms.token_supply",
    "farms.peg_price",
)
EXTRA_UNITS = {"nav": ("USD", "Median reference net asset value of a whole fraction over live vaults with a pool")}


def snapshot(
    market: Marketplace,
    extra: Mapping[str, Sequence[float]] | None = None,
    names: Sequence[str] = CHARTED,
    why: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """The market as plain data.

    Args:
        market: at the end of a tick, or before the first
        extra: further paths, one value per tick done, by name
        names: metrics whose paths are wanted; those that the scenario does not record are left out
        why: further reasons of events, by their place in the journal
    """
    clock, recorder = market.clock, market.recorder
    done = clock.tick + 1
    drawn = places(done)
    paths = {name: recorder.path(name) for name in names if name in recorder.latest}
    facts = {name: (registry()[name].unit, registry()[name].meaning) for name in paths}
    for name, path in (extra or {}).items():
        paths[name], facts[name] = list(path), EXTRA_UNITS.get(name, ("", name))
    series = {}
    for name, path in paths.items():
        values = np.asarray(path, float)[drawn] if path else np.zeros(0)
        if np.isfinite(values).any():
            unit, meaning = facts[name]
            series[name] = {"unit": unit, "meaning": meaning, "values": rounded(values)}
    return {
        "scenario": market.scenario.name,
        "question": market.scenario.question,
        "seed": market.seed,
        "tick": done,
        "ticks": clock.ticks,
        "hours": clock.hours,
        "day": done * clock.hours / HOURS_PER_DAY,
        "date": clock.date.isoformat(),
        "running": bool(market.running) and done < clock.ticks,
        "agents": {kind: len(people) for kind, people in market.populations.items()},
        "ranges": ranges(market),
        "days": [float(day) for day in (drawn + 1) * clock.dt_days],
        "series": series,
        "latest": {m.name: plain(recorder.latest.get(m.name, math.nan)) for m in recorder.metrics},
        "breakeven": breakeven(market),
        "health": health(market),
        "rewards": rewards(market),
        "book": book(market),
        "buyouts": clocks(market),
        "events": events(market, why or {}),
        "event_counts": counts(market),
    }


def ranges(market: Marketplace) -> dict[str, tuple[int, int]]:
    """First and last account of each kind of agent."""
    return {
        kind: (int(people.account[0]), int(people.account[people.size - 1]))
        for kind, people in market.populations.items()
        if people.size
    }


def counts(market: Marketplace) -> dict[str, int]:
    """Events so far by kind."""
    return dict(sorted(Counter(row[1] for row in market.journal.events).items()))


def monitors(frame: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """The numbers in words, of a snapshot: (key, label, value, meaning); those that a scenario lacks are left out."""
    latest = frame["latest"]
    found = [
        (
            "day",
            "Day",
            f"{readable(frame['day'])} of {readable(frame['ticks'] * frame['hours'] / HOURS_PER_DAY)}",
            frame["date"],
        )
    ]
    for key, label, unit, parts in MONITORS:
        known = [latest[name] for name in parts if latest.get(name) is not None]
        if not any(name in latest for name in parts):
            continue
        total = math.fsum(known) if known else None
        shown = readable(total)
        if unit == "%" and total is not None:
            shown = f"{100.0 * (math.exp(total) - 1.0):+.1f}"
        meaning = registry()[parts[0]].meaning
        found.append((key, label, f"{shown} {unit}".strip() if shown != "–" else "–", meaning))
    return found


MONITORS = (  # key, label, unit, metrics that add up
    ("coin", "Coin price", "USD", ("bitcoin.price",)),
    ("hashprice", "Hashprice", "USD/PH/day", ("network.hashprice",)),
    ("premium", "Mean premium to NAV", "%", ("fractions.premium",)),
    ("debt", "Debt", "USD", ("lending.debt", "nft_loans.debt", "nft_loans.rig_debt")),
    (
        "bad_debt",
        "Bad debt",
        "USD",
        (
            "lending.lost_depositors",
            "lending.lost_reserve",
            "lending.lost_fund",
            "nft_loans.lost_by_depositors",
            "nft_loans.lost_by_reserve",
        ),
    ),
    ("gini", "Gini of wealth", "", ("agents.gini",)),
)
