"""Break-even by class of rigs: the hashprice at which the fleet's best, middle and worst third cover their power."""

from typing import Any

import numpy as np

from app.thin import short
from model.marketplace import Marketplace
from model.mechanisms.rigs.catalogue import nearest
from model.mechanisms.rigs.investment import running_cost
from model.units import TH_PER_PH

CLASSES = (("best third", 1 / 6), ("middle third", 3 / 6), ("worst third", 5 / 6))  # of hashrate, at its middle


def breakeven(market: Marketplace) -> list[dict[str, Any]]:
    """Name, J/TH and break-even hashprice [USD/PH/day] of three classes of rigs at the median site's power price.

    The fleet is everybody's rigs, the rest of the network's with them, ordered by J/TH; a class is named after the
    machine of the catalogue nearest to it.
    """
    rigs: Any = market.mechanisms.get("rigs")
    if rigs is None or rigs.fleet.n_rows == 0:
        return []
    rows, n = rigs.fleet.rows, rigs.fleet.n_rows
    ghs, watts = rows.ghs[:n], rows.efficiency[:n]
    order = np.argsort(watts, kind="stable")
    share = np.cumsum(ghs[order]) / max(1, int(ghs.sum()))
    month, found = f"{market.clock.date:%Y-%m}", []
    for label, middle in CLASSES:
        efficiency = float(watts[order[min(n - 1, int(np.searchsorted(share, middle)))]])
        price = float(running_cost(rigs.median_power, efficiency, rigs.rules.pue)) * TH_PER_PH
        machine = nearest(efficiency, month).name
        found.append({"name": label, "machine": machine, "efficiency": short(efficiency), "hashprice": short(price)})
    return found
