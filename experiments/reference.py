"""Reference pages made from the code: parameters, actions, metrics, scenarios, and classes for scripts.

`make docs` writes them to `docs/reference/`; a test says when they are out of date.
"""

import inspect
import sys
from collections.abc import Iterable
from pathlib import Path

from experiments.describe import Row, field_rows, first_line, metrics, scenarios
from experiments.python_reference import python_page
from experiments.script import Options, Words, script
from model.actions import Status
from model.agent_tables import trait_fields
from model.clock import ClockParams
from model.kinds import DEFAULT_PACKAGES, agent_kinds, strategies
from model.mechanism import actions_of, catalogue
from model.scenario import Scenario
from model.schedule import Change, Shock

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Made by `make docs` from the declarations in the code; edits here are lost. -->\n"
COLUMNS = ("parameter", "value", "unit", "range", "meaning", "source")


def cell(text: object) -> str:
    r"""Text that cannot break a Markdown table.

    >>> cell("a | b")
    'a \\| b'
    """
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(rows: Iterable[Row], columns: Iterable[str]) -> str:
    """A Markdown table of some columns of rows."""
    names = list(columns)
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(cell(row[name]) for name in names) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def parameter_page() -> str:
    """Every parameter of every table, with default, unit, range, meaning and source."""
    parts = [
        "# Parameters\n",
        "Every table of a scenario file with its keys and their defaults. A key marked *live* may change while the "
        "market runs, by `[[changes]]` or `market.change`.\n",
        "## [clock]\n",
        table(marked(field_rows("clock", ClockParams.model_fields)), COLUMNS),
    ]
    for key, cls in catalogue().items():
        parts += [f"## [{key}]\n", f"{first_line(cls)}.\n"]
        needs = ", ".join(f"`[{other}]`" for other in cls.needs)
        parts += [f"Needs {needs}.\n"] if needs else []
        rows = marked(field_rows(key, cls.Params.model_fields))
        parts += [table(rows, COLUMNS)] if rows else ["It has no parameters.\n"]
        if cls.channels:
            channels = [{"channel": name, "multiplies": text} for name, text in cls.channels.items()]
            parts += ["Shocks act on:\n", table(channels, ("channel", "multiplies"))]
    parts += ["## [[shocks]] and [[changes]]\n", f"{inspect.cleandoc(Shock.__doc__ or '')}\n"]
    parts += ["Keys of a shock: " + ", ".join(f"`{name}`" for name in Shock.model_fields) + ".\n"]
    parts += [f"{first_line(Change)}. Keys: " + ", ".join(f"`{name}`" for name in Change.model_fields) + ".\n"]
    known = strategies(DEFAULT_PACKAGES)
    for kind, agent in agent_kinds(DEFAULT_PACKAGES).items():
        own = {name: cls for (serves, name), cls in known.items() if serves == kind}
        parts += [f"## [agents.{kind}]\n", f"{first_line(agent)}.\n"]
        if own:
            used = [
                {"strategy": name + (" (default)" if name == agent.strategy else ""), "meaning": first_line(cls)}
                for name, cls in own.items()
            ]
            parts += [table(used, ("strategy", "meaning"))]
        rows = field_rows(f"agents.{kind}", trait_fields(agent, list(own.values())))
        parts += ["Traits, one draw per agent:\n", table(rows, COLUMNS)]
    return "\n".join(parts)


def marked(rows: list[Row]) -> list[Row]:
    """Rows whose meaning says whether the parameter is live."""
    return [{**row, "meaning": row["meaning"] + (" (*live*)" if row["live"] else "")} for row in rows]


def action_page() -> str:
    """Every action with its fields and the mechanism that settles it, and every status of a row."""
    rows = [
        {
            "action": action.__name__,
            "fields": ", ".join(action.fields),
            "settled by": f"`[{key}]`",
            "meaning": first_line(action),
        }
        for key, cls in catalogue().items()
        for action in actions_of(cls)
    ]
    statuses = [{"status": int(s), "name": s.name.lower().replace("_", " "), "meaning": s.meaning} for s in Status]
    return "\n".join(
        [
            "# Actions\n",
            "What strategies may yield. Every row also has an account; settling writes its status and what was filled.\n",
            table(sorted(rows, key=lambda row: str(row["action"])), ("action", "fields", "settled by", "meaning")),
            "## Status of a row\n",
            table(statuses, ("status", "name", "meaning")),
        ]
    )


def metric_page() -> str:
    """Every metric with unit, rule of summary and meaning."""
    return "\n".join(
        [
            "# Metrics\n",
            "Recorded every tick. The rule says how the path of a run becomes one number.\n",
            table(metrics(), ("metric", "unit", "rule", "meaning")),
        ]
    )


def scenario_page() -> str:
    """Every scenario with its question, size and mechanisms."""
    rows = []
    for row in scenarios():
        scenario = Scenario.load(row["scenario"])
        people = ", ".join(f"{t.count:,} {kind}" for kind, t in scenario.agents.items())
        rows.append({**row, "ticks": scenario.clock.ticks, "agents": people, "tables": ", ".join(scenario.mechanisms)})
    return "\n".join(
        [
            "# Scenarios\n",
            "`run.py describe NAME` shows each with all its parameters.\n",
            table(rows, ("scenario", "question", "ticks", "agents", "tables")),
            *(part for row in rows for part in _sources(row["scenario"])),
        ]
    )


def _sources(name: str) -> list[str]:
    sources = Scenario.load(name).sources
    return [f"## {name}: sources\n", "\n".join(f"- {source}" for source in sources) + "\n"] if sources else []


PAGES = {
    "parameters.md": parameter_page,
    "actions.md": action_page,
    "metrics.md": metric_page,
    "scenarios.md": scenario_page,
    "python.md": python_page,
}


def pages() -> dict[str, str]:
    """Text of every reference page by file name."""
    return {name: f"{MADE}\n{make().rstrip()}\n" for name, make in PAGES.items()}


@script
def main(arguments: Words = None) -> None:
    """Write all pages."""
    Options("reference", __doc__).parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    sys.exit(main())
