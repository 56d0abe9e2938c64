"""Price processes, one class a file, found by scanning: a new file with a new `Process` is a new value of `process`."""

from functools import cache

from model.mechanisms.bitcoin.processes.garch import garch_day
from model.mechanisms.bitcoin.processes.gbm import Gbm
from model.mechanisms.bitcoin.processes.process import (
    STREAM,
    CoinParams,
    Day,
    Jump,
    Process,
    bridge_step,
    start_price,
    table_price,
)
from model.scan import classes

__all__ = [
    "STREAM", "CoinParams", "Day", "Gbm", "Jump", "Process", "bridge_step", "garch_day", "processes", "start_price",
    "table_price",
]  # fmt: skip


@cache
def processes() -> dict[str, type[Process]]:
    """Every price process by name."""
    return classes(__name__, Process)
