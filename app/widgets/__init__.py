"""Small pieces of the page in Vue, one file each, that work without any request to another host.

`select`, `slider`, `table` and `press` are plain HTML controls with names, so that keyboards and screen readers work;
`chart` draws an ECharts option and saves it as PNG; `browser` keeps address, language, theme and clipboard.
"""

from app.widgets.controls import Browser, ChartBox, Press, Range, Rows, Select, Text

__all__ = ["Browser", "ChartBox", "Press", "Range", "Rows", "Select", "Text"]
