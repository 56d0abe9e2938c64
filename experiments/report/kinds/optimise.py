"""An optimisation: the frontier, what fresh seeds make of it, and every place that was tried."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.answers import own
from experiments.console import readable
from experiments.report import searches
from experiments.report.charts.base import Gallery
from experiments.report.charts.frontier import frontier as chart
from experiments.report.html import Section, folded, paragraph, table
from experiments.report.kinds import Told
from experiments.store.layout import FRONTIER
from experiments.store.search import read_answer
from experiments.sweeps.paths import short_names

PLACE = 200
TRIALS = "trials.csv"


def fits(folder: Path) -> bool:
    """Whether `optimise` has made it."""
    return searches.fits_search(folder, FRONTIER)


def read(folder: Path, gallery: Gallery) -> Told:
    """Everything about a search for a frontier."""
    found = read_answer(folder / FRONTIER)
    said = str(found["answer"])
    if (folder / TRIALS).is_file():
        trials = pd.read_csv(folder / TRIALS)
        written = own(str(found["study"]), trials)
        said = written(trials) if written is not None else said
    refused = [str(place["refused"]) for place in found["places"] if place.get("refused")]
    facts = {
        "places tried": f"{found.get('different', found['trials']):,}",
        "within all limits": f"{found['feasible']:,}",
        "on the frontier": f"{found['winners']:,}",
        "replicates of each": f"{found['replicates']:,}",
        "fresh replicates": f"{found['fresh']:,}",
    }
    sections = [frontier(found, gallery), places(found), *searches.ending(folder, "optimise")]
    return Told(
        found["study"], "optimisation", found["question"], said, facts, searches.lost(folder, refused), sections
    )


def span(interval: Any) -> str:
    """A number with its interval, as JSON has it."""
    if interval is None:
        return "–"
    value, low, high = interval
    return f"{readable(value)} ({readable(low)} to {readable(high)})" if low is not None else readable(value)


def frontier(found: dict[str, Any], gallery: Gallery) -> Section:
    """Winners as the search saw them, and afresh."""
    won = found["frontier"]
    if not won:
        return Section("Frontier", "frontier", paragraph("No place that was tried keeps within all limits."))
    names, goals = list(won[0]["values"]), list(won[0]["objectives"])
    short = short_names(names)
    drawn = pictures(found, goals, gallery)
    heads = ("trial", *(short[n] for n in names), *goals, *(f"{g} afresh" for g in goals), "support", "afresh")
    rows = [
        (
            w["trial"],
            *(value(w["values"][n]) for n in names),
            *(span(w["objectives"][g]) for g in goals),
            *(span((w["fresh"] or {}).get(g)) for g in goals),
            f"{w['support']:.0%}",
            verdict(w),
        )
        for w in won
    ]
    note = (
        "Fresh numbers come from seeds that the search never saw; believe these. Support is the share of redrawn "
        "replicates in which the place is within all limits and bettered by none."
    )
    return Section("Frontier", "frontier", drawn + table(heads, rows, range(len(heads) - 1)) + paragraph(note, "note"))


def pictures(found: dict[str, Any], goals: list[str], gallery: Gallery) -> str:
    """Objectives in pairs; a single one has no picture."""
    made = [
        gallery.add(
            chart(found["places"], found["frontier"], x, y),
            f"frontier {x} {y}",
            f"{y} against {x}: all places tried, those that break a limit hollow; winners joined, and under fresh seeds.",
        )
        for x, y in combinations(goals, 2)
    ]
    return f"<div class='figures'>{''.join(made)}</div>"


def verdict(winner: dict[str, Any]) -> str:
    """What fresh seeds make of a winner."""
    if winner["fresh"] is None:
        return "not run"
    return "stays" if winner["stays"] else "bettered by another" if winner["holds_afresh"] else "breaks a limit"


def value(found: Any) -> str:
    """A parameter's value."""
    return readable(float(found)) if isinstance(found, (int, float)) and not isinstance(found, bool) else str(found)


def places(found: dict[str, Any]) -> Section:
    """Every place that was tried."""
    done = found["places"]
    if not done:
        return Section("All places", "places", paragraph("No place was tried."))
    names = list(done[0]["values"])
    first = next((p for p in done if p["objectives"]), done[0])
    goals, limits, short = list(first["objectives"]), list(first["limits"]), short_names(names)
    heads = ("trial", *(short[n] for n in names), *goals, *limits, "within limits")
    rows = [
        (
            p["trial"],
            *(value(p["values"][n]) for n in names),
            *(span(p["objectives"].get(g)) for g in goals),
            *(span(p["limits"].get(k)) for k in limits),
            p.get("refused") or ("yes" if p["feasible"] else "no"),
        )
        for p in done
    ]
    return Section("All places", "places", folded(f"{len(rows):,} places", table(heads, rows, range(len(heads) - 1))))
