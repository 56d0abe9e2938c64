"""Tables of real figures under scenarios/data, and a user's own price series.

Each column is a read-only float array (an empty cell is NaN) or, where a cell is no number, a list of text.
"""

import csv
import math
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import ScenarioError

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "data"

DEAREST = 1e9  # USD/BTC, above which no price is taken; sums in base units stay exact below

Column = NDArray[np.float64] | list[str]


def _column(cells: list[str]) -> Column:
    try:
        return _frozen([float(cell) if cell else math.nan for cell in cells])
    except ValueError:
        return cells


@cache
def _read(name: str) -> dict[str, Column]:
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.csv")))
        raise ScenarioError(f"{name}: no such table in scenarios/data; choose from {known}")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(line for line in file if not line.startswith("#"))
    return {key: _column([row[place] for row in rows]) for place, key in enumerate(header)}


def table(name: str) -> dict[str, Column]:
    """Columns of scenarios/data/NAME.csv; units and sources are in README.md of that folder.

    >>> float(table("halvings")["height"][1])
    210000.0
    """
    return {key: column if isinstance(column, np.ndarray) else list(column) for key, column in _read(name).items()}


def month_index(month: str) -> int:
    """Months from 2009-01 to a month written YYYY-MM.

    >>> month_index("2023-01")
    168
    """
    if (first := _iso_date(f"{month}-01")) is None:
        raise ScenarioError(f"{month!r} is not a month; write YYYY-MM, such as 2023-01")
    return (first.year - 2009) * 12 + first.month - 1


def month_series(name: str, column: str, first: str, last: str) -> NDArray[np.float64]:
    """Figures of a monthly table from month `first` to month `last`, both included [unit of the column]."""
    months, values = _read(name).get("month"), _read(name).get(column)
    if months is None or not isinstance(values, np.ndarray):
        raise ScenarioError(f"{name}.{column}: no such monthly series; columns are {', '.join(_read(name))}")
    start, begin, end = (month_index(month) for month in (months[0], first, last))
    known = np.flatnonzero(~np.isnan(values)) + start
    if end < begin or not np.isin(np.arange(begin, end + 1), known).all():
        low, high = months[known[0] - start], months[known[-1] - start]
        raise ScenarioError(f"{name}.{column}: no figures for {first} to {last}; choose months from {low} to {high}")
    return values[begin - start : end + 1 - start]


def read_price_csv(path: str | Path) -> tuple[list[date], NDArray[np.float64]]:
    """Days and prices [USD] of a CSV with header `date,price_usd`, one row a day; further columns are ignored."""
    try:
        rows = csv.DictReader(Path(path).read_text(encoding="utf-8-sig").splitlines(), restval="")
        names = [name.strip() for name in rows.fieldnames or []]
        rows.fieldnames = names
        lines = [(f"{path}:{rows.line_num}", row) for row in rows] if {"date", "price_usd"} <= set(names) else []
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}; name a CSV file with header date,price_usd") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(f"{path}: not text in UTF-8 ({error}); save the file as CSV in UTF-8") from None
    for name in ("date", "price_usd"):
        if name not in names:
            raise ScenarioError(f"{path}:1: no column {name} in {','.join(names)[:60]!r}; begin with date,price_usd")
        if names.count(name) > 1:
            raise ScenarioError(f"{path}:1: {names.count(name)} columns are called {name}; keep one")
    days: list[date] = []
    prices: list[float] = []
    for where, row in lines:
        text, cell = row["date"].strip(), row["price_usd"].strip()
        day = _iso_date(text)
        if day is None:
            raise ScenarioError(f"{where}: date {text[:40]!r} is not a day; write YYYY-MM-DD, such as 2023-01-31")
        if days and day != days[-1] + timedelta(days=1):
            raise ScenarioError(f"{where}: date {day} is not the day after {days[-1]}; sort and fill in every day")
        try:
            price = float(cell) if cell.isascii() and "_" not in cell else math.nan  # float() takes 16_5 for 165
        except ValueError:
            price = math.nan
        if not 0 < price < math.inf:
            raise ScenarioError(f"{where}: price_usd {cell[:40]!r} is no positive number; write dollars like 16547.5")
        if price > DEAREST:
            raise ScenarioError(
                f"{where}: price_usd {cell[:40]!r} is more than {DEAREST:,.0f} USD; write dollars a coin"
            )
        days.append(day)
        prices.append(price)
    if len(days) < 2:
        raise ScenarioError(f"{path}: rows of prices: {len(days)}; give at least two days below the header")
    return days, _frozen(prices)


def _iso_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _frozen(values: list[float]) -> NDArray[np.float64]:
    array = np.array(values)
    array.setflags(write=False)
    return array
