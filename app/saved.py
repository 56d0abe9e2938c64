"""What lies in the folder of results: runs and studies, read and never written; nothing outside of it can be reached."""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from app import manifests
from app.address import Setup, checked, load
from app.server import inside
from experiments.store.layout import MANIFEST
from experiments.stress.toml_text import text
from model.errors import ScenarioError
from model.scenario import Scenario

RUN, STUDY, SEARCH = "run", "study", "search"
TOLD = 2  # changed parameters spelled out
LARGEST_MANIFEST, LARGEST_FILE = 8_000_000, 64_000_000  # bytes that are read
RUN_FILES = ("metrics.parquet", "agents.parquet", "events.parquet", "flows.parquet", "figures.png")
STUDY_FILES = ("summary.parquet", "design.parquet", "sweep.toml", "report.html")
REPORT = "report.html"


class Saved(NamedTuple):
    """One folder of results.

    Attributes:
        key: its place below the folder of results
        kind: run, study or search
        title: scenario, or name of the study
        question: that it asks
        seed: of a run; empty for a study
        size: ticks of a run, points and replicates of a study
        when: it was finished; state of a study that is not
        changed: parameters of a run that are not those of the scenario that ships
    """

    key: str
    kind: str
    title: str
    question: str
    seed: str
    size: str
    when: str
    changed: str = ""

    def has(self, words: str) -> bool:
        """Whether all words occur in what is told of it."""
        told = " ".join(self).lower()
        return all(word in told for word in words.lower().split())


def told(root: Path, key: str) -> Saved:
    """A row of the listing.

    Raises:
        ScenarioError: it cannot be read
    """
    record = manifest(root, key)
    if "format" in record:
        counts = record.get("counts") or {}
        points, n = int(record["points"]), int(record["replicates"])
        size = f"{points:,} points × {n:,}, {int(counts.get('done', 0)):,} runs"
        ended = record["history"][-1].get("ended", "")
        when = moment(ended) if record["state"] == "finished" else str(record["state"])
        return Saved(key, STUDY, str(record["study"]), str(record["question"]), "", size, when)
    size = f"{int(record['counts']['ticks']):,} ticks"
    return Saved(
        key,
        RUN,
        str(record["scenario"]),
        str(record["question"]),
        str(int(record["seed"])),
        size,
        moment(str(record["finished"])),
        changed(str(record["scenario"]), record["parameters"]),
    )


def changed(name: str, resolved: Mapping[str, Any]) -> str:
    """In what a run differs from the scenario that ships, in a few words."""
    if name not in Scenario.names():
        return "a scenario of its own"
    try:
        found = [f"{path} = {short(value)}" for path, value in _differing(resolved, _plain(name))]
    except KeyError:
        return "other rules"
    rows = sum(resolved[key] != _plain(name)[key] for key in ("shocks", "changes"))
    found += ["dated rows"] if rows else []
    return ", ".join(found[:TOLD]) + (f" and {len(found) - TOLD} more" if len(found) > TOLD else "")


def short(value: Any) -> str:
    """A value in few letters; what is more than a number or a word is not spelled out."""
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, int | str) else "…"


@cache
def _plain(name: str) -> dict[str, Any]:
    """All parameters of a scenario that ships."""
    return load(name).resolved()


def moment(text_: str) -> str:
    """Day and minute of a time.

    >>> moment("2026-11-20T18:11:52+00:00")
    '2026-11-20 18:11'
    """
    return text_[:16].replace("T", " ")


def manifest(root: Path, key: str) -> dict[str, Any]:
    """What a folder says of itself.

    Raises:
        ScenarioError: it lies outside, or is none of a run or a study
    """
    try:
        record = json.loads(content(root, key, MANIFEST, LARGEST_MANIFEST))
    except ValueError as error:
        raise ScenarioError(f"{key[:80]}: its {MANIFEST} cannot be read ({type(error).__name__})") from None
    return manifests.manifest(record, f"{key[:80]}: its {MANIFEST}")


