"""What a TH pays, and at what hashprice it would stop."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.presets.looks import path, value
from experiments.presets.spec import Answer, Numbers
from model.mechanisms.network import breakeven_hashprice, power_cost_per_token

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

WATTS, POWER, FEE = 35.0, 0.0583, 0.025  # pBTC35A: W/TH, USD/kWh, fee
LIMIT = breakeven_hashprice(power_cost_per_token(1.0, WATTS, POWER), FEE)


def look(market: "Marketplace") -> Numbers:
    """Income of a TH, lowest hashprice, and who shares the income."""
    hashprice = path(market, "network.hashprice")
    stakers, providers = value(market, "vaults.income_stakers"), value(market, "vaults.income_providers")
    return {
        "income of a TH": float(np.nanmean(path(market, "vaults.income") / path(market, "fractions.hashrate"))),
        "lowest hashprice": float(np.nanmin(hashprice)),
        "days below break-even": float((hashprice < LIMIT).sum()) * market.clock.dt_days,
        "part of income to stakers": stakers / max(stakers + providers, 1e-9),
        "staked share": value(market, "vaults.staked_share"),
    }


def tell(found: "Found") -> str:
    """Pay, and break-even."""
    below = found.interval("days below break-even").value
    stops = f"{found.mean('days below break-even')} days are below it" if below else "no day of any run comes near it"
    return (
        f"A TH pays {found.mean('income of a TH')} on average; of what is passed on {found.mean('part of income to stakers')} goes to stakers, "
        f"the rest to providers. It stops at {LIMIT:.2f} USD/PH/day; the lowest hashprice is {found.mean('lowest hashprice')}, so {stops}."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "income of a TH": "USD/day",
        "lowest hashprice": "USD/PH/day",
        "days below break-even": "",
        "part of income to stakers": "%",
        "staked share": "%",
    },
    real="power of .048972 USD/TH/day, break-even at 50.23 USD/PH/day",
    source="terms of pBTC35A, 2021",
)
