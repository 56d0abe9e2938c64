"""Parameters of `[network.gpu]`, which may also be written `[gpu_coin]`."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationInfo, field_validator, model_validator

from model.clock import parse_start
from model.params import Params, param
from model.tables import read_price_csv

TOM = "Tom's Hardware 2022-09-15"
EIP = "Ethereum, EIP-1234 (2019)"


class GpuCoinParams(Params):
    """The second coin: how it is mined, until when, at what price, and what cards fetch."""

    merge: str = param(
        "2022-09-15", "date", "day on which mining ends, YYYY-MM or YYYY-MM-DD; empty for never",
        source="Ethereum went over to stake on 2022-09-15",
    )  # fmt: skip
    # price
    process: Literal["constant", "gbm", "correlated", "csv"] = param(
        "correlated", "", "price: stays, random walk, moves with the first coin and on its own, or from a file of yours"
    )
    price: float = param(1_900.0, "USD", "price at the start; a file brings its own", source="June 2022", gt=0, le=1e9)
    file: str | None = param(None, "", "CSV with date,price_usd, beside the scenario, for process = 'csv'")
    drift: float = param(0.0, "1/year", "gbm, correlated: drift of the log price", ge=-5, le=5)
    volatility: float = param(
        0.85, "1/sqrt(year)", "gbm: volatility", ge=0, le=5, source="assumption; above the first coin's .69"
    )
    beta: float = param(
        1.1, "1", "correlated: log return for each log return of the first coin", ge=-5, le=5,
        source="assumption; large coins move a little more than the first",
    )  # fmt: skip
    own_volatility: float = param(
        0.45, "1/sqrt(year)", "correlated: volatility of what the first coin does not explain", ge=0, le=5
    )
    spread: float = param(0.001, "1", "distance of bid and ask from the price", source="as the first coin", ge=0, lt=1)
    # mining
    reward: float = param(2.0, "coins", "new coins of a block", source=EIP, ge=0, le=1e6, live=True)
    fees: float = param(0.1, "coins", "fees of a block that its miner gets", ge=0, le=1e6, live=True)
    rest_ghs: float = param(
        900_000.0, "GH/s", "hash rate of the rest of its network at the start", gt=0, le=1e8,
        source="about 900 TH/s in the summer of 2022 (block explorers)",
    )  # fmt: skip
    rest: Literal["fixed", "elastic"] = param(
        "elastic", "", "the rest: stays, or runs only the cards whose power it pays"
    )
    rest_joules: float = param(
        2.3, "J/MH", "cards of the rest", gt=0, le=1e4,
        source=f"RTX 3080 of 1.5 to 2.3 in two unsourced tables, RTX 3090 at 330 W for 120 MH/s: {TOM}",
    )  # fmt: skip
    rest_power: float = param(0.10, "USD/kWh", "median power price of the rest", gt=0, le=5, source=TOM)
    rest_power_sd: float = param(0.45, "log", "spread of its power prices", gt=0, le=3)
    rest_days: float = param(3.0, "days", "half-life with which the rest switches cards", gt=0, le=365)
    pool_fee: float = param(0.01, "1", "part of rewards that the pool keeps", ge=0, lt=1, source="Ethermine: 1 %")
    # cards
    resale: float = param(
        6.0, "USD/(MH/s)", "used cards while the coin is mined", gt=0, le=1e6, live=True,
        source="assumption: a card of 97 MH/s for about 580 USD",
    )  # fmt: skip
    glut: float = param(0.35, "1", "part of that lost after mining ends", ge=0, lt=1, live=True)
    glut_days: float = param(60.0, "days", "time in which it is lost", gt=0, le=3_650)

    @field_validator("merge")
    @classmethod
    def _a_date(cls, text: str) -> str:
        if text:
            parse_start(text)
        return text

    @model_validator(mode="after")
    def _file(self, info: ValidationInfo) -> "GpuCoinParams":
        if (self.process == "csv") != (self.file is not None):
            raise ValueError("process = 'csv' and file go together; give both or neither")
        folder = (info.context or {}).get("folder")
        if self.file is not None and folder is not None:
            read_price_csv(Path(folder) / self.file)
        return self
