"""Pooled lending: USD against pledged fractions, at rates that follow use, with liquidations and a waterfall of losses."""

from model.mechanisms.lending.formulas import (
    collateral_cap,
    health_factor,
    is_toxic,
    liquidation_outcome,
    part_to_close,
    supply_rate,
    utilisation,
)
from model.mechanisms.lending.mechanism import Lending
from model.mechanisms.lending.params import LendingParams
from model.mechanisms.lending.public import (
    Borrow,
    FlashBorrow,
    FlashRepay,
    LendingView,
    Pledge,
    Release,
    Repay,
    StandBy,
    Supply,
    Withdraw,
)
from model.mechanisms.lending.table import Liquidation
from model.rates import jump_rate, kinked_rate

__all__ = [
    "Borrow",
    "FlashBorrow",
    "FlashRepay",
    "Lending",
    "LendingParams",
    "LendingView",
    "Liquidation",
    "Pledge",
    "Release",
    "Repay",
    "StandBy",
    "Supply",
    "Withdraw",
    "collateral_cap",
    "health_factor",
    "is_toxic",
    "jump_rate",
    "kinked_rate",
    "liquidation_outcome",
    "part_to_close",
    "supply_rate",
    "utilisation",
]
