"""Parameters of `[bitcoin]`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationInfo, model_validator

from model.errors import ScenarioError
from model.mechanisms.bitcoin.processes import CoinParams, processes
from model.params import param

OWN: Any = [cls.Params for cls in processes().values() if cls.Params is not CoinParams]
PRESSURE = "assumption; linear in what is sold, else trading there and back would pay [HubermanStanzl2004]"

if TYPE_CHECKING:
    Name = str
else:
    Name = Literal[tuple(processes())]


def _named() -> str:
    lines = ((name, (cls.__doc__ or "").partition("\n")[0].rstrip(".")) for name, cls in processes().items())
    return "; ".join(f"{name}: {line[:1].lower()}{line[1:]}" for name, line in lines)


class BitcoinParams(*OWN, CoinParams):  # type: ignore[misc]
    """The coin's price process, and how the world trades coins."""

    process: Name = param("garch", "", _named())
    spread: float = param(
        0.001, "1", "half spread at which the world sells and buys coins", source="CONTRACTS: price +- .1 %", live=True,
        ge=0, le=0.1,
    )  # fmt: skip
    memory_days: float = param(
        30.0, "days", "time constant of the mean price and realised volatility that all can see", gt=0, le=1000
    )
    impact: float | None = param(
        None,
        "1/(1000 BTC)",
        "fall of the log price for each 1,000 coins sold net to the world, a rise where they are bought; left out, the "
        "world takes any amount at the day's price",
        source=PRESSURE,
        gt=0,
        le=100,
    )
    impact_lasting: float = param(0.5, "1", "part of the impact that stays", ge=0, le=1)
    impact_days: float = param(
        1.0, "days", "half-life of the rest", source="assumption; exponential as in [ObizhaevaWang2013]", gt=0, le=1000
    )

    @model_validator(mode="after")
    def _together(self, info: ValidationInfo) -> "BitcoinParams":
        chosen = processes()[self.process]
        if chosen.file == "must" and self.file is None:
            raise ValueError(
                f'process = "{self.process}" plays prices of yours; give file, a CSV with header date,price_usd'
            )
        if chosen.file == "no" and self.file is not None:
            readers = " or ".join(f'"{name}"' for name, cls in processes().items() if cls.file != "no")
            raise ValueError(f'process = "{self.process}" reads no file; leave file out, or take process = {readers}')
        if chosen.dated and self.price is not None:
            raise ValueError(f'process = "{self.process}" has its own prices; leave price out')
        folder = (info.context or {}).get("folder")
        try:
            chosen.refuse(self, None if folder is None else Path(folder))
        except ScenarioError as error:
            raise ValueError(str(error)) from None
        return self
