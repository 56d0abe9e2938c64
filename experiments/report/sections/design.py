"""What was varied, and what was held."""

from typing import Any

from experiments.answers.effects import levels, short, variables
from experiments.console import readable
from experiments.report.html import Section, folded, items, paragraph, table
from experiments.report.material import Material
from experiments.store.layout import SWEEP
from model.errors import ScenarioError
from model.mechanism import catalogue
from model.params import facts
from model.toml import tables_of

MOST_LEVELS, MOST_POINTS = 8, 200


def section(found: Material) -> Section:
    """Variables with their values, unit and meaning; then the points."""
    names = variables(found.table) if len(found.table) else []
    rows = []
    for name, words in short(names).items():
        path = name.removeprefix("param.")
        unit, meaning = known(path)
        rows.append((words, path, values(levels(found.table, name)), unit, meaning))
    body = table(("variable", "path", "values", "unit", "meaning"), rows) if rows else ""
    if not rows:
        body += paragraph(without(found))
    fixed = held(found)
    if fixed:
        body += folded("held fixed at all points", items(f"{key} = {value}" for key, value in fixed.items()))
    listed = ((p.label, p.name, len(found.rows(p)), p.id) for p in found.points[:MOST_POINTS])
    more = len(found.points) - MOST_POINTS
    note = paragraph(f"{more:,} more points in design.parquet.", "note") if more > 0 else ""
    points = table(("point", "base", "runs", "name"), listed, (2,)) + note
    return Section("Design", "design", body + folded(f"all {len(found.points):,} points", points, not rows))


def without(found: Material) -> str:
    """What there is to say where no variable of a design differs among finished runs."""
    if len(found.points) == 1:
        return "Nothing was varied: the study has one point."
    if not len(found.table):
        return "No run has finished; the points are listed below."
    if found.table["point"].nunique() == 1:
        return "Runs of one point alone have finished; all points are listed below."
    return "The points differ in more than design variables, or in their scenario; they are listed below."


def values(found: list[Any]) -> str:
    """Levels in a row, or their span where they are many."""
    told = [readable(float(v)) if isinstance(v, (int, float)) and not isinstance(v, bool) else str(v) for v in found]
    return ", ".join(told) if len(told) <= MOST_LEVELS else f"{told[0]} to {told[-1]}, {len(told):,} values"


def known(path: str) -> tuple[str, str]:
    """Unit and meaning of a parameter of a mechanism; empty for others."""
    head, _, rest = path.partition(".")
    mechanism = catalogue().get(head)
    info = mechanism.Params.model_fields.get(rest.split(".")[0]) if mechanism else None
    if info is None:
        return "", ""
    told = facts(info)
    return ("" if told["unit"] == "1" else str(told["unit"])), str(told["meaning"])


def held(found: Material) -> dict[str, Any]:
    """Fixed overrides as the sweep's file has them."""
    path = found.folder / SWEEP
    if not path.is_file():
        return {}
    try:
        tables = tables_of(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error}); run the sweep again to write it anew") from None
    experiment = tables.get("experiment", {})
    told = {key: experiment[key] for key in ("base", "ticks", "agents") if key in experiment}
    return told | dict(tables.get("params", {}))
