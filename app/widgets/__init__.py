"""Small pieces of the page in Vue, one file each, that work without any request to another host.

All are plain HTML controls with names, so that keyboards and screen readers work. `select`, `table`, `press`, `text`
and `buttons` serve any page; `chart` draws an ECharts option with its table, PNG and CSV; `player` and `sliders` are
Explore's; `header` and `browser` belong to the frame around all pages.
"""

from app.widgets.controls import (
    Browser,
    Buttons,
    ChartBox,
    Header,
    PlayerBox,
    Press,
    Rows,
    Select,
    SliderBox,
    Text,
    written,
)

__all__ = [
    "Browser",
    "Buttons",
    "ChartBox",
    "Header",
    "PlayerBox",
    "Press",
    "Rows",
    "Select",
    "SliderBox",
    "Text",
    "written",
]
