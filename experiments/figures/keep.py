"""Pictures as files: the same bytes for the same figure, and each in its place whole or not at all."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib

from experiments.disk import ELSEWHERE
from experiments.figures.style import DPI
from experiments.store.layout import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAKER = "rigshare"
METADATA: dict[str, dict[str, str | None]] = {  # without the day of their making
    "png": {"Software": MAKER},
    "svg": {"Creator": MAKER, "Date": None},
    "pdf": {"Creator": MAKER, "Producer": MAKER, "CreationDate": None},
}


def encoded(figure: "Figure", kind: str) -> bytes:
    """A figure as the bytes of a file: png, svg or pdf."""
    content = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": MAKER}):
        figure.savefig(content, format=kind, dpi=DPI, metadata=METADATA[kind])
    return content.getvalue()


def keep(figure: "Figure", *paths: Path, way: str = ELSEWHERE) -> list[Path]:
    """Write a figure once for each ending; where the files are.

    Args:
        figure: as it is to be seen
        paths: that end in .png, .svg or .pdf
        way: what the user can do where they cannot be written

    Raises:
        ScenarioError: a folder cannot be written, or the disk is full
    """
    for path in paths:
        write_whole(path, encoded(figure, path.suffix[1:]), way)
    return list(paths)
