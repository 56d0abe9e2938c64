"""With what it was made, and how to repeat it."""

import shlex
from pathlib import Path
from typing import Any

from experiments.report.html import Section, code, folded, items, paragraph, table, text
from experiments.report.material import Material
from experiments.store.layout import SUMMARY, SWEEP
from model.scenario_files import FOLDER

MOST_SEEDS = 60


def manifest(found: Material) -> Section:
    """Versions, digests, seeds, when it was worked on, and the sweep's file."""
    m = found.manifest
    versions = (f"{name} {number}" for name, number in m["versions"].items())
    rows = [
        ("digest of code", m["code_hash"]),
        ("root seed", m["root_seed"]),
        ("common random numbers", "yes" if m["common_random_numbers"] else "no"),
        ("points", f"{m['points']:,}"),
        ("replicates", f"{m['replicates']:,}"),
        ("stop", until(m["stop"])),
        ("kept of time series", f"every {m['every']:,} ticks" if m["every"] else "nothing"),
        ("plugins", ", ".join(m["plugins"]) or "none"),
        ("versions", ", ".join(versions)),
    ]
    history = (
        f"{e['began']} to {e.get('ended', '?')}: {e.get('state', 'cut off')}, {e.get('engine') or ''}, "
        f"{e.get('done', '?')} done, {e.get('failed', '?')} failed, {e.get('seconds', '?')} s"
        for e in m["history"]
    )
    body = table(("what", "value"), rows) + folded("when it was worked on", items(history))
    seeds = found.table.drop_duplicates(["replicate", "seed"]) if len(found.table) else found.table
    every = sorted((int(r), int(s)) for r, s in zip(seeds["replicate"], seeds["seed"], strict=True))
    more = len(every) - MOST_SEEDS
    rest = f"{more:,} more in the columns replicate and seed of {SUMMARY}."
    told = table(("replicate", "seed"), every[:MOST_SEEDS], (0, 1)) + (paragraph(rest, "note") if more > 0 else "")
    body += folded("seeds of replicates", told)
    digests = ((point.label, point.id, point.config) for point in found.points)
    body += folded("digests of points", table(("point", "name", "configuration"), digests))
    file = found.folder / SWEEP
    if file.is_file():
        body += folded(SWEEP, f"<pre>{text(file.read_text(encoding='utf-8'))}</pre>")
    return Section("Manifest", "manifest", body)


def until(stop: dict[str, Any] | None) -> str:
    """What ends the replicates.

    >>> until(None), until({"metric": "lending.bad_debt", "half_width": 0.05, "max": 400})
    ('after so many replicates', 'when the mean of lending.bad_debt is known within ± 0.05, or after 400 of each point')
    """
    if stop is None:
        return "after so many replicates"
    known = f"when the mean of {stop['metric']} is known within ± {stop['half_width']:g}"
    return f"{known}, or after {stop['max']:,} of each point"


def repeat(found: Material) -> Section:
    """Commands: the whole again, one run again, the data."""
    plugins = "".join(f" --plugins {shlex.quote(name)}" for name in found.manifest["plugins"])
    study = shlex.quote(found.folder.name)
    parts = []
    if (found.folder / SWEEP).is_file():
        out = "another_folder"
        parts.append(
            paragraph(
                "The whole study again, elsewhere; with the same code its summary.parquet is the same to the last byte:"
            )
        )
        parts.append(code(f"python run.py sweep {shlex.quote(str(found.folder / SWEEP))}{plugins} --out {out}"))
        beside = found.manifest.get("beside")
        if beside and not all(Path(point.folder).is_relative_to(FOLDER) for point in found.points):
            parts.append(paragraph(f"Scenarios that the file names by path are read again from {beside}.", "note"))
    if len(found.table):
        run = found.table["run"].iloc[0]
        root = shlex.quote(str(found.folder.parent))
        parts.append(paragraph("One run again, held against what is kept:"))
        parts.append(code(f"python run.py rerun {study}/{run} --out {root}{plugins}"))
        parts.append(
            paragraph("The table for other programs; the folder is Parquet that pandas and DuckDB read as it is:")
        )
        parts.append(code(f"python run.py export {study} --csv --out {root}"))
    return Section("How to repeat this", "repeat", "".join(parts))
