"""Scenario files: where they are, how they are read, and how one is laid over another."""

import copy
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import ScenarioError, nearest
from model.toml import tables_of

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"
NOT_SCENARIOS = ("sweeps", "lessons", "data")
NO_NAME = re.compile(r"^\.|[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # hidden, control characters, not UTF-8
DATED = ("shocks", "changes")  # tables of rows, which are added to a parent's
WHOLE = ("strategy", "stop_when")  # tables that replace a parent's: half of one and half of another means nothing


def files() -> list[Path]:
    """Every scenario that ships."""
    return [
        p for p in FOLDER.rglob("*.toml") if not any(part in NOT_SCENARIOS for part in p.relative_to(FOLDER).parts[:-1])
    ]


def find(name: str | Path, beside: Path | None = None) -> Path:
    """Path of a scenario given by name, or by path (relative to `beside` or the working folder)."""
    text = str(name)
    if text.endswith(".toml") or "/" in text or "\\" in text:
        path = (beside / text) if beside is not None and not Path(text).is_absolute() else Path(text)
        if path.exists() and not path.is_file():
            raise ScenarioError(f"{text}: is not a regular file; give a TOML file on the disk")
        if not path.is_file():
            raise ScenarioError(f"{text}: no such file; `run.py list` shows the scenarios that ship")
        return path
    known = {p.stem: p for p in files()}
    local = beside / f"{text}.toml" if beside is not None else None
    if local is not None and local.is_file():
        return local
    if text not in known:
        raise ScenarioError(f"{text}: no such scenario{nearest(text, known)}")
    return known[text]


def name_of(path: Path) -> str:
    """Name of a scenario, which its folder of results has too: the file's, without its ending.

    Raises:
        ScenarioError: no folder can be called so

    >>> name_of(Path("scenarios/smoke.toml"))
    'smoke'
    """
    if NO_NAME.search(path.stem):
        raise ScenarioError(
            f"{path.name!r}: results go into a folder named after the scenario, and none may be called so; rename the "
            "file: UTF-8 in one line, and no dot in front"
        )
    return path.stem


def read_toml(path: Path) -> dict[str, Any]:
    """Tables of a TOML file, or one sentence on why it cannot be read."""
    try:
        tables = tables_of(path.read_bytes().decode("utf-8-sig"))  # editors of Windows open a file with a mark
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"{path}: is not a text file (byte {error.start} is not UTF-8); give a TOML scenario"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: is not valid TOML: {error}; mend that line") from None
    except ValueError as error:
        raise ScenarioError(f"{path}: {error}; make it smaller") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from None
    if not tables:
        raise ScenarioError(f"{path}: is empty; write the tables of a scenario or a study into it")
    return tables


def merged(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Tables of a scenario laid over those it extends; messages name each file as it was given.

    Args:
        path: of the scenario
        seen: files that extend it, whichever way they were given
    """
    place = path.resolve()
    if place in seen:
        chain = " -> ".join(p.name for p in (*seen[seen.index(place) :], place))
        raise ScenarioError(f"{path}: extends itself ({chain}); remove one `extends`")
    own = read_toml(path)
    parent = own.pop("extends", None)
    if parent is None:
        return own
    if not isinstance(parent, str):
        raise ScenarioError(f"{path}: extends = {parent!r}: write a scenario's name or path in quotes")
    beside = (place if path.is_symlink() else path).parent
    try:
        above = find(parent, beside)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: extends = {error}") from None
    return lay_over(merged(above, (*seen, place)), own)


def lay_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Own tables over the parent's: tables merge but for those in WHOLE, arrays replace, shocks and changes append."""
    result = copy.deepcopy(base)
    for key, value in own.items():
        if key in DATED:
            result[key] = [*rows_of(result.get(key, [])), *copy.deepcopy(rows_of(value))]
        elif (
            isinstance(value, dict)
            and isinstance(result.get(key), dict)
            and key not in WHOLE
            and not _is_distribution(value)
        ):
            result[key] = lay_over(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def rows_of(given: Any) -> list[Any]:
    """Rows of `[[shocks]]` or `[[changes]]`; one written as a single table, `[shocks]`, is one row."""
    return given if isinstance(given, list) else [given]


def settings_of(given: Any, label: str) -> dict[str, Any]:
    """Values by dotted path, as a file would hold them.

    Raises:
        ScenarioError: they are handed in otherwise; `label` opens the message

    >>> settings_of({"amm.fee_bps": np.int64(50)}, "change")
    {'amm.fee_bps': 50}
    """
    if not isinstance(given, Mapping) or not all(isinstance(path, str) for path in given):
        raise ScenarioError(f'{label} {given!r}: give values by dotted path, such as {{"amm.fee_bps": 50}}')
    return {path: as_in_a_file(value) for path, value in given.items()}


def as_in_a_file(value: Any) -> Any:
    """A value handed in as a file would hold it: numbers of numpy as plain ones, tables and lists copied.

    >>> as_in_a_file({"count": np.int64(6)})
    {'count': 6}
    """
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: as_in_a_file(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_in_a_file(item) for item in value]
    return copy.deepcopy(value)


def _is_distribution(table: dict[str, Any]) -> bool:
    """Distributions replace as a whole: half of one and half of another means nothing."""
    return len(table) == 1 and set(table) <= {"constant", "uniform", "normal", "lognormal", "pareto", "choice"}
