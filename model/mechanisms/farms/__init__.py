"""Farms: stakes earn tokens, points or fees by several designs; the reward token has a pool, points buy NFTs in a shop."""

from model.mechanisms.farms.formulas import (
    chef_pending,
    chef_per_share,
    chef_reward,
    minted_again,
    peg_parts,
    points_earned,
    reward_earned,
    reward_per_second,
    reward_per_token,
    split_of,
)
from model.mechanisms.farms.kernels import pending_rewards, waits_for
from model.mechanisms.farms.mechanism import Farms
from model.mechanisms.farms.params import STAKABLE, FarmsParams
from model.mechanisms.farms.public import (
    AddTokenLiquidity,
    BuyFromShop,
    FarmsView,
    Harvest,
    MintPeg,
    RedeemPeg,
    RemoveTokenLiquidity,
    StakeFarm,
    Stakes,
    TradeToken,
    UnstakeFarm,
)
from model.mechanisms.farms.schedules import emitted_by

__all__ = [
    "STAKABLE",
    "AddTokenLiquidity",
    "BuyFromShop",
    "Farms",
    "FarmsParams",
    "FarmsView",
    "Harvest",
    "MintPeg",
    "RedeemPeg",
    "RemoveTokenLiquidity",
    "StakeFarm",
    "Stakes",
    "TradeToken",
    "UnstakeFarm",
    "chef_pending",
    "chef_per_share",
    "chef_reward",
    "emitted_by",
    "minted_again",
    "peg_parts",
    "pending_rewards",
    "points_earned",
    "reward_earned",
    "reward_per_second",
    "reward_per_token",
    "split_of",
    "waits_for",
]
