"""What a petahash earns in a day, how hard a block is, and from which hashprice on rigs cover their power."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, last, lines, path_table, rule
from experiments.console import readable

TITLE, ORDER = "Hashprice, difficulty and break-even", 2
EMPTY = "Nobody mines in this scenario."
METRICS = ("network.hashprice", "rigs.breakeven_hashprice", "network.difficulty")
HASHPRICE, NEW_RIGS, DIFFICULTY = METRICS
TRILLION = 1e12
FIRST_RULE = 3  # style of the first class of rigs


def _paths(frame: Mapping[str, Any]) -> list[Line]:
    series, found = frame["series"], []
    for key, name, unit, side, scale in (
        (HASHPRICE, "hashprice", "USD/PH/day", 0, 1.0),
        (NEW_RIGS, "break-even of new rigs", "USD/PH/day", 0, 1.0),
        (DIFFICULTY, "difficulty (right)", "trillion", 1, TRILLION),
    ):
        if key in series:
            values = [None if x is None else float(f"{x / scale:.4g}") for x in series[key]["values"]]
            found.append(Line(name, values, unit, side, step=side == 1))
    return found


def _classes(frame: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Break-evens by class, those of the same level together."""
    levels: dict[float, list[str]] = {}
    for row in frame["breakeven"]:
        levels.setdefault(row["hashprice"], []).append(row["name"].removesuffix(" third"))
    return [(f"{' and '.join(names)} third of rigs", level) for level, names in levels.items()]


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Hashprice and difficulty, with the break-even of new rigs and of three classes of the fleet."""
    paths = _paths(frame)
    if HASHPRICE not in frame["series"]:
        return None
    now = readable(last(frame["series"][HASHPRICE]["values"]))
    classes = _classes(frame)
    words = "; ".join(f"the {name} break even at {readable(level)}" for name, level in classes)
    rules = [rule(level, name, dark, FIRST_RULE + i) for i, (name, level) in enumerate(classes)]
    found = lines(frame["days"], paths, dark, f"Hashprice is {now} USD per PH/s and day; {words}.", rules)
    levels = [level for _, level in classes]
    known = [x for path in paths if path.axis == 0 for x in path.values if x is not None]
    if levels and known:
        found["yAxis"][0] |= {"min": "@floor", "max": "@ceil", "span": [min(levels + known), max(levels + known)]}
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn, with the break-evens of classes now."""
    plain = path_table(frame["days"], _paths(frame))
    classes = frame["breakeven"]
    headings = tuple(f"break-even now: {row['name']}, {row['machine']} [USD/PH/day]" for row in classes)
    levels = tuple(row["hashprice"] for row in classes)
    return Table((*plain.headings, *headings), [(*row, *levels) for row in plain.rows])
