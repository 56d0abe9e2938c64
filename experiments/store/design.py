"""`design.parquet`: every point of a study with all that is needed to run it again without the sweep's file."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store.layout import DESIGN, write_whole
from experiments.store.parquet import AGAIN, read_parquet
from experiments.store.table import PARAM, parameters
from model.errors import ScenarioError
from model.scenario import Scenario

NEEDED = ("point", "label", "values", "config", "scenario", "folder", "tables")


class Stored(NamedTuple):
    """A point as the folder keeps it.

    Attributes:
        id, label, values: as in the study
        config: digest that its runs carry
        name, folder, tables: the scenario: its name, where its data files lie, from the root, and its merged tables
    """

    id: str
    label: str
    values: dict[str, Any]
    config: str
    name: str
    folder: str
    tables: dict[str, Any]

    def scenario(self, plugins: Sequence[str]) -> Scenario:
        """The scenario, checked anew."""
        return Scenario.from_tables(self.tables, self.name, None, plugins, Path(self.folder))


def write_design(folder: Path, points: Sequence[Any], configs: Sequence[str]) -> None:
    """Write the points, in their order.

    Args:
        folder: of the study
        points: with `id`, `label`, `values` and `scenario`
        configs: digest that the runs of each carry
    """
    scenarios = [point.scenario for point in points]
    columns: dict[str, Any] = {
        "point": [point.id for point in points],
        "label": [point.label for point in points],
        "config": list(configs),
        "scenario": [scenario.name for scenario in scenarios],
        "folder": [str(scenario.folder.resolve()) for scenario in scenarios],
        "values": [json.dumps(point.values) for point in points],
        "tables": [json.dumps(scenario.tables, default=str) for scenario in scenarios],
    }
    columns |= {PARAM + name: column for name, column in parameters([point.values for point in points]).items()}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    write_whole(folder / DESIGN, buffer.getvalue())


def read_design(folder: Path) -> list[Stored]:
    """The points of a study, in their order.

    Raises:
        ScenarioError: the file is missing or damaged
    """
    path = folder / DESIGN
    rows = read_parquet(path, AGAIN, NEEDED, NEEDED).to_pylist()
    try:
        return [
            Stored(
                row["point"],
                row["label"],
                json.loads(row["values"]),
                row["config"],
                row["scenario"],
                row["folder"],
                json.loads(row["tables"]),
            )
            for row in rows
        ]
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error}); {AGAIN}") from None
