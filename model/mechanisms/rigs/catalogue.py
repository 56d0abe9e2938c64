"""The catalogue of real rigs: what was on sale when, and which machine a fleet of some efficiency stands for."""

from functools import cache
from typing import NamedTuple

import numpy as np

from model.tables import month_series, table
from model.units import GHS_PER_TH


class Model(NamedTuple):
    """One machine of the catalogue."""

    name: str
    maker: str
    th: float  # TH/s
    watts: float
    efficiency: float  # J/TH
    released: str  # YYYY-MM


@cache
def models() -> tuple[Model, ...]:
    """All ASICs of scenarios/data/rigs.csv, oldest first."""
    columns = table("rigs")
    names = ("model", "manufacturer", "ths", "watts", "j_per_th", "release_month", "kind")
    rows = zip(*(columns[name] for name in names), strict=True)
    found = [
        Model(str(m), str(who), float(th), float(w), float(j), str(date))
        for m, who, th, w, j, date, k in rows
        if k == "asic"
    ]
    return tuple(sorted(found, key=lambda m: (m.released, m.name)))


def on_sale(month: str) -> tuple[Model, ...]:
    """Machines released by a month, YYYY-MM.

    >>> on_sale("2013-01")[0].name
    'Avalon Batch 1'
    """
    return tuple(m for m in models() if m.released <= month)


def nearest(efficiency: float, month: str) -> Model:
    """The machine on sale by a month whose J/TH is nearest in logs; the newest of equals.

    >>> nearest(21.5, "2023-01").name
    'Antminer S19 XP (140T)'
    """
    known = on_sale(month) or models()[:1]
    gaps = [abs(np.log(m.efficiency / efficiency)) for m in known]
    return known[int(np.flatnonzero(np.array(gaps) == min(gaps))[-1])]


def best_released(month: str) -> float:
    """J/TH of the most efficient machine released by a month.

    >>> best_released("2016-07")
    98.0
    """
    return min(m.efficiency for m in on_sale(month) or models()[:1])


@cache
def best_rig(month: str) -> float:
    """J/TH of the best rig on sale in a month by the Cambridge index; the last known one after the table's end."""
    last = str(table("best_rig")["month"][-1])
    month = min(month, last)
    return float(month_series("best_rig", "j_per_th", month, month)[0])


def described(ghs: int, efficiency: float, month: str) -> str:
    """What a fleet stands for: `9 x Antminer S19 XP (140T)`."""
    model = nearest(efficiency, month)
    return f"{max(1, round(ghs / GHS_PER_TH / model.th)):,} x {model.name}"
