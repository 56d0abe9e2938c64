"""What the points of a design are called: the values that they set, or a number where that would be long."""

from collections.abc import Sequence
from typing import Any

from experiments.sweeps.designs import Table
from experiments.sweeps.paths import flat, short_names

MOST_IN_LABEL = 4  # variables that a label lists; points of larger designs are numbered
DIGITS = (4, 6, 9, 17)  # significant digits of numbers in labels, more where fewer do not tell points apart


def labels_of(kind: str, names: Sequence[str], made: Table) -> list[str]:
    """Labels of rows: their own, else what they set, or a number where that would be long.

    Args:
        kind: of the design
        names: dotted paths that it varies
        made: its rows

    >>> labels_of("grid", ["amm.fee_bps"], Table([{"amm.fee_bps": 10}, {"amm.fee_bps": 30}]))
    ['fee_bps 10', 'fee_bps 30']
    """
    own = made.labels or ("",) * len(made.rows)
    if len(names) > MOST_IN_LABEL:
        return [label or f"{kind} {i}" for i, label in enumerate(own, 1)]
    short, labels = short_names(names), []
    different = len({label or repr(row) for label, row in zip(own, made.rows, strict=True)})
    for digits in DIGITS:
        labels = [
            label or ", ".join(f"{short[path]} {_shown(value, digits)}" for path, value in row.items()) or "base"
            for label, row in zip(own, made.rows, strict=True)
        ]
        if len(set(labels)) == different:
            break
    return labels


def _shown(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, dict):
        return " ".join(f"{path.replace('.', ' ')} {_shown(item, digits)}" for path, item in flat(value).items())
    return str(value)
