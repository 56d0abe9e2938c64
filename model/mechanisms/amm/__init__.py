"""Constant-product pools, one per vault, where fractions trade against dollars."""

from model.mechanisms.amm.formulas import (
    amount_in,
    amount_out,
    first_shares,
    impermanent_loss,
    loss_versus_rebalancing,
    matching_amount,
    price_move_cost,
    protocol_fee_shares,
    twap_spot_move,
)
from model.mechanisms.amm.mechanism import Amm
from model.mechanisms.amm.public import AddLiquidity, AmmParams, AmmView, RemoveLiquidity, Swap
from model.pool_shares import LOCKED_SHARES, burn_amounts, later_shares

__all__ = [
    "LOCKED_SHARES",
    "AddLiquidity",
    "Amm",
    "AmmParams",
    "AmmView",
    "RemoveLiquidity",
    "Swap",
    "amount_in",
    "amount_out",
    "burn_amounts",
    "first_shares",
    "impermanent_loss",
    "later_shares",
    "loss_versus_rebalancing",
    "matching_amount",
    "price_move_cost",
    "protocol_fee_shares",
    "twap_spot_move",
]
