"""A run as a scenario file: what it extends, what was set from the start, and what was changed on which tick."""

import json
from typing import Any

from app.address import AGENTS, Setup, dated, load


def written(value: Any) -> str:
    """A value in TOML.

    >>> written(True), written(0.5), written("gbm"), written({"a": 1})
    ('true', '0.5', '"gbm"', '{ a = 1 }')
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return json.dumps(value)


def scenario_toml(setup: Setup) -> str:
    """The file that `run.py run FILE` turns into the same run.

    Args:
        setup: the run

    >>> print(scenario_toml(Setup("smoke", 7, 5, (("offerings.initial", 4),), ((3, "amm.fee_bps", 50),))))
    question = "Does the baseline's market run for a month with a hundred agents?"
    extends = "smoke"
    <BLANKLINE>
    [clock]
    seed = 7
    <BLANKLINE>
    [offerings]
    initial = 4
    <BLANKLINE>
    [[changes]]
    tick = 3
    set = { "amm.fee_bps" = 50 }
    <BLANKLINE>
    """
    values = dict(setup.settings)
    agents = values.pop(AGENTS, None)
    if agents is not None:
        sized = load(setup.scenario).override(values).with_agents(int(agents), keep=values)
        plain = load(setup.scenario)
        for key, table in sized.tables.items():
            values = _differing(key, table, plain.tables.get(key, {})) | values if isinstance(table, dict) else values
    tables: dict[str, dict[str, Any]] = {"clock": {"seed": setup.seed}}
    for path, value in values.items():
        table, _, name = path.rpartition(".")
        tables.setdefault(table, {})[name] = value
    lines = [f"question = {written(load(setup.scenario).question)}", f'extends = "{setup.scenario}"', ""]
    for table, rows in tables.items():
        lines += [f"[{table}]", *(f"{name} = {written(value)}" for name, value in rows.items()), ""]
    for row in dated(setup.changes):
        pairs = ", ".join(f"{json.dumps(path)} = {written(value)}" for path, value in row["set"].items())
        lines += ["[[changes]]", f"tick = {row['tick']}", f"set = {{ {pairs} }}", ""]
    return "\n".join(lines)


def _differing(path: str, table: dict[str, Any], plain: Any) -> dict[str, Any]:
    """Dotted paths of what a table says otherwise than another."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        before = plain.get(name) if isinstance(plain, dict) else None
        if value == before:
            continue
        own = f"{path}.{name}"
        found |= _differing(own, value, before or {}) if isinstance(value, dict) else {own: value}
    return found
