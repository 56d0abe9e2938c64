"""Parquet of a study, read; a file that is damaged or another is told in one sentence."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import ScenarioError

AGAIN = "run the sweep again to write it anew"  # what the driver writes whatever is there
AWAY = "move it away and run the sweep again: its runs are made anew"
SOURCE = re.compile(r"^Could not open Parquet input source '.*?': ")
MOST_NAMED = 3  # columns that another file lacks
Found = TypeVar("Found")


def read_parquet(
    path: Path, way: str = AWAY, needs: Sequence[str] = ("run", "tick"), only: Sequence[str] | None = None, **how: Any
) -> pa.Table:
    """A table of a study.

    Args:
        path: of the file
        way: what the user can do where it cannot be read
        needs: columns without which it is another file
        only: columns to read; all by default
        how: as pyarrow has it

    Raises:
        ScenarioError: it is missing, damaged, or another file
    """
    table = _sound(path, way, lambda: pq.read_table(path, columns=None if only is None else list(only), **how))
    _refuse_other(path, way, needs, table.column_names)
    return table


def columns_of(path: Path, way: str = AWAY, needs: Sequence[str] = ("run", "tick")) -> list[str]:
    """Columns of a table of a study, from its footer alone.

    Raises:
        ScenarioError: it is missing, damaged, or another file
    """
    names = list(_sound(path, way, lambda: pq.read_schema(path)).names)
    _refuse_other(path, way, needs, names)
    return names


def _sound(path: Path, way: str, read: Callable[[], Found]) -> Found:
    """What was read, or the sentence."""
    try:
        return read()
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        told = SOURCE.sub("", str(error).partition("\n")[0]).rstrip(".")
        raise ScenarioError(f"{path}: cannot be read ({told}); {way}") from None


def _refuse_other(path: Path, way: str, needs: Sequence[str], there: Sequence[str]) -> None:
    missing = [name for name in needs if name not in there][:MOST_NAMED]
    if missing:
        raise ScenarioError(f"{path}: is another file (it has no {' and no '.join(missing)}); {way}")
