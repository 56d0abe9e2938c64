"""Price processes, one class a file, found by scanning: a new file with a new `Process` is a new value of `process`."""

import importlib
import pkgutil
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

__all__ = [
    "STREAM", "CoinParams", "Day", "Gbm", "Jump", "Process", "bridge_step", "garch_day", "processes", "start_price",
    "table_price",
]  # fmt: skip


@cache
def processes() -> dict[str, type[Process]]:
    """Every price process by name."""
    found: dict[str, type[Process]] = {}
    for info in pkgutil.iter_modules(__path__, f"{__name__}."):
        module = importlib.import_module(info.name)
        for item in vars(module).values():
            named = isinstance(item, type) and issubclass(item, Process) and item.name
            if named and found.setdefault(item.name, item) is not item:
                raise TypeError(f"two price processes are called '{item.name}': {found[item.name]} and {item}")
    return dict(sorted(found.items()))
