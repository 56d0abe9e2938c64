"""A scenario's tables written as TOML, so that a composed scenario can be run, read and changed like any other."""

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

ROWS = ("shocks", "changes")
NESTED = ("agents",)  # tables of tables


def value(item: Any) -> str:
    """A value in one line.

    >>> value({"uniform": {"low": 0.1, "high": 2}}), value([True, "a"]), value(1e-07)
    ('{ uniform = { low = 0.1, high = 2 } }', '[true, "a"]', '1e-07')
    """
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(item, int | float):
        return repr(item)
    if isinstance(item, datetime.date):
        return item.isoformat()
    if isinstance(item, Mapping):
        return "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in item.items()) + " }" if item else "{}"
    if isinstance(item, list | tuple):
        return "[" + ", ".join(map(value, item)) + "]"
    raise TypeError(f"{item!r} has no form in TOML")


def key(name: str) -> str:
    """A key, in quotes where it must be.

    >>> key("fee_bps"), key("amm.fee_bps")
    ('fee_bps', '"amm.fee_bps"')
    """
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else value(name)


def text(tables: Mapping[str, Any]) -> str:
    """All tables of a scenario.

    >>> print(text({"question": "Why?", "clock": {"ticks": 3}, "shocks": [{"channel": "price"}]}))
    question = "Why?"
    <BLANKLINE>
    [clock]
    ticks = 3
    <BLANKLINE>
    [[shocks]]
    channel = "price"
    <BLANKLINE>
    """
    blocks = [
        "\n".join(f"{key(k)} = {value(v)}" for k, v in tables.items() if not isinstance(v, Mapping) and k not in ROWS)
    ]
    for name, table in tables.items():
        if isinstance(table, Mapping) and name in NESTED:
            blocks += [_table(f"[{name}.{key(kind)}]", inner) for kind, inner in table.items()]
        elif isinstance(table, Mapping):
            blocks.append(_table(f"[{key(name)}]", table))
    blocks += [_table(f"[[{name}]]", row) for name in ROWS for row in tables.get(name, [])]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(head: str, table: Mapping[str, Any]) -> str:
    """A head and its lines."""
    return "\n".join((head, *(f"{key(k)} = {value(v)}" for k, v in table.items())))
