"""Sizes that grow in proportion with the number of agents, wherever in a mechanism's parameters they stand."""

from typing import Any

from model.params import Params, facts


def resized(params: Params, n: int, total: int) -> dict[str, Any]:
    """Values by dotted path of all that grows in proportion with agents, in tables and rows within a table too.

    Args:
        params: of a mechanism, or a table or row of it
        n, total: agents that are asked for, over those that there are
    """
    values: dict[str, Any] = {}
    for name, info in type(params).model_fields.items():
        now, extra = getattr(params, name), info.json_schema_extra
        if isinstance(now, Params):
            values |= {f"{name}.{path}": value for path, value in resized(now, n, total).items()}
        elif isinstance(now, list) and any(isinstance(row, Params) and resized(row, n, total) for row in now):
            values[name] = [resized_row(row, n, total) for row in now]
        elif isinstance(extra, dict) and extra.get("scales") and now is not None:
            high = facts(info)["high"]
            if now == high:
                continue  # the whole stays the whole, of however many agents
            value = now * n / total if high is None else min(now * n / total, high)
            values[name] = max(1, round(value)) if isinstance(now, int) else value
    return values


def resized_row(row: Params, n: int, total: int) -> dict[str, Any]:
    """A row of a list as it is written, with what grows in proportion with agents."""
    written = row.model_dump(mode="json", exclude_unset=True)
    for path, value in resized(row, n, total).items():
        *parents, last = path.split(".")
        place = written
        for part in parents:
            place = place.setdefault(part, {})
        place[last] = value
    return written
