"""Rows written out one by one, each with the parameters that it sets and, if wanted, a label."""

from typing import Any

from pydantic import Field

from experiments.sweeps.designs import Design, Table
from experiments.sweeps.paths import flat
from experiments.sweeps.ranges import LARGEST_DESIGN, Variable


class Keys(Design):
    """Rows instead of variables."""

    vars: dict[str, Variable] = Field(default={}, max_length=0, description="none: rows set parameters themselves")
    rows: list[dict[str, Any]] = Field(
        min_length=1, max_length=LARGEST_DESIGN, description='such as { label = "calm", "bitcoin.volatility" = 0.4 }'
    )


def count(keys: Keys) -> int:
    """The number of rows."""
    for i, row in enumerate(keys.rows, 1):
        if not isinstance(row.get("label", ""), str):
            raise ValueError(f"rows {i}: label = {row['label']!r}: write a name in quotes")
    return len(keys.rows)


def rows(keys: Keys, seed: int) -> Table:
    """The rows as they are; the seed plays no part."""
    plain = [flat({key: value for key, value in row.items() if key != "label"}) for row in keys.rows]
    return Table(plain, tuple(row.get("label", "") for row in keys.rows))
