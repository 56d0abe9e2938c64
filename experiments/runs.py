"""One run from a scenario to its folder of results, with progress told to whoever asks."""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from experiments import interrupts, outputs
from experiments.study_files import refuse_studies
from experiments.values import shorten, toml_value
from model.errors import ScenarioError
from model.jit import INTERPRETED, cache
from model.marketplace import Marketplace
from model.room import shortages
from model.scenario import Scenario

RECORD = "record"  # the one key outside all tables that can be set
SHORT = {"ticks": "clock.ticks", "seed": "clock.seed"}  # keys with options of their own
BYTES_PER_AGENT = 1_600  # measured on a million agents with 20 vaults, rounded up
Progress = Callable[[int, int], None]  # ticks done, ticks in all


class Run(NamedTuple):
    """What a finished run leaves behind in memory.

    Attributes:
        scenario, seed: what ran
        ticks: how many ticks it took; fewer than asked for when `stop_when` held
        fingerprint: digest of the final state
        summary: the run's number for every metric, by the metric's own rule
        start, end: every metric after the first and after the last tick
        metrics: the recorded metrics, `model.metric.Metric`
        folder: where its files are
        seconds: time spent to build the market, run it, and write the files
        shortages: memories that were full, in words
    """

    scenario: Scenario
    seed: int
    ticks: int
    fingerprint: str
    summary: dict[str, float]
    start: dict[str, float]
    end: dict[str, float]
    metrics: list[Any]
    folder: Path
    seconds: dict[str, float]
    shortages: list[str]


def settings(given: Sequence[str] | None, option: str = "--set", **short: int | None) -> dict[str, Any]:
    """Overrides from `key=value` of an option, the value as `toml_value` reads it.

    Args:
        given: what the option was given
        option: its name
        short: values of options that stand for a key, by the option's name; None where it was not given

    Raises:
        ScenarioError: one cannot be read, or a key is given both ways
    """
    found = {}
    for text in given or ():
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not key or not value or not all(key.split(".")) or ("." not in key and key != RECORD):
            raise ScenarioError(f"{option} {text!r}: write TABLE.KEY=VALUE, such as {option} clock.ticks=90")
        try:
            found[key] = toml_value(value)
        except ScenarioError as error:
            raise ScenarioError(f"{option} {shorten(text)}: {error}") from None
    for name, number in short.items():
        key = SHORT[name]
        if number is not None and key in found:
            raise ScenarioError(f"--{name} {number} and {option} {key}: give one of the two")
        if number is not None:
            found[key] = number
    return found


def prepare(
    name: str,
    overrides: Mapping[str, Any],
    agents: int | None = None,
    plugins: Sequence[str] = (),
) -> Scenario:
    """Load a scenario and lay overrides and a number of agents over it.

    Raises:
        ScenarioError: anything cannot be used, or the agents would not fit into memory
    """
    if not name.strip():
        raise ScenarioError(f"{name!r}: is no scenario; give a name from `run.py list`, or a path to a .toml")
    refuse_studies(name)
    scenario = Scenario.load(name, plugins)
    if overrides:
        scenario = scenario.override(overrides)
    if agents is not None:
        if agents < 1:
            raise ScenarioError(f"--agents {agents}: a market needs agents; give a whole number above 0")
        scenario = scenario.with_agents(agents, keep=overrides)
    check_memory(scenario)
    return scenario


def opened(scenario: Scenario, seed: int | None = None) -> Marketplace:
    """The market on its first morning.

    Raises:
        ScenarioError: its parts do not go together, or it does not fit into memory
    """
    try:
        return Marketplace(scenario, rng=seed)
    except MemoryError:
        raise ScenarioError(f"{scenario.name}: the market does not fit into memory; take fewer agents") from None


def check_memory(scenario: Scenario) -> None:
    """Refuse a scenario whose agents need more memory than this machine has free."""
    agents = sum(table.count for table in scenario.agents.values())
    need, free = agents * BYTES_PER_AGENT, free_memory()
    if need > free:
        raise ScenarioError(
            f"{scenario.name}: {agents:,} agents need about {need / 2**30:,.1f} GiB of memory, {free / 2**30:,.1f} GiB "
            f"are free; take at most {math.floor(free / BYTES_PER_AGENT):,} (--agents)"
        )


def free_memory() -> float:
    """Bytes that can be had without swapping; infinite where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return math.inf
    sizes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return float(sizes["MemAvailable"]) * 1024 if "MemAvailable" in sizes else math.inf


def _stamp(scenario: Scenario) -> Path:
    """File in the cache of compiled rules which says that this code has run these tables before."""
    used = [outputs.code_hash(scenario.plugins), *scenario.mechanisms, *scenario.agents]
    return cache() / f"ran-{hashlib.blake2b(' '.join(used).encode(), digest_size=8).hexdigest()}"


def compiled(scenario: Scenario) -> bool:
    """Whether a scenario's rules need no more compiling: they have run before, or are interpreted."""
    return INTERPRETED or _stamp(scenario).exists()


def note_compiled(scenario: Scenario) -> None:
    """Note that a scenario's rules have run."""
    if not compiled(scenario):
        with suppress(OSError):
            _stamp(scenario).touch()


def execute(scenario: Scenario, seed: int, root: Path, force: bool = False, progress: Progress | None = None) -> Run:
    """Run a scenario under one seed and write its folder `root/SCENARIO/SEED-HASH8`.

    Args:
        scenario: what to run
        seed: of all random streams
        root: folder of results
        force: replace files of a different run
        progress: told the ticks done so far

    Raises:
        ScenarioError: the folder cannot be written, or holds a different run
    """
    folder = outputs.folder_of(root, scenario, seed)
    began = time.perf_counter()
    with outputs.claimed(folder, scenario, seed, force), opened(scenario, seed) as market:
        built = time.perf_counter()
        while market.running and market.clock.tick + 1 < market.clock.ticks:
            interrupts.raise_lost()
            market.step()
            if progress is not None:
                progress(market.clock.tick + 1, market.clock.ticks)
        ran = time.perf_counter()
        note_compiled(scenario)
        seconds = {"build": built - began, "run": ran - built}
        outputs.write(market, folder, seconds)
        seconds["write"] = time.perf_counter() - ran
        metrics = market.recorder.metrics
        paths = {m.name: market.recorder.path(m.name) for m in metrics}
        return Run(
            scenario,
            seed,
            market.clock.tick + 1,
            market.fingerprint(),
            market.summary(),
            {name: path[0] for name, path in paths.items()},
            {name: path[-1] for name, path in paths.items()},
            metrics,
            folder,
            seconds,
            shortages(market.journal),
        )
