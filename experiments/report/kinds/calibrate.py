"""A calibration: estimates, how the moments are met, and those held out."""

from pathlib import Path
from typing import Any

from experiments.console import readable
from experiments.report import searches
from experiments.report.charts.base import Gallery
from experiments.report.charts.gaps import gaps
from experiments.report.html import Section, items, paragraph, table
from experiments.report.kinds import Told
from experiments.report.kinds.optimise import span
from experiments.store.layout import CALIBRATION
from experiments.store.search import read_answer

PLACE = 300
PARTS = (("moments", "moment", "gap_over_error"), ("held_out", "name", "z"))


def fits(folder: Path) -> bool:
    """Whether `calibrate` has made it."""
    return searches.fits_search(folder, CALIBRATION)


def read(folder: Path, gallery: Gallery) -> Told:
    """Everything about a fit."""
    found = read_answer(folder / CALIBRATION)
    facts = {
        "places simulated": f"{found['places']:,}",
        "replicates of each": f"{found['replicates']:,}",
        "distance": readable(found["distance"]),
        "converged": "yes" if found["converged"] else "no",
    }
    first = searches.lost(folder, [])
    if found["warnings"] or not found["converged"]:
        said = [*found["warnings"], *([] if found["converged"] else ["the search did not converge"])]
        first = first._replace(html=f"{first.html}<div class='bad'>{items(said)}</div>")
    sections = [estimates(found), moments(found, gallery), *searches.ending(folder, "calibrate")]
    return Told(found["study"], "calibration", found["question"], found["answer"], facts, first, sections)


def estimates(found: dict[str, Any]) -> Section:
    """Parameters with intervals, and their correlation."""
    rows = [(path, span(interval)) for path, interval in found["estimates"].items()]
    body = table(("parameter", "estimate (95 % interval)"), rows, (1,))
    names = list(found["estimates"])
    if len(names) > 1:
        cells = [(name, *map(readable, row)) for name, row in zip(names, found["correlation"], strict=True)]
        body += table(("correlation", *names), cells, range(1, len(names) + 1))
    return Section("Estimates", "estimates", body)


def moments(found: dict[str, Any], gallery: Gallery) -> Section:
    """Targets beside the model, then moments that the fit has not seen."""
    heads = ("moment", "world", "model", "gap / sd", "source")
    rows = [
        (m["moment"], readable(m["target"]), readable(m["model"]), readable(m["gap_over_error"]), m["source"])
        for m in found["moments"]
    ]
    body = table(heads, rows, (1, 2, 3), "fitted")
    held = [(m["name"], readable(m["target"]), readable(m["simulated"]), readable(m["z"])) for m in found["held_out"]]
    if held:
        body += table(("moment", "world", "model", "z"), held, (1, 2, 3), "held out")
    else:
        body += paragraph("No moment was held out, so nothing outside the fit tests it.", "note")
    fitted, apart = ({m[key]: m[z] for m in found[part]} for part, key, z in PARTS)
    caption = "Model less world in standard deviations of the gap: fitted moments filled, held-out ones hollow."
    body += f"<div class='figures'>{gallery.add(gaps(fitted, apart), 'moments', caption)}</div>"
    test = found["test"]
    if test is not None:
        body += paragraph(
            f"Test of all moments together: J = {test['statistic']:.2f}, {test['freedom']} degrees of freedom, p = {test['p']:.3f}."
        )
    return Section("Moments", "moments", body)
