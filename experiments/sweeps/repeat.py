"""`rerun`: repeat one run of a study from its folder, to its end or to a tick, and hold it against what is kept."""

import math
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.engines.job import advance
from experiments.outputs import code_hash
from experiments.store.failures import read_failure
from experiments.store.find import Found
from experiments.store.manifest import read_manifest
from experiments.store.shards import footer_of
from experiments.sweeps.identity import configuration
from experiments.sweeps.study import seed_of
from model.errors import ScenarioError
from model.marketplace import Marketplace
from model.scenario import Scenario

AROUND = 5  # ticks before the last one whose events are shown
MOST_EVENTS = 20


class Repeated(NamedTuple):
    """A run that was repeated.

    Attributes:
        run, label, replicate, seed: which
        tick: last tick that was begun
        fingerprint: of the state at the end; empty when it failed
        kept: fingerprint in the store; empty when the run failed there or was not done
        same: whether both are equal; None where there is nothing to compare
        changes: what is other than in the store, code or configuration
        error: what was raised, with its traceback; empty when nothing was
        numbers: metrics at the last tick, by name
        units: of these
        events: of the last ticks: tick, kind, account, vault, amount, text
    """

    run: str
    label: str
    replicate: int
    seed: int
    tick: int
    fingerprint: str
    kept: str
    same: bool | None
    changes: list[str]
    error: str
    numbers: Mapping[str, float]
    units: Mapping[str, str]
    events: Sequence[dict[str, Any]]


def repeat(found: Found, plugins: Sequence[str], to_tick: int | None = None) -> Repeated:
    """Run again what the store names.

    Args:
        found: study, point and replicate
        plugins: packages with further kinds and strategies
        to_tick: stop after this tick, counted from 0

    Raises:
        ScenarioError: the tick is not in the run, or the scenario cannot be used any more
    """
    folder, point = found.folder, found.point
    manifest, code = read_manifest(folder), code_hash(tuple(plugins))
    run = f"{point.id}-{found.replicate:05d}"
    footer, failure = footer_of(folder, run), read_failure(folder, run)
    record = footer or failure
    own = None if manifest["common_random_numbers"] else point.id
    seed = record.seed if record else seed_of(manifest["root_seed"], found.replicate, own)
    changes = []
    if record and record.code != code:
        changes.append(f"code is {code}, was {record.code}")
    try:
        scenario = point.scenario(plugins)
    except ScenarioError as refusal:
        raise _refused(run, refusal, changes) from None
    if to_tick is not None and not 0 <= to_tick < scenario.clock.ticks:
        raise ScenarioError(f"--to-tick {to_tick}: the run has ticks 0 to {scenario.clock.ticks - 1:,}")
    config = configuration(scenario, manifest["every"], manifest["columns"])
    if record and record.config != config:
        changes.append(f"configuration is {config}, was {record.config}")
    ran = _ran(scenario, seed, to_tick)
    if footer is not None and isinstance(ran.raised, ScenarioError):  # what finished then is no failure of the run
        raise _refused(run, ran.raised, changes)
    error = "".join(traceback.format_exception(ran.raised)) if ran.raised else ""
    kept = footer.fingerprint if footer else ""
    comparable = bool(kept) and to_tick is None and not error
    same = ran.fingerprint == kept if comparable else None
    return Repeated(
        run=run,
        label=point.label,
        replicate=found.replicate,
        seed=seed,
        tick=ran.tick,
        fingerprint=ran.fingerprint,
        kept=kept,
        same=same,
        changes=changes,
        error=error,
        numbers=ran.numbers,
        units=ran.units,
        events=ran.events,
    )


class _Ran(NamedTuple):
    """A market as far as it came: fields as of `Repeated`, and what it raised."""

    tick: int = -1
    fingerprint: str = ""
    numbers: Mapping[str, float] = {}
    units: Mapping[str, str] = {}
    events: Sequence[dict[str, Any]] = ()
    raised: Exception | None = None


def _ran(scenario: Scenario, seed: int, to_tick: int | None) -> _Ran:
    """Run a market to its end, to a tick, or to where it fails."""
    raised: Exception | None = None
    fingerprint, market = "", None
    try:
        market = Marketplace(scenario, rng=seed)
        advance(market, None, to_tick)
        fingerprint = market.fingerprint()
    except Exception as caught:
        raised = caught
    if market is None:
        return _Ran(raised=raised)
    tick, numbers = market.clock.tick, dict(market.recorder.latest)
    units = {m.name: m.unit for m in market.recorder.metrics}
    table = market.events()
    last = table[table["tick"] > tick - AROUND].tail(MOST_EVENTS)
    events = [{str(key): value for key, value in row.items()} for row in last.to_dict("records")]
    market.close()
    return _Ran(tick, fingerprint, numbers, units, events, raised)


def _refused(run: str, refusal: ScenarioError, changes: Sequence[str]) -> ScenarioError:
    """The sentence for a stored scenario that today's rules refuse."""
    other = f" ({'; '.join(changes)}: rigshare as it was then repeats it)" if changes else ""
    return ScenarioError(f"{run}: {refusal}{other}")


def verdict(done: Repeated, to_tick: int | None) -> str:
    """One sentence on whether it came out the same."""
    other = f" ({'; '.join(done.changes)})" if done.changes else ""
    if done.error:
        return f"fails after tick {done.tick}{other}"
    if to_tick is not None:
        return f"stopped after tick {done.tick}, fingerprint {done.fingerprint}{other}"
    if done.same is None:
        return f"finished with fingerprint {done.fingerprint}; nothing to compare with{other}"
    if done.same:
        return f"the same: fingerprint {done.fingerprint}{other}"
    return f"NOT the same: fingerprint {done.fingerprint}, was {done.kept}{other}"


def plain(done: Repeated) -> dict[str, Any]:
    """For `--json`."""
    numbers = {name: value if math.isfinite(value) else None for name, value in done.numbers.items()}
    events = [{key: _scalar(value) for key, value in event.items()} for event in done.events]
    return {**done._asdict(), "numbers": numbers, "events": events}


def _scalar(value: Any) -> Any:
    """A cell that JSON can hold."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
