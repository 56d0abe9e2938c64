"""The store of a study: a folder of Parquet that can be read as it is, resumed, repeated and packed."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def read(folder: str | Path) -> "pd.DataFrame":
    """The tidy table of a study: one row for each finished run, by point and replicate.

    Columns `run, point, label, replicate, seed, ticks, fingerprint`, what the design set as `param.PATH`, and every
    metric's number for the run by the metric's name; NaN where undefined. Where runs of several codes stand together
    there is a column `code` as well.

    Args:
        folder: of the study, as `sweep` has made it

    Raises:
        ScenarioError: the folder is no study
    """
    from experiments.store.design import read_design
    from experiments.store.layout import SUMMARY
    from experiments.store.manifest import FINISHED, read_manifest
    from experiments.store.shards import footers
    from experiments.store.table import Rows, decoded, tidy

    place = Path(folder)
    manifest = read_manifest(place)
    if manifest["state"] == FINISHED and (place / SUMMARY).exists():
        return decoded(place / SUMMARY)
    points, rows = read_design(place), Rows()
    known = {point.id for point in points}
    for footer in footers(place):
        if footer.point in known and (manifest["stop"] or footer.replicate < manifest["replicates"]):
            rows.add(footer)
    return tidy(rows, points, list(rows.place), bool(manifest["mixed"]["runs"]))


def series(folder: str | Path, run: str) -> "pd.DataFrame":
    """Time series of one run: one row for each tick kept, one column for each metric kept.

    Args:
        folder: of the study
        run: as in the column `run` of `read`

    Raises:
        ScenarioError: there is no such finished run
    """
    from experiments.store.shards import series_of

    return series_of(Path(folder), run).to_pandas().drop(columns="run").set_index("tick")
