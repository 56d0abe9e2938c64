"""What others see of vaults: parameters, the action, the columns strategies may read."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.params import Params, param


class Redeem(Action):
    """Give `amount` fractions back: for rigs while the vault lives, as its redemption rule allows, for cash after."""

    fields = ("vault", "amount")
    phase = "tokenise"


class VaultsParams(Params):
    """Parameters of vaults."""

    capacity: int = param(40, "vaults", "most vaults in a run; slots of failed offerings are used again", ge=1, le=5000)
    supply: int = param(
        10_000, "fractions", "whole fractions of a vault", ge=1, le=100_000_000, scales=True, source="fractional.art"
    )
    service_fee: float = param(
        0.0089, "USD/TH/day", "operator's fee for rigs that run", ge=0, le=1, live=True, source="GoMining 2024"
    )
    discount: float = param(
        0.0, "1", "on power and service, borne by the operator", ge=0, le=0.2, live=True, source="GoMining 2024: <= .20"
    )
    shortfall: Literal["curtail", "operator_absorbs"] = param(
        "curtail", "", "an unlucky day is advanced by the operator and netted first, or borne by him", live=True
    )
    redemption: Literal["none", "whole", "in_kind"] = param(
        "none", "", "a living vault's fractions bring nothing, the whole vault, or their TH", live=True
    )
    whole_bps: int = param(
        9_999, "1e-4", "share of supply that takes the whole vault", ge=5_001, le=10_000, source="99.99 %, Unicly"
    )
    life_days: float = param(
        1_460.0,
        "days",
        "rigs are sold after this time in circulation",
        ge=1,
        le=36_500,
        source="4 years of makers' life",
    )
    operator_capital: float = param(
        20_000.0,
        "USD",
        "operator's cash for advances; more of it leaves",
        ge=0,
        le=1e8,
        scales=True,
        source="30 days' cost",
    )
    smoothing_days: float = param(14.0, "days", "time constant of shown income", ge=1, le=365)


class VaultsView(NamedTuple):
    """What strategies see; columns by vault, read-only.

    Attributes:
        n: vaults so far
        redemption: rule in force
        account, fraction, creator: owner of the rigs, asset, account
        receipts: asset of claims on fractions in escrow while on offer, -1 for none
        status, live: `VaultStatus`, and whether fractions are in circulation and earn
        supply: fractions outstanding [base units]
        ghs: GH/s promised to them
        net_income: credited in the last tick [satoshi]
        income: smoothed net income [USD per whole fraction and day]
        cost: power and service [USD per whole fraction and day]
        cost_per_th: the same [USD/TH/day]
        efficiency: [J/TH]
        power_price: [USD/kWh]
        life_left: days until the rigs are sold
        th_per_fraction: TH per whole fraction
    """

    n: int
    redemption: str
    account: NDArray[np.int64]
    fraction: NDArray[np.int64]
    receipts: NDArray[np.int64]
    creator: NDArray[np.int64]
    status: NDArray[np.int64]
    live: NDArray[np.bool_]
    supply: NDArray[np.int64]
    ghs: NDArray[np.int64]
    net_income: NDArray[np.int64]
    income: NDArray[np.float64]
    cost: NDArray[np.float64]
    cost_per_th: NDArray[np.float64]
    efficiency: NDArray[np.float64]
    power_price: NDArray[np.float64]
    life_left: NDArray[np.float64]
    th_per_fraction: NDArray[np.float64]
