"""The event log: what happened, to whom, and why; filtered by kind, read out politely."""

from collections.abc import Callable, Mapping
from typing import Any

import solara

from app.panels.inspector import reason
from app.widgets import Rows
from experiments.console import readable

ALL = ""
MOST = 60  # rows shown


@solara.component
def Log(frame: Mapping[str, Any], watch: Callable[[int | None], None]) -> Any:
    """The last events, the newest first."""
    kind, set_kind = solara.use_state(ALL)
    counts: dict[str, int] = {}
    for name, n in frame["event_counts"].items():
        words = name.replace("_", " ")
        counts[words] = counts.get(words, 0) + n
    chosen = kind if kind in counts else ALL
    rows = [row for row in frame["events"] if chosen in (ALL, row["kind"])][:MOST]
    choices = [(ALL, f"all ({sum(counts.values()):,})"), *((name, f"{name} ({n:,})") for name, n in counts.items())]
    cells = [[readable(row["day"]), row["kind"], row["who"], reason(row)] for row in rows]
    links = [row["account"] if row["account"] >= 0 else None for row in rows]
    return Rows(
        "List of events",
        ("day", "what", "who", "why"),
        cells,
        links,
        watch,
        "Nothing has happened yet.",
        live=True,
        title="Events",
        choices=choices,
        chosen=chosen,
        on_choice=set_kind,
        choice_label="Kind of event",
    )
