"""Figures of matplotlib: into a page as markup that follows its colours, and into files for print."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.figures.keep import MAKER, keep
from experiments.figures.style import RC
from experiments.report.html import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SALT = MAKER
WAY = "choose another place with --out or --figures"
INK, PAPER = "#000000", "#ffffff"  # black and white of the drawing, which follow the page
PIXELS_PER_POINT = 96.0 / 72.0
FITS = 400.0  # pixels up to which a figure shrinks with a narrow page rather than scroll
NAMED = re.compile(r'\b(id|href)="(#?)([^"]+)"')
SETTINGS: Any = {**RC, "font.size": 8, "axes.titlesize": 8.5, "axes.labelsize": 8, "xtick.labelsize": 7.5,
                 "ytick.labelsize": 7.5, "legend.fontsize": 7.5, "svg.hashsalt": SALT, "svg.fonttype": "none",
                 "pdf.fonttype": 42, "savefig.transparent": True, "font.family": "sans-serif",
                 "font.sans-serif": ["DejaVu Sans"]}  # fmt: skip


@contextmanager
def drawing() -> Iterator[None]:
    """Settings under which figures of reports are made and saved."""
    import matplotlib

    with matplotlib.rc_context(SETTINGS):
        yield


def markup(figure: "Figure") -> str:
    """A figure as SVG text."""
    buffer = io.StringIO()
    with drawing():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": SALT})
    return buffer.getvalue()


def inline(source: str, name: str) -> str:
    """SVG as it can stand in a page: no prologue, no metadata, names of its own, black and white as the page has them.

    Args:
        source: as matplotlib writes it
        name: of the figure, before all its names, since a page holds several

    >>> inline('<?xml?><svg width="72pt" xmlns="x"><g id="a" style="stroke: #000000"/></svg>', "f")
    '<svg width="96"><g id="f-a" style="stroke: currentColor"/></svg>'
    """
    body = source[source.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", body).replace("xlink:href", "href")
    body = NAMED.sub(lambda m: f'{m.group(1)}="{m.group(2)}{name}-{m.group(3)}"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = body.replace(INK, "currentColor").replace(PAPER, "var(--panel)")
    body = re.sub(r"<script.*?</script>", "", body, flags=re.DOTALL)
    points = re.compile(r'\b(width|height)="([\d.]+)pt"')
    body = points.sub(lambda m: f'{m.group(1)}="{PIXELS_PER_POINT * float(m.group(2)):.0f}"', body, count=2)
    return body.strip()


def block(source: str, name: str, caption: str) -> str:
    """A figure with its caption; wide ones scroll by themselves on a narrow page."""
    body = inline(source, name)
    width = re.search(r'\bwidth="(\d+)"', body)
    kind = " class='fits'" if width and float(width.group(1)) <= FITS else ""
    label = f"<svg role='img' aria-label='{text(caption)}'"
    return (
        f"<figure{kind}><div class='scroll'>{body.replace('<svg', label, 1)}</div>"
        f"<figcaption>{text(caption)}</figcaption></figure>"
    )


def save(figure: "Figure", folder: Path, name: str) -> list[Path]:
    """Write a figure for print as SVG and PDF.

    Raises:
        ScenarioError: the folder cannot be written
    """
    with drawing():
        return keep(figure, folder / f"{name}.svg", folder / f"{name}.pdf", way=WAY)
