"""Parameters of `[bitcoin]`."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationInfo, model_validator

from model.errors import ScenarioError
from model.params import Params, param
from model.tables import read_price_csv

FIT = (
    "GJR-GARCH with t innovations by maximum likelihood on daily log returns of 2018-2024, volatility .69 imposed, "
    "moved to the likeliest grid point whose simulated paths meet the bands (docs/explanation/fits.md)"
)


class BitcoinParams(Params):
    """The coin's price process, exogenous to the market."""

    process: Literal["constant", "gbm", "garch", "history", "months", "csv"] = param(
        "garch",
        "",
        "constant, gbm, garch (GJR, t innovations), history (real monthly closes, joined by chance), months (the real "
        "mean of each month, held: nothing by chance) or csv (a file of yours)",
    )
    price: float | None = param(
        None, "USD/BTC", "price before the first tick; left out, the table's price at clock.start", gt=0, le=1e9
    )
    file: str | None = param(
        None, "path", "CSV with header date,price_usd, one row a day, beside the scenario; for process csv"
    )
    volatility: float = param(
        0.69,
        "1/sqrt(year)",
        "volatility of log returns: all of gbm, the long-run level of garch, within the day of csv",
        source="daily log returns of 2018-2024",
        live=True,
        ge=0,
        le=5,
    )
    drift: float = param(
        0.292, "1/year", "mean log return of gbm and garch", source=FIT + "; standard error .26", live=True, ge=-5, le=5
    )
    alpha: float = param(0.0746, "1", "garch: weight of yesterday's squared surprise", source=FIT, ge=0, le=1)
    gamma: float = param(0.0150, "1", "garch: further weight of a fall", source=FIT, ge=-1, le=1)
    beta: float = param(0.8930, "1", "garch: weight of yesterday's variance", source=FIT, ge=0, lt=1)
    nu: float = param(3.6, "1", "garch: degrees of freedom of the t innovations", source=FIT, gt=2, le=200)
    spread: float = param(
        0.001, "1", "half spread at which the world sells and buys coins", source="CONTRACTS: price +- .1 %", live=True,
        ge=0, le=0.1,
    )  # fmt: skip
    memory_days: float = param(
        30.0, "days", "time constant of the mean price and realised volatility that all can see", gt=0, le=1000
    )

    @model_validator(mode="after")
    def _stationary(self) -> "BitcoinParams":
        if self.process == "garch" and (
            self.alpha + self.gamma < 0 or self.alpha + self.gamma / 2 + self.beta >= 0.9999
        ):
            raise ValueError(
                f"alpha = {self.alpha:g}, gamma = {self.gamma:g}, beta = {self.beta:g} leave garch no stationary "
                "variance; keep alpha + gamma >= 0 and alpha + gamma/2 + beta below .9999"
            )
        return self

    @model_validator(mode="after")
    def _source(self, info: ValidationInfo) -> "BitcoinParams":
        if (self.process == "csv") != (self.file is not None):
            raise ValueError('process = "csv" and file = "..." go together; give both or neither')
        if self.process in ("history", "months", "csv") and self.price is not None:
            raise ValueError(f'process = "{self.process}" has its own prices; leave price out')
        folder = (info.context or {}).get("folder")
        if self.file is not None and folder is not None:
            try:
                read_price_csv(Path(folder) / self.file)
            except ScenarioError as error:
                raise ValueError(str(error)) from None
        return self
