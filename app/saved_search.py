"""Searches in the folder of results: frontiers and calibrations with their answers, and those that have not ended."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from app import manifests, saved
from experiments.console import readable
from experiments.store.layout import ASKED
from model.errors import ScenarioError

ANSWERS = {"frontier.json": "frontier.png", "calibration.json": "calibration.png"}
FILES = (*ANSWERS, *ANSWERS.values(), "frontier.svg", "calibration.svg", "trials.csv", ASKED, saved.REPORT)
GOING = "not ended; the same command goes on"


class Sheet(NamedTuple):
    """A table of a search's answer: its title, its headings, its rows."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


class Search(NamedTuple):
    """A saved search: its place, what it says of itself, its picture, its tables.

    Attributes:
        record: as the verb's `--json`; empty where it has not ended
        picture: PNG; empty where there is none
    """

    key: str
    record: dict[str, Any]
    picture: bytes
    sheets: tuple[Sheet, ...]


def places(root: Path) -> dict[Path, Path]:
    """Folders of searches, and the file of each that was written last: its answer, or what was asked."""
    found = {}
    for path in root.glob(f"*/{ASKED}"):
        answers = [path.with_name(name) for name in ANSWERS]
        found[path.parent] = next((answer for answer in answers if answer.is_file()), path)
    return found


def told(root: Path, folder: Path) -> saved.Saved:
    """A row of the listing.

    Raises:
        ScenarioError: it cannot be read
    """
    key = folder.relative_to(root).as_posix()
    record, file = _record(root, key)
    if not file:
        return saved.Saved(key, saved.SEARCH, key, "", "", "", GOING)
    tried = int(next(record[key] for key in ("different", "trials", "places") if key in record))
    size = f"{tried:,} places × {int(record['replicates']):,}"
    ended = datetime.fromtimestamp((folder / file).stat().st_mtime, UTC).isoformat()
    return saved.Saved(key, saved.SEARCH, str(record["study"]), str(record["question"]), "", size, saved.moment(ended))


def search(root: Path, key: str) -> Search:
    """A saved search with its tables.

    Raises:
        ScenarioError: it cannot be read
    """
    if not saved.has(root, key, ASKED):
        raise ScenarioError(f"{key[:80]}: is no folder of a search")
    record, file = _record(root, key)
    if not file:
        return Search(key, {"study": key, "question": "", "answer": f"It has {GOING}."}, b"", ())
    picture = ANSWERS[file]
    try:
        sheets = tuple(_frontier(record) if "frontier" in record else _calibration(record))
        record = {
            "study": str(record["study"]),
            "question": str(record["question"]),
            "answer": str(record["answer"]),
        } | {"warnings": [str(each) for each in record.get("warnings", ())]}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScenarioError(f"{key[:80]}/{file}: cannot be read ({type(error).__name__})") from None
    return Search(key, record, saved.content(root, key, picture) if saved.has(root, key, picture) else b"", sheets)


def _record(root: Path, key: str) -> tuple[dict[str, Any], str]:
    """What a search wrote when it ended, and into which file; nothing before."""
    file = next((name for name in ANSWERS if saved.has(root, key, name)), "")
    if not file:
        return {}, ""
    try:
        found = json.loads(saved.content(root, key, file))
    except ValueError as error:
        raise ScenarioError(f"{key[:80]}/{file}: cannot be read ({type(error).__name__})") from None
    return manifests.answer(found, f"{key[:80]}/{file}"), file


def _frontier(record: Mapping[str, Any]) -> Iterator[Sheet]:
    """Winners with what the search and fresh seeds made of them."""
    winners = record["frontier"]
    if not winners:
        return
    goals, values = list(winners[0]["objectives"]), list(winners[0]["values"])
    heads = ("trial", *values, *goals, *(f"{goal}, fresh seeds" for goal in goals), "support", "afresh")
    rows = []
    for winner in winners:
        fresh = winner["fresh"] or {}
        cells = [str(winner["trial"]), *(_value(winner["values"][name]) for name in values)]
        cells += [_interval(winner["objectives"][goal]) for goal in goals]
        cells += [_interval(fresh[goal]) if goal in fresh else "–" for goal in goals]
        rows.append((*cells, f"{winner['support']:.0%}", "stays" if winner["stays"] else "does not stay"))
    yield Sheet("Places that no other betters", heads, rows)


def _calibration(record: Mapping[str, Any]) -> Iterator[Sheet]:
    """Estimates, the moments that were fitted, and those that were held out."""
    rows = [(path, *map(readable, map(_number, interval))) for path, interval in record["estimates"].items()]
    yield Sheet("Estimates and 95 % intervals", ("parameter", "estimate", "low", "high"), rows)
    moments = [
        (
            str(row["moment"]),
            *(readable(_number(row[name])) for name in ("target", "model", "gap_over_error")),
            "fitted",
        )
        for row in record["moments"]
    ]
    moments += [
        (str(row["name"]), *(readable(_number(row[name])) for name in ("target", "simulated", "z")), "held out")
        for row in record["held_out"]
    ]
    yield Sheet("Moments", ("moment", "target", "model", "gap over error", "role"), moments)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _value(value: Any) -> str:
    """A parameter's value in a table."""
    return readable(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _interval(values: Any) -> str:
    """A number with its interval."""
    middle, low, high = map(readable, map(_number, values))
    return f"{middle} ({low} to {high})"
