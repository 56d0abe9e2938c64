"""The answer of a stress test: headline numbers, fans, insolvency, losses, losers, worst runs, files."""

from collections.abc import Callable
from typing import Any

import solara

from app import store
from app.export import csv_of_table
from app.frame import Frame
from app.options import Table
from app.options.fan import fan
from app.panels.figures import Figure
from app.parts import monitors, tag
from app.stress import tell
from app.stress.ask import Ask
from app.stress.job import Progress
from app.widgets import Buttons, Rows
from experiments.stress.running import told


@solara.component
def Stressed(ask: Ask, progress: Progress) -> Any:
    """Everything about one test that is done.

    Args:
        ask: the question it answers
        progress: with its answer
    """
    answer, dark = progress.answer, store.dark.value
    frame = Frame({"scenario": f"stress-{answer['scenario']}", "seed": ask.setup.seed, "hours": 24.0})
    fans = answer["fans"]
    cards = [
        Figure(fan(name, one, answer["calm_fans"].get(name), float(ask.day)), frame, dark, wide=_odd(i, len(fans))).key(
            name
        )
        for i, (name, one) in enumerate(fans.items())
    ]
    tables = {
        "Who becomes insolvent": tell.insolvency(answer),
        "What is lost": tell.losses(answer),
        "Who loses, in USD": tell.losers(answer),
        "Worst runs": tell.worst(answer),
    }
    shown = [
        Rows(title, table.headings, [list(map(str, row)) for row in table.rows], title=title).key(title)
        for title, table in tables.items()
        if table.rows
    ]
    words = [tag("li", [line]) for line in tell.notes(answer)]
    words += [tag("li", [f"failed: {line}"]) for line in answer["failed"]]
    notes = tag(
        "section",
        [tag("h2", ["How to read this"]), tag("ul", words, "rs-hint")],
        "rs-card rs-wide",
        **{"aria-label": "Notes"},
    )
    rows = told(ask.rows(ask.setup.build()))
    head = tag("p", [f"{answer['scenario'].replace('_', ' ')}: {'; '.join(rows)}"], "rs-label", **{"data-answer": "1"})
    parts = [
        head,
        monitors(tell.monitors(answer)),
        tag("div", [*cards, *shown, notes, _home(ask, progress, tables)], "rs-charts"),
    ]
    return tag("div", parts)


def _odd(place: int, n: int) -> bool:
    """Whether a card stands alone in the last row."""
    return n % 2 == 1 and place == n - 1


def _home(ask: Ask, progress: Progress, tables: dict[str, Table]) -> Any:
    """Link, files and the command."""
    name, answer = f"stress-{ask.setup.scenario}", progress.answer
    acts: dict[str, Callable[[], None]] = {
        "link": lambda: store.copy(f"/stress?{ask.query()}"),
        "runs": lambda: store.save(progress.runs, f"{name}-runs.csv"),
        "toml": lambda: store.save(answer["scenarios"]["with_shocks"], f"{name}.toml"),
    }
    buttons = [
        ("link", "Copy link", "Copy a link to this question", False),
        ("runs", "All runs", "All runs as CSV", False),
        ("toml", "Scenario", "Scenario with the shock as TOML", "with_shocks" not in answer["scenarios"]),
    ]
    for title, table in tables.items():
        if table.rows:
            key = title.lower()
            acts[key] = lambda table=table, key=key: store.save(  # type: ignore[misc]
                csv_of_table(table), f"{name}-{key.replace(' ', '-').replace(',', '')}.csv"
            )
            buttons.append((key, f"{title} (CSV)", f"{title} as CSV", False))
    words = (
        "`python run.py run FILE --seed N` repeats one of the worst runs with the saved scenario. The same numbers: "
    )
    return tag(
        "div",
        [
            Buttons("Take it home", buttons, lambda key: acts[key](), words),
            tag("p", [tag("code", [ask.command()])], "rs-hint"),
        ],
        "rs-wide rs-tight",
    )
