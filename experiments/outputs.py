"""Files of one run: tables, manifest and figures, written beside their place and renamed into it.

`results/SCENARIO/SEED-HASH8/`, HASH8 being the first eight letters of the scenario's fingerprint. A folder is either
complete or not there, see `experiments.placing`.
"""

import hashlib
import json
import platform
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.code import sources
from experiments.disk import check_letters, unwritable
from experiments.placing import beside, carry_over, remove_left_over, replace
from model.errors import ScenarioError
from model.ledger import BTC_ASSET, USD_ASSET
from model.marketplace import Marketplace
from model.params import facts
from model.scenario import Scenario
from model.tables import FOLDER as TABLES
from model.units import BTC, USD

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
FILES = ("metrics.parquet", "events.parquet", "flows.parquet", "agents.parquet", MANIFEST, "figures.png")
LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "scipy", "networkx", "pydantic")


def folder_of(root: Path, scenario: Scenario, seed: int) -> Path:
    """Place of a run's files."""
    return root / scenario.name / f"{seed}-{scenario.fingerprint()[:8]}"


def identity(scenario: Scenario, seed: int) -> dict[str, Any]:
    """What makes two runs the same: scenario, the user's own data files, seed and code."""
    return {
        "seed": seed,
        "config_hash": scenario.fingerprint(),
        "data_hash": data_hash(scenario),
        "code_hash": code_hash(scenario.plugins),
    }


def data_hash(scenario: Scenario) -> str:
    """Digest of every file that a parameter names (its unit is "path"), so that edited data are not the same run.

    Raises:
        ScenarioError: one of them cannot be read
    """
    stamp = hashlib.blake2b(digest_size=8)
    for key, params in scenario.mechanisms.items():
        for name, info in type(params).model_fields.items():
            file = getattr(params, name)
            if facts(info)["unit"] == "path" and file:
                try:
                    stamp.update(f"{key}.{name}".encode() + (scenario.folder / file).read_bytes())
                except OSError as error:
                    reason = error.strerror or error
                    raise ScenarioError(
                        f"{key}.{name} = {file!r}: cannot be read in {scenario.folder}: {reason}; name a file that is there"
                    ) from None
    return stamp.hexdigest()


@cache
def code_hash(plugins: Sequence[str] = ()) -> str:
    """Digest of every file that a run depends on: the shipped tables of real figures, the model, the agents, and plugins.

    Raises:
        ScenarioError: a plugin has no file
    """
    stamp = hashlib.blake2b(digest_size=8)
    for table in sorted(TABLES.glob("*.csv")):
        stamp.update(table.name.encode() + table.read_bytes())
    for name, path in sources(plugins):
        stamp.update(name.encode() + path.read_bytes())
    return stamp.hexdigest()


@contextmanager
def claimed(folder: Path, scenario: Scenario, seed: int, force: bool) -> Iterator[None]:
    """Make sure, before anything runs, that a folder can be written and holds no different run.

    Folders made for it are removed again if the run ends by an error and they are still empty.

    Raises:
        ScenarioError: it cannot, or it does and `force` is not set
    """
    check_letters(folder)
    made: list[Path] = []
    try:
        if folder.exists() and not force:
            old, now = manifest_of(folder), identity(scenario, seed)
            if {key: old.get(key) for key in now} != now:
                raise ScenarioError(
                    f"{folder}: holds something else than this run (other code, or no manifest of ours); "
                    "give --force to replace it, or another --out"
                )
        made = [place for place in folder.parents if not place.exists()]
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.parent):
            pass
    except OSError as error:
        raise unwritable(folder.parent, error) from None
    remove_left_over(folder.parent)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for place in made:
                place.rmdir()
        raise


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest in a run's folder; empty where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write(market: Marketplace, folder: Path, seconds: dict[str, float]) -> None:
    """Write all files of a finished run; on any failure nothing of it remains.

    Files of the user's own that lie in the folder stay there.

    Raises:
        ScenarioError: the disk is full or the folder cannot be written
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)  # another run that failed may have removed it
        with beside(folder) as new:
            tables(market, new)
            (new / MANIFEST).write_text(json.dumps(manifest(market, seconds), indent=1), encoding="utf-8")
            once = manifest_of(folder).get("files")
            carry_over(folder, new, {*FILES, *(map(str, once) if isinstance(once, list) else ())})
            replace(new, folder)
    except OSError as error:
        raise unwritable(folder, error) from None


def tables(market: Marketplace, folder: Path) -> None:
    """Metrics, events, flows, agents and their picture."""
    from experiments.figures import Page, draw

    metrics, flows, agents = market.metrics(), market.journal.flow_table(), agent_table(market)
    metrics.to_parquet(folder / "metrics.parquet")
    flows.to_parquet(folder / "flows.parquet", index=False)
    agents.to_parquet(folder / "agents.parquet", index=False)
    market.events().to_parquet(folder / "events.parquet", index=False)
    draw(Page(metrics, flows, agents, market.scenario, market.seed, market), folder / "figures.png")


def agent_table(market: Marketplace) -> "pd.DataFrame":
    """Everybody at the end of the run: kind, strategy, cash [USD], coins [BTC], wealth [USD], and their traits.

    The traits `cash` and `coins` are what an agent came with; they appear as `initial_cash` and `initial_coins`.
    """
    import pandas as pd

    balances, parts = market.ledger.books.balances, []
    for kind, people in market.populations.items():
        account = people.account[: people.size]
        names = np.array([type(s).name for s in people.strategies], object)
        columns: dict[str, Any] = {
            "account": account,
            "kind": kind,
            "strategy": names[people.strategy[: people.size]] if names.size else "",
            "alive": people.alive[: people.size],
            "cash": balances[USD_ASSET, account] / USD,
            "coins": balances[BTC_ASSET, account] / BTC,
            "wealth": market.wealth[account],
        }
        for name in sorted(people.columns):
            columns[f"initial_{name}" if name in columns else name] = people.columns[name][: people.size]
        parts.append(pd.DataFrame(columns))
    shared = ("account", "kind", "strategy", "alive", "cash", "coins", "wealth")
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(shared))


def version() -> str:
    """Version of rigshare, installed or run from its folder."""
    try:
        return metadata.version("rigshare")
    except metadata.PackageNotFoundError:
        project = Path(__file__).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def manifest(market: Marketplace, seconds: dict[str, float]) -> dict[str, Any]:
    """All that is needed to repeat a run and to read its files."""
    scenario, ticks = market.scenario, market.clock.tick + 1
    return {
        "scenario": scenario.name,
        "question": scenario.question,
        "sources": list(scenario.sources),
        **identity(scenario, market.seed),
        "fingerprint": market.fingerprint(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {
            "rigshare": version(),
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in LIBRARIES},
        },
        "plugins": list(scenario.plugins),
        "parameters": scenario.resolved(),
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "milliseconds_per_tick": round(1000 * seconds["run"] / ticks, 4) if ticks else None,
        "counts": {
            "ticks": ticks,
            "ticks_asked": scenario.clock.ticks,
            "agents": {kind: len(people) for kind, people in market.populations.items()},
            "accounts": market.ledger.accounts,
            "assets": len(market.ledger.asset_names),
            "events": len(market.journal.events),
            "flows": sum(map(len, market.journal.flows)),
        },
        "metrics": {m.name: {"unit": m.unit, "rule": m.rule, "meaning": m.meaning} for m in market.recorder.metrics},
        "summary": {name: None if np.isnan(value) else value for name, value in market.summary().items()},
        "files": list(FILES),
    }
