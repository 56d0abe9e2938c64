"""Parameters of `[power]`: prices, contracts, regions."""

from typing import Literal

from pydantic import model_validator

from model.params import Params, param
from model.tables import table

OWN, NO_MAP = "own", "none"


class Region(Params):
    """One region: `{ name = "Texas", share = 0.2, usd_per_kwh = 0.05 }`."""

    name: str = param("region", "", "name of the region")
    share: float = param(1.0, "1", "part of all sites that are in it", gt=0, le=1)
    usd_per_kwh: float = param(0.045, "USD/kWh", "mean power price", source="Cambridge 2025: median .045", gt=0, le=1)
    pue: float | None = param(None, "1", "PUE of its sites; left out, that of `rigs.pue`", ge=1, le=2)


class PowerParams(Params):
    """Parameters of electricity; the spread of prices across sites belongs to the sites."""

    level: float = param(
        1.0, "1", "factor on the power price of every site", ge=0.0, le=20.0, live=True, source="1: as drawn"
    )
    days_to_default: int = param(
        30, "days", "unpaid power after which utilities take rigs", ge=1, le=365, source="supply contracts: a month"
    )
    indexed: float = param(
        0.0, "1", "share of sites that pay the spot index times their own price; the others a fixed price", ge=0, le=1
    )
    interruptible: float = param(
        0.0, "1", "share of sites with a fixed price whose power utilities may take back for a credit", ge=0, le=1
    )
    index_sd: float = param(
        0.30, "log", "spread of the weekly spot index over its mean of 1", ge=0, le=3,
        source="assumption; US industrial tariffs of 2014-2023 spread .07 by year, spot markets several times that",
    )  # fmt: skip
    index_half_life: float = param(
        4.0, "weeks", "time in which half of a deviation of the index is gone", gt=0, le=520, source="assumption"
    )
    curtail_above: float = param(
        1.3, "1", "index, with shocks, above which interruptible sites stand still in peak hours", ge=0, live=True,
        source="assumption: the dearest sixth of weeks at the default spread",
    )  # fmt: skip
    peak_from: float = param(14.0, "hours", "hour of the day at which the peak begins", ge=0, lt=24, live=True)
    peak_hours: float = param(
        6.0, "hours", "length of a day's peak; 24 for whole days", ge=0, le=24, live=True, source="ERCOT summer peak"
    )
    credit: float = param(
        1.0, "1", "credit for power taken back, over the site's own price at the index of the day", ge=0, le=100,
        live=True, source="power sold back at spot, Riot Platforms 2023-08",
    )  # fmt: skip
    region_map: Literal["none", "2019-09", "2021-04", "2022-01", "own"] = param(
        "none", "", "where sites are: no regions, a month's map of the network, or the rows of `regions`",
        source="Cambridge mining map, scenarios/data/regions.csv",
    )  # fmt: skip
    regions: list[Region] = param([], "", "own regions; their shares add up to 1")
    regional_prices: float = param(
        1.0, "1", "weight of the difference between regions in a site's price, 0 none, 1 as in the table", ge=0, le=1
    )

    @model_validator(mode="after")
    def _fit(self) -> "PowerParams":
        if self.indexed + self.interruptible > 1.0 + 1e-9:
            raise ValueError("indexed and interruptible sites together are at most all of them: shares up to 1")
        if (self.region_map == OWN) != bool(self.regions):
            raise ValueError("region_map = 'own' and rows of regions go together; give both or neither")
        if self.regions and abs(sum(r.share for r in self.regions) - 1.0) > 1e-6:
            raise ValueError(f"shares of regions add up to {sum(r.share for r in self.regions):g}, not to 1")
        return self

    @property
    def places(self) -> list[Region]:
        """The regions in force, none without a map."""
        if self.region_map in (OWN, NO_MAP):
            return self.regions
        rows = table("regions")
        columns = (rows[name] for name in ("map", "region", "share", "usd_per_kwh"))
        return [
            Region(name=str(name), share=float(share), usd_per_kwh=float(price))
            for month, name, share, price in zip(*columns, strict=True)
            if month == self.region_map
        ]