def content(root: Path, key: str, name: str, largest: int = LARGEST_FILE) -> bytes:
    """One file of a folder of results.

    Raises:
        ScenarioError: it lies outside, is not there, or is too large to be sent to a browser
    """
    path = inside(root, f"{key}/{name}")
    try:
        if path.stat().st_size > largest:
            raise ScenarioError(f"{key}/{name}: has more than {largest / 1e6:,.0f} MB; copy it from the folder itself")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{key[:80]}/{name}: cannot be read ({type(error).__name__})") from None


def has(root: Path, key: str, name: str) -> bool:
    """Whether a folder of results has a file."""
    try:
        return inside(root, f"{key}/{name}").is_file()
    except (ScenarioError, ValueError, OSError):
        return False


def numbers(record: Mapping[str, Any]) -> dict[str, float]:
    """The run's number for every metric, NaN where undefined."""
    return {str(name): math.nan if value is None else float(value) for name, value in record["summary"].items()}


def setup_of(name: str, seed: int, resolved: Mapping[str, Any], fingerprint: str) -> Setup | None:
    """The run that Explore can repeat; None where it is made from more than a link can say.

    Args:
        name: of its scenario
        seed: of the run
        resolved: all its parameters, as `Scenario.resolved` gives them
        fingerprint: of the scenario, which the repeated one must have
    """
    if name not in Scenario.names():
        return None
    plain = load(name)
    own = _plain(name)
    try:
        settings = _differing(resolved, own)
        for path, value in settings:
            checked(path, plain, value)
        added = resolved["changes"][len(own["changes"]) :]
        changes = tuple((int(row["tick"]), str(path), v) for row in added for path, v in row["set"].items())
        setup = Setup(name, seed, 0, settings, changes)
        return setup if setup.build().fingerprint() == fingerprint else None
    except (ScenarioError, KeyError, TypeError, ValueError):
        return None


def _differing(resolved: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Dotted paths and values in which a scenario differs from the one that ships."""
    found = [(f"clock.{k}", v) for k, v in resolved["clock"].items() if k != "seed" and v != own["clock"][k]]
    for key, params in resolved["mechanisms"].items():
        plain = own["mechanisms"][key]
        found += [(f"{key}.{name}", value) for name, value in params.items() if value != plain[name]]
    for kind, table in resolved["agents"].items():
        plain = _flat(own["agents"][kind])
        found += [(f"agents.{kind}.{name}", value) for name, value in _flat(table).items() if value != plain.get(name)]
    return tuple(found)


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table of agents as it is written in a file: traits beside how many they are."""
    return {name: value for name, value in table.items() if name != "traits"} | dict(table["traits"])


def scenario_text(record: Mapping[str, Any]) -> str | None:
    """The whole scenario of a run as TOML; None where the file would not be the same scenario, or needs a plugin."""
    given = record["parameters"]
    if record.get("plugins"):
        return None  # data load no code
    tables = {
        "question": record["question"],
        "sources": list(record.get("sources", ())),
        **({"record": given["record"]} if given.get("record") else {}),
        "clock": {**given["clock"], "seed": int(record["seed"])},
        **given["mechanisms"],
        "agents": {kind: _flat(table) for kind, table in given["agents"].items()},
        "shocks": given["shocks"],
        "changes": given["changes"],
    }
    whole: Any = _defined(tables)
    try:
        made = Scenario.from_tables(whole, str(record["scenario"]), None)
        return text(whole) if made.fingerprint() == record["config_hash"] else None
    except (ScenarioError, TypeError, KeyError):
        return None


def _defined(item: Any) -> Any:
    """Tables without what is undefined or has no bound, for which a scenario has no form."""
    if isinstance(item, Mapping):
        return {key: _defined(value) for key, value in item.items() if _said(value)}
    return [_defined(each) for each in item] if isinstance(item, list | tuple) else item


def _said(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))
