"""The history of one account's wealth; drawn by the inspector, not among the market's charts."""

from collections.abc import Mapping
from typing import Any

from app.options import Table
from app.options.style import Line, lines, path_table
from app.thin import rounded
from experiments.console import readable


def _paths(account: Mapping[str, Any]) -> list[Line]:
    import numpy as np

    return [Line("financial wealth", rounded(np.asarray(account["history"]["wealth"], float)), "USD")]


def option(account: Mapping[str, Any], dark: bool) -> dict[str, Any]:
    """Financial wealth since the start: cash, coins, fractions and claims less debts, without rigs and NFTs."""
    path = account["history"]["wealth"]
    words = f"Wealth of {account['name']} from {readable(path[0])} to {readable(path[-1])} USD." if path else ""
    return lines(account["history"]["days"], _paths(account), dark, words)


def table(account: Mapping[str, Any]) -> Table:
    """One row per day kept."""
    return path_table(account["history"]["days"], _paths(account))
