"""The page: failures first, then question, answer and all sections, with nothing that needs a network."""

from pathlib import Path
from typing import NamedTuple

from experiments.report.charts.base import Gallery
from experiments.report.html import Section, paragraph, text
from experiments.report.kinds import Told, kind_of
from experiments.report.style import CSS
from experiments.store.layout import write_whole

FILE, FIGURES = "report.html", "figures"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


class Written(NamedTuple):
    """A report that was written.

    Attributes:
        path: of the page
        figures: files for print
        told: what it says
    """

    path: Path
    figures: list[Path]
    told: Told


def write(folder: Path, out: Path | None = None, figures: Path | None = None) -> Written:
    """Write a study's report and its figures.

    Args:
        folder: of the study
        out: the page; `report.html` in the folder if left out
        figures: folder of figures; if left out `figures/` in the folder, or `PAGE_figures/` beside the page of `out`

    Raises:
        ScenarioError: the folder is no study, or something cannot be written
    """
    path = out or folder / FILE
    beside = folder / FIGURES if out is None else out.with_name(f"{out.stem}_{FIGURES}")
    gallery = Gallery(figures or beside)
    told: Told = kind_of(folder).read(folder, gallery)
    write_whole(path, html(told).encode())
    return Written(path, gallery.files, told)


def html(told: Told) -> str:
    """The whole page."""
    shown = [section for section in told.sections if section.html]
    links = "".join(f"<a href='#{text(s.name)}'>{text(s.title)}</a>" for s in shown)
    facts = "".join(f"<li><b>{text(value)}</b>{text(name)}</li>" for name, value in told.facts.items())
    body = "".join(block(section) for section in shown)
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f"<meta http-equiv='Content-Security-Policy' content=\"{POLICY}\">"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<meta name='color-scheme' content='light dark'><title>{text(told.name)}: report</title><style>{CSS}</style></head>"
        f"<body><header><p class='over'>{text(told.kind)} of rigshare</p><h1>{text(told.name)}</h1></header><main>"
        f"{told.failures.html}{paragraph(told.question, 'question')}{paragraph(told.answer, 'answer')}"
        f"<ul class='facts'>{facts}</ul><nav aria-label='sections'>{links}</nav>{body}</main></body></html>\n"
    )


def block(section: Section) -> str:
    """A section with its heading."""
    return f"<section id='{text(section.name)}'><h2>{text(section.title)}</h2>{section.html}</section>"
