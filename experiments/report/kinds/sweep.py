"""A sweep, or any other folder of runs by point and replicate."""

from pathlib import Path

from experiments.answers import answer
from experiments.report.charts.base import Gallery
from experiments.report.html import Section
from experiments.report.kinds import Told
from experiments.report.material import Material, material
from experiments.report.sections import design, effects, failures, fans, manifest, pairs, precision, results
from experiments.store.layout import MANIFEST

PLACE = 900


def fits(folder: Path) -> bool:
    """Whether it holds a study's runs."""
    return (folder / MANIFEST).exists()


def read(folder: Path, gallery: Gallery) -> Told:
    """Everything about a sweep."""
    return told(material(folder), gallery, "sweep")


def told(found: Material, gallery: Gallery, kind: str, said: str = "", first: tuple[Section, ...] = ()) -> Told:
    """Sections of any study with points and replicates.

    Args:
        found: the study
        gallery: that figures go to
        kind: what it is called
        said: the answer; made from the table where empty
        first: sections of this kind, before the others
    """
    text = said or answer(found.name, found.table, [m.name for m in found.metrics], found.folder, found.missing)
    parts: list[Section | None] = [*first]
    if len(found.table):
        parts += [effects.section(found, gallery), results.section(found)]
        parts += [fans.section(found, gallery), pairs.section(found), precision.section(found)]
    parts += [design.section(found), manifest.manifest(found), manifest.repeat(found)]
    return Told(found.name, kind, found.manifest["question"], text, facts(found), failures.section(found),
                [part for part in parts if part is not None])  # fmt: skip


def facts(found: Material) -> dict[str, str]:
    """Numbers for the head."""
    state, m = found.state, found.manifest
    done = {"runs": f"{state['done']:,} of {state['asked']:,}", "failed": f"{state['failed']:,}"}
    size = {"points": f"{m['points']:,}", "replicates of each": f"{m['replicates']:,}"}
    spent = state["seconds_per_run"]
    return done | size | ({} if spent is None else {"seconds a run": f"{spent:.2g}"})
