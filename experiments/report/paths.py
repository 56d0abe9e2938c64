"""Paths that a study has kept, for a few points: those that can be read, and what is said of the others."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.store import series
from experiments.store.design import Stored
from model.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 4


class Paths(NamedTuple):
    """Time series of a few points.

    Attributes:
        points: which
        series: of their runs, by the point's name
        unread: a sentence for each run whose file is damaged or gone
    """

    points: list[Stored]
    series: dict[str, list["pd.DataFrame"]]
    unread: list[str]


NONE = Paths([], {}, [])


def paths(folder: Path, points: Sequence[Stored], table: "pd.DataFrame") -> Paths:
    """Read the paths of a few points.

    Args:
        folder: of the study
        points: of the study
        table: one row for each finished run
    """
    found = Paths(spread([point for point in points if (table["point"] == point.id).any()]), {}, [])
    for point in found.points:
        own = found.series.setdefault(point.id, [])
        for run in table["run"][table["point"] == point.id]:
            try:
                own.append(series(folder, run))
            except ScenarioError as error:
                found.unread.append(str(error))
    return found


def spread(points: list[Stored]) -> list[Stored]:
    """A few points, the first and the last among them."""
    if len(points) <= MOST_POINTS:
        return points
    places = np.linspace(0, len(points) - 1, MOST_POINTS).round().astype(int)
    return [points[k] for k in places]
