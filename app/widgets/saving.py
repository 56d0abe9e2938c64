"""Files for the student: bytes saved by the browser, and a report shown without any script or request of its own."""

from typing import Any

import solara


@solara.component_vue("file.vue")
def FileSaver(content: str, filename: str, count: int) -> None:
    """Saves `content`, bytes in base 64, as `filename` when `count` grows."""


@solara.component_vue("sheet.vue")
def _sheet(html: str, label: str) -> None:
    pass


def Sheet(html: str, label: str) -> Any:
    """A whole HTML page in a frame of its own, which may run no script, ask no host, and open no window."""
    return _sheet(html=html, label=label)
