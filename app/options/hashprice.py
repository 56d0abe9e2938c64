"""What a petahash earns in a day, how hard a block is, and from which hashprice on rigs cover their power."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, last, lines, path_table, rule
from experiments.console import readable

TITLE, ORDER = "Hashprice, difficulty and break-even", 2
EMPTY = "Nothing has been mined yet."
METRICS = ("network.hashprice", "rigs.breakeven_hashprice", "network.difficulty")
HASHPRICE, NEW_RIGS, DIFFICULTY = METRICS
TRILLION = 1e12
OF_RIGS = " third of rigs"
CLOSE = 0.12  # of the axis: nearer lines share a name
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
    return [(f"{_listed(names)}{OF_RIGS}", level) for level, names in levels.items()]


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _rules(classes: list[tuple[str, float]], span: float, dark: bool) -> list[dict[str, Any]]:
    """A line for each class; where lines lie so near that names would overprint, the highest has all their names."""
    rules: list[dict[str, Any]] = []
    near: list[str] = []
    for i, (name, level) in enumerate(ranked := sorted(classes, key=lambda row: row[1])):
        near.append(name.removesuffix(OF_RIGS))
        last_of_them = i + 1 == len(ranked) or ranked[i + 1][1] - level > CLOSE * span
        rules.append(rule(level, _listed(near) + OF_RIGS if last_of_them else "", dark, FIRST_RULE + i))
        near = [] if last_of_them else near
    return rules


def option(frame: Mapping[str, Any], dark: bool) -> dict[str, Any] | None:
    """Hashprice and difficulty, with the break-even of new rigs and of three classes of the fleet."""
    paths = _paths(frame)
    if HASHPRICE not in frame["series"]:
        return None
    now = readable(last(frame["series"][HASHPRICE]["values"]))
    classes = _classes(frame)
    words = "; ".join(f"the {name} break even at {readable(level)}" for name, level in classes)
    levels = [level for _, level in classes]
    known = [x for path in paths if path.axis == 0 for x in path.values if x is not None]
    every = [*levels, *known]
    rules = _rules(classes, max(every) - min(every), dark) if classes else []
    found = lines(frame["days"], paths, dark, f"Hashprice is {now} USD per PH/s and day; {words}.", rules)
    if levels and known:
        found["yAxis"][0] |= {"min": "@floor", "max": "@ceil", "span": [min(every), max(every)]}
    return found


def table(frame: Mapping[str, Any]) -> Table:
    """One row per day drawn, with the break-evens of classes now."""
    plain = path_table(frame["days"], _paths(frame))
    classes = frame["breakeven"]
    headings = tuple(f"break-even now: {row['name']}, {row['machine']} [USD/PH/day]" for row in classes)
    levels = tuple(row["hashprice"] for row in classes)
    return Table((*plain.headings, *headings), [(*row, *levels) for row in plain.rows])
