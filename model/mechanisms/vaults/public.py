"""What others see of vaults: actions, and the columns strategies may read."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action


class Redeem(Action):
    """Give `amount` fractions back: for what the vault holds while it lives, by its rule, and for cash after."""

    fields = ("vault", "amount")
    phase = "tokenise"


class AssembleBasket(Action):
    """Bring fractions of all members for `amount` fractions of a basket."""

    fields = ("vault", "amount")
    phase = "tokenise"


class Stake(Action):
    """Stake `amount` fractions for as many claims on them; what they earn goes to the holder of the claims."""

    fields = ("vault", "amount")
    phase = "stake"


class Unstake(Action):
    """Give `amount` claims back for as many fractions."""

    fields = ("vault", "amount")
    phase = "unstake"


class VaultsView(NamedTuple):
    """What strategies see; columns by vault, read-only.

    Attributes:
        n: vaults so far
        redemption: rule in force
        eligibility: which fractions earn
        account, fraction, creator: owner of what the vault holds, asset, account
        receipts: asset of claims on fractions in escrow while on offer, -1 for none
        stake: asset of claims on staked fractions, -1 while nobody has staked
        kind, nft: `NftKind`, and number of the NFT held, -1 for none
        status, live: `VaultStatus`, and whether fractions are in circulation and earn
        supply: fractions outstanding [base units]
        ghs: GH/s promised to them
        net_income: coins for holders in the last tick [satoshi]
        usd_income: dollars for them in the last tick [base units]
        income: smoothed net income of both currencies [USD per whole fraction and day]
        cost: power and service [USD per whole fraction and day]
        cost_per_th: the same [USD/TH/day]
        efficiency: [J/TH]
        power_price: [USD/kWh]
        life_left: days until the vault ends
        th_per_fraction, th_coming: TH per whole fraction, here and on order from the makers
    """

    n: int
    redemption: str
    eligibility: str
    account: NDArray[np.int64]
    fraction: NDArray[np.int64]
    receipts: NDArray[np.int64]
    stake: NDArray[np.int64]
    kind: NDArray[np.int64]
    nft: NDArray[np.int64]
    creator: NDArray[np.int64]
    status: NDArray[np.int64]
    live: NDArray[np.bool_]
    supply: NDArray[np.int64]
    ghs: NDArray[np.int64]
    net_income: NDArray[np.int64]
    usd_income: NDArray[np.int64]
    income: NDArray[np.float64]
    cost: NDArray[np.float64]
    cost_per_th: NDArray[np.float64]
    efficiency: NDArray[np.float64]
    power_price: NDArray[np.float64]
    life_left: NDArray[np.float64]
    th_per_fraction: NDArray[np.float64]
    th_coming: NDArray[np.float64]


SHOWN = {name: {"cost": "cost_per_fraction"}.get(name, name) for name in VaultsView._fields[3:]}
