"""What a finished sweep says on the terminal, or as JSON: what failed, then every point's means."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.console import chosen, estimate_cells, fill, grid, plain, printer, readable
from experiments.replicates import Estimate
from experiments.statistics import estimated
from experiments.store.status import INCOMPLETE
from experiments.sweeps.progress import span
from model.metric import Metric, registry
from model.unit_names import unit_of

if TYPE_CHECKING:
    from experiments.sweeps.driver import Finished
    from experiments.sweeps.study import Study

MOST_FAILED, MOST_ROWS = 10, 60  # lines shown; files have all


def watched(study: "Study", names: Sequence[str]) -> list[Metric]:
    """Metrics that a study is about: those it names, else the headline ones."""
    known = registry()
    wanted = study.summary or ((study.stop.metric,) if study.stop else ())
    if wanted:
        return [known[name] for name in wanted if name in names]
    return chosen(known[name] for name in names if name in known)


def means(study: "Study", done: "Finished") -> list[tuple[Any, Metric, Estimate]]:
    """Every point's mean of every watched metric, with its interval."""
    found = []
    metrics = watched(study, list(done.table.columns))
    groups = dict(iter(done.table.groupby("point"))) if len(done.table) else {}
    for point in study.points:
        for metric in metrics:
            values = groups[point.id][metric.name].tolist() if point.id in groups else []
            found.append((point, metric, estimated(values, metric.name)))
    return found


def record(study: "Study", done: "Finished") -> dict[str, Any]:
    """The same for `--json`."""
    by_point: dict[str, dict[str, Any]] = {
        p.id: {"point": p.id, "label": p.label, "values": p.values, "metrics": {}} for p in study.points
    }
    for point, metric, e in means(study, done):
        numbers = {"mean": e.mean, "sd": e.sd, "low": e.low, "high": e.high}
        by_point[point.id]["metrics"][metric.name] = {
            "unit": metric.unit,
            "rule": metric.rule,
            "n": e.n,
            **{key: plain(value) for key, value in numbers.items()},
        }
    return {
        "study": study.name,
        "question": study.question,
        "folder": str(done.folder),
        "runs": len(done.table),
        "seconds": round(done.seconds, 3),
        "failed": [each._asdict() for each in done.failed],
        "points": list(by_point.values()),
    }


def show(study: "Study", done: "Finished") -> None:
    """Failed runs first, then means by point."""
    console = printer()
    console.print(f"{study.name}: {study.question}", markup=False)
    for failure in done.failed[:MOST_FAILED]:
        at = f" in {failure.stage}" + (f", tick {failure.tick}" if failure.tick >= 0 else "")
        console.print(f"failed: {failure.label}, replicate {failure.replicate}{at}: {failure.message}", markup=False)
        console.print(f"  {failure.command}", markup=False, soft_wrap=True)
    if len(done.failed) > MOST_FAILED:
        console.print(f"failed: {len(done.failed) - MOST_FAILED:,} more in {done.folder}/failed/", markup=False)
    rows = means(study, done)
    table = grid("", "point", "metric", "unit", "n", "mean", "sd", "95 % interval", numbers=(3, 4, 5, 6))
    for point, metric, e in rows[:MOST_ROWS]:
        fill(table, point.label, metric.meaning or metric.name, unit_of(metric.unit), *estimate_cells(e))
    if rows:
        console.print(table)
    if len(rows) > MOST_ROWS:
        console.print(f"{len(rows) - MOST_ROWS:,} more rows; summary.parquet has every run", markup=False)
    said = f"{len(done.table):,} runs of {len(study.points):,} points in {span(done.seconds)}"
    console.print(f"{said}{f', {len(done.failed):,} failed' if done.failed else ''}", markup=False)
    console.print(f"{done.folder}/", markup=False, soft_wrap=True)


def show_status(rows: Sequence[dict[str, Any]]) -> None:
    """How studies stand."""
    heads = ("study", "state", "asked", "done", "failed", "quarantined", "missing", "mixed", "s a run", "left")
    table = grid("", *heads, numbers=range(2, len(heads)))
    for row in rows:
        left = "–" if row["seconds_left"] is None else span(row["seconds_left"])
        counts = (f"{row[key]:,}" for key in heads[2:8])
        fill(table, row["study"], row["state"], *counts, readable(row["seconds_per_run"]), left)
    printer().print(table if rows else "no studies there yet; `run.py sweep FILE` makes one")
    for row in rows:
        if row["state"] == INCOMPLETE:
            text = f"{row['study']}: was finished, and runs of it are gone, such as {', '.join(row['missing_runs'])}"
            printer().print(f"{text}; the command that made it runs them again", markup=False, soft_wrap=True)
